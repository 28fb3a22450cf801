"""`qac restore`: restores connections from a backup, by a plan that is shown first."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import click
from attrs import frozen

from .. import APIError, Tenant
from .._text import printable
from ..admin._apply import apply
from ..admin._backup.archive import Archive
from ..admin._errors import JobError
from ..admin._files import write_text
from ..admin._names import Names
from ..admin._remap.id_map import read_id_map
from ..admin._restore.desired_state import manifest
from ..admin._restore.id_map_file import id_map_path, journal_of
from ..admin._restore.param_values import GivenValues, not_set
from ..admin._restore.plan import RestorePlan
from ..admin._restore.planning import plan_restore
from ..admin._restore.report import RestoreReport
from ..admin._restore.unfinished import Unfinished, cut_off_run, read_restore_plan, unfinished_run
from .access import Access, Opened
from .auth_options import signs_in
from .confirm import changes_something, confirmed
from .exit_codes import Exit, Failed, finish
from .interrupting import interruptible_command
from .output import Form, prints
from .progress import bar
from .restore_inputs import Values, ask_for_values, can_be_asked, given_values, read_mapping, read_owners
from .restore_output import print_report, show_plan
from .selection import read_ids


@frozen
class _Wish:
    """What the options say about the plan.

    Attributes:
        archive: the backup.
        apply_plan: a plan that was made before.
        id_map: file with new ids by old ones.
        owners: file with new users by old ones.
        spaces: file with new spaces by old ones.
        connectors: file with ids of the target's connectors.
        existing: what becomes of those that exist and differ.
        list_all: whether everybody's connections are looked at.
    """

    archive: str
    apply_plan: str | None
    id_map: str | None
    owners: str | None
    spaces: str | None
    connectors: str | None
    existing: Literal["update", "skip"]
    list_all: bool

    def check(self) -> None:
        """Raises a usage error if the options contradict each other."""
        shapes = (self.id_map, self.owners, self.spaces, self.connectors)
        if self.apply_plan is not None and (
            self.list_all or self.existing != "update" or any(file is not None for file in shapes)
        ):
            raise click.UsageError("--apply-plan does what its file says: leave out what a plan is made from.")

    def begun(self, journal: Path, tenant: str) -> Unfinished | None:
        """The run that a journal has to be gone on with; a journal of another backup or tenant is refused."""
        if not journal.exists():
            return None
        return unfinished_run(journal, tenant, Archive(self.archive).verify().sha256)

    def unused(self, begun: RestorePlan) -> list[str]:
        """The options that do nothing where a plan is gone on with that was begun before."""
        files = {"--id-map": self.id_map, "--owners": self.owners, "--spaces": self.spaces}
        given = [option for option, file in {**files, "--connectors": self.connectors}.items() if file is not None]
        if self.existing != "update":
            given.append("--existing")
        if self.apply_plan is not None and read_restore_plan(self.apply_plan) != begun:
            given.append("--apply-plan")
        return given

    def _plan_of_file(self, file: str) -> RestorePlan:
        """A plan from its file, after one that is of another backup was refused."""
        plan = read_restore_plan(file)
        archive = Archive(self.archive)
        there = {record.id for record in archive.records()}
        if plan.archive != manifest(archive).sha256:
            raise Failed(
                f"The plan {file} is of another backup than {self.archive}: name the one that it is of, or another."
            )
        for number, step in enumerate(plan.steps, start=1):
            if step.id not in there:
                raise Failed(
                    f"The plan {file}: step {number} is about {step.label}, which {self.archive} does not hold: correct"
                    " its id, or take the step out."
                )
        return plan

    def refuse_cut_off(self, tenant: str, usual: Path) -> None:
        """Raises if a journal has made what a plan made now would not know of: the usual one, or the id map's."""
        for journal in {usual, usual if self.id_map is None else journal_of(Path(self.id_map))}:
            plan = cut_off_run(journal)
            if plan is not None and plan.tenant == tenant and plan.archive == Archive(self.archive).verify().sha256:
                raise Failed(
                    f"The journal {journal} is of a restore of the same backup that was cut off, and may have created"
                    f" what a new plan takes for strangers: finish that one first, with --journal {journal}."
                )

    def plan(self, tenant: Tenant, values: Values, known_ids: Path) -> RestorePlan:
        """The plan, made anew or read from its file."""
        if self.apply_plan is not None:
            plan = self._plan_of_file(self.apply_plan)
            if unnamed := GivenValues(values).unnamed(plan.steps):
                click.echo(not_set(len(unnamed)), err=True)
            return plan
        file = self.id_map if self.id_map is not None else known_ids if known_ids.exists() else None
        id_map = None if file is None else read_id_map(file)
        connectors = None if self.connectors is None else read_ids(self.connectors)
        owners, spaces = read_owners(self.owners), read_mapping(self.spaces, "--spaces")
        with interruptible_command("Stopped: nothing was changed.") as interrupt, bar("Plan") as shown:
            return plan_restore(
                tenant,
                self.archive,
                list_all=self.list_all,
                id_map=id_map,
                owners=owners,
                spaces=spaces,
                values=values,
                connectors=connectors,
                existing=self.existing,
                on_progress=shown.on_progress,
                cancel=interrupt.event,
            )


@click.command("restore")
@click.argument("archive", metavar="ARCHIVE")
@click.option("--plan", "plan_file", metavar="FILE", help="Write the plan as JSON, to be edited, and stop.")
@click.option("--apply-plan", metavar="FILE", help="Carry out a plan that --plan wrote.")
@click.option(
    "--id-map",
    metavar="FILE",
    help="JSON object of old ids and new ones.  [default: --id-map-out, or that of the usual journal, if it is there]",
)
@click.option("--owners", metavar="FILE", help="JSON object of old users and new ones.")
@click.option("--spaces", metavar="FILE", help="JSON object of old spaces and new ones; null is a personal space.")
@click.option("--connectors", metavar="FILE", help="Ids of the connectors that the tenant has; others are skipped.")
@click.option(
    "--existing",
    type=click.Choice(["update", "skip"]),
    default="update",
    show_default=True,
    help="What becomes of those that exist and differ.",
)
@click.option("--all", "list_all", is_flag=True, help="Look among everybody's connections (for administrators).")
@click.option("--values", "values_file", metavar="FILE", help="The filled-in template of the backup.")
@click.option("--prompt", is_flag=True, help="Ask, without echo, for required values that are missing.")
@click.option("--journal", metavar="FILE", help="Where to note what was done.  [default: ARCHIVE.HOST.journal]")
@click.option(
    "--id-map-out", metavar="FILE", help="Where new ids by old ones are written.  [default: JOURNAL.id-map.json]"
)
@changes_something
@prints("json")
@signs_in
def restore_command(
    access: Access,
    archive: str,
    plan_file: str | None,
    apply_plan: str | None,
    id_map: str | None,
    owners: str | None,
    spaces: str | None,
    connectors: str | None,
    existing: Literal["update", "skip"],
    list_all: bool,
    values_file: str | None,
    prompt: bool,
    journal: str | None,
    id_map_out: str | None,
    dry_run: bool,
    yes: bool,
    form: Form,
) -> None:
    """Restore connections from a backup.

    It shows what it will do and asks. Where it is not clear what an archived connection is in the tenant, it asks too:
    write the plan with --plan, answer in it, and carry it out with --apply-plan. A backup holds no values of params:
    they come from the filled-in template, or are asked for. When it was stopped, or something failed, the same command
    goes on, by the plan that was made first; a creation that may still be on its way is waited for, a minute and the
    time-out at most. Mappings that are given then are not read again; values are used.

    Exit code 1: nothing was done, something failed or must be decided. 5: some of it was done.
    """
    wish = _Wish(archive, apply_plan, id_map, owners, spaces, connectors, existing, list_all)
    wish.check()
    if plan_file is not None and (apply_plan is not None or prompt or journal is not None or id_map_out is not None):
        raise click.UsageError("--plan changes nothing: leave out --apply-plan, --prompt, --journal and --id-map-out.")
    if prompt and not can_be_asked():
        raise click.UsageError("--prompt needs somebody who is there to be asked.")
    values = given_values(values_file)
    with access.open() as opened, _files(opened, archive) as folder:
        usual = folder / _journal_name(archive, opened.tenant.url)
        path = Path(journal) if journal is not None else usual
        ids = Path(id_map_out) if id_map_out is not None else id_map_path(path)
        known = ids if ids.exists() else id_map_path(usual)
        begun = wish.begun(path, opened.tenant.url) if plan_file is None else None
        if begun is None:
            wish.refuse_cut_off(opened.tenant.url, usual)
        if plan_file is not None:
            _write_plan(plan_file, wish.plan(opened.tenant, values, known), form, opened.names)
            return
        if begun is not None:
            click.echo(f"Goes on with what the journal {path} has begun, by the plan that was made then.", err=True)
            if unused := wish.unused(begun.plan):
                click.echo(f"Not read again, for that plan is made already: {', '.join(unused)}.", err=True)
        plan = begun.plan if begun is not None else wish.plan(opened.tenant, values, known)
        show_plan(plan, opened.names, form, only_plan=dry_run)
        if not _agreed(plan, begun, opened.tenant.url, dry_run=dry_run, yes=yes):
            return
        if prompt:
            values = ask_for_values(plan, values, done=begun.done if begun is not None else ())
        report = _apply(opened.tenant, plan, path, ids, values, form)
    finish(_code(report))


@contextmanager
def _files(opened: Opened, archive: str) -> Iterator[Path]:
    """Where files go that are not named: beside the archive; for a fake tenant, where they are forgotten with it."""
    if not opened.sandbox:
        yield Path(archive).parent
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _journal_name(archive: str, tenant: str) -> str:
    # One for each tenant: what was done in one must not be taken for what was done in another.
    host = re.sub(r"[^A-Za-z0-9.-]+", "-", urlsplit(tenant).netloc)
    return f"{Path(archive).name}.{host}.journal"


def _counted(number: int) -> str:
    return "1 connection" if number == 1 else f"{number:,} connections"


def _agreed(plan: RestorePlan, begun: Unfinished | None, tenant: str, *, dry_run: bool, yes: bool) -> bool:
    done = begun.done if begun is not None else frozenset()
    todo = sum(step.action in ("create", "update") and step.id not in done for step in plan.steps)
    if not todo and not dry_run:
        return True
    return confirmed(f"Restore {_counted(todo)} into {tenant}", dry_run=dry_run, yes=yes)


def _write_plan(file: str, plan: RestorePlan, form: Form, names: Names) -> None:
    write_text(Path(file), f"{json.dumps(plan.to_dict(), ensure_ascii=False, indent=2)}\n")
    show_plan(plan, names, form, only_plan=True)
    click.echo(f"The plan is in {file}: carry it out with --apply-plan {file}.", err=True)


def _apply(tenant: Tenant, plan: RestorePlan, path: Path, ids: Path, values: Values, form: Form) -> RestoreReport:
    how = f"The same command goes on with it: what was done is noted in {path}."
    try:
        # In this order: the bar is gone when it is said that the command was stopped.
        with interruptible_command(f"Stopped. {how}") as interrupt:
            with bar("Restore") as shown:
                report = apply(
                    tenant,
                    plan,
                    journal=path,
                    values=values,
                    id_map_path=ids,
                    on_progress=shown.on_progress,
                    on_wait=lambda sentence: click.echo(printable(sentence), err=True),
                    cancel=interrupt.event,
                )
            print_report(report, plan, form)
            if report.failed and not report.cancelled:
                _say_by_which_plan(path, ids)
            if report.cancelled:
                raise interrupt.stopped()
            return report
    except (APIError, JobError):
        if _has_begun(path, plan):
            click.echo(how, err=True)
        raise


def _has_begun(path: Path, plan: RestorePlan) -> bool:
    """Whether the journal has anything to be gone on with."""
    try:
        return unfinished_run(path, plan.tenant, plan.archive) is not None
    except JobError:
        return False


def _say_by_which_plan(path: Path, ids: Path) -> None:
    """Says what does not help where a step failed because of what the plan was made from, and what does."""
    if cut_off_run(path) is not None:
        then = "To plan anew, first run it until it is known what became of each creation."
    else:
        then = f"To plan anew, name another journal with --journal, and this one's id map: --id-map {ids}."
    click.echo(f"It goes by the same plan: owners, spaces and ids corrected since are not used. {then}", err=True)


def _code(report: RestoreReport) -> Exit:
    if report.finished and not report.asked:
        return Exit.FINE
    counts = report.counts()
    done = counts["created"] + counts["adopted"] + counts["updated"]
    return Exit.IN_PART if done else Exit.FAILED
