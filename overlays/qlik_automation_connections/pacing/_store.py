"""What a budget that several processes share asks of the store that they share it in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from attrs import frozen

LEASES_IN_A_WINDOW: Final = 10
HEARTBEATS_IN_A_LEASE: Final = 3
SHORTEST_LEASE: Final = 1.0


def lease_seconds(window: float) -> float:
    """How long a process that says nothing is taken to be alive, with its requests in flight."""
    return max(SHORTEST_LEASE, window / LEASES_IN_A_WINDOW)


class StoreError(Exception):
    """The store can't be used at the moment; the message says why."""


class MemoryLostError(StoreError):
    """The store is there, but has forgotten what it was told."""


@frozen
class Report:
    """What a process says of one tier, and asks for.

    All of it can be said twice without harm but for places that are held longer, so a lost reply costs nothing.

    Attributes:
        tier: the tier.
        capacity: requests that a window holds.
        window: seconds for which a place stays taken after its response.
        in_flight: how many requests of this process are on their way.
        completed: for each response since the last report, the seconds until its place is free.
        refused: seconds for which a refusal stops the tier, None if there was none.
        hold: seconds for which nobody is granted anything, so that all who missed the store can report; None for none.
        want: how many places are wanted.
        epoch: the memory of the store that the process has met before, None if none.
    """

    tier: int
    capacity: int
    window: float
    in_flight: int
    completed: Sequence[float] = ()
    refused: float | None = None
    hold: float | None = None
    want: int = 0
    epoch: str | None = None


@frozen
class Reply:
    """What the store says to a report.

    Attributes:
        granted: places that are now in flight for this process, at most what it wants; none if the store has lost
            the memory that the process has met.
        wait: seconds until the next place is free; None if that hangs on responses that are still to come.
        free: places that nobody has taken.
        processes: how many processes used the tier in the last window, this one among them.
        epoch: the memory of the store; another one means that it was lost in between.
    """

    granted: int
    wait: float | None
    free: int
    processes: int
    epoch: str


class SharedStore(Protocol):
    """Keeps the places of all processes. Used by one thread at a time."""

    name: str
    """What messages call it."""

    def sync(self, report: Report) -> Reply:
        """Tell it what happened here, and hear what may be done.

        Raises:
            StoreError: the store can't be used at the moment.
        """
        ...

    def after_fork(self) -> None:
        """Make it usable in a child process, as another process than its parent."""
        ...

    def close(self) -> None:
        """Let go of files and connections; using it opens them again."""
        ...
