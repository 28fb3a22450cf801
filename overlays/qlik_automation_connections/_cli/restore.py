"""`qac restore`: restore connections from a backup, after showing a plan."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

import click

from .. import Tenant
from .._secrets import Secret
from .._text import counted, printable
from ..admin import Archive, JobError, RestorePlan, apply, plan_restore, read_id_map, read_values
from ..admin._id_map import id_map_path, journal_path
from ..admin._restore.applying import cut_off_run, unfinished_run
from ..admin._restore.desired_state import manifest
from ..admin._restore.param_values import ParamValues, not_set
from . import plans
from .access import Access
from .auth_options import signs_in
from .confirm import ask_secret, changes_something, confirmed, is_interactive
from .exit_codes import Failed, finish
from .help import Command
from .inputs import read_ids
from .output import Form, prints, say
from .plans import Values
from .running import running

# The options that make a plan, besides --all.
_DEFAULTS: Final = {
    **dict.fromkeys(("id_map", "owners", "spaces", "connectors")),
    "existing": "update",
    "same_tenant": False,
}


def _plan_of_file(file: str, backup: str) -> RestorePlan:
    """Read a plan from its file; refuse a plan of another backup."""
    plan = RestorePlan.read(file)
    archive = Archive(backup)
    there = {record.id for record in archive.records()}
    if plan.archive != manifest(archive).sha256:
        raise Failed(f"The plan {file} was made from another backup, not {backup}: pass that one, or another plan.")
    for number, step in enumerate(plan.steps, start=1):
        if step.id not in there:
            raise Failed(
                f"The plan {file}: step {number} is for {step.label}, which {backup} does not hold: correct its id, or"
                " remove the step."
            )
    return plan


def _refuse_cut_off(backup: str, tenant: str, journals: Collection[Path]) -> None:
    """Raise if a journal may hold creations that a new plan would not recognize."""
    for journal in journals:
        plan = cut_off_run(journal)
        if plan is not None and plan.tenant == tenant and plan.archive == Archive(backup).verify().sha256:
            raise Failed(
                f"The journal {journal} belongs to an interrupted restore of the same backup, which may have created"
                " connections that a new plan would not recognize: finish that one first, with"
                f" --journal {journal}."
            )


def _plan(
    tenant: Tenant,
    archive: str,
    values: Values,
    known_ids: Path,
    *,
    apply_plan: str | None,
    id_map: str | None,
    owners: str | None,
    spaces: str | None,
    connectors: str | None,
    **how: Any,
) -> RestorePlan:
    """Make the plan, or read it from its file."""
    if apply_plan is not None:
        plan = _plan_of_file(apply_plan, archive)
        if unnamed := ParamValues(values).unnamed(plan.steps):
            say(not_set(len(unnamed)), err=True)
        return plan
    file = id_map if id_map is not None else known_ids if known_ids.exists() else None
    how |= {
        "id_map": None if file is None else read_id_map(file, tenant=tenant.url),
        "connectors": None if connectors is None else read_ids(connectors),
        "owners": plans.read_owners(owners),
        "spaces": plans.read_mapping(spaces, "--spaces"),
    }
    with running("Plan", plans.UNCHANGED) as run:
        return plan_restore(tenant, archive, values=values, **how, **run.callbacks)


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
    **how: Any,
) -> None:
    """Restore connections from a backup.

    It shows its plan and asks for confirmation. If it is unclear which of the tenant's connections matches an archived
    one, you must decide: write the plan with --plan, answer in the file, and apply it with --apply-plan. A backup holds
    no values of params: pass the filled-in template with --values, or use --prompt.

    If it was stopped, or something failed, the same command resumes with the original plan. It does not read mappings
    again, only values. If a create may still be in progress, it waits for at most a minute plus the time-out.

    Exit code 1: nothing was done because something failed or must be decided. 5: some of it was done.

    Examples:
        qac restore backup.ndjson --values backup.values.ndjson --dry-run
        qac restore backup.ndjson --context production --plan plan.json
    """
    given = [f"--{name.replace('_', '-')}" for name, usual in _DEFAULTS.items() if how[name] != usual]
    if how["apply_plan"] is not None and (how["list_all"] or given):
        raise click.UsageError("--apply-plan takes everything from its file: leave out --all, --existing and mappings.")
    if plan_file is not None and (how["apply_plan"] is not None or prompt or journal or id_map_out):
        raise click.UsageError("--plan changes nothing: leave out --apply-plan, --prompt, --journal and --id-map-out.")
    if prompt and not is_interactive():
        raise click.UsageError("--prompt needs an interactive terminal.")
    values: Values = Secret({}) if values_file is None else read_values(values_file)
    with access.open() as opened, opened.folder(Path(archive).parent) as folder:
        tenant = opened.tenant
        usual = folder / plans.journal_name(archive, tenant.url)
        path = Path(journal) if journal is not None else usual
        ids = Path(id_map_out) if id_map_out is not None else id_map_path(path)
        known = ids if ids.exists() else id_map_path(usual)
        begun = None
        if plan_file is None and path.exists():
            begun = unfinished_run(path, tenant.url, Archive(archive).verify().sha256)
        if begun is None:
            journals = {usual, usual if how["id_map"] is None else journal_path(Path(how["id_map"]))}
            _refuse_cut_off(archive, tenant.url, journals)
            plan, done = _plan(tenant, archive, values, known, **how), frozenset[str]()
        else:
            plan, done = begun.plan, begun.done
            say(f"Resuming the run in the journal {path}, with its plan.", err=True)
            if how["apply_plan"] is not None and RestorePlan.read(how["apply_plan"]) != plan:
                given.append("--apply-plan")
            if given:
                say(f"Ignored because the plan already exists: {', '.join(given)}.", err=True)
        if plan_file is not None:
            plan.write(plan_file)
        names = opened.look_up(connectors=(step.connector_id for step in plan.steps))
        plans.print_plan(plan, names, form, only_plan=dry_run or plan_file is not None)
        if plan_file is not None:
            say(f"The plan is in {plan_file}: apply it with --apply-plan {plan_file}.", err=True)
            return
        to_do = sum(step.action in ("create", "update") and step.id not in done for step in plan.steps)
        question = f"Restore {counted(to_do)} into {opened.place}"
        if (to_do or dry_run) and not confirmed(question, dry_run=dry_run, yes=yes):
            return
        if prompt:
            _ask_for_values(plan, values, done=done)
        files: dict[str, Any] = {"journal": path, "values": values, "id_map_path": ids}
        report = plans.carry_out(
            "Restore",
            f"Run the same command to resume: {path} records what was done.",
            lambda run: apply(tenant, plan, on_wait=plans.say_wait, **files, **run.callbacks),
            lambda report: plans.print_report(report, plan, form),
            has_begun=lambda _: _has_begun(path, plan),
            done="Everything was restored",
        )
        if report.failed:
            _say_by_which_plan(path, ids)
    if not report.is_complete or report.asked:
        finish(plans.exit_of(report.summary))


def _ask_for_values(plan: RestorePlan, values: Values, *, done: Collection[str]) -> None:
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
