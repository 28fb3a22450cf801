"""`qac connectors`, `qac users` and `qac spaces`: what connections refer to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import click

from .. import ConnectorSummary, Space, User
from .._text import counted
from .access import Access
from .auth_options import signs_in
from .format import ID, NAME
from .help import Command
from .output import Column, Form, Row, print_rows, prints, say

_ALL_FORMS: Final = ("json", "ndjson", "csv")
_CONNECTOR_COLUMNS: Final = (NAME, Column("Description", "description", wrap=True, spare=2), ID)
_USER_COLUMNS: Final = (
    NAME,
    Column("E-mail", "email", spare=2),
    Column("Status", "status"),
    Column("Roles", lambda item: ", ".join(item["roles"]), wrap=True, spare=3),
    ID,
)
_SPACE_COLUMNS: Final = (
    NAME,
    Column("Type", "type"),
    Column("Owner", lambda item: item["owner"] or item["owner_id"], spare=2),
    ID,
)


def _print(form: Form, rows: Sequence[Row], columns: Sequence[Column], *, keys: Sequence[str], noun: str) -> None:
    print_rows(form, rows, columns, keys=keys)
    if form == "table" and rows:
        say()
        say(f"{counted(len(rows), noun)}.")


def _utc(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _connector(item: ConnectorSummary) -> Row:
    return {"id": item.id, "name": item.name, "description": item.description, "billable": item.billable}


def _user(item: User) -> Row:
    roles = [role.name for role in item.assigned_roles if role.name]
    return {
        "id": item.id,
        "name": item.name,
        "email": item.email,
        "status": item.status,
        "roles": roles,
        "created_at": _utc(item.created_at),
    }


def _space(item: Space, owners: dict[str, str]) -> Row:
    return {
        "id": item.id,
        "name": item.name,
        "type": item.type_,
        "owner_id": item.owner_id,
        "owner": owners.get(item.owner_id or ""),
        "description": item.description,
    }


@click.command("connectors", cls=Command)
@click.option("--name", metavar="NAME", help="Only connectors with exactly this name.")
@prints(*_ALL_FORMS)
@signs_in
def connectors_command(access: Access, name: str | None, form: Form) -> None:
    """List the connectors for which connections can be created.

    The service creates the connections of Qlik Cloud Services itself.
    """
    with access.open() as opened:
        rows = [_connector(item) for item in opened.tenant.connectors.list(name=name, sort="name")]
    _print(form, rows, _CONNECTOR_COLUMNS, keys=("id", "name", "description", "billable"), noun="connector")


@click.command("users", cls=Command)
@click.option("--filter", metavar="SCIM", help='Users that match, such as: name co "ada".')
@click.option("--status", metavar="STATUS", help="Only users with this status, such as active or disabled.")
@prints(*_ALL_FORMS)
@signs_in
def users_command(access: Access, filter: str | None, status: str | None, form: Form) -> None:
    """List the users of the tenant.

    Only administrators see all of their fields.
    """
    with access.open() as opened:
        rows = [_user(item) for item in opened.tenant.users.list(filter=filter, status=status)]
    _print(form, rows, _USER_COLUMNS, keys=("id", "name", "email", "status", "roles", "created_at"), noun="user")


@click.command("spaces", cls=Command)
@click.option("--name", metavar="TEXT", help="Only spaces whose name contains this.")
@click.option("--type", "kind", metavar="TYPE", help="Only spaces of this type: shared, managed or data.")
@prints(*_ALL_FORMS)
@signs_in
def spaces_command(access: Access, name: str | None, kind: str | None, form: Form) -> None:
    """List the spaces that you may see.

    Personal spaces are not among them.
    """
    with access.open() as opened:
        items = list(opened.tenant.spaces.list(name=name, type=kind, sort="name"))
        owners = dict(opened.look_up(users=(item.owner_id for item in items)).users)
    rows = [_space(item, owners) for item in items]
    keys = ("id", "name", "type", "owner_id", "owner", "description")
    _print(form, rows, _SPACE_COLUMNS, keys=keys, noun="space")
