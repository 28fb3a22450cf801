"""`qac connectors`, `qac users` and `qac spaces`: what connections refer to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import click

from .._text import counted
from ..admin._identity import roles_of
from .access import Access
from .auth_options import signs_in
from .format import ID, NAME, utc
from .help import Command
from .output import Column, Form, Row, print_rows, prints, row_of, say

_ALL_FORMS: Final = ("json", "ndjson", "csv")
_CONNECTOR_KEYS: Final = ("id", "name", "description", "billable")
_USER_KEYS: Final = ("id", "name", "email", "status", "roles", "created_at")
_SPACE_KEYS: Final = ("id", "name", "type", "owner_id", "owner", "description")
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


def _print(form: Form, rows: Sequence[Row], columns: Sequence[Column], keys: Sequence[str], noun: str) -> None:
    print_rows(form, rows, columns, keys=keys)
    if form == "table" and rows:
        say()
        say(f"{counted(len(rows), noun)}.")


@click.command("connectors", cls=Command)
@click.option("--name", metavar="NAME", help="Only connectors with exactly this name.")
@prints(*_ALL_FORMS)
@signs_in
def connectors_command(access: Access, name: str | None, form: Form) -> None:
    """List the connectors for which connections can be created.

    The service creates the connections of Qlik Cloud Services itself.

    Examples:
        qac connectors
        qac connectors --name Slack -o name
    """
    with access.open() as opened:
        rows = [row_of(item, _CONNECTOR_KEYS) for item in opened.tenant.connectors.list(name=name, sort="name")]
    _print(form, rows, _CONNECTOR_COLUMNS, _CONNECTOR_KEYS, "connector")


@click.command("users", cls=Command)
@click.option("--filter", metavar="SCIM", help='Users that match, such as: name co "ada".')
@click.option("--status", metavar="STATUS", help="Only users with this status, such as active or disabled.")
@prints(*_ALL_FORMS)
@signs_in
def users_command(access: Access, filter: str | None, status: str | None, form: Form) -> None:
    """List the users of the tenant.

    Only administrators see all of their fields.

    Examples:
        qac users --status disabled
        qac users --filter 'name co "ada"' --json
    """
    with access.open() as opened:
        rows = [
            row_of(item, _USER_KEYS, roles=roles_of(item), created_at=utc(item.created_at))
            for item in opened.tenant.users.list(filter=filter, status=status)
        ]
    _print(form, rows, _USER_COLUMNS, _USER_KEYS, "user")


@click.command("spaces", cls=Command)
@click.option("--name", metavar="TEXT", help="Only spaces whose name contains this.")
@click.option("--type", "kind", metavar="TYPE", help="Only spaces of this type: shared, managed or data.")
@prints(*_ALL_FORMS)
@signs_in
def spaces_command(access: Access, name: str | None, kind: str | None, form: Form) -> None:
    """List the spaces that you may see.

    Personal spaces are not among them.

    Examples:
        qac spaces
        qac spaces --name fin --type shared
    """
    with access.open() as opened:
        items = list(opened.tenant.spaces.list(name=name, type=kind, sort="name"))
        owners = dict(opened.look_up(users=(item.owner_id for item in items)).users)
    rows = [row_of(item, _SPACE_KEYS, type=item.type_, owner=owners.get(item.owner_id or "")) for item in items]
    _print(form, rows, _SPACE_COLUMNS, _SPACE_KEYS, "space")
