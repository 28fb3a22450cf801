"""A clock that tests set, so that nothing waits."""

from __future__ import annotations

import anyio.lowlevel
import pytest

from qlik_automation_connections._auth import oauth
from qlik_automation_connections._exchange import body, drivers, send


class Clock:
    """Stands in for the modules `time` and `anyio` where the client waits or looks at the clock."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.waits: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


class AsyncClock:
    """The same clock, waited for on an event loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def sleep(self, seconds: float) -> None:
        await anyio.lowlevel.checkpoint()
        self._clock.sleep(seconds)


def install(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Puts a new clock into the client."""
    clock = Clock()
    for module in (send, drivers, body):
        monkeypatch.setattr(module, "time", clock)
    monkeypatch.setattr(drivers, "anyio", AsyncClock(clock))
    monkeypatch.setattr(oauth, "time", clock)
    return clock
