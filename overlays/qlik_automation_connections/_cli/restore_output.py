"""The output of `qac restore`: the plan and the report."""

from __future__ import annotations

from typing import Final

import click

from .._text import counted, printable
from ..admin import Names, RestoredConnection, RestorePlan, RestoreReport
from .format import ID, NAME, print_steps
from .output import Column, Form, print_json, print_table, say

# Steps that are only counted, as they need no attention.
_QUIET: Final = frozenset({"exists", "managed"})


def show_plan(plan: RestorePlan, names: Names, form: Form, *, only_plan: bool) -> None:
    """Print a plan; as JSON only if nothing else follows.

    Args:
        plan: The plan.
        names: Known names of connectors.
        form: How to print it.
        only_plan: Whether the command prints only the plan.
    """
    if form == "json":
        if only_plan:
            print_json(plan.to_dict())
        return
    columns = (
        NAME,
        Column("Connector", lambda row: names.connectors.get(row["connector_id"]) or row["connector_id"], spare=3),
        ID,
    )
    rows = [
        {**step.to_dict(), "why": " ".join([step.sentence, *step.notes])}
        for step in plan.steps
        if step.action != "skip" or step.reason not in _QUIET
    ]
    print_steps(rows, columns, empty="Nothing to restore.")
    counts = plan.summary
    say(
        f"To create: {counts['create']:,}; to update: {counts['update']:,}; to skip: {counts['skip']:,};"
        f" to be decided: {counts['ask']:,}."
    )
    for note in plan.notes:
        click.echo(printable(note), err=True)


def print_report(report: RestoreReport, plan: RestorePlan, form: Form) -> None:
    """Print the report of a restore, with what must be done by hand.

    Args:
        report: The report.
        plan: The plan that was shown before.
        form: How to print it.
    """
    if form == "json":
        print_json(report.to_dict())
    else:
        print_restored(report)
    for note in report.notes:
        if form == "json" or note not in plan.notes:
            click.echo(printable(note), err=True)
    if report.unchecked is not None:
        click.echo(f"Not checked: {printable(report.unchecked)}", err=True)
    if report.failed and not report.cancelled:
        click.echo("Run the same command to retry what failed.", err=True)
    if report.asked:
        click.echo(
            "To decide what is open: write the plan with --plan FILE, answer in it, and pass --apply-plan FILE.",
            err=True,
        )


def print_restored(report: RestoreReport) -> None:
    """Print the outcome for people."""
    if report.repeated:
        say("According to the journal, this plan was completed: nothing was done again.")
    failed = [step.to_dict() for step in report.failed]
    if failed:
        say("\nFailed:")
        print_table(failed, (NAME, Column("Why", "sentence", wrap=True), ID))
    to_do: dict[str, list[RestoredConnection]] = {}
    for step in report.for_people:
        to_do.setdefault(step.to_do or "", []).append(step)
    for what, steps in to_do.items():
        say(f"\nTo do by hand for {counted(len(steps))}: {what}")
        for step in steps:
            click.echo(printable(f"  {step.name} ({step.new_id or step.id})"))
            if step.link:
                # A link that is wrapped can't be opened.
                click.echo(printable(f"    {step.link}"))
    counts = report.summary
    parts = [f"{number:,} {outcome}" for outcome, number in counts.items() if number]
    working = sum(step.connected is True for step in report.steps)
    checked = sum(step.connected is not None for step in report.steps)
    say(f"\n{', '.join(parts) or 'Nothing to do'}." + (f" {working:,} of {checked:,} work." if checked else ""))
    say(f"Map of old ids to new ones: {report.id_map}")
