"""The outcome of a backup."""

from __future__ import annotations

from attrs import field, frozen

from .._document import Document
from .archive import UnreadConnection


@frozen
class BackupReport(Document):
    """The outcome of a backup.

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
        dropped: fields that were left out because the spec does not say that they hold no secret, such as
            `params[].meta`, and of how many connections; the values of params are not named.
    """

    FORMAT = "backup-report"
    TITLE = "backup report"
    DERIVED = ("is_complete",)
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
    dropped: dict[str, int] = field(factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether every connection could be read."""
        return self.unread_total == 0
