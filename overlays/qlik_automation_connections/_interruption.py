"""Interruptible waits, with which a job stops threads that wait for rate limits or for a retry."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_LOOKS_EVERY = 0.1


class Interrupted(Exception):
    """A wait was interrupted, and its request was not sent."""


class Interruption:
    """Interrupts the waits of the threads in which it is current, and adds them up.

    Args:
        ended: Returns whether to stop waiting; called ten times a second.

    Attributes:
        waited: Seconds waited so far.
    """

    def __init__(self, ended: Callable[[], bool]) -> None:
        self._ended = ended
        self.waited = 0.0

    def sleep(self, seconds: float) -> None:
        """Sleep for a number of seconds.

        Raises:
            Interrupted: `ended` returned True before or during the wait.
        """
        until = time.monotonic() + seconds
        self._wait(
            lambda: time.monotonic() >= until, lambda: time.sleep(max(0.0, min(_LOOKS_EVERY, until - time.monotonic())))
        )

    def acquire(self, lock: threading.Lock) -> None:
        """Acquire a lock.

        Raises:
            Interrupted: `ended` returned True before the lock was free.
        """
        self._wait(lambda: lock.acquire(timeout=_LOOKS_EVERY), lambda: None)

    def _wait(self, is_over: Callable[[], bool], pause: Callable[[], None]) -> None:
        began = time.monotonic()
        try:
            while True:
                # Checked first, so that a wait of zero seconds, before an immediate retry, is interrupted too.
                if self._ended():
                    raise Interrupted
                if is_over():
                    return
                pause()
        finally:
            self.waited += time.monotonic() - began


_current: ContextVar[Interruption | None] = ContextVar("interruption", default=None)


def current() -> Interruption | None:
    """Return what may interrupt the waits of this thread, if anything."""
    return _current.get()


@contextmanager
def interruptible(ended: Callable[[], bool]) -> Iterator[Interruption]:
    """Make this thread's waits interruptible inside the block."""
    interruption = Interruption(ended)
    token = _current.set(interruption)
    try:
        yield interruption
    finally:
        _current.reset(token)
