"""`qac audit`: what is there, whose it is, and what is broken."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from .._text import printable
from ..admin._audit.finding_kinds import CODES
from ..admin._audit.job import audit
from ..admin._audit.report import AuditReport
from ..admin._errors import JobError
from ..admin._files import write_text
from .access import Access
from .auth_options import signs_in
from .exit_codes import Exit, Failed, finish
from .format import ID, ROW_KEYS, counted, day, minute, name_or_id, space, state
from .interrupting import interruptible_command
from .output import Column, Form, Row, print_csv, print_json, print_rows, prints, say
from .progress import bar
from .selection import read_ids
from .standard_streams import read_text, why_unreadable

_COLUMNS = (
    ID,
    Column("Name", lambda item: str(item["name"] or "")),
    Column("Connector", lambda item: name_or_id(item, "connector"), spare=4),
    Column("Owner", lambda item: name_or_id(item, "owner"), spare=2),
    Column("Space", space, spare=3),
    Column("Changed", lambda item: day(item["updated_at"]), spare=5),
    Column("Connected", lambda item: state(item["is_connected"]), spare=6),
    Column("Findings", lambda item: " ".join(item["findings"]), whole=True, least=17),
)
_COUNT_COLUMNS = (
    Column("Connections", lambda item: f"{item['connections']}"),
    Column("Not connected", lambda item: f"{item['not_connected']}"),
    Column("Findings", lambda item: f"{item['findings']}"),
)
_MOST_COUNTED = 12


def _earlier(path: str) -> AuditReport:
    try:
        document = json.loads(read_text(path))
        if not isinstance(document, dict):
            raise JobError("It is no audit but another kind of JSON.")
        return AuditReport.from_dict(document)
    except OSError as error:
        raise Failed(f"--since: {path} can't be read: {why_unreadable(error)}.", Exit.USAGE) from None
    except (ValueError, RecursionError) as error:
        raise Failed(f"--since: {path} is no JSON: {error}.", Exit.USAGE) from None
    except JobError as error:
        raise Failed(f"--since: {path}: {error}", Exit.USAGE) from None


def _rows(report: AuditReport) -> Iterable[Row]:
    codes: dict[str | None, list[str]] = {}
    for finding in report.findings:
        codes.setdefault(finding.connection_id, []).append(finding.code)
    for connection in report.connections:
        yield {**connection.to_dict(), "findings": codes.get(connection.id, [])}


def _print_changes(changes: dict[str, Any]) -> None:
    say()
    say(f"Since {minute(changes['since'])}:")
    words = {
        "appeared": "appeared",
        "vanished": "vanished",
        "renamed": "renamed",
        "changed_owner": "changed owner",
        "changed_space": "changed space",
        "broke": "broke",
        "mended": "mended",
    }
    for kind, word in words.items():
        items = changes[kind]
        named = printable(", ".join(f"{item['name'] or item['id']}" for item in items[:5]))
        more = f" and {len(items) - 5:,} more" if len(items) > 5 else ""
        say(f"  {len(items):>5,} {word}{f': {named}{more}' if items else ''}")


def _print_summary(report: AuditReport, shown: int) -> None:
    summary = report.summary()
    say()
    say(
        f"{counted(summary['connections'])}: {summary['connected']:,} connected, {summary['not_connected']:,} not,"
        f" {summary['unknown']:,} unknown; {summary['managed']:,} managed by the service itself."
    )
    for code in CODES:
        number = len(report.of_code(code))
        if number:
            say(f"  {number:>5,} {code}")
    for kind, counts in report.counts().items():
        say()
        rows: list[Row] = [
            {"label": "personal" if kind == "space" and not count.id else count.name or count.id or "none"}
            | {"connections": count.connections, "not_connected": count.not_connected, "findings": count.findings}
            for count in counts
        ]
        heading = Column(kind.capitalize() if kind != "age" else "Changed", lambda item: str(item["label"]))
        print_rows("table", rows[:_MOST_COUNTED], (heading, *_COUNT_COLUMNS))
        if len(rows) > _MOST_COUNTED:
            say(f"and {len(rows) - _MOST_COUNTED:,} more")
    if report.changes is not None:
        _print_changes(report.changes.to_dict())
    if shown < summary["connections"]:
        say()
        say("Shown are those with errors and warnings; --every shows all, --html makes a report of all.")


def _print(report: AuditReport, form: Form, *, every: bool) -> None:
    if form == "json":
        print_json(report.to_dict())
        return
    rows = list(_rows(report))
    if form == "csv":
        print_csv(rows, [*ROW_KEYS, "findings"])
        return
    if form == "table" and not every:
        urgent = {finding.connection_id for finding in report.findings if finding.severity != "notice"}
        rows = [row for row in rows if row["id"] in urgent]
    print_rows(form, rows, _COLUMNS, empty="No connection has an error or a warning.")
    if form == "table":
        _print_summary(report, len(rows))


def _refuse_place(html: Path, *, overwrite: bool) -> None:
    """Raises before an audit begins whose report could not be written."""
    if not html.parent.is_dir():
        raise Failed(f"--html: the folder {html.parent} is not there.", Exit.USAGE)
    if html.is_dir():
        raise Failed(f"--html: {html} is a folder.", Exit.USAGE)
    if not overwrite and os.path.lexists(html):
        raise Failed(f"--html: {html} exists already: name another, or say --overwrite.", Exit.USAGE)


@click.command("audit")
@click.option("--all", "list_all", is_flag=True, help="Everybody's connections (for administrators).")
@click.option("--filter", metavar="SCIM", help='Only those that an expression names, such as: name eq "SMTP".')
@click.option(
    "--untouched-days",
    type=click.IntRange(min=1),
    default=365,
    show_default=True,
    metavar="DAYS",
    help="Unchanged for so long is a finding.",
)
@click.option("--active-users", metavar="FILE", help="File with the ids of active users; other owners are a finding.")
@click.option("--since", metavar="FILE", help="An earlier audit in JSON, to say what changed.")
@click.option("--html", metavar="FILE", help="Also write a report to be opened in a browser.")
@click.option("--overwrite", is_flag=True, help="Let --html replace a file.")
@click.option("--every", is_flag=True, help="Show every connection in the table.")
@click.option(
    "--fail-on",
    type=click.Choice(CODES),
    multiple=True,
    metavar="FINDING",
    help=f"Exit with 1 if there is one: {', '.join(CODES)}.",
)
@prints("json", "ndjson", "csv")
@signs_in
def audit_command(
    access: Access,
    list_all: bool,
    filter: str | None,
    untouched_days: int,
    active_users: str | None,
    since: str | None,
    html: str | None,
    overwrite: bool,
    every: bool,
    fail_on: tuple[str, ...],
    form: Form,
) -> None:
    """Say what is there, whose it is, and what is broken.

    "Connected" is what the service says in its list; `qac check` tries anew. Exit code 1: there is a finding that
    --fail-on names, which may be given several times.
    """
    before = None if since is None else _earlier(since)
    active = None if active_users is None else read_ids(active_users)
    if html is not None:
        _refuse_place(Path(html), overwrite=overwrite)
    elif overwrite:
        raise click.UsageError("--overwrite is for --html.")
    stopped = "Stopped. An audit is made as a whole: nothing is left to go on with."
    with access.open() as opened, interruptible_command(stopped) as interrupt, bar("Audit") as shown:
        try:
            report = audit(
                opened.tenant,
                list_all,
                filter=filter,
                untouched_days=untouched_days,
                active_users=active,
                names=opened.names,
                since=before,
                on_progress=shown.on_progress,
                cancel=interrupt.event,
            )
        except JobError as error:
            raise Failed(f"--since: {error}", Exit.USAGE) from None
    if html is not None:
        from ..admin._audit.html import html_report

        # Names and owners of connections are in it: for its owner's eyes, like the other files of jobs.
        write_text(Path(html), html_report(report.to_dict()), overwrite=overwrite)
        click.echo(f"Report: {html}", err=True)
    _print(report, form, every=every)
    failing = [f"{len(report.of_code(code)):,} {code}" for code in CODES if code in fail_on and report.of_code(code)]
    if failing:
        click.echo(f"Found, and named by --fail-on: {', '.join(failing)}.", err=True)
        finish(Exit.FAILED)
