"""The kinds of findings: codes, severities and titles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

from attrs import frozen

FindingCode = Literal[
    "not-connected", "untouched", "duplicate", "inactive-owner", "personal-space", "unknown-timestamp"
]
Severity = Literal["error", "warning", "notice"]
CODES: Final[tuple[FindingCode, ...]] = get_args(FindingCode)
SEVERITIES: Final[tuple[Severity, ...]] = get_args(Severity)
"""All severities, worst first."""


@frozen
class FindingKind:
    """A kind of finding.

    Attributes:
        severity: `error`, `warning` or `notice`.
        title: Label.
        meaning: Explanation, a sentence.
    """

    severity: Severity
    title: str
    meaning: str


FINDING_KINDS: Final[Mapping[str, FindingKind]] = {
    "not-connected": FindingKind("error", "Not connected", "The service lists the connection as not connected."),
    "untouched": FindingKind("notice", "Untouched", "The connection has not been changed for a long time."),
    "duplicate": FindingKind(
        "warning", "Duplicate", "The owner has other connections with this name for this connector."
    ),
    "inactive-owner": FindingKind(
        "warning", "Inactive owner", "The owner is disabled, deleted, gone, or not an active user."
    ),
    "personal-space": FindingKind("notice", "Personal space", "The connection is in its owner's personal space."),
    "unknown-timestamp": FindingKind(
        "notice", "Unknown timestamp", "The service sent no usable time of creation or last change."
    ),
}
