"""Waiters in a queue: threads, and tasks of an event loop."""

from __future__ import annotations

import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, TypeVar

from .._interruption import current
from ._permit import Permit
from ._settings import Pacing


class Waiter(ABC):
    """A waiter in the queue of a tier.

    Attributes:
        pacing: Settings with the `on_wait` to call.
        since: When the wait began, on the monotonic clock.
        permit: The permit, once granted.
    """

    def __init__(self, pacing: Pacing, since: float) -> None:
        self.pacing = pacing
        self.since = since
        self.permit: Permit | None = None

    @abstractmethod
    def wake(self) -> bool:
        """Wake the waiter, from any thread. Return False if its event loop has ended."""


WaiterT = TypeVar("WaiterT", bound=Waiter)


class ThreadWaiter(Waiter):
    """A waiting thread."""

    def __init__(self, pacing: Pacing, since: float) -> None:
        super().__init__(pacing, since)
        self._lock = threading.Lock()
        self._lock.acquire()

    def wake(self) -> bool:
        self._lock.release()
        return True

    def wait(self) -> None:
        """Block until woken.

        Raises:
            Interrupted: This thread's current interruption ended the wait.
        """
        interruption = current()
        if interruption is not None:
            interruption.acquire(self._lock)
            return
        # Bounded, because Ctrl-C may take effect only when a wait ends: on Windows, or if pressed just before it.
        while not self._lock.acquire(timeout=1.0):
            pass


class TaskWaiter(Waiter):
    """A waiting asyncio or trio task. Create the waiter within that task."""

    def __init__(self, pacing: Pacing, since: float) -> None:
        import anyio

        super().__init__(pacing, since)
        self._event = anyio.Event()
        self._schedule = _scheduler()

    def wake(self) -> bool:
        try:
            self._schedule(self._event.set)
        except RuntimeError:
            # The loop ended before the task did.
            return False
        return True

    async def wait(self) -> None:
        """Wait until woken."""
        await self._event.wait()


def _scheduler() -> Callable[[Callable[[], object]], object]:
    """Return a thread-safe function that runs a callback in the calling task's event loop."""
    trio: Any = sys.modules.get("trio")
    # Checked first, because trio can run as a guest of asyncio.
    if trio is not None and trio.lowlevel.in_trio_task():
        schedule: Callable[[Callable[[], object]], object] = trio.lowlevel.current_trio_token().run_sync_soon
        return schedule
    import asyncio  # which threads don't need

    return asyncio.get_running_loop().call_soon_threadsafe
