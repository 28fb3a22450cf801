"""What codes of an audit are called on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import frozen


@frozen
class Label:
    """A code in words.

    Attributes:
        title: short, as on a label.
        meaning: a sentence.
    """

    title: str
    meaning: str


FINDINGS: Final[Mapping[str, Label]] = {
    "not-connected": Label("Not connected", "The service lists the connection as not connected."),
    "untouched": Label("Untouched", "The connection was not changed for a long time."),
    "duplicate": Label("Duplicate", "The owner has other connections of this name for this connector."),
    "inactive-owner": Label("Inactive owner", "The owner is not among the users who are active."),
    "personal-space": Label("Personal space", "The connection is in its owner's personal space."),
    "unknown-timestamp": Label(
        "Unknown timestamp", "The service gave no usable time of creation or of the last update."
    ),
}
"""Codes of findings, in the order in which the page has them."""

SEVERITIES: Final = ("error", "warning", "notice")

CHANGES: Final[Mapping[str, str]] = {
    "appeared": "Appeared",
    "vanished": "Vanished",
    "renamed": "Renamed",
    "changed_owner": "Owner changed",
    "changed_space": "Space changed",
    "broke": "Stopped being connected",
    "mended": "Connected again",
}
"""Kinds of changes, in the order in which the page has them."""

AGES: Final = ("0-30", "31-90", "91-365", "366-730", "over-730", "unknown")
"""Buckets of the time since the last update, in days."""


def finding_label(code: str) -> Label:
    """What a finding is called; a code that is not known is its own label."""
    return FINDINGS.get(code) or Label(code, "")


def age_label(id: str, name: str | None) -> str:
    """What a bucket is called, as a label begins."""
    label = name or id
    return label[:1].upper() + label[1:]


def age_of(days: int | None) -> int:
    """The bucket, by its number in `AGES`, of what was updated so many whole days ago; None: nobody knows when."""
    if days is None:
        return len(AGES) - 1
    return sum(days > last for last in (30, 90, 365, 730))
