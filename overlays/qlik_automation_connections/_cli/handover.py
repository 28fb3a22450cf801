"""`qac handover`: hand over the connections of one user to another, or undo it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from .. import APIError, Tenant
from .._text import counted, printable
from ..admin import HandoverPlan, HandoverReport, Names, apply, plan_handover
from ..admin._handover.applying import unfinished_plan
from ..admin._handover.plan import undo_path
from .access import Access, Opened
from .auth_options import signs_in
from .confirm import changes_something, confirmed
from .exit_codes import Exit, Failed, finish, in_cli_words, missing_code
from .format import ID, NAME, print_steps
from .help import Command
from .output import Column, Form, Row, print_json, prints, say
from .plans import UNCHANGED, carry_out
from .resolving import space_id, user_id
from .running import running
from .selection import given_names


def _plan(tenant: Tenant, old: str, new: str, space: str | None, **how: Any) -> HandoverPlan:
    old, new = user_id(tenant, old, "--from"), user_id(tenant, new, "--to")
    space = None if space is None else space_id(tenant, space, "--space")
    with running("Plan", UNCHANGED) as run:
        return plan_handover(tenant, old, new, space_id=space, **how, **run.callbacks)


def _read_undo(file: str, tenant: str) -> HandoverPlan:
    plan = HandoverPlan.read(file)
    if plan.undoes is None:
        raise Failed(f"{file} is the plan of a handover, not an undo file.", Exit.USAGE)
    if plan.tenant != tenant:
        raise Failed(f"{file} is for the tenant {plan.tenant}, not for {tenant}.", Exit.USAGE)
    return plan


@click.command("handover", cls=Command)
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--from", "old", metavar="USER", help="The current owner: id, name or e-mail address.")
@click.option("--to", "new", metavar="USER", help="The new owner: id, name or e-mail address.")
@click.option("--space", metavar="SPACE", help="Move all of them to this space: id or name.")
@click.option("--personal", is_flag=True, help="Move all of them to the new owner's personal space.")
@click.option("--ids-file", metavar="FILE", help="Only connections whose ids are in this file; - for standard input.")
@click.option("--filter", metavar="SCIM", help='Only connections that match, such as: name eq "SMTP".')
@click.option("--no-usage", is_flag=True, help="Do not look up which automations use them.")
@click.option("--undo", metavar="FILE", help="Undo a handover with its undo file.")
@click.option(
    "--journal", metavar="FILE", help="Record progress in this file.  [default: handover-USER-to-USER.journal]"
)
@click.option(
    "--undo-file", metavar="FILE", help="Where to write the undo file.  [default: beside the journal, .undo.json]"
)
@changes_something
@prints("json")
@signs_in
def handover_command(
    access: Access,
    old: str | None,
    new: str | None,
    space: str | None,
    personal: bool,
    ids: tuple[str, ...],
    ids_file: str | None,
    filter: str | None,
    no_usage: bool,
    undo: str | None,
    journal: str | None,
    undo_file: str | None,
    dry_run: bool,
    yes: bool,
    form: Form,
) -> None:
    """Hand over all connections of one user to another, or undo it.

    Without --space or --personal, connections stay in their spaces. Automations keep their owners. It shows its plan
    and asks for confirmation. If it was stopped, or something failed, the same command resumes; `qac handover --undo`
    with the undo file reverts everything.

    Exit code 1: nothing was handed over because something failed. 4: the user owns no connections. 5: some were handed
    over and others not, or got their new owner but not their new space.

    Examples:
        qac handover --from bob@example.com --to ada@example.com --dry-run
        qac handover --undo handover.undo.json
    """
    chosen = [*given_names(ids, ids_file)] if ids or ids_file is not None else None
    if undo is not None:
        if personal or any(given is not None for given in (old, new, space, chosen, filter)):
            raise click.UsageError("--undo takes everything from its file: pass no users, space, ids or filter.")
    elif old is None or new is None:
        raise click.UsageError("Pass --from and --to, or --undo.")
    elif personal and space is not None:
        raise click.UsageError("Pass only one of --space and --personal.")
    elif old == new:
        raise click.UsageError("--from and --to are the same user.")
    with access.open() as opened, opened.folder(Path()) as folder:
        how = {"personal": personal, "ids": chosen, "filter": filter, "look_for_usage": not no_usage}
        if undo is not None:
            plan = _read_undo(undo, opened.tenant.url)
        else:
            plan = _plan(opened.tenant, old or "", new or "", space, **how)
        path = Path(journal) if journal is not None else journal_of_plan(folder, plan, undo)
        begun = unfinished_plan(path, plan)
        if begun is not None:
            say(f"Resuming the run in the journal {path}, with its plan.", err=True)
        shown = begun or plan
        opened.look_up(
            users=(shown.from_owner, shown.to_owner),
            spaces=[id for step in shown.steps for id in (step.from_space, step.to_space)],
            connectors=[step.connector_id for step in shown.steps],
        )
        if shown.steps or form == "json":
            _show(shown, opened.names, form, only_plan=dry_run)
        if not shown.steps:
            earlier = Path(journal) if journal is not None else _usual_journal(folder, plan)
            _say_nothing(plan, opened, earlier if earlier.exists() else None)
            return
        question = f"{_question(shown, opened.names)} in {opened.place}"
        if (dry_run or shown.moves) and not confirmed(question, dry_run=dry_run, yes=yes):
            missing = [step for step in shown.steps if step.reason == "not-found"]
            finish(missing_code(len(missing), len(shown.steps)))
            return
        back = Path(undo_file) if undo_file is not None else undo_path(path)
        report = carry_out(
            "Handover",
            f"Run the same command to resume: {path} records what was done.\n{_way_back(back)}",
            lambda run: apply(opened.tenant, plan, journal=path, undo=back, **run.callbacks),
            lambda report: _print(report, form, forgotten=opened.sandbox),
            # A job's own error says how to resume.
            has_begun=lambda error: isinstance(error, APIError),
        )
    # What was selected by id but not handed over counts as not done.
    missed = chosen and any(step.outcome == "skipped" and step.reason != "already" for step in report.steps)
    if missed or not report.is_complete:
        some = report.summary["moved"] or report.summary["already"] or report.in_part
        finish(Exit.IN_PART if some else Exit.FAILED)


def _say_nothing(plan: HandoverPlan, opened: Opened, journal: Path | None) -> None:
    """Say that there is nothing to hand over, because a journal has it all, or as a failure."""
    owner = printable(opened.names.users.get(plan.from_owner) or plan.from_owner)
    if journal is None:
        raise Failed(f"Nothing to hand over: the user {owner} owns no connections in {opened.place}.", Exit.NOT_FOUND)
    say(f"{owner} owns no connections any more: the journal {journal} has the handover.", err=True)


def _usual_journal(folder: Path, plan: HandoverPlan, suffix: str = "") -> Path:
    name = "-to-".join(re.sub(r"[^A-Za-z0-9._-]", "_", user) for user in (plan.from_owner, plan.to_owner))
    return folder / f"handover-{name}{suffix}.journal"


def journal_of_plan(folder: Path, plan: HandoverPlan, undo: str | None = None) -> Path:
    """Return the default journal of a plan: one with an unfinished run, or a new one."""
    if undo is not None:
        return Path(f"{undo.removesuffix('.json')}.journal")
    suffixes = ("", *(f"-{number}" for number in range(2, 1000)))
    paths = (_usual_journal(folder, plan, suffix) for suffix in suffixes)
    return next(path for path in paths if not path.exists() or unfinished_plan(path) is not None)


def _question(plan: HandoverPlan, names: Names) -> str:
    old, new = (printable(names.users.get(user) or user) for user in (plan.from_owner, plan.to_owner))
    return f"{'Hand back' if plan.undoes else 'Hand over'} {counted(len(plan.moves))} from {old} to {new}"


def _show(plan: HandoverPlan, names: Names, form: Form, *, only_plan: bool) -> None:
    if form == "json":
        if only_plan:
            print_json(plan.to_dict())
        return

    def way(item: Row) -> str:
        before, after = (
            "personal" if id is None else names.spaces.get(id) or id for id in (item["from_space"], item["to_space"])
        )
        return "" if item["action"] != "move" else before if before == after else f"{before} -> {after}"

    def why(item: Row) -> str:
        return " ".join(filter(None, (item["action"] == "skip" and item["sentence"], item["note"])))

    columns = (
        NAME,
        Column("Connector", lambda item: names.connectors.get(item["connector_id"]) or item["connector_id"], spare=4),
        Column("Space", way, most=40, spare=2),
        ID,
    )
    rows = [step.to_dict() for step in plan.steps]
    print_steps([{**row, "why": why(row)} for row in rows], columns, empty="Nothing to hand over.")
    for note in plan.notes:
        say(in_cli_words(note), err=True)


def _way_back(undo: str | Path, what: str = "To undo everything") -> str:
    file = f'"{undo}"' if " " in str(undo) else f"{undo}"
    return f"{what}: qac handover --undo {file}"


def _print(report: HandoverReport, form: Form, *, forgotten: bool) -> None:
    if form == "json":
        print_json(report.to_dict())
    elif report.journal is not None:
        totals = report.summary
        parts = [f"{totals['moved']:,} {'handed back' if report.undoes else 'handed over'}"]
        parts += [f"{totals['already']:,} already done"]
        parts += [f"{totals[outcome]:,} {outcome}" for outcome in ("skipped", "failed") if totals[outcome]]
        half = len(report.in_part)
        parts += [f"{half:,} of these with a new owner but not their new space"] if half else []
        say(f"{', '.join(parts)}.")
    for step in report.failed:
        why = in_cli_words(step.sentence)
        say(f"{printable(step.id)} ({printable(step.name or '')}): {why}", err=True)
    if report.left_out:
        say(f"Not in the journal's plan, and left unchanged: {len(report.left_out):,}.", err=True)
    if not report.is_complete:
        say("Run the same command to retry what is left.", err=True)
    if report.undo is not None and not forgotten:
        say(_way_back(report.undo, "To redo it" if report.undoes else "To undo everything"), err=True)
