"""The places of one rate tier: a sliding window log."""

from __future__ import annotations

import heapq
from collections import deque
from typing import Final

LONGEST_STOP: Final = 3600.0
"""Seconds; a longer Retry-After is taken for this one, lest one odd answer stops a program for a day."""


def stop_seconds(retry_after: float) -> float:
    """How long a refusal stops a tier, in seconds: what it says, within reason."""
    # A NaN fails every comparison.
    return min(retry_after, LONGEST_STOP) if retry_after >= 0 else 1.0


def spread(count: int, first: float, last: float) -> list[float]:
    """Moments at which so many foreign places are taken to be free: evenly from the first to the last.

    The service tells when the first of them is free, and all are when a window has passed. In between, evenly is
    right if the others work steadily, and late, never early, if they sent all at once.
    """
    step = (last - first) / count if count else 0.0
    return [first + step * index for index in range(count)]


class WindowLog:
    """Which places of a tier are taken, and until when. Knows no clock and no lock: its user has both.

    Args:
        capacity: how many requests a window holds.
        window: seconds for which a place stays taken after its response.
    """

    def __init__(self, capacity: int, window: float) -> None:
        self.capacity = capacity
        self.window = window
        self.in_flight = 0
        self.stopped_until = float("-inf")
        self._frees: deque[float] = deque()
        self._foreign: deque[float] = deque()

    def _expire(self, now: float) -> None:
        for log in (self._frees, self._foreign):
            while log and log[0] <= now:
                log.popleft()

    def held(self, now: float) -> int:
        """How many places are taken by ourselves."""
        self._expire(now)
        return self.in_flight + len(self._frees)

    def free(self, now: float) -> int:
        """How many requests may be sent now; 0 while the tier is stopped."""
        if now < self.stopped_until:
            return 0
        return max(0, self.capacity - self.held(now) - len(self._foreign))

    def take(self) -> None:
        """Take a place for a request that is about to be sent."""
        self.in_flight += 1

    def release(self) -> None:
        """Free the place of a request that was not sent."""
        self.in_flight = max(0, self.in_flight - 1)

    def complete(self, now: float) -> None:
        """Begin the window of a request whose response came."""
        self.in_flight = max(0, self.in_flight - 1)
        self._frees.append(now + self.window)

    def refuse(self, now: float, retry_after: float) -> None:
        """Take the refusal of a request for what it says: nothing is free, and nothing will be for so many seconds.

        The refused request gives its place back. What we did not take was foreign usage.
        """
        self.release()
        self.stopped_until = max(self.stopped_until, now + stop_seconds(retry_after))
        unknown = max(0, self.capacity - self.held(now))
        last = max(self.stopped_until, now + self.window)
        self._foreign = deque(spread(unknown, self.stopped_until, last))

    def next_free(self, now: float) -> float | None:
        """The moment at which a place will be free; None if that hangs on responses that are still to come."""
        self._expire(now)
        missing = self.in_flight + len(self._frees) + len(self._foreign) - self.capacity + 1
        if missing <= 0:
            return max(now, self.stopped_until)
        if missing > len(self._frees) + len(self._foreign):
            return None
        if missing == 1:
            moment = min(log[0] for log in (self._frees, self._foreign) if log)
        else:
            moment = heapq.nsmallest(missing, (*self._frees, *self._foreign))[-1]
        return max(moment, self.stopped_until)

    def frees(self, now: float) -> list[float]:
        """The moments at which our own places will be free, in order."""
        self._expire(now)
        return list(self._frees)

    def widen(self, window: float) -> None:
        """Make the window at least so many seconds long, for places that are taken already too."""
        if window > self.window:
            self._frees = deque(moment + window - self.window for moment in self._frees)
            self.window = window
