"""How many connections there are of each connector, owner, space and age."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Final

from .report import AuditedConnection, AuditReport, Count

_AGES: Final = (
    (30, "0-30", "up to 30 days"),
    (90, "31-90", "31 to 90 days"),
    (365, "91-365", "91 days to a year"),
    (730, "366-730", "one to two years"),
)
_OLDEST: Final = ("over-730", "over two years")
_UNKNOWN: Final = ("unknown", "unknown")


def age(updated_at: datetime | None, now: datetime) -> tuple[str, str]:
    """Code and words for how long ago a connection was changed."""
    if updated_at is None:
        return _UNKNOWN
    days = (now - updated_at).days
    return next(((code, words) for most, code, words in _AGES if days <= most), _OLDEST)


def counts(report: AuditReport) -> dict[str, list[Count]]:
    """The counts of a report, by what is counted."""
    by_connection = Counter(finding.connection_id for finding in report.findings)
    order = [*(code for _, code, _ in _AGES), _OLDEST[0], _UNKNOWN[0]]

    def grouped(key: Callable[[AuditedConnection], tuple[str | None, str | None]]) -> list[Count]:
        totals: Counter[str | None] = Counter()
        broken: Counter[str | None] = Counter()
        findings: Counter[str | None] = Counter()
        names: dict[str | None, str | None] = {}
        for connection in report.connections:
            id, name = key(connection)
            names[id] = name
            totals[id] += 1
            broken[id] += connection.is_connected is False
            # Without an id it can't be told whose of several they are.
            findings[id] += by_connection[connection.id] if connection.id is not None else 0
        return [Count(id, names[id], number, broken[id], findings[id]) for id, number in totals.most_common()]

    ages = grouped(lambda item: age(item.updated_at, report.made_at))
    return {
        "connector": grouped(lambda item: (item.connector_id, item.connector)),
        "owner": grouped(lambda item: (item.owner_id, item.owner)),
        "space": grouped(lambda item: (item.space_id, item.space)),
        "age": sorted(ages, key=lambda count: order.index(count.id or "")),
    }
