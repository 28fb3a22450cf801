"""One tenant's limits for one principal, shared by all threads and tasks of a process: queues, and who is next.

A thread of the budget's own hands out places while somebody waits: it sleeps until the next one is free. Were it the
first in the queue that slept, an event loop that is busy or stopped would hold up everybody behind it.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Mapping

from ..log import logger
from .lane import Announcement, Lane, tell
from .settings import CAPACITIES, Pacing
from .ticket import Ticket
from .waiters import TaskWaiter, ThreadWaiter, Waiter, WaiterT
from .window_log import WindowLog


class Budget:
    """A budget in this process's memory.

    Args:
        tenant: origin of the tenant, for messages.
        window: seconds for which a place stays taken after its response.
        capacities: requests that a window holds, by tier.
    """

    def __init__(self, tenant: str, window: float, capacities: Mapping[int, int] = CAPACITIES) -> None:
        self.tenant = tenant
        self._lost: deque[int] = deque()
        self._lanes = {tier: self._lane(tier, WindowLog(capacity, window)) for tier, capacity in capacities.items()}
        self._reset()

    def _lane(self, tier: int, log: WindowLog) -> Lane:
        return Lane(tier, log)

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._thread: threading.Thread | None = None

    def after_fork(self) -> None:
        """Make it usable in a child process, which has neither the threads nor the requests of its parent."""
        self._reset()
        self._lost.clear()
        for lane in self._lanes.values():
            lane.queue.clear()
            while lane.log.in_flight:
                lane.log.settle(time.monotonic())

    def widen(self, window: float) -> None:
        """Make the window at least so many seconds long."""
        with self._lock:
            for lane in self._lanes.values():
                lane.log.widen(window)

    def waiting(self, tier: int) -> int:
        """How many threads and tasks wait for a place of a tier."""
        with self._lock:
            return len(self._lanes[tier].queue)

    def is_idle(self) -> bool:
        """Whether forgetting it would forget nothing."""
        with self._lock:
            now = time.monotonic()
            return all(lane.is_idle(now) for lane in self._lanes.values())

    def close(self) -> None:
        """Tell others what they should know; the budget stays usable."""

    def acquire(self, tier: int, pacing: Pacing) -> Ticket:
        """A ticket of a tier; blocks the thread until there is one."""
        lane = self._lanes[tier]
        place = self._ask(lane, pacing, ThreadWaiter)
        if isinstance(place, Ticket):
            return place
        try:
            place.wait()
        except BaseException:
            self._leave(lane, place)
            raise
        return self._received(place)

    async def acquire_async(self, tier: int, pacing: Pacing) -> Ticket:
        """A ticket of a tier; the task waits until there is one."""
        lane = self._lanes[tier]
        place = self._ask(lane, pacing, TaskWaiter)
        if isinstance(place, Ticket):
            return place
        try:
            await place.wait()
        except BaseException:
            self._leave(lane, place)
            raise
        return self._received(place)

    def _ask(self, lane: Lane, pacing: Pacing, kind: type[WaiterT]) -> Ticket | WaiterT:
        with self._lock:
            now = time.monotonic()
            if self._lost:
                self._collect_lost(now)
            if self._is_free(lane, now):
                lane.log.take()
                return Ticket(lane.tier, 0.0, self._lost)
            waiter = kind(pacing, now)
            lane.join(waiter)
            try:
                self._wake_thread()
            except BaseException:
                del lane.queue[waiter]
                raise
            return waiter

    def _is_free(self, lane: Lane, now: float) -> bool:
        """Whether a place can be had without waiting."""
        return not lane.queue and lane.log.free(now) > 0

    @staticmethod
    def _received(waiter: Waiter) -> Ticket:
        ticket, waiter.ticket = waiter.ticket, None
        if ticket is None:
            raise RuntimeError("the pacing failed; the log says why")
        return ticket

    def _leave(self, lane: Lane, waiter: Waiter) -> None:
        with self._lock:
            lane.queue.pop(waiter, None)
            ticket, waiter.ticket = waiter.ticket, None
            if ticket is not None:
                self._return(lane, ticket)

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
            self._settle(self._lanes[self._lost.popleft()], now)

    def _settle(self, lane: Lane, now: float) -> None:
        lane.log.settle(now)

    def _return(self, lane: Lane, ticket: Ticket) -> None:
        ticket.is_open = False
        lane.log.give_back()
        if lane.queue:
            lane.looks_again = None
            self._changed.notify()

    def settle(self, ticket: Ticket) -> None:
        """The response came, or may have been on its way: the place is free again when the window has passed."""
        with self._lock:
            if ticket.is_open:
                ticket.is_open = False
                lane = self._lanes[ticket.tier]
                self._settle(lane, time.monotonic())
                if lane.queue and lane.looks_again is None:
                    self._changed.notify()

    def give_back(self, ticket: Ticket) -> None:
        """Nothing was sent: the place is free."""
        with self._lock:
            if ticket.is_open:
                self._return(self._lanes[ticket.tier], ticket)

    def refused(self, ticket: Ticket, retry_after: float) -> None:
        """The service refused the request: its tier stops for so many seconds."""
        with self._lock:
            if ticket.is_open:
                ticket.is_open = False
                lane = self._lanes[ticket.tier]
                self._refuse(lane, time.monotonic(), retry_after)
                lane.looks_again = None
                self._changed.notify()

    def _refuse(self, lane: Lane, now: float, retry_after: float) -> None:
        lane.log.refuse(now, retry_after)

    def _grant(self, lane: Lane, now: float, count: int) -> int:
        """Hand places that are free to the first in the queue, and tell how many are left over."""
        while count and lane.queue:
            waiter, _ = lane.queue.popitem(last=False)
            waiter.ticket = Ticket(lane.tier, now - waiter.since, self._lost)
            if waiter.wake():
                lane.log.take()
                count -= 1
            else:
                waiter.ticket.is_open = False
        return count

    def _serve(self) -> None:
        try:
            while announcements := self._serve_once():
                tell(announcements)
        except BaseException:
            logger.exception("the pacing failed")
            with self._lock:
                self._thread = None
                for lane in self._lanes.values():
                    lane.dismiss()

    def _serve_once(self) -> list[Announcement]:
        """Hand out places until there is somebody to tell of a wait; nobody if there is no more work."""
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
        # Nobody is told of a ticket that was lost, so even a wait for a response is bounded.
        return min(
            time.monotonic() + lane.log.window / 10 if lane.looks_again is None else lane.looks_again
            for lane in self._lanes.values()
            if lane.queue
        )

    def _has_work(self) -> bool:
        return any(lane.queue for lane in self._lanes.values())

    def _look(self) -> list[Announcement]:
        now = time.monotonic()
        self._collect_lost(now)
        announcements: list[Announcement] = []
        for lane in self._lanes.values():
            lane.looks_again = None
            if lane.queue:
                self._grant(lane, now, lane.log.free(now))
            if lane.queue:
                lane.looks_again = lane.log.next_free(now)
                until = now + lane.log.window if lane.looks_again is None else lane.looks_again
                announcements += lane.announcements(now, until, self.tenant)
        return announcements
