"""A budget that several processes share. Its thread does the talking, for all who wait at once.

While the store can't be used, each process goes on by itself, with no more than its share of the limits: see `_share`.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Mapping

from ..log import logger
from .budget import Budget
from .lane import Announcement, Lane
from .settings import CAPACITIES
from .shared_lane import SharedLane
from .store import BEATS_IN_A_LEASE, MemoryLostError, SharedStore, StoreError, lease_seconds
from .ticket import Ticket
from .window_log import WindowLog, stop_seconds

RETRY_SECONDS = 1.0
"""While the store can't be used, how long until it is tried again."""
GRACE_SECONDS = 3 * RETRY_SECONDS
"""How long a store that is there again hands out nothing, so that it hears from every process first."""


class SharedBudget(Budget):
    """A budget in a store.

    Args:
        tenant: origin of the tenant, for messages.
        window: seconds for which a place stays taken after its response.
        store: where the places are kept.
        capacities: requests that a window holds, by tier.

    Raises:
        ConfigurationError: the store can't be used.
    """

    def __init__(
        self, tenant: str, window: float, store: SharedStore, capacities: Mapping[int, int] = CAPACITIES
    ) -> None:
        self._store = store
        self._lost_at: float | None = None
        self._try_again = float("-inf")
        super().__init__(tenant, window, capacities)

    def _lane(self, tier: int, log: WindowLog) -> Lane:
        return SharedLane(tier, log)

    @property
    def _shared_lanes(self) -> list[SharedLane]:
        return [lane for lane in self._lanes.values() if isinstance(lane, SharedLane)]

    def _reset(self) -> None:
        super()._reset()
        # Held while the store is talked to; never taken while `_lock` is held.
        self._talking = threading.Lock()

    def after_fork(self) -> None:
        super().after_fork()
        self._store.after_fork()
        for lane in self._shared_lanes:
            # The parent reports its own.
            lane.unreported.clear()
            lane.log = WindowLog(lane.log.capacity, lane.log.window)

    def close(self) -> None:
        with self._lock:
            lanes = [lane for lane in self._shared_lanes if lane.unreported or lane.stop_unreported is not None]
        with self._talking:
            if self._lost_at is None:
                for lane in lanes:
                    try:
                        self._talk(lane, ask=False)
                    except StoreError as error:
                        logger.debug("the last report of the pacing failed: %s", error)
                        break
            self._store.close()

    def _is_free(self, lane: Lane, now: float) -> bool:  # noqa: ARG002
        return False  # The thread asks the store, once for all who wait.

    def _settle(self, lane: Lane, now: float) -> None:
        super()._settle(lane, now)
        assert isinstance(lane, SharedLane)
        lane.unreported.append(now + lane.log.window)

    def _return(self, lane: Lane, ticket: Ticket) -> None:
        super()._return(lane, ticket)
        assert isinstance(lane, SharedLane)
        lane.next_beat = float("-inf")
        lane.next_place = float("-inf")
        self._wake_thread()

    def _refuse(self, lane: Lane, now: float, retry_after: float) -> None:
        assert isinstance(lane, SharedLane)
        if self._lost_at is None:
            # The store knows who took what; only the stop concerns this log.
            lane.log.give_back()
            lane.log.stopped_until = max(lane.log.stopped_until, now + stop_seconds(retry_after))
        else:
            super()._refuse(lane, now, retry_after)
        lane.stop_unreported = max(lane.stop_unreported or 0.0, now + stop_seconds(retry_after))
        lane.next_beat = float("-inf")
        self._wake_thread()

    def _has_work(self) -> bool:
        return any(self._is_busy(lane) for lane in self._shared_lanes)

    @staticmethod
    def _is_busy(lane: SharedLane) -> bool:
        return bool(lane.queue or lane.log.in_flight or lane.unreported or lane.stop_unreported is not None)

    def _looks_again(self) -> float:
        return min(self._due(lane) for lane in self._shared_lanes)

    def _due(self, lane: SharedLane) -> float:
        moments = [float("inf")]
        if self._lost_at is not None:
            if self._has_work():
                moments.append(self._try_again)
            if lane.queue and lane.looks_again is not None:
                moments.append(lane.looks_again)
        else:
            if lane.queue:
                moments.append(lane.next_place)
            if self._is_busy(lane):
                moments.append(lane.next_beat)
        return min(moments)

    def _look(self) -> list[Announcement]:
        """Hand out what there is. Called with the lock, which is released while the store is talked to."""
        now = time.monotonic()
        self._collect_lost(now)
        if self._lost_at is not None and now >= self._try_again:
            self._find()
        elif self._lost_at is None:
            for lane in self._shared_lanes:
                if self._due(lane) <= now:
                    try:
                        self._exchange(lane, ask=True)
                    except StoreError as error:
                        self._lose(str(error))
                        break
        now = time.monotonic()
        return [told for lane in self._shared_lanes for told in self._serve_lane(lane, now)]

    def _serve_lane(self, lane: SharedLane, now: float) -> list[Announcement]:
        if not lane.queue:
            return []
        if self._lost_at is None:
            lane.looks_again = lane.next_place
            return lane.announcements(now, lane.next_place, self.tenant)
        lane.log.capacity = self._share(lane, now)
        self._grant(lane, now, lane.log.free(now))
        if not lane.queue:
            return []
        following = lane.log.next_free(now)
        whole_share = self._lost_at + lane.log.window
        if now < whole_share:
            following = whole_share if following is None else min(following, whole_share)
        lane.looks_again = following
        return lane.announcements(now, now + lane.log.window if following is None else following, self.tenant)

    def _exchange(self, lane: SharedLane, *, ask: bool) -> None:
        """Talk to the store with the lock released; called with the lock."""
        self._lock.release()
        try:
            with self._talking:
                self._talk(lane, ask=ask)
        finally:
            self._lock.acquire()

    def _talk(self, lane: SharedLane, *, ask: bool) -> None:
        with self._lock:
            now = time.monotonic()
            report = lane.report(now, want=len(lane.queue) if ask else 0)
            reported, stop = len(lane.unreported), lane.stop_unreported
        reply = self._store.sync(report)
        with self._lock:
            now = time.monotonic()
            if report.epoch is not None and reply.epoch != report.epoch:
                raise MemoryLostError("it has lost its memory")
            for _ in range(reported):
                lane.unreported.popleft()
            if lane.stop_unreported == stop:
                lane.stop_unreported = None
            lane.epoch, lane.processes, lane.free = reply.epoch, reply.processes, reply.free
            left = self._grant(lane, now, reply.granted)
            # Places that nobody took after all are given back by saying how many are in flight.
            lane.next_beat = now if left else now + lease_seconds(lane.log.window) / BEATS_IN_A_LEASE
            lane.next_place = now + (lane.log.window if reply.wait is None else reply.wait)

    def _lose(self, reason: str) -> None:
        now = time.monotonic()
        logger.warning(
            "the pacing can't use %s: %s; this process goes on with its share of the limits", self._store.name, reason
        )
        self._lost_at = now
        self._try_again = now + RETRY_SECONDS
        for lane in self._shared_lanes:
            lane.held_at_loss = lane.log.held(now)

    def _find(self) -> None:
        """Try the store again, and tell it what it missed, or all if it lost its memory."""
        try:
            for lane in self._shared_lanes:
                lane.hold = GRACE_SECONDS
                try:
                    self._exchange(lane, ask=False)
                except MemoryLostError:
                    lane.epoch = None
                    lane.unreported = deque(lane.log.frees(time.monotonic()))
                    self._exchange(lane, ask=False)
        except StoreError as error:
            self._try_again = time.monotonic() + RETRY_SECONDS
            logger.debug("the pacing still can't use %s: %s", self._store.name, error)
            return
        logger.info("the pacing uses %s again", self._store.name)
        self._lost_at = None
        for lane in self._shared_lanes:
            lane.hold = None
            lane.log.capacity = lane.capacity

    def _share(self, lane: SharedLane, now: float) -> int:
        """How many places this process may hold while it knows nothing of the others.

        An equal share for each process that was there last, once what the others had taken is free again. Until then
        no more than it held itself, and half of its part of what was free: all of them together held no more than
        the window does, and go on doing so.
        """
        share = lane.capacity // max(1, lane.processes)
        if self._lost_at is None or now >= self._lost_at + lane.log.window:
            return share
        return min(share, lane.held_at_loss + lane.free // (2 * max(1, lane.processes)))
