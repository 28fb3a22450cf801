"""What checks found, as plain data."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from attrs import asdict, define, field, frozen

FORMAT: Final = "qlik-automation-connections/check"
VERSION: Final = 1


@frozen
class CheckedConnection:
    """What a check of one connection found.

    Attributes:
        id: the connection.
        connected: whether it works; None if the check failed, or the service did not say.
        seconds: how long the check took, without the waits for the pacing and between tries.
        error: why the check failed; None if it did not.
        status_code: status with which the service refused it; None if it did not.
    """

    id: str
    connected: bool | None
    seconds: float
    error: str | None = None
    status_code: int | None = None

    @property
    def is_broken(self) -> bool:
        """Whether it does not work, or could not be checked."""
        return self.connected is not True


@define
class CheckReport:
    """What the checks of many connections found.

    Attributes:
        tenant: address of the tenant.
        began_at: when the checks began.
        ended_at: when they ended.
        checked: what was found, in the order of the ids that were given.
        left: ids that were not checked, since the checks were cancelled.
        resumed: how many of `checked` are from an earlier run.
    """

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

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON has it; docs/schemas/check.schema.json describes it."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "tenant": self.tenant,
            "began_at": self.began_at.isoformat(),
            "ended_at": self.ended_at.isoformat(),
            "summary": {
                "checked": len(self.checked),
                "connected": len(self.connected),
                "not_connected": len(self.not_connected),
                "failed": len(self.failed),
                "left": len(self.left),
                "resumed": self.resumed,
            },
            "checked": [asdict(item) for item in self.checked],
            "left": list(self.left),
        }
