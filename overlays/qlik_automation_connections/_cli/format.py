"""How connections are printed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from .. import Connection, ConnectionSummary
from .._redaction import json_without
from .._text import printable
from ..admin import Names
from ..admin._managed import is_managed
from .output import Column, Form, Row, print_json, print_table

ROW_KEYS = (
    "id",
    "name",
    "connector_id",
    "connector",
    "owner_id",
    "owner",
    "space_id",
    "space",
    "created_at",
    "updated_at",
    "is_connected",
    "managed",
)


def _utc(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def row(connection: ConnectionSummary | Connection, names: Names) -> Row:
    """Return a connection as a row for JSON and CSV."""
    return {
        "id": connection.id,
        "name": connection.name,
        "connector_id": connection.connector_id,
        "connector": names.connectors.get(connection.connector_id or ""),
        "owner_id": connection.owner_id,
        "owner": names.users.get(connection.owner_id or ""),
        "space_id": connection.space_id,
        "space": names.spaces.get(connection.space_id or ""),
        "created_at": _utc(connection.created_at),
        "updated_at": _utc(connection.updated_at),
        "is_connected": connection.is_connected,
        "managed": is_managed(connection.connector_id),
    }


def connector(item: Row) -> str:
    """Return the connector's name, or its id if the name is unknown."""
    return str(item["connector"] or item["connector_id"] or "")


def owner(item: Row) -> str:
    """Return the owner's name, or their id if the name is unknown."""
    return str(item["owner"] or item["owner_id"] or "")


def space(item: Row) -> str:
    """Return the space's name, or its id if the name is unknown."""
    return "personal" if item["space_id"] is None else str(item["space"] or item["space_id"])


def changed(item: Row) -> str:
    """Return the date of the last change."""
    return str(item["updated_at"] or "unknown")[:10]


def state(value: bool | None) -> str:
    """Return a connection's state as one word."""
    return {True: "yes", False: "NO", None: "unknown"}[value]


def minute(text: str | None) -> str:
    """Return a timestamp in UTC, to the minute."""
    return "unknown" if text is None else f"{text[:10]} {text[11:16]} UTC"


# A truncated id is useless.
ID = Column("Id", "id", least=36, spare=1)

COLUMNS = (
    ID,
    Column("Name", "name"),
    Column("Connector", connector, spare=4),
    Column("Owner", owner, spare=3),
    Column("Space", space, spare=5),
    Column("Changed", changed, spare=2),
    Column("Connected", lambda item: state(item["is_connected"])),
)
_PARAM_COLUMNS = (
    Column("Param", "name"),
    Column("Kind", "field_type"),
    Column("Needed", lambda item: {True: "optional", False: "required", None: "unknown"}[item["is_optional"]]),
    Column("Choices", lambda item: ", ".join(map(str, item["options"])), wrap=True, spare=2),
    Column("Description", "documentation", wrap=True, least=20, spare=1),
)


def _error(connection: Connection) -> str | None:
    """Return the error that the service reports for a connection, without the param values that it may repeat."""
    if not connection.error:
        return None
    values = [param.value for param in connection.params if param.value]
    return json_without(connection.error.to_dict(), values)


def print_connection(connection: Connection, names: Names, form: Form) -> None:
    """Print a connection with its params, without their values."""
    shown: dict[str, Any] = {
        **row(connection, names),
        "redirect": connection.redirect,
        "oauth_account_name": connection.oauth_account_name,
        "error": _error(connection),
        "params": [
            {
                "id": param.id,
                "name": param.name,
                "field_type": param.field_type,
                "is_optional": param.is_optional,
                "options": [option.value for option in param.param_options],
                "documentation": param.documentation,
            }
            for param in connection.params
        ],
    }
    if form == "json":
        print_json(shown)
        return
    fields = {
        "Name": "unknown" if shown["name"] is None else shown["name"],
        "Id": "unknown" if shown["id"] is None else shown["id"],
        "Connector": connector(shown),
        "Owner": owner(shown),
        "Space": space(shown),
        "Created": minute(shown["created_at"]),
        "Changed": minute(shown["updated_at"]),
        "Connected": state(shown["is_connected"]),
        "Account": shown["oauth_account_name"],
        "Error": shown["error"],
        "Managed": "by the service" if shown["managed"] else None,
    }
    for name, value in fields.items():
        if value is not None:
            click.echo(f"{name:<9}  {printable(str(value))}")
    if shown["params"]:
        click.echo()
        print_table(shown["params"], _PARAM_COLUMNS)
