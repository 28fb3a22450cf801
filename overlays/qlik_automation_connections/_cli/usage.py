"""`qac usage`: show which automations use connections."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import click

from .. import PermissionDeniedError, Tenant
from .._text import printable
from ..admin import Names, UsageReport, usage
from ..admin._usage.job import NOT_TOLD
from .access import Access
from .auth_options import signs_in
from .exit_codes import Exit, finish
from .output import Column, Form, Row, print_json, print_rows, prints
from .running import running
from .selection import Selection, selects


def _columns(names: Names) -> tuple[Column, ...]:
    return (
        Column("Connection", lambda item: item["connection_name"] or item["connection"]),
        Column("Automation", lambda item: item["name"] or item["id"]),
        Column("Owner", lambda item: names.users.get(item["owner_id"] or "") or item["owner_id"]),
        Column("State", "state"),
        Column("Blocks", lambda item: ", ".join(item["blocks"]) or "in text"),
    )


def _rows(report: UsageReport, connections: Mapping[str, str | None]) -> list[Row]:
    """Return a row for each automation that uses a connection."""
    return [
        {
            "connection": id,
            "connection_name": connections.get(id),
            "id": automation.id,
            "name": automation.name,
            "owner_id": automation.owner_id,
            "state": automation.state,
            "blocks": list(automation.blocks),
        }
        for id, users in report.users.items()
        for automation in users
    ]


def _say_unread(report: UsageReport) -> None:
    """Report on standard error what was not found and what could not be read."""
    if not report.list_all:
        click.echo("Only your own automations were searched; those of others may use them too.", err=True)
    for id in report.missing:
        click.echo(f"{printable(id)}: the connection does not exist, or you may not see it.", err=True)
    for automation in report.unread:
        name = printable(f"{automation.name or automation.id}")
        click.echo(f"The automation {name} could not be read: {automation.reason}", err=True)


def warn_of_usage(tenant: Tenant, ids: Collection[str]) -> None:
    """Report on standard error which automations use connections that are about to be changed."""
    try:
        report = _look_up(tenant, list(ids))
    except NOT_TOLD as error:
        click.echo(f"Can't tell which automations use them (--no-usage skips this): {error.message}", err=True)
        return
    for id in report.users:
        sentence = report.sentence(id)
        if sentence is not None:
            click.echo(f"{printable(id)}: {printable(sentence)}", err=True)
    _say_unread(report)


def _look_up(tenant: Tenant, ids: list[str]) -> UsageReport:
    """Search everyone's automations, or only the caller's if that is refused."""
    with running("Usage", "Stopped: nothing was changed.") as run:
        try:
            return usage(tenant, ids, list_all=True, on_progress=run.on_progress, cancel=run.cancel)
        except PermissionDeniedError:
            return usage(tenant, ids, on_progress=run.on_progress, cancel=run.cancel)


@click.command("usage")
@selects
@prints("json", "ndjson", "csv")
@signs_in
def usage_command(access: Access, selection: Selection, form: Form) -> None:
    """Show which automations use connections.

    The service does not report this, so the command reads the workspaces of all automations with the same connectors:
    everyone's, or only your own if you may not see the others. Exit code 0, even if no automation uses them. 4: one
    does not exist, and no automation uses any. 5: an automation could not be read.
    """
    with access.open() as opened:
        connections = selection.named(opened.tenant)
        report = _look_up(opened.tenant, list(connections))
        names = opened.names
    if form == "json":
        print_json(report.to_dict())
    else:
        keys = ["connection", "connection_name", "id", "name", "owner_id", "state", "blocks"]
        whose, read = "" if report.list_all else " of yours", " that could be read" if report.unread else ""
        empty = f"No automation{whose}{read} uses them."
        print_rows(form, _rows(report, connections), _columns(names), empty=empty, keys=keys)
    _say_unread(report)
    unknown = report.missing and not any(report.users.values())
    finish(Exit.IN_PART if report.unread else Exit.NOT_FOUND if unknown else Exit.FINE)
