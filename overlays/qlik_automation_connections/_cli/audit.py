"""`qac audit`: inventory, owners, and problems of connections."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import click
from attrs import evolve

from .._text import counted
from ..admin import AuditReport, audit, compare_audits, html_report
from ..admin._audit.changes import KINDS
from ..admin._audit.finding_kinds import CODES
from ..admin._audit.history import check_folder, keep, read_folder
from ..admin._files import write_text
from .access import Access, say_failed_names
from .auth_options import signs_in
from .exit_codes import Exit, Failed, finish, wrong_usage
from .format import CONNECTED, ID, NAME, ROW_KEYS, THEIRS, changed, connector, minute, owner, space
from .help import Command, number
from .inputs import read_ids, read_json
from .junit import JUNIT, refuse_place, write_audit
from .output import Column, Form, Row, print_json, print_rows, print_table, prints, say, some_of
from .running import running
from .selection import ALL, FILTER

_COLUMNS: Final = (
    NAME,
    Column("Connector", connector, spare=4),
    Column("Owner", owner, spare=2),
    Column("Space", space, spare=3),
    Column("Changed", changed, spare=5),
    CONNECTED,
    Column("Findings", lambda item: " ".join(item["findings"]), wrap=True),
    ID,
)
_COUNT_COLUMNS: Final = (
    Column("Connections", "connections"),
    Column("Not connected", "not_connected"),
    Column("Findings", "findings"),
)
_MOST_COUNTED: Final = 12
_MOST_NAMED: Final = 5


def _earlier(path: str) -> AuditReport:
    document = read_json(path, "--since")
    with wrong_usage(f"--since: {path}: "):
        return AuditReport.from_dict(document)


def _rows(report: AuditReport) -> Iterable[Row]:
    codes: dict[str, list[str]] = {}
    for finding in report.findings:
        codes.setdefault(finding.connection_id, []).append(finding.code)
    for connection in report.connections:
        yield {**connection.to_dict(), "findings": codes.get(connection.id, [])}


def _print_changes(changes: dict[str, Any]) -> None:
    say()
    say(f"Since {minute(changes['since'])}:")
    for kind in KINDS:
        items = changes[kind]
        named = some_of([item["name"] or item["id"] for item in items], _MOST_NAMED)
        say(f"  {len(items):>5,} {kind.replace('_', ' ')}{f': {named}' if items else ''}")


def _print_summary(report: AuditReport, shown: int, *, own: bool) -> None:
    summary = report.summary
    say()
    say(
        f"{counted(summary['connections'])}: {summary['connected']:,} connected, {summary['not_connected']:,} not,"
        f" {summary['unknown']:,} unknown; {summary['managed']:,} managed by the service.{f' {THEIRS}' if own else ''}"
    )
    for code in CODES:
        if number := len(report.of_code(code)):
            say(f"  {number:>5,} {code}")
    for kind, counts in report.counts.items():
        say()
        rows: list[Row] = [
            {"label": "personal" if kind == "space" and not count.id else count.name or count.id or "none"}
            | {"connections": count.connections, "not_connected": count.not_connected, "findings": count.findings}
            for count in counts
        ]
        heading = Column(kind.capitalize() if kind != "age" else "Changed", "label")
        print_table(rows[:_MOST_COUNTED], (heading, *_COUNT_COLUMNS))
        if len(rows) > _MOST_COUNTED:
            say(f"and {len(rows) - _MOST_COUNTED:,} more")
    if report.changes is not None:
        _print_changes(report.changes.to_dict())
    if shown < summary["connections"]:
        say()
        say("Only connections with errors or warnings are shown; --every shows all, --html writes a report of all.")


def _print(report: AuditReport, form: Form, *, every: bool, own: bool) -> None:
    if form == "json":
        print_json(report.to_dict())
        return
    rows = list(_rows(report))
    if form in ("table", "name") and not every:
        urgent = {finding.connection_id for finding in report.findings if finding.severity != "notice"}
        rows = [row for row in rows if row["id"] in urgent]
    empty = "No connection has an error or a warning."
    print_rows(form, rows, _COLUMNS, keys=[*ROW_KEYS, "findings"], empty=empty)
    if form == "table":
        _print_summary(report, len(rows), own=own)


def _history(report: AuditReport, folder: Path, *, is_drawn: bool) -> list[Mapping[str, Any]]:
    """Keep an audit in a folder, compared with the latest one there unless it is with another; return the earlier ones.

    Args:
        report: The audit; gets the changes.
        folder: The folder.
        is_drawn: Whether all earlier audits are needed, for the trend.
    """
    earlier = read_folder(
        folder, report, lambda message: say(f"--history: skipped {message}", err=True), most=None if is_drawn else 1
    )
    if earlier and report.changes is None:
        report.changes = compare_audits(AuditReport.from_dict(earlier[0]), report)
    say(f"History: {keep(report, folder)}", err=True)
    return earlier


@click.command("audit", cls=Command)
@ALL
@FILTER
@click.option(
    "--untouched-days",
    type=number(1),
    default=365,
    show_default=True,
    metavar="DAYS",
    help="Report connections that have not changed for this long.",
)
@click.option(
    "--active-users",
    metavar="FILE",
    help="File of active users' ids, or Qlik's list of users; report other owners.  [default: ask the tenant]",
)
@click.option("--since", metavar="FILE", help="JSON of an earlier audit to compare with.")
@click.option(
    "--history",
    metavar="FOLDER",
    help="Also keep each audit's JSON here, and compare with the latest one, or with --since; --html draws the trend.",
)
@click.option("--html", metavar="FILE", help="Also write an HTML report.")
@JUNIT
@click.option("--overwrite", is_flag=True, help="Let --html replace an existing file.")
@click.option("--every", is_flag=True, help="Show every connection in the table.")
@click.option(
    "--fail-on",
    type=click.Choice(CODES),
    multiple=True,
    metavar="FINDING",
    help=f"Exit with code 1 on this finding (repeatable): {', '.join(CODES)}.",
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
    history: str | None,
    html: str | None,
    junit: str | None,
    overwrite: bool,
    every: bool,
    fail_on: tuple[str, ...],
    form: Form,
) -> None:
    """Audit connections: inventory, owners, and problems.

    "Connected" is the state that the service reports in its list; `qac check` tests each connection. Exit code 1: a
    finding matches --fail-on. 5: the list has connections without an id, which were left out.

    Examples:
        qac audit --all --history audits --html report.html --overwrite
        qac audit --all --json --fail-on not-connected
    """
    before = None if since is None else _earlier(since)
    active = None if active_users is None else read_ids(active_users, active=True)
    if html is not None:
        refuse_place("--html", html)
        if not overwrite and os.path.lexists(html):
            raise Failed(f"--html: {html} already exists: name another file, or pass --overwrite.", Exit.USAGE)
    elif overwrite:
        raise click.UsageError("--overwrite needs --html.")
    if junit is not None:
        refuse_place("--junit", junit)
    if history is not None:
        with wrong_usage("--history: "):
            check_folder(Path(history))
    stopped = "Stopped. An audit can't be resumed: run it again."
    with access.open() as opened, running("Audit", stopped) as run, wrong_usage("--since: "):
        report = audit(
            opened.tenant,
            list_all,
            filter=filter,
            untouched_days=untouched_days,
            active_users=active,
            names=opened.known,
            on_failed_names=say_failed_names,
            since=before,
            **run.callbacks,
        )
    if opened.show_ids:
        report = evolve(
            report, connections=[evolve(each, connector=None, owner=None, space=None) for each in report.connections]
        )
    earlier = [] if history is None else _history(report, Path(history), is_drawn=html is not None)
    if html is not None:
        # The report names connections and owners, so only the user may read the file.
        write_text(Path(html), html_report(report, history=earlier), overwrite=overwrite)
        say(f"Report: {html}", err=True)
    if junit is not None:
        write_audit(junit, report, fail_on)
    _print(report, form, every=every, own=not list_all)
    if report.left_out:
        say(f"Left out because the list has no id for them: {counted(len(report.left_out))}.", err=True)
    failing = [f"{len(report.of_code(code)):,} {code}" for code in CODES if code in fail_on and report.of_code(code)]
    if failing:
        say(f"Findings that match --fail-on: {', '.join(failing)}.", err=True)
        finish(Exit.FAILED)
    finish(Exit.IN_PART if report.left_out else Exit.FINE)
