"""The rules of an audit, one for each kind of finding.

The service's own connections are in personal spaces, share a name, and are never changed by design, so the rules on
these points skip them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from operator import attrgetter
from typing import Final

from .._document import timestamp
from .finding_kinds import FINDING_KINDS, FindingCode
from .report import AuditedConnection, Finding

_likeness: Final = attrgetter("name", "owner_id", "connector_id")
_REASONS: Final = {"gone": "Its owner is gone: the tenant has no user with this id."}


def find(
    connections: list[AuditedConnection],
    *,
    now: datetime,
    untouched_days: int,
    active_users: frozenset[str] | None,
    inactive_users: Mapping[str, str],
) -> list[Finding]:
    """Return all findings, in the order of the connections.

    Args:
        connections: The audited connections.
        now: Time that ages are counted from.
        untouched_days: Days without a change after which a connection counts as untouched.
        active_users: Ids of the users who may own connections; None for all but inactive ones.
        inactive_users: `disabled`, `deleted` or `gone`, by the ids of users of whom the tenant says so.
    """
    alike = Counter(map(_likeness, connections))
    found: list[Finding] = []

    def add(code: FindingCode, sentence: str) -> None:
        found.append(Finding(code, FINDING_KINDS[code].severity, connection.id, sentence))

    for connection in connections:
        managed, like = connection.managed, _likeness(connection)
        created, updated = connection.created_at, connection.updated_at
        if connection.is_connected is False:
            add("not-connected", "It is not connected: automations that use it fail.")
        if not managed and updated is not None and (days := (now - updated).days) >= untouched_days:
            add("untouched", f"It has not been changed for {days} days, since {timestamp(updated)[:10]}.")
        if not managed and alike[like] > 1 and all(like):
            add("duplicate", f"Its owner has {alike[like]} connections with this name for this connector.")
        if active_users is not None and connection.owner_id not in active_users:
            add("inactive-owner", "Its owner is not among the active users.")
        elif active_users is None and (reason := inactive_users.get(connection.owner_id or "")):
            add("inactive-owner", _REASONS.get(reason, f"Its owner is {reason}."))
        if connection.space_id is None and not managed:
            add("personal-space", "It is in its owner's personal space, where nobody else can manage it.")
        if updated is None or created is None:
            unread = " and ".join(word for word, at in (("created", created), ("changed", updated)) if at is None)
            add("unknown-timestamp", f"The service sent no usable time for when it was {unread}.")
    return found
