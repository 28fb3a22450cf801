"""The outcome of a backup."""

from __future__ import annotations

from attrs import field, frozen

from .._table import Table
from .._usage.report import UnreadAutomation
from .records import UnreadConnection


@frozen(repr=False)
class BackupReport(Table):
    """The outcome of a backup.

    Attributes:
        path: The archive.
        values_template: The template of values for a restore; None if not requested.
        tenant: Address of the tenant.
        began_at: When the backup began, in UTC; if resumed, when its first run began.
        ended_at: When the backup ended, in UTC.
        connections: Number of connections in the archive.
        unread_total: Number of connections that could not be read.
        unread: The first 1,000 of those; the archive lists all.
        resumed: How many of the archive's lines are from an earlier run that was stopped.
        sha256: Checksum of all lines of the archive except the last; identifies the archive.
        dropped: Fields left out because the spec does not guarantee that they hold no secret, such as
            `params[].meta`, with the number of connections. Values of params are not listed.
        automations: Number of automations in the archive.
        unread_automations_total: Number of automations that could not be read.
        unread_automations: The first 1,000 of those; the archive lists all.
        notes: Other remarks.
    """

    FORMAT = "backup-report"
    TITLE = "backup report"
    ROWS = "unread"
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
    automations: int = 0
    unread_automations_total: int = 0
    unread_automations: tuple[UnreadAutomation, ...] = ()
    notes: tuple[str, ...] = ()

    def _figures(self) -> dict[str, int]:
        unread = self.unread_total + self.unread_automations_total
        return {
            "connections": self.connections,
            "automations": self.automations,
            "unread": unread,
            "resumed": self.resumed,
        }

    @property
    def is_complete(self) -> bool:
        """Whether every connection, and every automation that was asked for, could be read."""
        return self.unread_total + self.unread_automations_total == 0
