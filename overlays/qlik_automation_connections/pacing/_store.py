"""The interface between a shared budget and its store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

LEASES_IN_A_WINDOW: Final = 10
HEARTBEATS_IN_A_LEASE: Final = 3
SHORTEST_LEASE: Final = 1.0


def lease_seconds(window: float) -> float:
    """Return the seconds for which a silent process counts as alive, with its requests in flight."""
    return max(SHORTEST_LEASE, window / LEASES_IN_A_WINDOW)


class StoreError(Exception):
    """The store is unavailable. The message gives the reason."""


class MemoryLostError(StoreError):
    """The store is available but lost its data."""


class Report(NamedTuple):
    """A process's report on one tier, and its request for places.

    Repeating a report is harmless, except that places stay taken longer, so a lost reply doesn't matter.

    Attributes:
        tier: Rate tier, 1 or 2.
        capacity: Requests per window.
        window: Seconds for which a place stays taken after its response.
        in_flight: Number of requests of this process that await a response.
        completed: For each response since the last report, seconds until its place is free.
        refused: Seconds for which a 429 stops the tier, or None.
        hold: Seconds for which the store grants nothing to anybody, so that every process can report after an outage;
            None for no hold.
        want: Number of places wanted.
        epoch: Epoch of the store's data as last seen by this process, or None.
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


class Reply(NamedTuple):
    """The store's reply to a report.

    Attributes:
        granted: Places granted to this process and now counted as in flight, at most `want`; 0 if the report's epoch
            is out of date.
        wait: Seconds until the next place is free; None if that depends on outstanding responses.
        free: Places still free.
        processes: Number of processes that used the tier in the last window, including this one.
        epoch: Epoch of the store's data. A changed epoch means that the data was lost.
    """

    granted: int
    wait: float | None
    free: int
    processes: int
    epoch: str


class SharedStore(Protocol):
    """A store for the places of all processes. Used by one thread at a time."""

    name: str
    """Name of the store in messages."""

    def sync(self, report: Report) -> Reply:
        """Send a report and return the store's reply.

        Raises:
            StoreError: The store is unavailable.
        """
        ...

    def after_fork(self) -> None:
        """Reset in a child process, which counts as a separate process."""
        ...

    def close(self) -> None:
        """Close files and connections. Using the store opens them again."""
        ...
