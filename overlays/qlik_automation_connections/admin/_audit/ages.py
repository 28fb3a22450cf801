"""Groups of connections by how long ago they were changed."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from attrs import frozen


@frozen
class AgeGroup:
    """A range of time since the last change.

    Attributes:
        id: Id in the counts of a report.
        words: Label for people.
        most: Upper limit in whole days; None for no limit.
    """

    id: str
    words: str
    most: int | None = None


UNKNOWN: Final = AgeGroup("unknown", "unknown")
AGES: Final = (
    AgeGroup("0-30", "up to 30 days", 30),
    AgeGroup("31-90", "31 to 90 days", 90),
    AgeGroup("91-365", "91 days to a year", 365),
    AgeGroup("366-730", "one to two years", 730),
    AgeGroup("over-730", "over two years"),
    UNKNOWN,
)
"""All groups, in display order."""


def age_of(updated_at: datetime | None, now: datetime) -> AgeGroup:
    """Return the group of a connection by the time of its last change, which may be unknown (None)."""
    if updated_at is None:
        return UNKNOWN
    days = (now - updated_at).days
    return next(group for group in AGES if group.most is None or days <= group.most)
