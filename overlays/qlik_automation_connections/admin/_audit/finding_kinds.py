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
        advice: What to do about several of them, a sentence.
    """

    severity: Severity
    title: str
    advice: str


FINDING_KINDS: Final[Mapping[str, FindingKind]] = {
    "not-connected": FindingKind(
        "error", "Not connected", "Check them again; then have their owners sign in or enter their params again."
    ),
    "untouched": FindingKind("notice", "Untouched", "Ask their owners whether they are needed."),
    "duplicate": FindingKind(
        "warning", "Duplicate", "Find out which of them automations use; rename or delete the others."
    ),
    "inactive-owner": FindingKind(
        "warning", "Inactive owner", "Hand them over: automations run with their owner's connections."
    ),
    "personal-space": FindingKind("notice", "Personal space", "Move them to a shared space if others depend on them."),
    "unknown-timestamp": FindingKind("notice", "Unknown timestamp", "Nothing to do; their age is unknown."),
}
