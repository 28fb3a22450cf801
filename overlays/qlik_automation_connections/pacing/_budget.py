"""One principal's rate limits at one tenant, shared by all threads and tasks of a process.

While anybody waits, a background thread hands out places and sleeps until the next one is free. If the first waiter
slept instead, a busy or stopped event loop would block everybody behind it.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Mapping

from .._log import logger
from ._permit import Permit
from ._settings import CAPACITIES, Pacing
from ._tier_queue import Announcement, TierQueue, notify
from ._waiters import TaskWaiter, ThreadWaiter, Waiter, WaiterT
from ._window_log import WindowLog


class Budget:
    """A budget in this process's memory.

    Args:
        tenant: Origin of the tenant, for messages.
        window: Seconds for which a place stays taken after its response.
        capacities: Requests per window, by tier.
    """

    def __init__(self, tenant: str, window: float, capacities: Mapping[int, int] = CAPACITIES) -> None:
        self.tenant = tenant
        self._lost: deque[int] = deque()
        self._queues = {tier: self._queue(tier, WindowLog(capacity, window)) for tier, capacity in capacities.items()}
        self._reset()

    def _queue(self, tier: int, log: WindowLog) -> TierQueue:
        return TierQueue(tier, log)

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._thread: threading.Thread | None = None

    def after_fork(self) -> None:
        """Reset in a child process, which has neither the threads nor the requests of its parent."""
        self._reset()
        self._lost.clear()
        for queue in self._queues.values():
            queue.waiters.clear()
            while queue.log.in_flight:
                queue.log.complete(time.monotonic())

    def widen(self, window: float) -> None:
        """Extend the window to at least `window` seconds."""
        with self._lock:
            for queue in self._queues.values():
                queue.log.widen(window)

    def waiting(self, tier: int) -> int:
        """Return the number of threads and tasks that wait for a tier."""
        with self._lock:
            return len(self._queues[tier].waiters)

    def is_idle(self) -> bool:
        """Return whether the budget has nothing to remember."""
        with self._lock:
            now = time.monotonic()
            return all(queue.is_idle(now) for queue in self._queues.values())

    def close(self) -> None:
        """Report outstanding responses to a shared store, if any. The budget stays usable."""

    def acquire(self, tier: int, pacing: Pacing) -> Permit:
        """Return a permit of a tier, blocking the thread until one is available."""
        queue = self._queues[tier]
        place = self._ask(queue, pacing, ThreadWaiter)
        if isinstance(place, Permit):
            return place
        try:
            place.wait()
        except BaseException:
            self._leave(queue, place)
            raise
        return self._received(place)

    async def acquire_async(self, tier: int, pacing: Pacing) -> Permit:
        """Return a permit of a tier, suspending the task until one is available."""
        queue = self._queues[tier]
        place = self._ask(queue, pacing, TaskWaiter)
        if isinstance(place, Permit):
            return place
        try:
            await place.wait()
        except BaseException:
            self._leave(queue, place)
            raise
        return self._received(place)

    def _ask(self, queue: TierQueue, pacing: Pacing, kind: type[WaiterT]) -> Permit | WaiterT:
        with self._lock:
            now = time.monotonic()
            if self._lost:
                self._collect_lost(now)
            if self._is_free(queue, now):
                queue.log.take()
                return Permit(queue.tier, 0.0, self._lost)
            waiter = kind(pacing, now)
            queue.join(waiter)
            try:
                self._wake_thread()
            except BaseException:
                del queue.waiters[waiter]
                raise
            return waiter

    def _is_free(self, queue: TierQueue, now: float) -> bool:
        """Return whether a place is available without waiting."""
        return not queue.waiters and queue.log.free(now) > 0

    @staticmethod
    def _received(waiter: Waiter) -> Permit:
        permit, waiter.permit = waiter.permit, None
        if permit is None:
            raise RuntimeError("pacing failed; see the log for the reason")
        return permit

    def _leave(self, queue: TierQueue, waiter: Waiter) -> None:
        with self._lock:
            queue.waiters.pop(waiter, None)
            permit, waiter.permit = waiter.permit, None
            if permit is not None:
                self._release(queue, permit)

    def _wake_thread(self) -> None:
        if self._thread is None:
            thread = threading.Thread(target=self._serve, name="pacing", daemon=True)
            self._thread = thread
            try:
                thread.start()
            except BaseException:
                self._thread = None
                raise
        self._changed.notify()

    def _collect_lost(self, now: float) -> None:
        while self._lost:
            self._complete(self._queues[self._lost.popleft()], now)

    def _complete(self, queue: TierQueue, now: float) -> None:
        queue.log.complete(now)

    def _release(self, queue: TierQueue, permit: Permit) -> None:
        permit.is_open = False
        queue.log.release()
        if queue.waiters:
            queue.looks_again = None
            self._changed.notify()

    def complete(self, permit: Permit) -> None:
        """Close a permit whose request was, or may have been, answered. Its place is free after one window."""
        with self._lock:
            if permit.is_open:
                permit.is_open = False
                queue = self._queues[permit.tier]
                self._complete(queue, time.monotonic())
                if queue.waiters and queue.looks_again is None:
                    self._changed.notify()

    def release(self, permit: Permit) -> None:
        """Close a permit whose request was not sent. Its place is free at once."""
        with self._lock:
            if permit.is_open:
                self._release(self._queues[permit.tier], permit)

    def refused(self, permit: Permit, retry_after: float) -> None:
        """Close a permit whose request was refused with 429. Its tier stops for `retry_after` seconds."""
        with self._lock:
            if permit.is_open:
                permit.is_open = False
                queue = self._queues[permit.tier]
                self._refuse(queue, time.monotonic(), retry_after)
                queue.looks_again = None
                self._changed.notify()

    def _refuse(self, queue: TierQueue, now: float, retry_after: float) -> None:
        queue.log.refuse(now, retry_after)

    def _grant(self, queue: TierQueue, now: float, count: int) -> int:
        """Grant up to `count` places in queue order. Return how many are left over."""
        while count and queue.waiters:
            waiter, _ = queue.waiters.popitem(last=False)
            waiter.permit = Permit(queue.tier, now - waiter.since, self._lost)
            if waiter.wake():
                queue.log.take()
                count -= 1
            else:
                waiter.permit.is_open = False
        return count

    def _serve(self) -> None:
        try:
            while announcements := self._serve_once():
                notify(announcements)
        except BaseException:
            logger.exception("pacing failed")
            with self._lock:
                self._thread = None
                for queue in self._queues.values():
                    queue.dismiss()

    def _serve_once(self) -> list[Announcement]:
        """Hand out places until a wait has to be announced. Return no announcements when no work is left."""
        with self._lock:
            while True:
                announcements = self._look()
                if announcements:
                    return announcements
                if not self._has_work():
                    self._thread = None
                    return []
                self._changed.wait(max(0.0, self._looks_again() - time.monotonic()))

    def _looks_again(self) -> float:
        # A lost permit notifies nobody, so even a wait for a response is bounded.
        return min(
            time.monotonic() + queue.log.window / 10 if queue.looks_again is None else queue.looks_again
            for queue in self._queues.values()
            if queue.waiters
        )

    def _has_work(self) -> bool:
        return any(queue.waiters for queue in self._queues.values())

    def _look(self) -> list[Announcement]:
        now = time.monotonic()
        self._collect_lost(now)
        announcements: list[Announcement] = []
        for queue in self._queues.values():
            queue.looks_again = None
            if queue.waiters:
                self._grant(queue, now, queue.log.free(now))
            if queue.waiters:
                queue.looks_again = queue.log.next_free(now)
                until = now + queue.log.window if queue.looks_again is None else queue.looks_again
                announcements += queue.announcements(now, until, self.tenant)
        return announcements
