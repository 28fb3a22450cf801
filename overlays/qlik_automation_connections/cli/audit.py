"""`qac audit`: what is there, whose it is, and what is broken."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from ..admin.audits.job import audit
from ..admin.audits.report import CODES, AuditReport
from ..admin.errors import JobError
from ..admin.files import write_text
from .access import Access
from .exits import Exit, Failed, finish
from .interrupting import interruptible_command
from .output import Column, Form, Row, print_csv, print_json, print_rows, prints
from .progress import bar
from .showing import day, name_or_id, space, state
from .signing_in import signs_in

_COLUMNS = (
    Column("Name", lambda item: str(item["name"] or item["id"] or "")),
    Column("Connector", lambda item: name_or_id(item, "connector")),
    Column("Owner", lambda item: name_or_id(item, "owner")),
    Column("Space", space),
    Column("Changed", lambda item: day(item["updated_at"])),
    Column("Connected", lambda item: state(item["is_connected"])),
    Column("Findings", lambda item: " ".join(item["findings"])),
)
_COUNT_COLUMNS = (
    Column("Connections", lambda item: f"{item['connections']}"),
    Column("Not connected", lambda item: f"{item['not_connected']}"),
    Column("Findings", lambda item: f"{item['findings']}"),
)
_MOST_COUNTED = 12


def _earlier(path: str) -> AuditReport:
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8-sig"))
        if not isinstance(document, dict):
            raise JobError("It is no audit but another kind of JSON.")
        return AuditReport.from_dict(document)
    except OSError as error:
        raise Failed(f"--since: {path} can't be read: {error.strerror}.", Exit.USAGE) from None
    except (ValueError, RecursionError) as error:
        raise Failed(f"--since: {path} is no JSON: {error}.", Exit.USAGE) from None
    except JobError as error:
        raise Failed(f"--since: {path}: {error}", Exit.USAGE) from None


def _active_users(path: str) -> list[str]:
    from .selection import read_ids

    return read_ids(path)


def _rows(report: AuditReport) -> Iterable[Row]:
    codes: dict[str | None, list[str]] = {}
    for finding in report.findings:
        codes.setdefault(finding.connection_id, []).append(finding.code)
    for connection in report.connections:
        yield {**connection.to_dict(), "findings": codes.get(connection.id, [])}


def _print_changes(changes: dict[str, Any]) -> None:
    click.echo()
    click.echo(f"Since {changes['since']}:")
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
        named = ", ".join(f"{item['name'] or item['id']}" for item in items[:5])
        more = f" and {len(items) - 5} more" if len(items) > 5 else ""
        click.echo(f"  {len(items):>5} {word}{f': {named}{more}' if items else ''}")


def _print_summary(report: AuditReport, shown: int) -> None:
    summary = report.summary()
    click.echo()
    click.echo(
        f"{summary['connections']:,} connections: {summary['connected']:,} connected, {summary['not_connected']:,} not,"
        f" {summary['unknown']:,} unknown; {summary['managed']:,} managed by the service itself."
    )
    for code in CODES:
        number = len(report.of_code(code))
        if number:
            click.echo(f"  {number:>5} {code}")
    for kind, counts in report.counts().items():
        click.echo()
        rows: list[Row] = [
            {"label": "personal" if kind == "space" and not count.id else count.name or count.id or "none"}
            | {"connections": count.connections, "not_connected": count.not_connected, "findings": count.findings}
            for count in counts
        ]
        heading = Column(kind.capitalize() if kind != "age" else "Changed", lambda item: str(item["label"]))
        print_rows("table", rows[:_MOST_COUNTED], (heading, *_COUNT_COLUMNS))
        if len(rows) > _MOST_COUNTED:
            click.echo(f"and {len(rows) - _MOST_COUNTED} more")
    if report.changes is not None:
        _print_changes(report.changes.to_dict())
    if shown < summary["connections"]:
        click.echo()
        click.echo("Shown are those with errors and warnings; --every shows all, --html makes a report of all.")


def _print(report: AuditReport, form: Form, *, every: bool) -> None:
    if form == "json":
        print_json(report.to_dict())
        return
    rows = list(_rows(report))
    if form == "csv":
        print_csv(rows, [*report.connections[0].to_dict(), "findings"] if report.connections else ["id"])
        return
    if form == "table" and not every:
        urgent = {finding.connection_id for finding in report.findings if finding.severity != "notice"}
        rows = [row for row in rows if row["id"] in urgent]
    print_rows(form, rows, _COLUMNS, empty="No connection has an error or a warning.")
    if form == "table":
        _print_summary(report, len(rows))


@click.command("audit")
@click.option("--all", "list_all", is_flag=True, help="Everybody's connections (for administrators).")
@click.option("--filter", metavar="SCIM", help='Only those that an expression names, such as: name eq "SMTP".')
@click.option(
    "--untouched-days",
    type=click.IntRange(min=1),
    default=365,
    show_default=True,
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
    from ..admin.files import refuse_existing

    before = None if since is None else _earlier(since)
    active = None if active_users is None else _active_users(active_users)
    if html is not None:
        refuse_existing(Path(html), overwrite=overwrite)
    with access.open() as opened, interruptible_command() as interrupt, bar("Audit") as shown:
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
    if html is not None:
        from ..admin.audits.html import html_report

        # Names and owners of connections are in it: for its owner's eyes, like the other files of jobs.
        write_text(Path(html), html_report(report.to_dict()), overwrite=overwrite)
        click.echo(f"Report: {html}", err=True)
    _print(report, form, every=every)
    finish(Exit.FAILED if any(finding.code in fail_on for finding in report.findings) else Exit.FINE)
