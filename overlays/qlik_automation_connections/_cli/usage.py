"""`qac usage`: show which automations use connections."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import click
from attrs import evolve

from .. import PermissionDeniedError, Tenant
from .._arguments import is_identifier
from .._text import printable
from ..admin import Names, UsageReport, usage
from ..admin._usage.job import NOT_TOLD
from ..admin._usage.report import UsageAnswer
from .access import Access
from .auth_options import signs_in
from .exit_codes import Exit, finish, in_cli_words
from .format import ID
from .help import Command
from .output import Column, Form, Row, print_json, print_rows, prints, say
from .running import running
from .selection import INVALID, Selection, selects

_MOST_NAMED = 3


def _columns(names: Names) -> tuple[Column, ...]:
    return (
        Column("Connection", lambda item: item["connection_name"] or item["connection"], wrap=True),
        Column("Automation", lambda item: item["name"] or item["id"], wrap=True),
        Column("State", "state"),
        Column("Owner", lambda item: names.users.get(item["owner_id"] or "") or item["owner_id"], spare=3),
        Column("Blocks", lambda item: ", ".join(item["blocks"]) or "in text", spare=4),
        evolve(ID, heading="Connection id", value="connection", spare=2),
        evolve(ID, heading="Automation id"),
    )


def _rows(report: UsageReport, connections: Mapping[str, str | None]) -> list[Row]:
    """Return a row for each automation that uses a connection."""
    return [
        {"connection": id, "connection_name": connections.get(id), **automation.to_dict()}
        for id, users in report.users.items()
        for automation in users
    ]


def _say_missing(report: UsageReport) -> None:
    """Report on standard error what was not found."""
    for id in report.missing:
        why = "the connection does not exist, or you may not see it." if is_identifier(id) else INVALID
        say(f"{printable(id)}: {why}", err=True)


def _say_unread(report: UsageReport) -> None:
    """Report on standard error what could not be read."""
    for automation in report.unread[:_MOST_NAMED]:
        name = printable(f"{automation.name or automation.id}")
        say(f"The automation {name} could not be read: {automation.reason}", err=True)
    if len(report.unread) > _MOST_NAMED:
        say(f"and {len(report.unread) - _MOST_NAMED:,} more; qac usage --json lists all", err=True)


def warn_of_usage(tenant: Tenant, ids: Collection[str]) -> dict[str, UsageAnswer]:
    """Report on standard error whether automations use connections that are about to be changed, and return it."""
    try:
        report = _look_up(tenant, list(ids))
    except NOT_TOLD as error:
        say(f"Not known whether automations use them (--no-usage skips this): {in_cli_words(error.message)}", err=True)
        return dict.fromkeys(ids, "unknown")
    _say_missing(report)
    for id, users in report.users.items():
        if users:
            say(f"{printable(id)}: {printable(report.sentence(id))}", err=True)
    for line in report.conclusions():
        say(printable(in_cli_words(line)), err=True)
    return report.answers


def _look_up(tenant: Tenant, ids: list[str]) -> UsageReport:
    """Search everyone's automations, or only the caller's if that is refused."""
    with running("Usage", "Stopped: nothing was changed.") as run:
        try:
            return usage(tenant, ids, list_all=True, **run.callbacks)
        except PermissionDeniedError:
            return usage(tenant, ids, **run.callbacks)


@click.command("usage", cls=Command)
@selects
@prints("json", "ndjson", "csv")
@signs_in
def usage_command(access: Access, selection: Selection, form: Form) -> None:
    """Show which automations use connections.

    The service does not report this, so the command reads the workspaces of all automations: everyone's, or only your
    own if you may not list the others. To read those of others, sign in for them with --automations-context.

    Exit code 0: all automations were read, even if none uses the connections. 4: one does not exist, and no automation
    uses any. 5: not all automations could be read, so that others may use them.

    Examples:
        qac usage 03215fc0-2a85-5d26-9859-33eba33fbf2e
        qac usage --all --csv
    """
    with access.open() as opened:
        selected = selection.named(opened.tenant)
        if None in selected.names.values():
            selected.look_up(opened.tenant)
        connections, invalid = selected.names, selected.invalid
        report = _look_up(opened.tenant, list(connections))
        names = opened.look_up(users=(user.owner_id for users in report.users.values() for user in users))
    report.missing.extend(invalid)
    for _, error in selected.errors[len(invalid) :]:
        say(printable(error), err=True)
    if form == "json":
        print_json(report.to_dict())
    else:
        keys = ["connection", "connection_name", "id", "name", "owner_id", "state", "blocks"]
        rows, said = _rows(report, connections), report.conclusions()
        empty = said.pop(0) if said and form == "table" and not rows else "Nothing was found."
        print_rows(form, rows, _columns(names), empty=empty, keys=keys)
        for line in said:
            say(printable(in_cli_words(line)), err=True)
    _say_missing(report)
    _say_unread(report)
    unknown = report.missing and not any(report.users.values())
    in_part = selected.errors or not report.is_complete
    finish(Exit.IN_PART if in_part else Exit.NOT_FOUND if unknown else Exit.FINE)
