"""What came of a backup."""

from __future__ import annotations

from typing import Any

from attrs import asdict, frozen

from .archive import UnreadConnection


@frozen
class BackupReport:
    """What came of a backup.

    Attributes:
        path: the archive.
        values_template: the template of the values that a restore needs; None if none was asked for.
        tenant: address of the tenant.
        began_at: when it began, in UTC; the first time, where it was resumed.
        ended_at: when it ended, in UTC.
        connections: how many connections are in the archive.
        unread_total: how many could not be read.
        unread: those, the first 1,000 of them; the archive has all.
        resumed: how many of all were read by an earlier run that was stopped.
        sha256: checksum of the archive's lines but the last; it identifies the archive.
        found_whole: whether an earlier run had made it whole and was stopped before it could say so; nothing was read.
    """

    path: str
    values_template: str | None
    tenant: str
    began_at: str
    ended_at: str
    connections: int
    unread_total: int
    unread: tuple[UnreadConnection, ...]
    resumed: int
    sha256: str
    found_whole: bool = False

    @property
    def complete(self) -> bool:
        """Whether every connection could be read."""
        return self.unread_total == 0

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        return {**asdict(self), "unread": [one.to_dict() for one in self.unread], "complete": self.complete}
