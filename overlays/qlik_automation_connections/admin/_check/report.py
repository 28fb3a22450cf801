"""The results of checks."""

from __future__ import annotations

from datetime import datetime

from attrs import define, field, frozen

from .._document import Part
from .._table import Table


@frozen
class CheckedConnection(Part):
    """The result of checking one connection.

    Attributes:
        id: The connection.
        connected: Whether it works; None if the check failed or the service did not say.
        seconds: How long the check took, not counting waits for rate limits and between tries.
        error: Why the check failed; None if it did not.
        status_code: Status of the error response; None if there was none.
        name: The connection's name, if known.
        unreachable: Whether no response came.
    """

    id: str
    connected: bool | None
    seconds: float
    error: str | None = None
    status_code: int | None = None
    name: str | None = None
    unreachable: bool = False

    @property
    def is_broken(self) -> bool:
        """Whether the connection does not work. One that could not be checked may work."""
        return self.connected is False


@define(repr=False)
class CheckReport(Table):
    """The results of checking many connections.

    Attributes:
        tenant: Address of the tenant.
        began_at: When the checks began.
        ended_at: When they ended.
        checked: The results, in the order of the given ids.
        left: Ids that were not checked because the job was cancelled.
        resumed: How many of `checked` are from an earlier run.
    """

    FORMAT = "check"
    TITLE = "check"
    ROWS = "checked"
    DERIVED = ("is_complete", "summary")
    tenant: str
    began_at: datetime
    ended_at: datetime
    checked: list[CheckedConnection] = field(repr=False)
    left: list[str] = field(factory=list, repr=False)
    resumed: int = 0

    @property
    def connected(self) -> list[CheckedConnection]:
        """Connections that work."""
        return [item for item in self.checked if item.connected is True]

    @property
    def not_connected(self) -> list[CheckedConnection]:
        """Connections that don't work."""
        return [item for item in self.checked if item.connected is False]

    @property
    def failed(self) -> list[CheckedConnection]:
        """Connections that could not be checked."""
        return [item for item in self.checked if item.connected is None]

    @property
    def is_complete(self) -> bool:
        """Whether all connections were checked."""
        return not self.left

    @property
    def summary(self) -> dict[str, int]:
        """Number of connections by result."""
        return {
            "checked": len(self.checked),
            "connected": len(self.connected),
            "not_connected": len(self.not_connected),
            "failed": len(self.failed),
            "left": len(self.left),
            "resumed": self.resumed,
        }
