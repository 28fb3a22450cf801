"""The queue of one rate tier whose places are kept in a store."""

from __future__ import annotations

from collections import deque

from ._store import Report
from ._tier_queue import TierQueue
from ._window_log import WindowLog


class SharedTierQueue(TierQueue):
    """A queue, the log of this process's own places, and what the store has still to hear of them."""

    def __init__(self, tier: int, log: WindowLog) -> None:
        super().__init__(tier, log)
        self.capacity = log.capacity
        self.unreported: deque[float] = deque()
        """Moments at which places will be free whose responses the store has not heard of."""
        self.stop_unreported: float | None = None
        self.next_place = float("-inf")
        """The moment before which asking for places is vain."""
        self.next_heartbeat = float("-inf")
        self.hold: float | None = None
        """Seconds for which the store is to hand out nothing."""
        self.epoch: str | None = None
        self.processes = 1
        self.free = 0
        self.held_at_loss = 0

    def report(self, now: float, *, want: int) -> Report:
        """What is to be said now."""
        stop = self.stop_unreported
        return Report(
            self.tier,
            self.capacity,
            self.log.window,
            # A response that the store has not heard of is still on its way, as far as it knows.
            self.log.in_flight,
            [moment - now for moment in self.unreported if moment > now],
            None if stop is None else max(0.0, stop - now),
            self.hold,
            want,
            # Whoever has taken nothing in the last window loses nothing with the store's memory.
            self.epoch if self.log.held(now) else None,
        )
