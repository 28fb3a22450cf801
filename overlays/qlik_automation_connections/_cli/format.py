"""How connections are printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import click

import qlik_automation_connections as package

from .._redaction import json_without
from .._text import counted
from ..admin import Names
from ..admin._managed import is_managed
from .output import Column, Form, Row, print_fields, print_ids, print_json, print_table, row_of, say

ROW_KEYS: Final = (
    "id", "name", "connector_id", "connector", "owner_id", "owner", "space_id", "space", "created_at", "updated_at",
    "is_connected", "managed",
)  # fmt: skip


def utc(moment: datetime | None) -> str | None:
    """Return a time in UTC as in JSON."""
    return None if moment is None else moment.astimezone(UTC).isoformat()


def row(connection: package.ConnectionSummary | package.Connection, names: Names) -> Row:
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
        "created_at": utc(connection.created_at),
        "updated_at": utc(connection.updated_at),
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


THEIRS: Final = "These are yours; --all shows everybody's."

# What tells rows apart is never cut.
NAME = Column("Name", "name", wrap=True, least=11)
ID = Column("Id", "id", most=1_000, spare=1)

CONNECTOR = Column("Connector", connector, spare=3)
OWNER = Column("Owner", owner, spare=2)
SPACE = Column("Space", space, spare=5)
CHANGED = Column("Changed", changed, spare=4)
CONNECTED = Column("Connected", lambda item: state(item["is_connected"]))
COLUMNS = (NAME, CONNECTOR, OWNER, SPACE, CHANGED, CONNECTED, ID)
_PARAM_KEYS = ("id", "name", "field_type", "is_optional", "options", "documentation")
_PARAM_COLUMNS = (
    Column("Param", "name", wrap=True),
    Column("Kind", "field_type", spare=3),
    Column("Needed", lambda item: {True: "optional", False: "required", None: "unknown"}[item["is_optional"]]),
    Column("Choices", lambda item: ", ".join(map(str, item["options"])), wrap=True, spare=2),
    Column("Description", "documentation", wrap=True, spare=1),
)


def print_list(rows: Sequence[Row], columns: Sequence[Column], *, own: bool) -> None:
    """Print a table of connections, and how many they are.

    Args:
        rows: The connections.
        columns: The columns.
        own: Whether only the caller's were asked for.
    """
    if rows:
        print_table(rows, columns)
        say()
    say(f"{counted(len(rows)) if rows else 'Nothing was found'}.{f' {THEIRS}' if own else ''}")


_SHORT_PLAN: Final = 30
_MOST_STEPS: Final = 10


def print_steps(steps: Sequence[Row], columns: Sequence[Column], *, empty: str, noun: str = "connection") -> None:
    """Print the steps of a plan by what is done and why; of a long one, some of each, and how many there are.

    Args:
        steps: The steps, with `action`, `reason` and `why`.
        columns: The columns.
        empty: The text to print if there are no steps.
        noun: What the steps are about.
    """
    groups: dict[tuple[str, str], list[Row]] = {}
    for step in steps:
        groups.setdefault((step["action"], step["why"]), []).append(step)
    is_short = len(steps) <= _SHORT_PLAN
    for (action, why), group in groups.items():
        say(f"{action.capitalize()} {counted(len(group), noun)}{f': {why}' if why else '.'}")
        print_table(group if is_short else group[:_MOST_STEPS], columns)
        say()
    if not steps:
        say(empty)
    elif not is_short:
        counts = Counter((step["action"], step["reason"]) for step in steps)
        print_table(
            [
                {"action": action, "reason": reason, "steps": f"{counts[action, reason]:,}"}
                for action, reason in sorted(counts)
            ],
            (Column("Action", "action"), Column("Reason", "reason"), Column(f"{noun.capitalize()}s", "steps")),
        )
        say(f"Of each, up to {_MOST_STEPS} are shown; --dry-run --json lists all {len(steps):,}.")


def _error(connection: package.Connection) -> str | None:
    """Return the error that the service reports for a connection, without the param values that it may repeat."""
    if not connection.error:
        return None
    values = [param.value for param in connection.params if param.value]
    return json_without(connection.error.to_dict(), values)


def detail(connection: package.Connection, names: Names) -> Row:
    """Return a connection with its params, without their values."""
    return {
        **row(connection, names),
        "redirect": connection.redirect,
        "oauth_account_name": connection.oauth_account_name,
        "error": _error(connection),
        "params": [
            row_of(param, _PARAM_KEYS, options=[option.value for option in param.param_options])
            for param in connection.params
        ],
    }


def print_connection(connection: package.Connection, names: Names, form: Form) -> None:
    """Print a connection with its params, without their values."""
    shown = detail(connection, names)
    if form == "json":
        print_json(shown)
        return
    if form == "name":
        print_ids([connection.id])
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
    print_fields(fields)
    if shown["params"]:
        click.echo()
        print_table(shown["params"], _PARAM_COLUMNS)
