"""What `qac restore` prints: the plan, and what came of it."""

from __future__ import annotations

from typing import Final

import click

from .._text import printable
from ..admin._names import Names
from ..admin._restore.plan import RestorePlan, RestoreStep
from ..admin._restore.report import RestoreReport
from .output import Column, Form, Row, print_json, print_table

# Steps that need nobody's attention; they are counted.
_QUIET: Final = frozenset({"exists", "managed"})


def _why(step: RestoreStep) -> str:
    return " ".join([step.sentence, *step.notes])


def _columns(names: Names) -> tuple[Column, ...]:
    def connector(row: Row) -> str:
        return names.connectors.get(row["connector_id"]) or str(row["connector_id"])

    return (
        Column("Action", lambda row: str(row["action"])),
        Column("Id", lambda row: str(row["id"])),
        Column("Name", lambda row: str(row["name"] or "")),
        Column("Connector", connector),
        Column("Why", lambda row: str(row["why"]), whole=True),
    )


def show_plan(plan: RestorePlan, names: Names, form: Form, *, only_plan: bool) -> None:
    """Prints a plan; as JSON only where nothing else follows.

    Args:
        plan: the plan.
        names: names of connectors, where they are known.
        form: how.
        only_plan: whether the plan is all that the command prints.
    """
    if form == "json":
        if only_plan:
            print_json(plan.to_dict())
        return
    rows = [
        {**step.to_dict(), "why": _why(step)}
        for step in plan.steps
        if step.action != "skip" or step.reason not in _QUIET
    ]
    print_table(rows, _columns(names), empty="There is nothing to restore.")
    counts = plan.counts()
    click.echo(
        f"\nTo create: {counts['create']:,}; to update: {counts['update']:,}; to skip: {counts['skip']:,};"
        f" to be decided: {counts['ask']:,}."
    )
    for note in plan.notes:
        click.echo(printable(note), err=True)


def print_report(report: RestoreReport, plan: RestorePlan, form: Form) -> None:
    """Prints what came of a restore, and what is left to people.

    Args:
        report: what came of it.
        plan: what was shown before.
        form: how.
    """
    if form == "json":
        print_json(report.to_dict())
    else:
        _print_for_people(report)
    shown = () if form == "json" else plan.notes
    for note in report.notes:
        if note in shown:
            continue
        click.echo(printable(note), err=True)
    if report.unchecked is not None:
        click.echo(f"Not checked: {printable(report.unchecked)}", err=True)
    if report.failed and not report.cancelled:
        click.echo("The same command tries again what failed.", err=True)
    if report.asked:
        click.echo("To decide what is open: --plan FILE, answer in it, and --apply-plan FILE.", err=True)


def _print_for_people(report: RestoreReport) -> None:
    if report.repeated:
        click.echo("The journal says that this plan was carried out: nothing of it was done again.")
    failed = [step.to_dict() for step in report.failed]
    if failed:
        click.echo("\nFailed:")
        columns = (
            Column("Id", lambda row: str(row["id"])),
            Column("Name", lambda row: str(row["name"] or "")),
            Column("Why", lambda row: str(row["sentence"]), whole=True),
        )
        print_table(failed, columns)
    left = [step.to_dict() for step in report.for_people]
    if left:
        click.echo("\nLeft to people:")
        columns = (
            Column("Id", lambda row: str(row["new_id"] or row["id"])),
            Column("Name", lambda row: str(row["name"] or "")),
            Column("What to do", lambda row: " ".join(filter(None, (row["to_do"], row["link"]))), whole=True),
        )
        print_table(left, columns)
    counts = report.counts()
    parts = [f"{number:,} {outcome}" for outcome, number in counts.items() if number]
    working = sum(step.connected is True for step in report.steps)
    checked = sum(step.connected is not None for step in report.steps)
    click.echo(f"\n{', '.join(parts) or 'Nothing to do'}." + (f" {working:,} of {checked:,} work." if checked else ""))
    click.echo(f"New ids by old ones: {report.id_map}")
