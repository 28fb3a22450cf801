"""`qac check`: test connections and report the broken ones."""

from __future__ import annotations

import os
import shlex
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import click
from attrs import asdict, evolve

from .. import APIError, ConfigurationError
from .._text import printable
from ..admin import CheckedConnection, CheckReport, JobError, Progress, check
from ..admin._bulk import stopped_job
from ..admin._journal import JournalHeader
from .access import Access
from .auth_options import signs_in
from .exit_codes import Exit, Failed, exit_code, finish, in_cli_words, wrong_usage
from .format import ID, NAME, THEIRS, state
from .help import Command, number
from .junit import JUNIT, refuse_place, write_check
from .output import Column, Form, print_json, print_rows, prints, say
from .running import running
from .selection import Selected, Selection, selects

_KEPT_SECONDS: Final = 31 * 86_400
_COLUMNS: Final = (
    NAME,
    Column("Connected", lambda item: state(item["connected"])),
    Column("Seconds", lambda item: f"{item['seconds']:.2f}", spare=2),
    Column("Error", "error", wrap=True),
    ID,
)
_KEYS: Final = ("id", "name", "connected", "seconds", "error", "status_code")


def _code(report: CheckReport) -> Exit:
    if len(report.checked) == 1 and report.failed and report.failed[0].status_code == 404:
        return Exit.NOT_FOUND
    if report.checked and all(item.unreachable for item in report.checked):
        return Exit.UNREACHABLE
    if report.failed and len(report.failed) < len(report.checked):
        return Exit.IN_PART
    return Exit.FAILED if report.failed or report.not_connected else Exit.FINE


def _print(report: CheckReport, names: dict[str, str | None], form: Form, *, every: bool, own: bool) -> None:
    known = [{**asdict(item), "name": names.get(item.id)} for item in report.checked]
    rows = [{key: item[key] for key in _KEYS} for item in known]
    if form == "json":
        print_json({**report.to_dict(), "checked": rows})
        return
    if not every and (form == "name" or (form == "table" and len(rows) > 1)):
        rows = [row for row in rows if row["connected"] is not True]
    empty = "All are connected." if report.checked else "Nothing was checked."
    print_rows(form, rows, _COLUMNS, keys=_KEYS, empty=empty)
    if form == "table":
        earlier = f" ({report.resumed:,} of them earlier)" if report.resumed else ""
        left = f" {len(report.left):,} were not checked." if report.left else ""
        say()
        say(
            f"{len(report.checked):,} checked{earlier}: {len(report.connected):,} connected,"
            f" {len(report.not_connected):,} not connected, {len(report.failed):,} could not be checked.{left}"
            f"{f' {THEIRS}' if own else ''}"
        )


@click.command("check", cls=Command)
@selects
@click.option("--resume", is_flag=True, help="Resume a stopped check.")
@click.option("--journal", "journal_file", metavar="FILE", help="Record results in this file, to resume from it.")
@click.option("--every", is_flag=True, help="Also show connections that work.")
@click.option(
    "--workers", type=number(1, 100), default=16, show_default=True, metavar="NUMBER", help="Concurrent checks."
)
@JUNIT
@prints("json", "ndjson", "csv")
@signs_in
def check_command(
    access: Access,
    selection: Selection,
    resume: bool,
    journal_file: str | None,
    every: bool,
    workers: int,
    junit: str | None,
    form: Form,
) -> None:
    """Test connections and report the broken ones.

    Exit codes: 0 all work; 1 some are broken, or none could be checked; 4 the only one does not exist; 5 some could
    not be checked; 6 the tenant can't be reached. --resume works with or without the same selection.

    Examples:
        qac check --all
        qac list --all --filter 'name eq "SMTP"' -o name | qac check -
    """
    if access.sandbox and resume and journal_file is None:
        raise click.UsageError("A sandbox ends with its command, so there is nothing to resume.")
    if junit is not None:
        refuse_place("--junit", junit)
    with access.open() as opened:
        journal = _journal(journal_file, access, opened.tenant.url, resume=resume)
        if resume and journal is not None and not selection.is_given:
            selected = Selected(dict.fromkeys(_ids_of(journal)), {}, {})
        else:
            selected = selection.named(opened.tenant)
        names = {**selected.names, **selected.invalid}
        with running("Check", _how_to_go_on(journal_file, journal), bad="not connected") as run:
            found: list[CheckedConnection] = []

            def on_result(item: CheckedConnection) -> None:
                found.append(item)
                if item.connected is not True:
                    run.say(
                        printable(f"{names.get(item.id) or item.id}: {in_cli_words(item.error or 'not connected')}")
                    )

            def on_progress(progress: Progress) -> None:
                # What could not be checked is said above the bar, and is not known to be broken.
                unchecked = sum(item.connected is None for item in found)
                run.on_progress(evolve(progress, failed=progress.failed - unchecked))

            try:
                report = check(
                    opened.tenant,
                    selected.names,
                    workers=workers,
                    journal=journal,
                    on_result=on_result,
                    on_progress=on_progress,
                    cancel=run.cancel,
                )
                run.last_words = lambda: _print(report, names, form, every=every, own=selection.is_own)
            except APIError as error:
                reached = sum(item.connected is not None for item in found)
                message = f"{error}\n{reached:,} of {len(names):,} had been checked. {run.how_to_go_on}"
                raise Failed(message, exit_code(error)) from None
            except ConfigurationError:
                _forget(journal, journal_file)
                raise
            except JobError as error:
                # Before the first result the named file is at fault, later the disk.
                raise Failed(str(error), Exit.FAILED if found else Exit.USAGE) from None
    report.checked += [CheckedConnection(id, None, 0.0, error) for id, error in selected.errors]
    if junit is not None:
        write_check(junit, report, names)
    _print(report, names, form, every=every, own=selection.is_own)
    _forget(journal, journal_file)
    finish(_code(report))


def _journal(file: str | None, access: Access, tenant: str, *, resume: bool) -> Path | None:
    """Return the journal's path; None for a sandbox, which ends with its command."""
    if file is None:
        return None if access.sandbox else _journal_to_resume(tenant) if resume else new_journal()
    if not resume and _stopped_check(Path(file)) is not None:
        raise Failed(f"{file} already exists: pass --resume to resume from it, or name another file.", Exit.USAGE)
    return Path(file)


def _stopped_check(path: Path) -> JournalHeader | None:
    with wrong_usage():
        return stopped_job(path, "check")


def _forget(journal: Path | None, file: str | None) -> None:
    """Remove a journal that is no longer needed, unless the user named it."""
    if journal is not None and file is None:
        with suppress(OSError):
            journal.unlink()


def _how_to_go_on(file: str | None, journal: Path | None) -> str:
    if journal is None:
        return "Stopped. This check can't be resumed."
    named = f" --journal {shlex.quote(file)}" if file is not None else ""
    return f"Stopped. To resume: qac check --resume{named}, with the same sign-in options."


def _folder() -> Path:
    folder = Path(click.get_app_dir("qac")) / "checks"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Failed(f"{folder} can't be created: {error.strerror}. Pass --journal FILE.", Exit.USAGE) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Failed(f"{folder} can't be written to. Pass --journal FILE.", Exit.USAGE)
    return folder


def _stopped(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield the journals of stopped checks with their tenants, latest first; running checks are left out."""
    for path in sorted(folder.glob("*.ndjson"), reverse=True):
        try:
            header = stopped_job(path, "check")
        except JobError:
            continue
        if header is not None:
            yield path, header.tenant


def new_journal() -> Path | None:
    """Return the path of a new journal, and delete journals of checks stopped more than a month ago.

    Returns:
        The path; None, after a warning, if the folder can't be used.
    """
    try:
        folder = _folder()
    except Failed as failed:
        say(f"Warning: {failed.message} If this check is stopped, it can't be resumed.", err=True)
        return None
    for path, _ in list(_stopped(folder)):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _KEPT_SECONDS:
                path.unlink()
    return folder / f"{time.time_ns():020}-{os.getpid()}.ndjson"


def _journal_to_resume(tenant: str) -> Path:
    """Return the journal of a tenant's last stopped check."""
    for path, of in _stopped(_folder()):
        if of == tenant:
            return path
    raise Failed(f"Nothing to resume: no unfinished check of {tenant}.", Exit.USAGE)


def _ids_of(path: Path) -> list[str]:
    """Return the ids of a stopped check."""
    header = _stopped_check(path)
    if header is None or header.ids is None:
        raise Failed(f"Nothing to resume: {path} does not hold a stopped check.", Exit.USAGE)
    return header.ids
