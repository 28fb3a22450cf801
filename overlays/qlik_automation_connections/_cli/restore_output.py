"""What `qac restore` prints: the plan, and the outcome."""

from __future__ import annotations

from typing import Final

import click

from .._text import printable
from ..admin import Names, RestorePlan, RestoreReport
from .output import Column, Form, print_json, print_table

# Steps that need nobody's attention; they are counted.
_QUIET: Final = frozenset({"exists", "managed"})


def show_plan(plan: RestorePlan, names: Names, form: Form, *, only_plan: bool) -> None:
    """Print a plan; as JSON only where nothing else follows.

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
    columns = (
        Column("Action", "action"),
        Column("Id", "id"),
        Column("Name", "name"),
        Column("Connector", lambda row: names.connectors.get(row["connector_id"]) or row["connector_id"]),
        Column("Why", "why", wrap=True),
    )
    rows = [
        {**step.to_dict(), "why": " ".join([step.sentence, *step.notes])}
        for step in plan.steps
        if step.action != "skip" or step.reason not in _QUIET
    ]
    print_table(rows, columns, empty="There is nothing to restore.")
    counts = plan.summary
    click.echo(
        f"\nTo create: {counts['create']:,}; to update: {counts['update']:,}; to skip: {counts['skip']:,};"
        f" to be decided: {counts['ask']:,}."
    )
    for note in plan.notes:
        click.echo(printable(note), err=True)


def print_report(report: RestoreReport, plan: RestorePlan, form: Form) -> None:
    """Print the outcome of a restore, and what is left to people.

    Args:
        report: the outcome.
        plan: what was shown before.
        form: how.
    """
    if form == "json":
        print_json(report.to_dict())
    else:
        _print_for_people(report)
    for note in report.notes:
        if form == "json" or note not in plan.notes:
            click.echo(printable(note), err=True)
    if report.unchecked is not None:
        click.echo(f"Not checked: {printable(report.unchecked)}", err=True)
    if report.failed and not report.cancelled:
        click.echo("Run the same command to retry what failed.", err=True)
    if report.asked:
        click.echo(
            "To settle what is open: write the plan with --plan FILE, answer in it, and run --apply-plan FILE.",
            err=True,
        )


def _print_for_people(report: RestoreReport) -> None:
    if report.repeated:
        click.echo("The journal says that this plan was completed: nothing was done again.")
    failed = [step.to_dict() for step in report.failed]
    if failed:
        click.echo("\nFailed:")
        print_table(failed, (Column("Id", "id"), Column("Name", "name"), Column("Why", "sentence", wrap=True)))
    left = [step.to_dict() for step in report.for_people]
    if left:
        click.echo("\nLeft to people:")
        columns = (
            Column("Id", lambda row: row["new_id"] or row["id"]),
            Column("Name", "name"),
            Column("What to do", lambda row: " ".join(filter(None, (row["to_do"], row["link"]))), wrap=True),
        )
        print_table(left, columns)
    counts = report.summary
    parts = [f"{number:,} {outcome}" for outcome, number in counts.items() if number]
    working = sum(step.connected is True for step in report.steps)
    checked = sum(step.connected is not None for step in report.steps)
    click.echo(f"\n{', '.join(parts) or 'Nothing to do'}." + (f" {working:,} of {checked:,} work." if checked else ""))
    click.echo(f"New ids by old ones: {report.id_map}")
