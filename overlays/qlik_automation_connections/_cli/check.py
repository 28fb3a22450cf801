"""`qac check`: tries connections, and says which are broken."""

from __future__ import annotations

import shlex
import sys
from contextlib import suppress
from pathlib import Path

import click
from attrs import asdict

from .. import APIError, ConfigurationError
from .._text import printable
from ..admin._check.job import check
from ..admin._check.report import CheckedConnection, CheckReport
from ..admin._errors import JobError
from .access import Access
from .auth_options import signs_in
from .check_state import ids_of, journal_to_resume, new_journal
from .exit_codes import Exit, Failed, exit_code, finish
from .format import ID, state
from .interrupting import interruptible_command
from .output import Column, Form, Row, print_json, print_rows, prints, say
from .progress import bar
from .selection import Selection, selects

_COLUMNS = (
    ID,
    Column("Name", lambda item: str(item["name"] or "")),
    Column("Connected", lambda item: state(item["connected"])),
    Column("Seconds", lambda item: f"{item['seconds']:.2f}", spare=2),
    Column("Error", lambda item: str(item["error"] or ""), whole=True, least=18),
)
_KEYS = ("id", "name", "connected", "seconds", "error", "status_code")


def _row(item: CheckedConnection, names: dict[str, str | None]) -> Row:
    known = {**asdict(item), "name": names.get(item.id)}
    return {key: known[key] for key in _KEYS}


# What is said of a check that was answered, though not with a result.
_ANSWERED = ("can't be understood", "did not say")


def _met_nobody(item: CheckedConnection) -> bool:
    no_result = item.connected is None and item.status_code is None
    return no_result and not any(words in (item.error or "") for words in _ANSWERED)


def _code(report: CheckReport) -> Exit:
    if len(report.checked) == 1 and report.failed and report.failed[0].status_code == 404:
        return Exit.NOT_FOUND
    if report.checked and all(map(_met_nobody, report.checked)):
        return Exit.UNREACHABLE
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
    print_rows(
        form, rows, _COLUMNS, keys=_KEYS, empty="All are connected." if report.checked else "Nothing was checked."
    )
    if form == "table":
        say()
        earlier = f" ({report.resumed:,} of them before)" if report.resumed else ""
        say(
            f"{len(report.checked):,} checked{earlier}: {len(report.connected):,} connected,"
            f" {len(report.not_connected):,} not connected, {len(report.failed):,} could not be checked."
        )


@click.command("check")
@selects
@click.option("--resume", is_flag=True, help="Go on with the check that was stopped.")
@click.option("--journal", "journal_file", metavar="FILE", help="Where to keep what was found, to go on from later.")
@click.option("--every", is_flag=True, help="Show those that work, too.")
@click.option(
    "--workers",
    type=click.IntRange(1, 100),
    default=16,
    show_default=True,
    metavar="NUMBER",
    help="Checks side by side.",
)
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
    only one is not there; 6 the tenant can't be reached. A check that was stopped goes on with --resume, if wanted
    with the same selection.
    """
    if access.sandbox and resume and journal_file is None:
        raise click.UsageError("A sandbox ends with its command: there is nothing to go on with.")
    with access.open() as opened:
        journal = _journal(journal_file, access, opened.tenant.url, resume=resume)
        if resume and journal is not None and not selection.is_named:
            names: dict[str, str | None] = dict.fromkeys(ids_of(journal))
        else:
            names = selection.named(opened.tenant)
        with (
            interruptible_command(_how_to_go_on(journal_file, journal)) as interrupt,
            bar("Check", bad="broken") as shown,
        ):
            found: list[CheckedConnection] = []

            def say(item: CheckedConnection) -> None:
                found.append(item)
                if item.is_broken:
                    shown.say(printable(f"{names.get(item.id) or item.id}: {item.error or 'not connected'}"))

            try:
                report = check(
                    opened.tenant,
                    names,
                    workers=workers,
                    journal=journal,
                    on_result=say,
                    on_progress=shown.on_progress,
                    cancel=interrupt.event,
                )
            except APIError as error:
                reached = sum(item.connected is not None for item in found)
                told = f"{error}\n{reached:,} of {len(names):,} were checked before. {interrupt.how_to_go_on}"
                raise Failed(told, exit_code(error)) from None
            except ConfigurationError:
                _forget(journal, journal_file)
                raise
            except JobError as error:
                # At the end of a check it is the disk, before it the file that was named.
                raise Failed(str(error), Exit.FAILED if found else Exit.USAGE) from None
    _print(report, names, form, every=every)
    if not report.is_complete:
        sys.stdout.flush()
        raise interrupt.stopped()
    _forget(journal, journal_file)
    finish(_code(report))


def _journal(file: str | None, access: Access, tenant: str, *, resume: bool) -> Path | None:
    if file is None:
        # A sandbox ends with its command.
        return None if access.sandbox else journal_to_resume(tenant) if resume else new_journal()
    if not resume and Path(file).exists():
        raise Failed(f"{file} exists already: say --resume to go on with it, or name another.", Exit.USAGE)
    return Path(file)


def _forget(journal: Path | None, file: str | None) -> None:
    """Removes the journal of a check that needs it no more, unless the user named it."""
    if journal is not None and file is None:
        with suppress(OSError):
            journal.unlink()


def _how_to_go_on(file: str | None, journal: Path | None) -> str:
    if journal is None:
        return "Stopped. Nothing was kept to go on with."
    named = f" --journal {shlex.quote(file)}" if file is not None else ""
    return f"Stopped. To go on: qac check --resume{named}, and the same options to sign in."
