"""`qac handover`: hands the connections of one user to another, or undoes it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from attrs import frozen

from .. import APIError, Tenant
from .._text import printable
from ..admin._handover.applying import apply_handover
from ..admin._handover.plan import HandoverPlan
from ..admin._handover.planning import plan_handover
from ..admin._handover.record import refuse_another, unfinished_plan
from ..admin._handover.report import HandoverReport
from ..admin._handover.undo_file import read_plan, undo_path
from ..admin._names import Names
from .access import Access, Opened
from .auth_options import signs_in
from .confirm import changes_something, confirmed
from .exit_codes import Exit, Failed, finish
from .interrupting import interruptible_command
from .output import Column, Form, Row, print_json, print_table, prints
from .progress import bar
from .selection import read_ids


@frozen
class _Wish:
    """What the options say.

    Attributes:
        old: whose connections; None for an undo.
        new: to whom; None for an undo.
        space: the space that all go into.
        personal: whether all go into the new owner's personal space.
        ids: these connections alone; None for all.
        filter: those alone that meet an expression.
        undo: the undo file that is to be applied.
        usage: whether to look which automations use them.
    """

    old: str | None
    new: str | None
    space: str | None
    personal: bool
    ids: list[str] | None
    filter: str | None
    undo: str | None
    usage: bool

    def check(self) -> None:
        """Raises a usage error if the options contradict each other."""
        if self.undo is not None:
            narrowed = self.space is not None or self.personal or self.ids is not None or self.filter is not None
            if self.old is not None or self.new is not None or narrowed:
                raise click.UsageError("--undo does what its file says: leave out who, what and where.")
        elif self.old is None or self.new is None:
            raise click.UsageError("Give --from and --to, or --undo.")

    def plan(self, tenant: Tenant) -> HandoverPlan:
        """The plan, made anew or read from the undo file."""
        if self.undo is not None:
            plan = read_plan(self.undo)
            if plan.undoes is None:
                raise Failed(f"{self.undo} is the plan of a handover, and no undo file.", Exit.USAGE)
            plan.refuse_other_tenant(tenant.url)
            return plan
        with interruptible_command("Stopped: nothing was changed.") as interrupt, bar("Plan") as shown:
            return plan_handover(
                tenant,
                self.old or "",
                self.new or "",
                space_id=self.space,
                personal=self.personal,
                ids=self.ids,
                filter=self.filter,
                look_for_usage=self.usage,
                on_progress=shown.on_progress,
                cancel=interrupt.event,
            )

    def missed(self, report: HandoverReport) -> bool:
        """Whether somebody asked for a connection by its id that was not handed over."""
        return self.ids is not None and any(
            step.outcome == "skipped" and step.reason != "already" for step in report.steps
        )


@click.command("handover")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--from", "old", metavar="USER", help="Whose connections, by the user's id.")
@click.option("--to", "new", metavar="USER", help="Who gets them, by the user's id.")
@click.option("--space", metavar="SPACE", help="Bring all of them into this space.")
@click.option("--personal", is_flag=True, help="Bring all of them into the new owner's personal space.")
@click.option("--ids-file", "--ids", metavar="FILE", help="Only those whose ids are in a file; - for standard input.")
@click.option("--filter", metavar="SCIM", help='Only those that an expression names, such as: name eq "SMTP".')
@click.option("--no-usage", is_flag=True, help="Do not look which automations use them.")
@click.option("--undo", metavar="FILE", help="Bring back what a handover did, by its undo file.")
@click.option(
    "--journal", metavar="FILE", help="Where to note what was done.  [default: handover-USER-to-USER.journal]"
)
@click.option("--undo-file", metavar="FILE", help="What to write to undo it.  [default: JOURNAL.undo.json]")
@changes_something
@prints("json")
@signs_in
def handover_command(
    access: Access,
    ids: tuple[str, ...],
    old: str | None,
    new: str | None,
    space: str | None,
    personal: bool,
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
    """Hand all connections of one user to another, or undo it.

    Without --space and --personal every connection stays in its space. Automations stay with their owners. It shows
    what it will do and asks. When it was stopped, or something failed, the same command goes on; `qac handover --undo`
    with the undo file brings everything back.

    Exit code 1: nothing was handed over, something failed. 5: some were handed over and others not, or had their owner
    changed and not their space.
    """
    chosen = [id for argument in ids for id in (read_ids("-") if argument == "-" else [argument])]
    chosen += read_ids(ids_file) if ids_file is not None else []
    wish = _Wish(old, new, space, personal, chosen if ids or ids_file is not None else None, filter, undo, not no_usage)
    wish.check()
    with access.open() as opened, _files(opened) as folder:
        plan = wish.plan(opened.tenant)
        path = Path(journal) if journal is not None else _journal(folder, plan, undo)
        begun = unfinished_plan(path)
        if begun is not None:
            refuse_another(path, begun, plan)
            click.echo(f"Goes on with what the journal {path} has begun, by the plan that was made then.", err=True)
        shown = begun or plan
        _show(shown, opened.names, form, only_plan=dry_run)
        if (dry_run or shown.moves) and not confirmed(_question(shown, opened.names), dry_run=dry_run, yes=yes):
            return
        back = Path(undo_file) if undo_file is not None else undo_path(path)
        report = _apply(opened.tenant, plan, path, back)
        _print(report, form, forgotten=opened.sandbox)
    if not report.finished or wish.missed(report):
        some = report.totals["moved"] or report.totals["already"] or report.in_part
        finish(Exit.IN_PART if some else Exit.FAILED)


@contextmanager
def _files(opened: Opened) -> Iterator[Path]:
    """Where files go that are not named: this folder, or for a fake tenant one that is forgotten with it."""
    if not opened.sandbox:
        yield Path()
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _journal(folder: Path, plan: HandoverPlan, undo: str | None) -> Path:
    """The journal of a plan where none is named: one that is not finished yet, or a new one."""
    if undo is not None:
        return Path(f"{undo}.journal")
    name = "-to-".join(re.sub(r"[^A-Za-z0-9._-]", "_", user) for user in (plan.from_owner, plan.to_owner))
    paths = (
        folder / f"handover-{name}{suffix}.journal" for suffix in ("", *(f"-{number}" for number in range(2, 1000)))
    )
    return next(path for path in paths if not path.exists() or unfinished_plan(path) is not None)


def _named(names: Names, user: str) -> str:
    return printable(names.users.get(user) or user)


def _question(plan: HandoverPlan, names: Names) -> str:
    moves = len(plan.moves)
    counted = "1 connection" if moves == 1 else f"{moves:,} connections"
    verb = "Bring back" if plan.undoes else "Hand over"
    return f"{verb} {counted} from {_named(names, plan.from_owner)} to {_named(names, plan.to_owner)}"


def _columns(names: Names) -> tuple[Column, ...]:
    def space(id: str | None) -> str:
        return "personal" if id is None else names.spaces.get(id) or id

    def way(item: Row) -> str:
        before, after = space(item["from_space"]), space(item["to_space"])
        return before if before == after else f"{before} -> {after}"

    return (
        Column("Id", lambda item: str(item["id"])),
        Column("Name", lambda item: str(item["name"] or "")),
        Column("Connector", lambda item: names.connectors.get(item["connector_id"]) or str(item["connector_id"] or "")),
        Column("Space", lambda item: way(item) if item["action"] == "move" else ""),
        Column("Action", lambda item: str(item["action"])),
        Column(
            "Why", lambda item: " ".join(filter(None, (item["action"] == "skip" and item["sentence"], item["note"])))
        ),
    )


def _show(plan: HandoverPlan, names: Names, form: Form, *, only_plan: bool) -> None:
    if form == "json":
        if only_plan:
            print_json(plan.to_dict())
        return
    print_table([step.to_dict() for step in plan.steps], _columns(names), empty="There is nothing to hand over.")
    for note in plan.notes:
        click.echo(note, err=True)


def _apply(tenant: Tenant, plan: HandoverPlan, path: Path, back: Path) -> HandoverReport:
    how = f"The same command goes on with it: what was done is noted in {path}.\n{_way_back(back)}"
    try:
        with interruptible_command(f"Stopped. {how}") as interrupt, bar("Handover") as shown:
            return apply_handover(
                tenant, plan, journal=path, undo=back, on_progress=shown.on_progress, cancel=interrupt.event
            )
    except APIError:
        click.echo(how, err=True)
        raise


def _way_back(undo: str | Path, what: str = "To bring everything back") -> str:
    file = f'"{undo}"' if " " in str(undo) else f"{undo}"
    return f"{what}: qac handover --undo {file}"


def _print(report: HandoverReport, form: Form, *, forgotten: bool) -> None:
    if form == "json":
        print_json(report.to_dict())
    elif report.journal is not None:
        totals = report.totals
        verb = "brought back" if report.undoes else "handed over"
        parts = [f"{totals['moved']:,} {verb}", f"{totals['already']:,} as wanted already"]
        parts += [f"{totals['skipped']:,} skipped"] if totals["skipped"] else []
        parts += [f"{totals['failed']:,} failed"] if totals["failed"] else []
        half = len(report.in_part)
        parts += [f"{half:,} of these after the owner was changed, and before the space was"] if half else []
        click.echo(f"{', '.join(parts)}.")
    for step in report.failed:
        click.echo(f"{printable(step.id)} ({printable(step.name or '')}): {step.sentence}", err=True)
    if report.left_out:
        click.echo(f"Not in the plan of the journal, and left as they are: {len(report.left_out):,}.", err=True)
    if not report.finished:
        click.echo("The same command tries again what is left.", err=True)
    if report.undo is not None and not forgotten:
        click.echo(_way_back(report.undo, "To do it again" if report.undoes else "To bring everything back"), err=True)
