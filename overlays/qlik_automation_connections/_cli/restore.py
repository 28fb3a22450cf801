"""`qac restore`: restore connections from a backup, after showing a plan."""

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
from .help import Command
from .inputs import read_ids, read_json
from .output import Form, prints, say
from .restore_output import print_report, show_plan
from .running import running

Values = Secret[dict[tuple[str, str], str]]


def read_mapping(file: str | None, option: str) -> dict[str, str | None] | None:
    """Read a JSON object that maps old ids to new ones; null means a personal space."""
    if file is None:
        return None
    document = read_json(file, option)
    if not isinstance(document, dict) or not all(isinstance(new, str | None) for new in document.values()):
        raise Failed(f"{option}: {file} must hold a JSON object that maps old ids to new ones.", Exit.USAGE)
    return document


def read_owners(file: str | None) -> dict[str, str] | None:
    """Read a JSON object that maps old users to new ones."""
    mapping = read_mapping(file, "--owners")
    if mapping is None:
        return None
    for old, new in mapping.items():
        if not new:
            raise Failed(f"--owners: {file} has no new user for {old}.", Exit.USAGE)
    return {old: new for old, new in mapping.items() if new}


@frozen
class _PlanOptions:
    """The options that make a plan.

    Attributes:
        archive: The backup.
        apply_plan: The file of an existing plan.
        id_map: The file that maps old ids to new ones.
        owners: The file that maps old users to new ones.
        spaces: The file that maps old spaces to new ones.
        connectors: The file of ids of the target's connectors.
        existing: What to do with connections that exist and differ.
        list_all: Whether to look among everyone's connections.
        same_tenant: Whether the target has the ids of the backup's tenant.
    """

    archive: str
    apply_plan: str | None
    id_map: str | None
    owners: str | None
    spaces: str | None
    connectors: str | None
    existing: Literal["update", "skip"]
    list_all: bool
    same_tenant: bool

    def __attrs_post_init__(self) -> None:
        if self.apply_plan is not None and (self.list_all or self._given()):
            raise click.UsageError(
                "--apply-plan takes everything from its file: leave out --all, --existing and mappings."
            )

    def _given(self) -> list[str]:
        """Return the names of the passed options that make a plan, except --all."""
        files = {
            "--id-map": self.id_map,
            "--owners": self.owners,
            "--spaces": self.spaces,
            "--connectors": self.connectors,
        }
        return [option for option, file in files.items() if file is not None] + (
            ["--existing"] * (self.existing != "update") + ["--same-tenant"] * self.same_tenant
        )

    def begun(self, journal: Path, tenant: str) -> Unfinished | None:
        """Return a journal's unfinished run; refuse a journal of another backup or tenant."""
        if not journal.exists():
            return None
        return unfinished_run(journal, tenant, Archive(self.archive).verify().sha256)

    def unused(self, begun: RestorePlan) -> list[str]:
        """Return the passed options that have no effect when a run resumes with its own plan."""
        given = self._given()
        if self.apply_plan is not None and RestorePlan.read(self.apply_plan) != begun:
            given.append("--apply-plan")
        return given

    def _plan_of_file(self, file: str) -> RestorePlan:
        """Read a plan from its file; refuse a plan of another backup."""
        plan = RestorePlan.read(file)
        archive = Archive(self.archive)
        there = {record.id for record in archive.records()}
        if plan.archive != manifest(archive).sha256:
            raise Failed(
                f"The plan {file} was made from another backup, not {self.archive}: pass that one, or another plan."
            )
        for number, step in enumerate(plan.steps, start=1):
            if step.id not in there:
                raise Failed(
                    f"The plan {file}: step {number} is for {step.label}, which {self.archive} does not hold: correct"
                    " its id, or remove the step."
                )
        return plan

    def refuse_cut_off(self, tenant: str, usual: Path) -> None:
        """Raise if the default journal or the id map's may hold creations that a new plan would not recognize."""
        for journal in {usual, usual if self.id_map is None else journal_path(Path(self.id_map))}:
            plan = cut_off_run(journal)
            if plan is not None and plan.tenant == tenant and plan.archive == Archive(self.archive).verify().sha256:
                raise Failed(
                    f"The journal {journal} belongs to an interrupted restore of the same backup, which may have"
                    " created connections that a new plan would not recognize: finish that one first, with"
                    f" --journal {journal}."
                )

    def plan(self, tenant: Tenant, values: Values, known_ids: Path) -> RestorePlan:
        """Make the plan, or read it from its file."""
        if self.apply_plan is not None:
            plan = self._plan_of_file(self.apply_plan)
            if unnamed := ParamValues(values).unnamed(plan.steps):
                say(not_set(len(unnamed)), err=True)
            return plan
        file = self.id_map if self.id_map is not None else known_ids if known_ids.exists() else None
        id_map = None if file is None else read_id_map(file, tenant=tenant.url)
        connectors = None if self.connectors is None else read_ids(self.connectors)
        owners, spaces = read_owners(self.owners), read_mapping(self.spaces, "--spaces")
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
                same_tenant=self.same_tenant,
                on_progress=run.on_progress,
                cancel=run.cancel,
            )


@click.command("restore", cls=Command)
@click.argument("archive", metavar="ARCHIVE")
@click.option("--plan", "plan_file", metavar="FILE", help="Write the plan as JSON, for editing, and stop.")
@click.option("--apply-plan", metavar="FILE", help="Apply a plan that --plan wrote.")
@click.option(
    "--id-map",
    metavar="FILE",
    help="JSON that maps old ids to new ones.  [default: --id-map-out, or the default journal's, if it exists]",
)
@click.option("--owners", metavar="FILE", help="JSON that maps old users to new ones.")
@click.option("--spaces", metavar="FILE", help="JSON that maps old spaces to new ones; null is a personal space.")
@click.option("--connectors", metavar="FILE", help="File of ids of the tenant's connectors; others are skipped.")
@click.option(
    "--existing",
    type=click.Choice(["update", "skip"]),
    default="update",
    show_default=True,
    help="What to do with connections that exist and differ.",
)
@click.option("--all", "list_all", is_flag=True, help="Look among everyone's connections (for administrators).")
@click.option(
    "--same-tenant",
    is_flag=True,
    help="The backup is of this tenant, although its address differs: ids, owners and spaces stay.",
)
@click.option("--values", "values_file", metavar="FILE", help="The backup's filled-in values template.")
@click.option("--prompt", is_flag=True, help="Prompt, without echo, for missing required values.")
@click.option("--journal", metavar="FILE", help="Record progress in this file.  [default: ARCHIVE.HOST.journal]")
@click.option("--id-map-out", metavar="FILE", help="Where to map old ids to new ones.  [default: JOURNAL.id-map.json]")
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

    It shows its plan and asks for confirmation. If it is unclear which of the tenant's connections matches an archived
    one, you must decide: write the plan with --plan, answer in the file, and apply it with --apply-plan. A backup holds
    no values of params: pass the filled-in template with --values, or use --prompt.

    If it was stopped, or something failed, the same command resumes with the original plan. It does not read mappings
    again, only values. If a create may still be in progress, it waits for at most a minute plus the time-out.

    Exit code 1: nothing was done because something failed or must be decided. 5: some of it was done.
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
        usual = folder / journal_name(archive, opened.tenant.url)
        path = Path(journal) if journal is not None else usual
        ids = Path(id_map_out) if id_map_out is not None else id_map_path(path)
        known = ids if ids.exists() else id_map_path(usual)
        begun = options.begun(path, opened.tenant.url) if plan_file is None else None
        if begun is None:
            options.refuse_cut_off(opened.tenant.url, usual)
        if plan_file is not None:
            plan = options.plan(opened.tenant, values, known)
            names = opened.look_up(connectors=(step.connector_id for step in plan.steps))
            _write_plan(plan_file, plan, form, names)
            return
        if begun is not None:
            say(f"Resuming the run in the journal {path}, with its plan.", err=True)
            if unused := options.unused(begun.plan):
                say(f"Ignored because the plan already exists: {', '.join(unused)}.", err=True)
        plan = begun.plan if begun is not None else options.plan(opened.tenant, values, known)
        names = opened.look_up(connectors=(step.connector_id for step in plan.steps))
        show_plan(plan, names, form, only_plan=dry_run)
        if not _agreed(plan, begun, opened.place, dry_run=dry_run, yes=yes):
            return
        if prompt:
            ask_for_values(plan, values, done=begun.done if begun is not None else ())
        report = _apply(opened.tenant, plan, path, ids, values, form)
    finish(_code(report))


def ask_for_values(plan: RestorePlan, values: Values, *, done: Collection[str]) -> None:
    """Prompt for required values that are missing, and add them; skip empty answers."""
    for step in plan.steps:
        if step.action != "create" or step.id in done:
            continue
        for param in step.without_value:
            if (step.id, param) in values.get_secret_value() or param not in step.params:
                continue
            answer = ask_secret(printable(f"{param} of {step.label}"), may_be_empty=True)
            if answer.get_secret_value():
                values.get_secret_value()[step.id, param] = answer.get_secret_value()


def journal_name(archive: str, tenant: str) -> str:
    """Return the name of the default journal of a restore."""
    # One journal per tenant: a run on one tenant must not resume on another.
    return f"{Path(archive).name}.{host_of(tenant)}.journal"


def host_of(tenant: str) -> str:
    """Return a tenant's host as part of a file's name."""
    return re.sub(r"[^A-Za-z0-9.-]+", "-", urlsplit(tenant).netloc)


def _agreed(plan: RestorePlan, begun: Unfinished | None, place: str, *, dry_run: bool, yes: bool) -> bool:
    done = begun.done if begun is not None else frozenset()
    todo = sum(step.action in ("create", "update") and step.id not in done for step in plan.steps)
    if not todo and not dry_run:
        return True
    return confirmed(f"Restore {counted(todo)} into {place}", dry_run=dry_run, yes=yes)


def _write_plan(file: str, plan: RestorePlan, form: Form, names: Names) -> None:
    write_text(Path(file), f"{json.dumps(plan.to_dict(), ensure_ascii=False, indent=2)}\n")
    show_plan(plan, names, form, only_plan=True)
    say(f"The plan is in {file}: apply it with --apply-plan {file}.", err=True)


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
                on_wait=lambda sentence: say(printable(sentence), err=True),
                cancel=run.cancel,
            )
            run.last_words = lambda: print_report(report, plan, form)
            if report.is_complete:
                run.how_to_go_on = "Stopped. Everything was restored; to check the connections, run qac check."
    except (APIError, JobError):
        if _has_begun(path, plan):
            say(how, err=True)
        raise
    print_report(report, plan, form)
    if report.failed:
        _say_by_which_plan(path, ids)
    return report


def _has_begun(path: Path, plan: RestorePlan) -> bool:
    """Return whether the journal has a run to resume."""
    try:
        return unfinished_run(path, plan.tenant, plan.archive) is not None
    except JobError:
        return False


def _say_by_which_plan(path: Path, ids: Path) -> None:
    """Explain how to make a new plan, as the current one may have caused the failure."""
    if cut_off_run(path) is not None:
        then = "To make a new plan, first rerun the command until the outcome of each create is known."
    else:
        then = f"To make a new plan, pass another --journal, and this one's id map: --id-map {ids}."
    say(f"The same plan is used again, without later corrections to owners, spaces or ids. {then}", err=True)


def _code(report: RestoreReport) -> Exit:
    if report.is_complete and not report.asked:
        return Exit.FINE
    counts = report.summary
    done = counts["created"] + counts["adopted"] + counts["updated"]
    return Exit.IN_PART if done else Exit.FAILED
