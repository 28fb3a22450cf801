"""What waits in a queue: a thread, or a task of an event loop."""

from __future__ import annotations

import asyncio
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, TypeVar

import anyio

from .._interruption import current
from ._permit import Permit
from ._settings import Pacing


class Waiter(ABC):
    """Somebody in the queue of a tier.

    Attributes:
        pacing: whose `on_wait` is to be called.
        since: when the wait began, on the monotonic clock.
        permit: what it waited for, once it is there.
    """

    def __init__(self, pacing: Pacing, since: float) -> None:
        self.pacing = pacing
        self.since = since
        self.permit: Permit | None = None

    @abstractmethod
    def wake(self) -> bool:
        """Wake it, from any thread; False if it can't be woken any more."""


WaiterT = TypeVar("WaiterT", bound=Waiter)


class ThreadWaiter(Waiter):
    """A thread that waits."""

    def __init__(self, pacing: Pacing, since: float) -> None:
        super().__init__(pacing, since)
        self._lock = threading.Lock()
        self._lock.acquire()

    def wake(self) -> bool:
        self._lock.release()
        return True

    def wait(self) -> None:
        """Block until it is woken.

        Raises:
            Interrupted: what is current for this thread ended the wait.
        """
        interruption = current()
        if interruption is not None:
            interruption.acquire(self._lock)
            return
        # Bounded, for Ctrl-C may be seen only when a wait ends: on Windows, or if it comes just before.
        while not self._lock.acquire(timeout=1.0):
            pass


class TaskWaiter(Waiter):
    """A task of asyncio or trio that waits; made in that task."""

    def __init__(self, pacing: Pacing, since: float) -> None:
        super().__init__(pacing, since)
        self._event = anyio.Event()
        self._schedule = _scheduler()

    def wake(self) -> bool:
        try:
            self._schedule(self._event.set)
        except RuntimeError:
            # The loop ended and left the task behind.
            return False
        return True

    async def wait(self) -> None:
        """Wait until it is woken."""
        await self._event.wait()


def _scheduler() -> Callable[[Callable[[], object]], object]:
    """What runs a function in the event loop of the calling task, from any thread."""
    trio: Any = sys.modules.get("trio")
    # Asked first, for trio can run as a guest of asyncio.
    if trio is not None and trio.lowlevel.in_trio_task():
        schedule: Callable[[Callable[[], object]], object] = trio.lowlevel.current_trio_token().run_sync_soon
        return schedule
    return asyncio.get_running_loop().call_soon_threadsafe
