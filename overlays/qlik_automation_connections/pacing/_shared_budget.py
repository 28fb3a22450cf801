"""A budget that several processes share. Its thread talks to the store on behalf of all waiters.

While the store is unavailable, each process continues alone with its share of the limits: see `_share`.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Mapping

from .._log import logger
from ._budget import Budget
from ._permit import Permit
from ._settings import CAPACITIES
from ._shared_tier_queue import SharedTierQueue
from ._store import HEARTBEATS_IN_A_LEASE, MemoryLostError, SharedStore, StoreError, lease_seconds
from ._tier_queue import Announcement, TierQueue
from ._window_log import WindowLog, stop_seconds

RETRY_SECONDS = 1.0
"""Time between attempts to reach an unavailable store."""
GRACE_SECONDS = 3 * RETRY_SECONDS
"""How long a store that is back grants nothing, so that every process can report first."""


class SharedBudget(Budget):
    """A budget in a store.

    Args:
        tenant: Origin of the tenant, for messages.
        window: Seconds for which a place stays taken after its response.
        store: Where the places are kept.
        capacities: Requests per window, by tier.

    Raises:
        ConfigurationError: The store can't be used.
    """

    def __init__(
        self, tenant: str, window: float, store: SharedStore, capacities: Mapping[int, int] = CAPACITIES
    ) -> None:
        self._store = store
        self._lost_at: float | None = None
        self._try_again = float("-inf")
        super().__init__(tenant, window, capacities)

    def _queue(self, tier: int, log: WindowLog) -> TierQueue:
        return SharedTierQueue(tier, log)

    @property
    def _shared_queues(self) -> list[SharedTierQueue]:
        return [queue for queue in self._queues.values() if isinstance(queue, SharedTierQueue)]

    def _reset(self) -> None:
        super()._reset()
        # Held while talking to the store; never acquired while holding `_lock`.
        self._talking = threading.Lock()

    def after_fork(self) -> None:
        super().after_fork()
        self._store.after_fork()
        for queue in self._shared_queues:
            # The parent reports its own requests.
            queue.unreported.clear()
            queue.log = WindowLog(queue.log.capacity, queue.log.window)

    def close(self) -> None:
        with self._lock:
            queues = [queue for queue in self._shared_queues if queue.unreported or queue.stop_unreported is not None]
        with self._talking:
            if self._lost_at is None:
                for queue in queues:
                    try:
                        self._talk(queue, ask=False)
                    except StoreError as error:
                        logger.debug("last pacing report failed: %s", error)
                        break
            self._store.close()

    def _is_free(self, queue: TierQueue, now: float) -> bool:  # noqa: ARG002
        return False  # The thread asks the store for all waiters at once.

    def _complete(self, queue: TierQueue, now: float) -> None:
        super()._complete(queue, now)
        assert isinstance(queue, SharedTierQueue)
        queue.unreported.append(now + queue.log.window)

    def _release(self, queue: TierQueue, permit: Permit) -> None:
        super()._release(queue, permit)
        assert isinstance(queue, SharedTierQueue)
        queue.next_heartbeat = float("-inf")
        queue.next_place = float("-inf")
        self._wake_thread()

    def _refuse(self, queue: TierQueue, now: float, retry_after: float) -> None:
        assert isinstance(queue, SharedTierQueue)
        if self._lost_at is None:
            # The store tracks the places, so this log records only the stop.
            queue.log.release()
            queue.log.stopped_until = max(queue.log.stopped_until, now + stop_seconds(retry_after))
        else:
            super()._refuse(queue, now, retry_after)
        queue.stop_unreported = max(queue.stop_unreported or 0.0, now + stop_seconds(retry_after))
        queue.next_heartbeat = float("-inf")
        self._wake_thread()

    def _has_work(self) -> bool:
        return any(self._is_busy(queue) for queue in self._shared_queues)

    @staticmethod
    def _is_busy(queue: SharedTierQueue) -> bool:
        return bool(queue.waiters or queue.log.in_flight or queue.unreported or queue.stop_unreported is not None)

    def _looks_again(self) -> float:
        return min(self._due(queue) for queue in self._shared_queues)

    def _due(self, queue: SharedTierQueue) -> float:
        moments = [float("inf")]
        if self._lost_at is not None:
            if self._has_work():
                moments.append(self._try_again)
            if queue.waiters and queue.looks_again is not None:
                moments.append(queue.looks_again)
        else:
            if queue.waiters:
                moments.append(queue.next_place)
            if self._is_busy(queue):
                moments.append(queue.next_heartbeat)
        return min(moments)

    def _look(self) -> list[Announcement]:
        """Hand out available places. Call with the lock held; it is released while talking to the store."""
        now = time.monotonic()
        self._collect_lost(now)
        if self._lost_at is not None and now >= self._try_again:
            self._find()
        elif self._lost_at is None:
            for queue in self._shared_queues:
                if self._due(queue) <= now:
                    try:
                        self._exchange(queue, ask=True)
                    except StoreError as error:
                        self._lose(str(error))
                        break
        now = time.monotonic()
        return [told for queue in self._shared_queues for told in self._serve_queue(queue, now)]

    def _serve_queue(self, queue: SharedTierQueue, now: float) -> list[Announcement]:
        if not queue.waiters:
            return []
        if self._lost_at is None:
            queue.looks_again = queue.next_place
            return queue.announcements(now, queue.next_place, self.tenant)
        queue.log.capacity = self._share(queue, now)
        self._grant(queue, now, queue.log.free(now))
        if not queue.waiters:
            return []
        following = queue.log.next_free(now)
        whole_share = self._lost_at + queue.log.window
        if now < whole_share:
            following = whole_share if following is None else min(following, whole_share)
        queue.looks_again = following
        return queue.announcements(now, now + queue.log.window if following is None else following, self.tenant)

    def _exchange(self, queue: SharedTierQueue, *, ask: bool) -> None:
        """Talk to the store with the lock released. Call with the lock held."""
        self._lock.release()
        try:
            with self._talking:
                self._talk(queue, ask=ask)
        finally:
            self._lock.acquire()

    def _talk(self, queue: SharedTierQueue, *, ask: bool) -> None:
        with self._lock:
            now = time.monotonic()
            report = queue.report(now, want=len(queue.waiters) if ask else 0)
            reported, stop = len(queue.unreported), queue.stop_unreported
        reply = self._store.sync(report)
        with self._lock:
            now = time.monotonic()
            if report.epoch is not None and reply.epoch != report.epoch:
                raise MemoryLostError("it lost its data")
            for _ in range(reported):
                queue.unreported.popleft()
            if queue.stop_unreported == stop:
                queue.stop_unreported = None
            queue.epoch, queue.processes, queue.free = reply.epoch, reply.processes, reply.free
            left = self._grant(queue, now, reply.granted)
            # The next report's in-flight count releases places that nobody took.
            queue.next_heartbeat = now if left else now + lease_seconds(queue.log.window) / HEARTBEATS_IN_A_LEASE
            queue.next_place = now + (queue.log.window if reply.wait is None else reply.wait)

    def _lose(self, reason: str) -> None:
        now = time.monotonic()
        logger.warning(
            "pacing can't use %s: %s; this process continues with its share of the limits", self._store.name, reason
        )
        self._lost_at = now
        self._try_again = now + RETRY_SECONDS
        for queue in self._shared_queues:
            queue.held_at_loss = queue.log.held(now)

    def _find(self) -> None:
        """Try the store again. Report what it missed, or everything if it lost its data."""
        try:
            for queue in self._shared_queues:
                queue.hold = GRACE_SECONDS
                try:
                    self._exchange(queue, ask=False)
                except MemoryLostError:
                    queue.epoch = None
                    queue.unreported = deque(queue.log.frees(time.monotonic()))
                    self._exchange(queue, ask=False)
        except StoreError as error:
            self._try_again = time.monotonic() + RETRY_SECONDS
            logger.debug("pacing still can't use %s: %s", self._store.name, error)
            return
        logger.info("pacing uses %s again", self._store.name)
        self._lost_at = None
        for queue in self._shared_queues:
            queue.hold = None
            queue.log.capacity = queue.capacity

    def _share(self, queue: SharedTierQueue, now: float) -> int:
        """Return how many places this process may hold while it can't see the others.

        Once the others' places have expired: an equal share for each process last seen. Until then: what this process
        held itself plus half of its part of the free places, so that all processes together stay within the limit.
        """
        share = queue.capacity // max(1, queue.processes)
        if self._lost_at is None or now >= self._lost_at + queue.log.window:
            return share
        return min(share, queue.held_at_loss + queue.free // (2 * max(1, queue.processes)))
