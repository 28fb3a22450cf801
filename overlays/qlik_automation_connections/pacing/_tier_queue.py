"""The queue of one rate tier, and its wait notifications."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from .._log import logger
from ._settings import PacingWait
from ._waiters import Waiter
from ._window_log import WindowLog

SHORTEST_NOTIFIED_WAIT: Final = 1.0

Announcement = tuple[Callable[[PacingWait], None], PacingWait]


def notify(announcements: list[Announcement]) -> None:
    """Call users' `on_wait` functions, logging whatever they raise."""
    for on_wait, wait in announcements:
        try:
            on_wait(wait)
        except Exception:
            logger.exception("on_wait failed")


class TierQueue:
    """The queue of one tier, and the log of its places."""

    def __init__(self, tier: int, log: WindowLog) -> None:
        self.tier = tier
        self.log = log
        self.waiters: OrderedDict[Waiter, None] = OrderedDict()
        self.looks_again: float | None = None
        """When the thread will check this queue next; None if it waits for a signal."""
        self._notified_until = float("-inf")
        self._notified: set[Callable[[PacingWait], None]] = set()
        self._to_notify: set[Callable[[PacingWait], None]] = set()

    def join(self, waiter: Waiter) -> None:
        """Append a waiter to the queue."""
        self.waiters[waiter] = None
        if waiter.pacing.on_wait is not None and waiter.pacing.on_wait not in self._notified:
            self._to_notify.add(waiter.pacing.on_wait)

    def dismiss(self) -> None:
        """Wake all waiters without a permit, after the serving thread failed."""
        while self.waiters:
            self.waiters.popitem()[0].wake()

    def is_idle(self, now: float) -> bool:
        """Return whether nobody waits, no place is taken, and the tier isn't stopped."""
        return not self.waiters and not self.log.held(now) and (self.log.next_free(now) or 0.0) <= now

    def announcements(self, now: float, until: float, tenant: str) -> list[Announcement]:
        """Return the `on_wait` calls due for a wait until `until`, and log the wait. Each wait is announced once."""
        wait = PacingWait(self.tier, until - now, tenant)
        if not self.waiters or wait.seconds < SHORTEST_NOTIFIED_WAIT:
            return []
        if until >= self._notified_until + SHORTEST_NOTIFIED_WAIT:
            logger.info("%s", wait)
            self._notified_until = until
            self._notified = {waiter.pacing.on_wait for waiter in self.waiters if waiter.pacing.on_wait is not None}
            self._to_notify.clear()
            return [(on_wait, wait) for on_wait in self._notified]
        fresh = self._to_notify - self._notified
        self._notified |= fresh
        self._to_notify.clear()
        return [(on_wait, wait) for on_wait in fresh]
