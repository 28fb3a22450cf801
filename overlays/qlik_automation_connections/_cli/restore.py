"""`qac restore`: restores connections from a backup, by a plan that is shown first."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import click
from attrs import frozen

from .. import APIError, Tenant
from .._secrets import Secret
from .._text import counted, printable
from ..admin import (
    Archive,
    JobError,
    Names,
    RestorePlan,
    RestoreReport,
    apply,
    plan_restore,
    read_id_map,
    read_values,
)
from ..admin._files import write_text
from ..admin._id_map import id_map_path, journal_path
from ..admin._restore.applying import Unfinished, cut_off_run, unfinished_run
from ..admin._restore.desired_state import manifest
from ..admin._restore.param_values import ParamValues, not_set
from .access import Access
from .auth_options import signs_in
from .confirm import ask_secret, changes_something, confirmed, is_interactive
from .exit_codes import Exit, Failed, finish
from .inputs import read_ids, read_json
from .output import Form, prints
from .restore_output import print_report, show_plan
from .running import running

Values = Secret[dict[tuple[str, str], str]]


def _mapping(file: str | None, option: str) -> dict[str, str | None] | None:
    """New ids by old ones from a JSON object; null stands for a personal space."""
    if file is None:
        return None
    document = read_json(file, option)
    if not isinstance(document, dict) or not all(isinstance(new, str | None) for new in document.values()):
        raise Failed(f"{option}: {file} must hold a JSON object of old ids and new ones.", Exit.USAGE)
    return document


def _owners(file: str | None) -> dict[str, str] | None:
    """New users by old ones."""
    mapping = _mapping(file, "--owners")
    if mapping is None:
        return None
    for old, new in mapping.items():
        if not new:
            raise Failed(f"--owners: {file} names nobody for {old}.", Exit.USAGE)
    return {old: new for old, new in mapping.items() if new}


@frozen
class _PlanOptions:
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

    def __attrs_post_init__(self) -> None:
        if self.apply_plan is not None and (self.list_all or self._given()):
            raise click.UsageError("--apply-plan takes everything from its file: leave out what a plan is made from.")

    def _given(self) -> list[str]:
        """The options that say what a plan is made from, but for --all."""
        files = {
            "--id-map": self.id_map,
            "--owners": self.owners,
            "--spaces": self.spaces,
            "--connectors": self.connectors,
        }
        return [option for option, file in files.items() if file is not None] + (
            ["--existing"] if self.existing != "update" else []
        )

    def begun(self, journal: Path, tenant: str) -> Unfinished | None:
        """Return the unfinished run of a journal; a journal of another backup or tenant is refused."""
        if not journal.exists():
            return None
        return unfinished_run(journal, tenant, Archive(self.archive).verify().sha256)

    def unused(self, begun: RestorePlan) -> list[str]:
        """Return the options that do nothing where a run goes on by its own plan."""
        given = self._given()
        if self.apply_plan is not None and RestorePlan.read(self.apply_plan) != begun:
            given.append("--apply-plan")
        return given

    def _plan_of_file(self, file: str) -> RestorePlan:
        """A plan from its file, after one that is of another backup was refused."""
        plan = RestorePlan.read(file)
        archive = Archive(self.archive)
        there = {record.id for record in archive.records()}
        if plan.archive != manifest(archive).sha256:
            raise Failed(
                f"The plan {file} was made from another backup, not {self.archive}: name that one, or another plan."
            )
        for number, step in enumerate(plan.steps, start=1):
            if step.id not in there:
                raise Failed(
                    f"The plan {file}: step {number} is about {step.label}, which {self.archive} does not hold: correct"
                    " its id, or remove the step."
                )
        return plan

    def refuse_cut_off(self, tenant: str, usual: Path) -> None:
        """Raise if a journal has made what a plan made now would not know of: the usual one, or the id map's."""
        for journal in {usual, usual if self.id_map is None else journal_path(Path(self.id_map))}:
            plan = cut_off_run(journal)
            if plan is not None and plan.tenant == tenant and plan.archive == Archive(self.archive).verify().sha256:
                raise Failed(
                    f"The journal {journal} is of an interrupted restore of the same backup, which may have created"
                    f" what a new plan would not recognize: finish that one first, with --journal {journal}."
                )

    def plan(self, tenant: Tenant, values: Values, known_ids: Path) -> RestorePlan:
        """Make the plan, or read it from its file."""
        if self.apply_plan is not None:
            plan = self._plan_of_file(self.apply_plan)
            if unnamed := ParamValues(values).unnamed(plan.steps):
                click.echo(not_set(len(unnamed)), err=True)
            return plan
        file = self.id_map if self.id_map is not None else known_ids if known_ids.exists() else None
        id_map = None if file is None else read_id_map(file, tenant=tenant.url)
        connectors = None if self.connectors is None else read_ids(self.connectors)
        owners, spaces = _owners(self.owners), _mapping(self.spaces, "--spaces")
        with running("Plan", "Stopped: nothing was changed.") as run:
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
                on_progress=run.on_progress,
                cancel=run.cancel,
            )


@click.command("restore")
@click.argument("archive", metavar="ARCHIVE")
@click.option("--plan", "plan_file", metavar="FILE", help="Write the plan as JSON, to edit, and stop.")
@click.option("--apply-plan", metavar="FILE", help="Apply a plan that --plan wrote.")
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
    help="What to do with those that exist and differ.",
)
@click.option("--all", "list_all", is_flag=True, help="Look among everybody's connections (for administrators).")
@click.option("--values", "values_file", metavar="FILE", help="The filled-in template of the backup.")
@click.option("--prompt", is_flag=True, help="Ask, without echo, for required values that are missing.")
@click.option("--journal", metavar="FILE", help="Where to record what was done.  [default: ARCHIVE.HOST.journal]")
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
    values_file: str | None,
    prompt: bool,
    journal: str | None,
    id_map_out: str | None,
    dry_run: bool,
    yes: bool,
    form: Form,
    **given: Any,
) -> None:
    """Restore connections from a backup.

    It shows what it will do and asks. Where it is unclear which connection of the tenant an archived one is, it asks
    too: write the plan with --plan, answer in it, and apply it with --apply-plan. A backup holds no values of params:
    they come from the filled-in template, or are asked for. If it was stopped, or something failed, the same command
    resumes with the plan made first; it waits for a creation that may still be on its way, for a minute and the
    time-out at most. Mappings are not read again then; values are.

    Exit code 1: nothing was done, as something failed or must be decided. 5: some of it was done.
    """
    options = _PlanOptions(archive, **given)
    if plan_file is not None and (
        options.apply_plan is not None or prompt or journal is not None or id_map_out is not None
    ):
        raise click.UsageError("--plan changes nothing: leave out --apply-plan, --prompt, --journal and --id-map-out.")
    if prompt and not is_interactive():
        raise click.UsageError("--prompt needs an interactive terminal.")
    values: Values = Secret({}) if values_file is None else read_values(values_file)
    with access.open() as opened, opened.folder(Path(archive).parent) as folder:
        usual = folder / _journal_name(archive, opened.tenant.url)
        path = Path(journal) if journal is not None else usual
        ids = Path(id_map_out) if id_map_out is not None else id_map_path(path)
        known = ids if ids.exists() else id_map_path(usual)
        begun = options.begun(path, opened.tenant.url) if plan_file is None else None
        if begun is None:
            options.refuse_cut_off(opened.tenant.url, usual)
        if plan_file is not None:
            _write_plan(plan_file, options.plan(opened.tenant, values, known), form, opened.names)
            return
        if begun is not None:
            click.echo(f"Resuming the run in the journal {path}, with the plan made then.", err=True)
            if unused := options.unused(begun.plan):
                click.echo(f"Not used, as the plan is already made: {', '.join(unused)}.", err=True)
        plan = begun.plan if begun is not None else options.plan(opened.tenant, values, known)
        show_plan(plan, opened.names, form, only_plan=dry_run)
        if not _agreed(plan, begun, opened.tenant.url, dry_run=dry_run, yes=yes):
            return
        if prompt:
            _ask_for_values(plan, values, done=begun.done if begun is not None else ())
        report = _apply(opened.tenant, plan, path, ids, values, form)
    finish(_code(report))


def _ask_for_values(plan: RestorePlan, values: Values, *, done: Collection[str]) -> None:
    """Ask for what connectors require and nobody gave, and add it; an empty answer gives nothing."""
    for step in plan.steps:
        if step.action != "create" or step.id in done:
            continue
        for param in step.without_value:
            if (step.id, param) in values.get_secret_value() or param not in step.params:
                continue
            answer = ask_secret(printable(f"{param} of {step.label}"), may_be_empty=True)
            if answer.get_secret_value():
                values.get_secret_value()[step.id, param] = answer.get_secret_value()


def _journal_name(archive: str, tenant: str) -> str:
    # One for each tenant: what was done in one must not be taken for what was done in another.
    host = re.sub(r"[^A-Za-z0-9.-]+", "-", urlsplit(tenant).netloc)
    return f"{Path(archive).name}.{host}.journal"


def _agreed(plan: RestorePlan, begun: Unfinished | None, tenant: str, *, dry_run: bool, yes: bool) -> bool:
    done = begun.done if begun is not None else frozenset()
    todo = sum(step.action in ("create", "update") and step.id not in done for step in plan.steps)
    if not todo and not dry_run:
        return True
    return confirmed(f"Restore {counted(todo)} into {tenant}", dry_run=dry_run, yes=yes)


def _write_plan(file: str, plan: RestorePlan, form: Form, names: Names) -> None:
    write_text(Path(file), f"{json.dumps(plan.to_dict(), ensure_ascii=False, indent=2)}\n")
    show_plan(plan, names, form, only_plan=True)
    click.echo(f"The plan is in {file}: apply it with --apply-plan {file}.", err=True)


def _apply(tenant: Tenant, plan: RestorePlan, path: Path, ids: Path, values: Values, form: Form) -> RestoreReport:
    how = f"Run the same command to resume: {path} records what was done."
    try:
        with running("Restore", f"Stopped. {how}") as run:
            report = apply(
                tenant,
                plan,
                journal=path,
                values=values,
                id_map_path=ids,
                on_progress=run.on_progress,
                on_wait=lambda sentence: click.echo(printable(sentence), err=True),
                cancel=run.cancel,
            )
    except (APIError, JobError):
        if _has_begun(path, plan):
            click.echo(how, err=True)
        raise
    print_report(report, plan, form)
    if report.cancelled:
        raise run.stopped()
    if report.failed:
        _say_by_which_plan(path, ids)
    return report


def _has_begun(path: Path, plan: RestorePlan) -> bool:
    """Whether the journal has anything to be gone on with."""
    try:
        return unfinished_run(path, plan.tenant, plan.archive) is not None
    except JobError:
        return False


def _say_by_which_plan(path: Path, ids: Path) -> None:
    """Say how to make a new plan, as the old one may have caused a failure."""
    if cut_off_run(path) is not None:
        then = "To make a new plan, first run it until the outcome of each creation is known."
    else:
        then = f"To make a new plan, name another journal with --journal, and this one's id map: --id-map {ids}."
    click.echo(f"It follows the same plan: owners, spaces and ids corrected since are not used. {then}", err=True)


def _code(report: RestoreReport) -> Exit:
    if report.is_complete and not report.asked:
        return Exit.FINE
    counts = report.summary
    done = counts["created"] + counts["adopted"] + counts["updated"]
    return Exit.IN_PART if done else Exit.FAILED
