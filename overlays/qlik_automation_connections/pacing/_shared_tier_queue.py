"""The queue of one rate tier in a shared store."""

from __future__ import annotations

from collections import deque

from ._store import Report
from ._tier_queue import TierQueue
from ._window_log import WindowLog


class SharedTierQueue(TierQueue):
    """A queue, the log of this process's own places, and what has not been reported to the store yet."""

    def __init__(self, tier: int, log: WindowLog) -> None:
        super().__init__(tier, log)
        self.capacity = log.capacity
        self.unreported: deque[float] = deque()
        """Moments at which places become free, for responses not yet reported to the store."""
        self.stop_unreported: float | None = None
        self.next_place = float("-inf")
        """Earliest moment at which the store may have a place."""
        self.next_heartbeat = float("-inf")
        self.hold: float | None = None
        """Seconds for which the store should grant nothing."""
        self.epoch: str | None = None
        self.processes = 1
        self.free = 0
        self.held_at_loss = 0

    def report(self, now: float, *, want: int) -> Report:
        """Return the report to send now."""
        stop = self.stop_unreported
        return Report(
            self.tier,
            self.capacity,
            self.log.window,
            # To the store, a request is in flight until its response is reported.
            self.log.in_flight,
            [moment - now for moment in self.unreported if moment > now],
            None if stop is None else max(0.0, stop - now),
            self.hold,
            want,
            # A process that took nothing in the last window isn't affected if the store loses its data.
            self.epoch if self.log.held(now) else None,
        )
