"""What checks found, as plain data."""

from __future__ import annotations

from datetime import datetime

from attrs import define, field, frozen

from .._document import Document, Part


@frozen
class CheckedConnection(Part):
    """What a check of one connection found.

    Attributes:
        id: the connection.
        connected: whether it works; None if the check failed, or the service did not say.
        seconds: how long the check took, without the waits for the pacing and between tries.
        error: why the check failed; None if it did not.
        status_code: status with which the service refused it; None if it did not.
        name: its name, where it is known.
        unreachable: whether no response came.
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
        """Whether it does not work, or could not be checked."""
        return self.connected is not True


@define
class CheckReport(Document):
    """What the checks of many connections found.

    Attributes:
        tenant: address of the tenant.
        began_at: when the checks began.
        ended_at: when they ended.
        checked: what was found, in the order of the ids that were given.
        left: ids that were not checked, since the checks were cancelled.
        resumed: how many of `checked` are from an earlier run.
    """

    FORMAT = "check"
    TITLE = "check"
    DERIVED = ("is_complete", "summary")
    tenant: str
    began_at: datetime
    ended_at: datetime
    checked: list[CheckedConnection] = field(repr=False)
    left: list[str] = field(factory=list, repr=False)
    resumed: int = 0

    @property
    def connected(self) -> list[CheckedConnection]:
        """Those that work."""
        return [item for item in self.checked if item.connected is True]

    @property
    def not_connected(self) -> list[CheckedConnection]:
        """Those that do not work."""
        return [item for item in self.checked if item.connected is False]

    @property
    def failed(self) -> list[CheckedConnection]:
        """Those of which it is not known."""
        return [item for item in self.checked if item.connected is None]

    @property
    def is_complete(self) -> bool:
        """Whether all were checked."""
        return not self.left

    @property
    def summary(self) -> dict[str, int]:
        """How many there are of each kind."""
        return {
            "checked": len(self.checked),
            "connected": len(self.connected),
            "not_connected": len(self.not_connected),
            "failed": len(self.failed),
            "left": len(self.left),
            "resumed": self.resumed,
        }
