"""What `qac restore`, `qac deploy` and `qac handover` share: plans, runs with a journal, and their output."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar
from urllib.parse import urlsplit

import click

from .. import APIError
from .._secrets import Secret
from .._text import counted, printable
from ..admin import DeployedAutomation, JobError, Names, RestoredConnection, RestorePlan, RestoreReport
from .exit_codes import Exit, Failed
from .format import ID, NAME, print_steps
from .inputs import read_json
from .output import Column, Form, Row, print_json, print_table, say
from .running import Running, running

Values = Secret[dict[tuple[str, str], str]]
UNCHANGED: Final = "Stopped: nothing was changed."
_WHY: Final = Column("Why", "sentence", wrap=True)
# Steps that are only counted, as they need no attention.
_QUIET: Final = frozenset({"exists", "managed"})


class _Report(Protocol):
    @property
    def is_complete(self) -> bool: ...


R = TypeVar("R", bound=_Report)


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


def journal_name(archive: str, tenant: str) -> str:
    """Return the name of the default journal of a restore."""
    # One journal per tenant: a run on one tenant must not resume on another.
    return f"{Path(archive).name}.{host_of(tenant)}.journal"


def host_of(tenant: str) -> str:
    """Return a tenant's host as part of a file's name."""
    return re.sub(r"[^A-Za-z0-9.-]+", "-", urlsplit(tenant).netloc)


def print_plan(plan: RestorePlan, names: Names, form: Form, *, only_plan: bool) -> None:
    """Print the plan of connections; as JSON only if nothing else follows.

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
    say_planned("To", plan.summary)
    for note in plan.notes:
        click.echo(printable(note), err=True)


def say_planned(to: str, counts: Mapping[Any, int]) -> None:
    """Say how many steps a plan has of each action; the line begins with `to`."""
    say(
        f"{to} create: {counts['create']:,}; to update: {counts['update']:,}; to skip: {counts['skip']:,};"
        f" to be decided: {counts['ask']:,}."
    )


def carry_out(
    title: str,
    how_to_resume: str,
    job: Callable[[Running], R],
    show: Callable[[R], None],
    *,
    has_begun: Callable[[Exception], bool],
    done: str | None = None,
) -> R:
    """Run a job with a journal, and print its report, also if it is stopped.

    Args:
        title: One or two words for the job.
        how_to_resume: What to say if it is stopped, or fails after it has begun.
        job: The job.
        show: Prints its report.
        has_begun: Whether the journal of a job that failed has a run to resume.
        done: What to say if it is stopped after all of it was done.
    """
    try:
        with running(title, f"Stopped. {how_to_resume}") as run:
            report = job(run)
            run.last_words = lambda: show(report)
            if report.is_complete and done is not None:
                run.how_to_go_on = f"Stopped. {done}; to check the connections, run qac check."
    except (APIError, JobError) as error:
        if has_begun(error):
            say(how_to_resume, err=True)
        raise
    show(report)
    return report


def say_wait(sentence: str) -> None:
    """Say what a job waits for."""
    say(printable(sentence), err=True)


def exit_of(*summaries: Mapping[Any, int]) -> Exit:
    """Return the exit code of a run that left something undone."""
    return (
        Exit.IN_PART if any(each["created"] + each["adopted"] + each["updated"] for each in summaries) else Exit.FAILED
    )


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
    say_unchecked(report)
    if report.failed and not report.cancelled:
        click.echo("Run the same command to retry what failed.", err=True)
    if report.asked:
        click.echo(
            "To decide what is open: write the plan with --plan FILE, answer in it, and pass --apply-plan FILE.",
            err=True,
        )


def say_unchecked(report: RestoreReport) -> None:
    """Say why the connections were not checked, if they were not."""
    if report.unchecked is not None:
        say(f"Not checked: {printable(report.unchecked)}", err=True)


def print_restored(report: RestoreReport) -> None:
    """Print the outcome for people."""
    if report.repeated:
        say("According to the journal, this plan was completed: nothing was done again.")
    print_some("Failed:", report.failed)
    print_to_do(report.for_people, "connection")
    working = sum(step.connected is True for step in report.steps)
    checked = sum(step.connected is not None for step in report.steps)
    say(
        f"\n{outcomes_of(report.summary) or 'Nothing to do'}."
        + (f" {working:,} of {checked:,} work." if checked else "")
    )
    say(f"Map of old ids to new ones: {report.id_map}")


def outcomes_of(summary: Mapping[Any, int]) -> str:
    """Return how often there was each outcome."""
    return ", ".join(f"{number:,} {outcome}" for outcome, number in summary.items() if number)


def print_some(title: str, steps: Sequence[RestoredConnection | DeployedAutomation]) -> None:
    """Print some steps with the reason, below a title; nothing without any."""
    rows: list[Row] = [step.to_dict() for step in steps]
    if rows:
        say(f"\n{title}")
        print_table(rows, (NAME, _WHY, ID))


def print_to_do(steps: Sequence[RestoredConnection | DeployedAutomation], noun: str) -> None:
    """Print what must be done by hand, with the connections or automations that need it."""
    to_do: dict[str | None, list[RestoredConnection | DeployedAutomation]] = {}
    for step in steps:
        to_do.setdefault(step.to_do, []).append(step)
    for what, needing in to_do.items():
        say()
        say(printable(f"To do by hand for {counted(len(needing), noun)}: {what}"))
        for step in needing:
            click.echo(printable(f"  {step.name} ({step.new_id or step.id})"))
            if isinstance(step, RestoredConnection) and step.link:
                # A link that is wrapped can't be opened.
                click.echo(printable(f"    {step.link}"))
