"""`qac usage`: which automations use a connection."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import click

from .. import Tenant
from .._text import printable
from ..admin._names import Names
from ..admin._usage.job import NOT_TOLD, usage
from ..admin._usage.report import UsageReport
from .access import Access
from .auth_options import signs_in
from .exit_codes import Exit, finish
from .interrupting import interruptible_command
from .output import Column, Form, Row, print_json, print_rows, prints
from .progress import bar
from .selection import Selection, selects


def _columns(names: Names) -> tuple[Column, ...]:
    def owner(item: Row) -> str:
        return names.users.get(item["owner_id"] or "") or str(item["owner_id"] or "")

    return (
        Column("Connection", lambda item: str(item["connection_name"] or item["connection"])),
        Column("Automation", lambda item: str(item["name"] or item["id"])),
        Column("Owner", owner),
        Column("State", lambda item: str(item["state"] or "")),
        Column("Blocks", lambda item: ", ".join(item["blocks"]) or "in a text"),
    )


def rows(report: UsageReport, connections: Mapping[str, str | None]) -> list[Row]:
    """The report as rows, one for each automation that uses a connection."""
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


def say_unread(report: UsageReport) -> None:
    """Says on standard error what is not there, and which automations could not be read."""
    for id in report.missing:
        click.echo(f"{printable(id)}: there is no such connection, or you may not see it.", err=True)
    for automation in report.unread:
        name = printable(f"{automation.name or automation.id}")
        click.echo(f"The automation {name} could not be read: {automation.reason}", err=True)


def warn_of_usage(tenant: Tenant, ids: Collection[str], *, list_all: bool = True) -> None:
    """Says on standard error which automations use connections that are about to be changed.

    Args:
        tenant: where.
        ids: the connections.
        list_all: whether to look at everybody's automations; at the caller's alone if that is refused.
    """
    try:
        report = _looked_up(tenant, list(ids), list_all=list_all)
    except NOT_TOLD as error:
        click.echo(f"Which automations use them can't be told (--no-usage leaves this out): {error.message}", err=True)
        return
    for id in report.users:
        sentence = report.sentence(id)
        if sentence is not None:
            click.echo(f"{printable(id)}: {printable(sentence)}", err=True)
    if not report.list_all:
        click.echo("Only your own automations were looked at: those of others may use them too.", err=True)
    say_unread(report)


def _looked_up(tenant: Tenant, ids: list[str], *, list_all: bool) -> UsageReport:
    from .. import PermissionDeniedError

    with interruptible_command("Stopped: nothing was changed.") as interrupt, bar("Usage") as shown:
        try:
            return usage(tenant, ids, list_all=list_all, on_progress=shown.on_progress, cancel=interrupt.event)
        except PermissionDeniedError:
            if not list_all:
                raise
            return usage(tenant, ids, on_progress=shown.on_progress, cancel=interrupt.event)


def _nobody(report: UsageReport) -> str:
    whose = "" if report.list_all else " of yours"
    return (
        f"No automation{whose} that could be read uses them." if report.unread else f"No automation{whose} uses them."
    )


@click.command("usage")
@selects
@prints("json", "ndjson", "csv")
@signs_in
def usage_command(access: Access, selection: Selection, form: Form) -> None:
    """Say which automations use connections.

    The service does not tell, so the workspaces of all automations with the same connectors are read: everybody's, or
    your own where you may not see the others. Exit code 0, also if nobody uses them; 4: one is not there, and nobody
    uses any; 5: an automation could not be read.
    """
    with access.open() as opened:
        connections = selection.named(opened.tenant)
        report = _looked_up(opened.tenant, list(connections), list_all=True)
        names = opened.names
    if form == "json":
        print_json(report.to_dict())
    else:
        keys = ["connection", "connection_name", "id", "name", "owner_id", "state", "blocks"]
        print_rows(form, rows(report, connections), _columns(names), empty=_nobody(report), keys=keys)
    if not report.list_all:
        click.echo("Only your own automations were looked at: those of others may use them too.", err=True)
    say_unread(report)
    unknown = report.missing and not any(report.users.values())
    finish(Exit.IN_PART if report.unread else Exit.NOT_FOUND if unknown else Exit.FINE)
