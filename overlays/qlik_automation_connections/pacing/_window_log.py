"""The places of one rate tier: a sliding window log."""

from __future__ import annotations

import heapq
from collections import deque
from typing import Final

LONGEST_STOP: Final = 3600.0
"""Upper bound for Retry-After in seconds, so that one odd response can't stop a program for a day."""


def stop_seconds(retry_after: float) -> float:
    """Return the seconds for which a 429 stops a tier: its Retry-After, at most `LONGEST_STOP`."""
    # NaN fails every comparison.
    return min(retry_after, LONGEST_STOP) if retry_after >= 0 else 1.0


def spread(count: int, first: float, last: float) -> list[float]:
    """Estimate when `count` places taken by foreign usage become free: evenly from `first` to `last`.

    The service reports when the first is free, and all are free after one window. In between, an even spread is right
    if the other clients send steadily, and late, never early, if they sent everything at once.
    """
    step = (last - first) / count if count else 0.0
    return [first + step * index for index in range(count)]


class WindowLog:
    """Tracks which places of a tier are taken, and until when. The caller provides the clock and the lock.

    Args:
        capacity: Requests per window.
        window: Seconds for which a place stays taken after its response.
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
        """Return the number of places that we have taken ourselves."""
        self._expire(now)
        return self.in_flight + len(self._frees)

    def free(self, now: float) -> int:
        """Return how many requests may be sent now; 0 while the tier is stopped."""
        if now < self.stopped_until:
            return 0
        return max(0, self.capacity - self.held(now) - len(self._foreign))

    def take(self) -> None:
        """Take a place for a request about to be sent."""
        self.in_flight += 1

    def release(self) -> None:
        """Free the place of a request that was not sent."""
        self.in_flight = max(0, self.in_flight - 1)

    def complete(self, now: float) -> None:
        """Start the window of a request that got its response."""
        self.in_flight = max(0, self.in_flight - 1)
        self._frees.append(now + self.window)

    def refuse(self, now: float, retry_after: float) -> None:
        """Stop the tier for `retry_after` seconds after a 429.

        The refused request releases its place. Places that we didn't take count as foreign usage.
        """
        self.release()
        self.stopped_until = max(self.stopped_until, now + stop_seconds(retry_after))
        unknown = max(0, self.capacity - self.held(now))
        last = max(self.stopped_until, now + self.window)
        self._foreign = deque(spread(unknown, self.stopped_until, last))

    def next_free(self, now: float) -> float | None:
        """Return when the next place is free; None if that depends on outstanding responses."""
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
        """Return the moments at which our own places become free, in order."""
        self._expire(now)
        return list(self._frees)

    def widen(self, window: float) -> None:
        """Extend the window to at least `window` seconds, for places already taken too."""
        if window > self.window:
            self._frees = deque(moment + window - self.window for moment in self._frees)
            self.window = window
