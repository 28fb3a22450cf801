"""What an audit finds: a rule a code.

The service's own connections are in personal spaces, share their name and are left alone by design, so the rules that
would say just that pass them over.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Final

from .report import SEVERITIES, AuditedConnection, Finding, FindingCode, utc

_NOT_CONNECTED: Final = "It is not connected: automations that use it fail."
_INACTIVE: Final = "Its owner is not among the active users."
_PERSONAL: Final = "It is in its owner's personal space, where nobody else can manage it."


def find(
    connections: list[AuditedConnection],
    *,
    now: datetime,
    untouched_days: int,
    active_users: frozenset[str] | None,
) -> list[Finding]:
    """All findings, in the order of the connections.

    Args:
        connections: what to look at.
        now: what ages are counted from.
        untouched_days: after how many days without a change a connection counts as untouched.
        active_users: ids of the users who may own connections; None for all.
    """
    alike = Counter(map(_likeness, connections))
    found: list[Finding] = []
    for connection in connections:
        managed = connection.managed
        updated = connection.updated_at
        if connection.is_connected is False:
            found.append(_finding("not-connected", connection, _NOT_CONNECTED))
        if not managed:
            if updated is not None and (days := (now - updated).days) >= untouched_days:
                sentence = f"It was not changed for {days} days, since {_day(updated)}."
                found.append(_finding("untouched", connection, sentence))
            like = _likeness(connection)
            if (number := alike[like]) > 1 and all(like):
                sentence = f"Its owner has {number} connections of this name for this connector."
                found.append(_finding("duplicate", connection, sentence))
        if active_users is not None and connection.owner_id not in active_users:
            found.append(_finding("inactive-owner", connection, _INACTIVE))
        if connection.space_id is None and not managed:
            found.append(_finding("personal-space", connection, _PERSONAL))
        if updated is None or connection.created_at is None:
            found.append(_finding("unknown-timestamp", connection, _unread(connection)))
    return found


def _finding(code: FindingCode, connection: AuditedConnection, sentence: str) -> Finding:
    return Finding(code, SEVERITIES[code], connection.id, sentence)


def _likeness(connection: AuditedConnection) -> tuple[str | None, ...]:
    return connection.name, connection.owner_id, connection.connector_id


def _day(moment: datetime) -> str:
    """The day in UTC."""
    return moment.date().isoformat() if moment.tzinfo is UTC else (utc(moment) or "")[:10]


def _unread(connection: AuditedConnection) -> str:
    moments = (("created", connection.created_at), ("changed", connection.updated_at))
    words = " and ".join(word for word, moment in moments if moment is None)
    return f"When it was {words} can't be read from what the service sends."
