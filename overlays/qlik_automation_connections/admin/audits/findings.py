"""What an audit finds: a rule a code.

The service's own connections are in personal spaces, share their name and are left alone by design, so the rules that
would say just that pass them over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime

from .report import SEVERITIES, AuditedConnection, Finding, FindingCode


def find(
    connections: list[AuditedConnection],
    *,
    now: datetime,
    untouched_days: int,
    active_users: Collection[str] | None,
) -> list[Finding]:
    """All findings, in the order of the connections.

    Args:
        connections: what to look at.
        now: what ages are counted from.
        untouched_days: after how many days without a change a connection counts as untouched.
        active_users: ids of the users who may own connections; None for all.
    """
    same = Counter(map(_sameness, connections))
    active = None if active_users is None else frozenset(active_users)
    return [
        Finding(code, SEVERITIES[code], connection.id, sentence)
        for connection in connections
        for code, sentence in _of_one(connection, same, now, untouched_days, active)
    ]


def _sameness(connection: AuditedConnection) -> tuple[str | None, ...]:
    return connection.name, connection.owner_id, connection.connector_id


def _of_one(
    connection: AuditedConnection,
    same: Counter[tuple[str | None, ...]],
    now: datetime,
    untouched_days: int,
    active: frozenset[str] | None,
) -> Iterator[tuple[FindingCode, str]]:
    if connection.is_connected is False:
        yield "not-connected", "It is not connected: automations that use it fail."
    updated = connection.updated_at
    if not connection.managed:
        days = (now - updated).days if updated is not None else 0
        if updated is not None and days >= untouched_days:
            yield "untouched", f"It was not changed for {days} days, since {updated:%Y-%m-%d}."
        number = same[_sameness(connection)]
        if number > 1 and connection.name is not None:
            yield "duplicate", f"Its owner has {number} connections of this name for this connector."
    if active is not None and (connection.owner_id is None or connection.owner_id not in active):
        yield "inactive-owner", "Its owner is not among the active users."
    if connection.space_id is None and not connection.managed:
        yield "personal-space", "It is in its owner's personal space, where nobody else can manage it."
    unread = [
        word
        for word, moment in (("created", connection.created_at), ("changed", connection.updated_at))
        if moment is None
    ]
    if unread:
        yield "unknown-timestamp", f"When it was {' and '.join(unread)} can't be read from what the service sends."
