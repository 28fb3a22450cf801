"""`qac check`: tries connections, and says which are broken."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
from attrs import asdict

from ..admin.checks.job import check
from ..admin.checks.report import CheckedConnection, CheckReport
from ..decoding import printable
from .access import Access
from .check_state import ids_of, journal_to_resume, new_journal
from .exits import Exit, Failed, finish
from .interrupting import interruptible_command
from .output import Column, Form, Row, print_json, print_rows, prints
from .progress import bar
from .selection import Selection, selects
from .showing import state
from .signing_in import signs_in

_COLUMNS = (
    Column("Id", lambda item: str(item["id"])),
    Column("Name", lambda item: str(item["name"] or "")),
    Column("Connected", lambda item: state(item["connected"])),
    Column("Seconds", lambda item: f"{item['seconds']:.2f}"),
    Column("Error", lambda item: str(item["error"] or ""), whole=True),
)


def _row(item: CheckedConnection, names: dict[str, str | None]) -> Row:
    return {**asdict(item), "name": names.get(item.id)}


def _code(report: CheckReport) -> Exit:
    if len(report.checked) == 1 and report.failed and report.failed[0].status_code == 404:
        return Exit.NOT_FOUND
    if report.failed and len(report.failed) < len(report.checked):
        return Exit.IN_PART
    return Exit.FAILED if report.failed or report.not_connected else Exit.FINE


def _print(report: CheckReport, names: dict[str, str | None], form: Form, *, every: bool) -> None:
    rows = [_row(item, names) for item in report.checked]
    if form == "json":
        print_json({**report.to_dict(), "checked": rows})
        return
    if form == "table" and not every and len(rows) > 1:
        rows = [row for row in rows if row["connected"] is not True]
    print_rows(form, rows, _COLUMNS, empty="All work." if report.checked else "Nothing was checked.")
    if form == "table":
        click.echo()
        earlier = f" ({report.resumed:,} of them before)" if report.resumed else ""
        click.echo(
            f"{len(report.checked):,} checked{earlier}: {len(report.connected):,} work, {len(report.not_connected):,}"
            f" do not, {len(report.failed):,} could not be checked."
        )


@click.command("check")
@selects
@click.option("--resume", is_flag=True, help="Go on with the check that was stopped.")
@click.option("--journal", "journal_file", metavar="FILE", help="Where to keep what was found, to go on from later.")
@click.option("--every", is_flag=True, help="Show those that work, too.")
@click.option("--workers", type=click.IntRange(1, 100), default=16, show_default=True, help="Checks side by side.")
@prints("json", "ndjson", "csv")
@signs_in
def check_command(
    access: Access,
    selection: Selection,
    resume: bool,
    journal_file: str | None,
    every: bool,
    workers: int,
    form: Form,
) -> None:
    """Try connections side by side, and say which are broken.

    Exit codes: 0 all work; 1 some do not, or could not be checked; 5 some could not be checked, others could; 4 the
    only one is not there. A check that was stopped goes on with --resume, if wanted with the same selection.
    """
    with access.open() as opened:
        journal = _journal(journal_file, opened.tenant.url, resume=resume)
        if resume and not selection.is_named:
            names: dict[str, str | None] = dict.fromkeys(ids_of(journal))
        else:
            names = selection.named(opened.tenant)
        with interruptible_command(_how_to_go_on(journal_file, access)) as interrupt, bar("Check") as shown:

            def say(item: CheckedConnection) -> None:
                if item.is_broken:
                    shown.say(printable(f"{names.get(item.id) or item.id}: {item.error or 'not connected'}"))

            report = check(
                opened.tenant,
                names,
                workers=workers,
                journal=journal,
                on_result=say,
                on_progress=shown.on_progress,
                cancel=interrupt.event,
            )
    _print(report, names, form, every=every)
    if not report.is_complete:
        sys.stdout.flush()
        raise interrupt.stopped()
    if journal_file is None:
        os.unlink(journal)
    finish(_code(report))


def _journal(file: str | None, tenant: str, *, resume: bool) -> Path:
    if file is None:
        return journal_to_resume(tenant) if resume else new_journal(tenant)
    if not resume and Path(file).exists():
        raise Failed(f"{file} exists already: say --resume to go on with it, or name another.", Exit.USAGE)
    return Path(file)


def _how_to_go_on(journal_file: str | None, access: Access) -> str:
    if access.sandbox:
        return "Stopped. A sandbox ends with its command, so there is nothing to go on with."
    named = f" --journal {journal_file}" if journal_file is not None else ""
    return f"Stopped. To go on: qac check --resume{named}, and the same options to sign in."
