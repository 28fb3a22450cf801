"""`qac deploy`: deploy automations with their connections, after showing a plan; compare; undo."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click
from attrs import evolve

from .._secrets import Secret
from .._text import counted, printable
from ..admin import DeployPlan, DeployReport, Names, apply, plan_deploy, read_id_map, read_values, undo_deploy
from ..admin._deploy.applying import undo_path, unfinished_run
from ..admin._deploy.sources import open_source
from . import plans
from .access import Access, Opened
from .auth_options import signs_in
from .confirm import changes_something, confirmed
from .exit_codes import Exit, Failed, finish, in_cli_words
from .format import ID, NAME, print_steps
from .help import Command
from .output import Column, Form, print_json, print_line, print_table, prints, say, some_of
from .plans import Values
from .running import running

_MOST_NAMED: Final = 10


def _plan(
    opened: Opened,
    source: str,
    id_map: Path,
    *,
    apply_plan: str | None,
    owners: str | None,
    spaces: str | None,
    **how: Any,
) -> DeployPlan:
    """Make the plan, or read it from its file."""
    if apply_plan is not None:
        return evolve(DeployPlan.read(apply_plan), source=source)
    how |= {
        "owners": plans.read_owners(owners),
        "spaces": plans.read_mapping(spaces, "--spaces"),
        "id_map": read_id_map(id_map, tenant=opened.tenant.url) if id_map.exists() else None,
    }
    with running("Plan", plans.UNCHANGED) as run:
        return plan_deploy(opened.tenant, source, **how, **run.callbacks)


@click.command("deploy", cls=Command)
@click.argument("source", metavar="[FILE]", required=False)
@click.option("--all", "list_all", is_flag=True, help="Look among everyone's, for administrators.")
@click.option("--only", multiple=True, metavar="PATTERN", help="Deploy automations with this name, space=… or owner=….")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Leave out automations, by the same patterns.")
@click.option("--enable", is_flag=True, help="Enable what was enabled, once its connections work.")
@click.option("--check", is_flag=True, help="Only compare; exit code 1 if something differs.")
@click.option("--diff", is_flag=True, help="Show how workspaces differ.")
@click.option("--plan", "plan_file", metavar="FILE", help="Write the plan as JSON, for editing, and stop.")
@click.option("--apply-plan", metavar="FILE", help="Apply a plan that --plan wrote.")
@click.option(
    "--id-map", metavar="FILE", help="JSON of new ids by old ones, read and written.  [default: FILE.HOST.id-map.json]"
)
@click.option("--owners", metavar="FILE", help="JSON that maps old users to new ones.")
@click.option("--spaces", metavar="FILE", help="JSON that maps old spaces to new ones; null is a personal space.")
@click.option("--same-tenant", is_flag=True, help="The source is of this tenant, although its address differs.")
@click.option("--values", "values_file", metavar="FILE", help="The backup's filled-in values template.")
@click.option("--journal", metavar="FILE", help="Record progress in this file.  [default: FILE.HOST.CHECKSUM.journal]")
@click.option("--undo", metavar="FILE", help="Undo a deployment with its undo file, which is beside its journal.")
@changes_something
@prints("json")
@signs_in
def deploy_command(
    access: Access,
    source: str | None,
    check: bool,
    diff: bool,
    plan_file: str | None,
    id_map: str | None,
    values_file: str | None,
    journal: str | None,
    undo: str | None,
    dry_run: bool,
    yes: bool,
    form: Form,
    **how: Any,
) -> None:
    """Deploy automations with their connections.

    They come from a backup, or from a folder of exported automations. It shows its plan and asks for confirmation.
    Connections come first. New automations are created disabled, placed in their space, given to their owner, and then
    get their workspace, with the new ids of connections. Owners are found by e-mail address, spaces by name. What is
    only in the tenant stays. If it was stopped, or something failed, the same command resumes; `qac deploy --undo` with
    the undo file reverts everything.

    A PATTERN may have wildcards, such as 'Send *', space=Finance or owner=*@example.com. To deploy everybody's
    automations, sign in for them with an OAuth client too (--automations-context).

    Exit code 1: nothing was done because something failed or must be decided; with --check, something differs. 5: some
    of it was done.

    Examples:
        qac deploy backup.ndjson --all --context production --automations-context machine --dry-run
        qac deploy backup.ndjson --all --check
    """
    if (undo is None) == (source is None):
        raise click.UsageError("Pass a backup or a folder to deploy, or --undo.")
    if check and (plan_file or how["apply_plan"] or values_file or journal or undo):
        raise click.UsageError("--check only compares: leave out --plan, --apply-plan, --values, --journal and --undo.")
    if undo is not None or source is None:
        _undo(access, undo or "", form, dry_run=dry_run, yes=yes)
        return
    if how["apply_plan"] is not None and any(value for name, value in how.items() if name != "apply_plan"):
        raise click.UsageError(
            "--apply-plan takes everything from its file: leave out --all, --only, --exclude, --enable, --same-tenant"
            " and mappings."
        )
    values: Values = Secret({}) if values_file is None else read_values(values_file)
    with access.open() as opened, opened.folder(Path(source).parent) as folder:
        usual = f"{Path(source).name}.{plans.host_of(opened.tenant.url)}"
        ids = Path(id_map) if id_map is not None else folder / f"{usual}.id-map.json"
        if check or plan_file is not None:
            plan = _plan(opened, source, ids, values=values, **how)
            _show(plan, opened, form, diff=diff, only_plan=True)
            if plan_file is not None:
                plan.write(plan_file)
                say(f"The plan is in {plan_file}: apply it with --apply-plan {plan_file}.", err=True)
            finish(Exit.FAILED if check and not plan.is_in_sync else Exit.FINE)
            return
        path = Path(journal) if journal is not None else _usual_journal(source, folder, usual)
        begun = unfinished_run(path)
        if begun is None:
            plan, done = _plan(opened, source, ids, values=values, journal=path, **how), frozenset[str]()
        else:
            plan, done = evolve(begun.plan, source=source), begun.done
            say(f"Resuming the run in the journal {path}, with its plan.", err=True)
        _show(plan, opened, form, diff=diff, only_plan=dry_run)
        left = [
            sum(step.action in ("create", "update") and step.id not in done for step in steps)
            for steps in (plan.connections.steps, plan.steps)
        ]
        what = f"{counted(left[0])} and {counted(left[1], 'automation')}"
        if (any(left) or dry_run) and not confirmed(f"Deploy {what} into {opened.place}", dry_run=dry_run, yes=yes):
            return
        files: dict[str, Any] = {"journal": path, "values": values, "id_map_path": ids}
        undo_everything = f"To undo everything: qac deploy --undo {undo_path(path)}"
        report = plans.carry_out(
            "Deploy",
            f"Run the same command to resume: {path} records what was done.\n{undo_everything}",
            lambda run: apply(opened.tenant, plan, on_wait=plans.say_wait, **files, **run.callbacks),
            lambda report: _print(report, plan, form),
            has_begun=lambda _: path.exists(),
            done="Everything was deployed",
        )
        if not opened.sandbox and plan.to_do:
            say(undo_everything, err=True)
    if not report.is_complete or report.open or report.connections.asked:
        finish(plans.exit_of(report.summary, report.connections.summary))


def journal_of_source(source: Path, tenant: str) -> tuple[Path, Path]:
    """Return the default journal and the default id map of a deployment.

    Raises:
        Failed: Another journal may hold creations that a new plan would not recognize.
    """
    usual = f"{source.name}.{plans.host_of(tenant)}"
    return _usual_journal(source, source.parent, usual), source.with_name(f"{usual}.id-map.json")


def _usual_journal(source: str | Path, folder: Path, usual: str) -> Path:
    """Return the default journal, unless another one may hold creations that a new plan would not recognize."""
    journal = folder / f"{usual}.{open_source(source).sha256[:8]}.journal"
    for other in sorted(folder.glob(f"{usual}.*.journal")) if unfinished_run(journal) is None else ():
        begun = unfinished_run(other)
        if begun is not None and begun.cut_off:
            raise Failed(
                f"The journal {other} belongs to an interrupted deployment of an earlier content of the source, which"
                " may have created what a new plan would not recognize: finish that one first, with that content, or"
                " pass --journal to begin another."
            )
    return journal


def _show(plan: DeployPlan, opened: Opened, form: Form, *, diff: bool, only_plan: bool) -> None:
    if form == "json":
        if only_plan:
            print_json(plan.to_dict())
        return
    names = opened.look_up(
        users=[step.owner_id for step in plan.steps],
        spaces=[step.space_id for step in plan.steps],
        connectors=[step.connector_id for step in plan.connections.steps],
    )
    if plan.connections.steps:
        plans.print_plan(plan.connections, names, form, only_plan=only_plan)
        say()
    rows = [
        {**step.to_dict(), "why": _with_names(in_cli_words(" ".join([step.sentence, *step.notes])), names)}
        for step in plan.steps
        if step.action != "skip" or step.reason != "exists"
    ]
    columns = (
        NAME,
        Column("Owner", lambda row: names.users.get(row["owner_id"]) or row["owner_id"] or "the caller", spare=3),
        Column("Space", lambda row: names.spaces.get(row["space_id"]) or row["space_id"] or "personal", spare=4),
        ID,
    )
    print_steps(rows, columns, empty="No automation differs.", noun="automation")
    for step in plan.steps if diff else ():
        if step.diff:
            say()
            say(printable(f"{step.label}:"))
            print_line("\n".join(map(printable, step.diff.splitlines())))
    plans.say_planned("Automations to", plan.summary)
    for noun, found in (("connection", plan.connections_only_in_target), ("automation", plan.only_in_target)):
        if found:
            named = some_of([each.name or each.id for each in found], _MOST_NAMED)
            say(f"Only in the tenant, and left alone: {counted(len(found), noun)}: {named}.")
    for note in plan.notes:
        say(printable(in_cli_words(note)), err=True)


def _with_names(text: str, names: Names) -> str:
    for id, name in names.users.items():
        text = text.replace(id, name)
    return text


def _print(report: DeployReport, plan: DeployPlan, form: Form) -> None:
    if form == "json":
        print_json(report.to_dict())
    else:
        if report.connections.steps:
            plans.print_restored(report.connections)
        plans.print_some("Failed:", report.failed)
        plans.print_some("Open:", report.open)
        plans.print_to_do(report.for_people, "automation")
        say(f"Automations: {plans.outcomes_of(report.summary) or 'none'}.")
    for note in report.notes:
        if form == "json" or note not in plan.notes:
            say(printable(in_cli_words(note)), err=True)
    plans.say_unchecked(report.connections)
    if not report.is_complete and not report.connections.cancelled:
        say("Run the same command to retry what failed.", err=True)


def _undo(access: Access, file: str, form: Form, *, dry_run: bool, yes: bool) -> None:
    with access.open() as opened:
        if not confirmed(f"Undo the deployment of {file} in {opened.place}", dry_run=dry_run, yes=yes):
            return
        with running("Undo", "Stopped. Run the same command to resume.") as run:
            report = undo_deploy(opened.tenant, file, **run.callbacks)
    if form == "json":
        print_json(report.to_dict())
    else:
        failed = [step.to_dict() for step in report.steps if step.outcome == "failed"]
        if failed:
            print_table(failed, (NAME, Column("Kind", "kind"), Column("Why", "sentence", wrap=True), ID))
        say(f"{', '.join(f'{number:,} {outcome}' for outcome, number in report.summary.items()) or 'Nothing to undo'}.")
    done = len(report.summary) > ("failed" in report.summary)
    finish(Exit.FINE if report.is_complete else Exit.IN_PART if done else Exit.FAILED)
