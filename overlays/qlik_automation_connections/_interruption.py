"""Lets a job end the waits of its own threads: for a turn in the pacing, and between two tries of a call."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_LOOKS_EVERY = 0.1


class Interrupted(Exception):
    """A wait was ended; what it was for was not sent."""


class Interruption:
    """What ends the waits of the threads it is current in, and counts how long they were.

    Args:
        ended: whether they are to end; asked ten times a second.

    Attributes:
        waited: seconds that were waited so far.
    """

    def __init__(self, ended: Callable[[], bool]) -> None:
        self._ended = ended
        self.waited = 0.0

    def sleep(self, seconds: float) -> None:
        """Waits so many seconds.

        Raises:
            Interrupted: it was to end before they had passed, or before it began.
        """
        until = time.monotonic() + seconds
        self._wait(
            lambda: time.monotonic() >= until, lambda: time.sleep(max(0.0, min(_LOOKS_EVERY, until - time.monotonic())))
        )

    def acquire(self, lock: threading.Lock) -> None:
        """Waits until a lock can be had.

        Raises:
            Interrupted: it was to end before.
        """
        self._wait(lambda: lock.acquire(timeout=_LOOKS_EVERY), lambda: None)

    def _wait(self, is_over: Callable[[], bool], pause: Callable[[], None]) -> None:
        began = time.monotonic()
        try:
            while True:
                # Asked first, so that a wait for no time ends it, too: a call that is tried again at once.
                if self._ended():
                    raise Interrupted
                if is_over():
                    return
                pause()
        finally:
            self.waited += time.monotonic() - began


_current: ContextVar[Interruption | None] = ContextVar("interruption", default=None)


def current() -> Interruption | None:
    """What may end the waits of this thread, if anything."""
    return _current.get()


@contextmanager
def interruptible(ended: Callable[[], bool]) -> Iterator[Interruption]:
    """Makes the waits of this thread end when they are to, while the block runs."""
    interruption = Interruption(ended)
    token = _current.set(interruption)
    try:
        yield interruption
    finally:
        _current.reset(token)
