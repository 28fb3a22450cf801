"""`qac handover`: hand over the connections of one user to another, or undo it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
from attrs import frozen

from .. import APIError, Tenant
from .._text import counted, printable
from ..admin import HandoverPlan, HandoverReport, Names, plan_handover
from ..admin._handover.applying import apply_handover, unfinished_plan
from ..admin._handover.plan import undo_path
from .access import Access, Opened
from .auth_options import signs_in
from .confirm import changes_something, confirmed
from .exit_codes import Exit, Failed, finish, in_cli_words, missing_code
from .format import ID, NAME, print_steps
from .help import Command
from .output import Column, Form, Row, print_json, prints, say
from .resolving import space_id, user_id
from .running import running
from .selection import given_names


@frozen
class _PlanOptions:
    """The options that make a plan.

    Attributes:
        old: The current owner's id; None for an undo.
        new: The new owner's id; None for an undo.
        space: The space to move all connections to.
        personal: Whether to move all connections to the new owner's personal space.
        ids: The connections to hand over; None for all.
        filter: A SCIM expression that the connections must match.
        undo: The undo file to apply.
        no_usage: Whether to skip looking up the automations that use them.
    """

    old: str | None
    new: str | None
    space: str | None
    personal: bool
    ids: list[str] | None
    filter: str | None
    undo: str | None
    no_usage: bool

    def __attrs_post_init__(self) -> None:
        if self.undo is not None:
            if self.personal or any(
                given is not None for given in (self.old, self.new, self.space, self.ids, self.filter)
            ):
                raise click.UsageError("--undo takes everything from its file: pass no users, space, ids or filter.")
        elif self.old is None or self.new is None:
            raise click.UsageError("Pass --from and --to, or --undo.")
        elif self.personal and self.space is not None:
            raise click.UsageError("Pass only one of --space and --personal.")
        elif self.old == self.new:
            raise click.UsageError("--from and --to are the same user.")

    def plan(self, tenant: Tenant) -> HandoverPlan:
        """Make the plan, or read it from the undo file."""
        if self.undo is not None:
            plan = HandoverPlan.read(self.undo)
            if plan.undoes is None:
                raise Failed(f"{self.undo} is the plan of a handover, not an undo file.", Exit.USAGE)
            if plan.tenant != tenant.url:
                raise Failed(f"{self.undo} is for the tenant {plan.tenant}, not for {tenant.url}.", Exit.USAGE)
            return plan
        old, new = user_id(tenant, self.old or "", "--from"), user_id(tenant, self.new or "", "--to")
        space = None if self.space is None else space_id(tenant, self.space, "--space")
        with running("Plan", "Stopped: nothing was changed.") as run:
            return plan_handover(
                tenant,
                old,
                new,
                space_id=space,
                personal=self.personal,
                ids=self.ids,
                filter=self.filter,
                look_for_usage=not self.no_usage,
                on_progress=run.on_progress,
                cancel=run.cancel,
            )

    def code(self, report: HandoverReport) -> Exit:
        """Return the exit code; a connection selected by id but not handed over counts as not done."""
        missed = self.ids is not None and any(
            step.outcome == "skipped" and step.reason != "already" for step in report.steps
        )
        if report.is_complete and not missed:
            return Exit.FINE
        some = report.summary["moved"] or report.summary["already"] or report.in_part
        return Exit.IN_PART if some else Exit.FAILED


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
    ids: tuple[str, ...],
    ids_file: str | None,
    journal: str | None,
    undo_file: str | None,
    dry_run: bool,
    yes: bool,
    form: Form,
    **given: Any,
) -> None:
    """Hand over all connections of one user to another, or undo it.

    Without --space or --personal, connections stay in their spaces. Automations keep their owners. It shows its plan
    and asks for confirmation. If it was stopped, or something failed, the same command resumes; `qac handover --undo`
    with the undo file reverts everything.

    Exit code 1: nothing was handed over because something failed. 4: the user owns no connections. 5: some were handed
    over and others not, or got their new owner but not their new space.
    """
    options = _PlanOptions(ids=[*given_names(ids, ids_file)] if ids or ids_file is not None else None, **given)
    with access.open() as opened, opened.folder(Path()) as folder:
        plan = options.plan(opened.tenant)
        path = Path(journal) if journal is not None else journal_of_plan(folder, plan, options.undo)
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
        report = _apply(opened.tenant, plan, path, back, form, forgotten=opened.sandbox)
    finish(options.code(report))


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


def _apply(
    tenant: Tenant, plan: HandoverPlan, path: Path, back: Path, form: Form, *, forgotten: bool
) -> HandoverReport:
    how = f"Run the same command to resume: {path} records what was done.\n{_way_back(back)}"
    try:
        with running("Handover", f"Stopped. {how}") as run:
            report = apply_handover(
                tenant, plan, journal=path, undo=back, on_progress=run.on_progress, cancel=run.cancel
            )
            run.last_words = lambda: _print(report, form, forgotten=forgotten)
    except APIError:
        say(how, err=True)
        raise
    _print(report, form, forgotten=forgotten)
    return report


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
        click.echo(f"{', '.join(parts)}.")
    for step in report.failed:
        why = in_cli_words(step.sentence)
        say(f"{printable(step.id)} ({printable(step.name or '')}): {why}", err=True)
    if report.left_out:
        say(f"Not in the journal's plan, and left unchanged: {len(report.left_out):,}.", err=True)
    if not report.is_complete:
        say("Run the same command to retry what is left.", err=True)
    if report.undo is not None and not forgotten:
        say(_way_back(report.undo, "To redo it" if report.undoes else "To undo everything"), err=True)
