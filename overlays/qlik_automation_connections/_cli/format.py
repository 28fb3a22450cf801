"""How connections stand in tables."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from .. import Connection, ConnectionSummary
from .._redaction import json_without
from .._text import printable
from ..admin._managed import is_managed
from ..admin._names import Names
from .output import Column, Row, print_table


def _utc(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


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


def row(connection: ConnectionSummary | Connection, names: Names) -> Row:
    """A connection as the commands print it in JSON and CSV."""
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


def name_or_id(item: Row, kind: str) -> str:
    """A connector, an owner or a space by its name, where it is known."""
    return str(item.get(kind) or item.get(f"{kind}_id") or "")


def space(item: Row) -> str:
    """A space by its name, where it is known."""
    return "personal" if item["space_id"] is None else name_or_id(item, "space")


def state(value: bool | None) -> str:
    """Whether a connection is connected, in a word."""
    return {True: "yes", False: "NO", None: "unknown"}[value]


def day(text: str | None) -> str:
    """The day of a timestamp."""
    return "unknown" if text is None else text[:10]


def minute(text: str | None) -> str | None:
    """A timestamp in UTC, to the minute."""
    return None if text is None else f"{text[:10]} {text[11:16]} UTC"


def counted(number: int) -> str:
    """So many connections, in words."""
    return "1 connection" if number == 1 else f"{number:,} connections"


# An id that is cut short is of no use to anybody.
ID = Column("Id", lambda item: str(item["id"] or ""), least=36, spare=1)

COLUMNS = (
    ID,
    Column("Name", lambda item: str(item["name"] or "")),
    Column("Connector", lambda item: name_or_id(item, "connector"), spare=4),
    Column("Owner", lambda item: name_or_id(item, "owner"), spare=3),
    Column("Space", space, spare=5),
    Column("Changed", lambda item: day(item["updated_at"]), spare=2),
    Column("Connected", lambda item: state(item["is_connected"])),
)


def _error(connection: Connection) -> str | None:
    """What the service says went wrong with a connection; it may repeat values, which are taken out."""
    if not connection.error:
        return None
    values = [param.value for param in connection.params if param.value]
    return json_without(connection.error.to_dict(), values)


def detail(connection: Connection, names: Names) -> dict[str, Any]:
    """A connection with its params, without their values, as JSON has it."""
    return {
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


def print_detail(shown: dict[str, Any]) -> None:
    """Prints what `detail` returned, for people."""
    fields = [
        ("Name", shown["name"]),
        ("Id", shown["id"]),
        ("Connector", name_or_id(shown, "connector")),
        ("Owner", name_or_id(shown, "owner")),
        ("Space", space(shown)),
        ("Created", minute(shown["created_at"])),
        ("Changed", minute(shown["updated_at"])),
        ("Connected", state(shown["is_connected"])),
        ("Account", shown["oauth_account_name"]),
        ("Error", shown["error"]),
        ("Managed", "by the service itself" if shown["managed"] else None),
    ]
    width = max(len(name) for name, _ in fields)
    for name, value in fields:
        if value is not None or name not in ("Account", "Error", "Managed"):
            click.echo(f"{name:<{width}}  {printable(str(value)) if value is not None else 'unknown'}")
    if shown["params"]:
        click.echo()
        print_table(shown["params"], _PARAM_COLUMNS)


_PARAM_COLUMNS = (
    Column("Param", lambda item: str(item["name"] or "")),
    Column("Kind", lambda item: str(item["field_type"] or "")),
    Column("Needed", lambda item: {True: "optional", False: "required", None: "unknown"}[item["is_optional"]]),
    Column("Choices", lambda item: ", ".join(map(str, item["options"])), whole=True, spare=2),
    Column("What it is", lambda item: str(item["documentation"] or ""), whole=True, least=20, spare=1),
)
