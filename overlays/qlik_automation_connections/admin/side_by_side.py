"""Calls side by side in threads, within bounds: of threads, of what is read ahead, and of failures in a row."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Generic, TypeVar

from attrs import frozen

from .. import APIConnectionError, APIError, APITimeoutError, AuthenticationError, ConfigurationError
from ..interruption import Interrupted, interruptible

T = TypeVar("T")
R = TypeVar("R")

WORKERS = 16
_AHEAD_PER_WORKER = 4


@frozen
class Done(Generic[T, R]):
    """What came of one item.

    Attributes:
        item: the item.
        result: what the work returned; None if it failed.
        error: how it failed; None if it did not.
        seconds: how long it took, without the waits for the pacing and between tries.
    """

    item: T
    result: R | None
    error: APIError | None
    seconds: float


class Outage:
    """Ends a job whose every call meets nobody, long before the last one has.

    Args:
        most: how many calls in a row may meet nobody.
    """

    def __init__(self, most: int = WORKERS) -> None:
        self._left = self._most = most

    def note(self, error: APIError | None) -> None:
        """Takes in what came of a call.

        Raises:
            AuthenticationError: it is this, and no other call would fare better.
            APIConnectionError: it is this, as were all before it.
        """
        if isinstance(error, AuthenticationError):
            raise error
        unreachable = isinstance(error, APIConnectionError) and not isinstance(error, APITimeoutError)
        self._left = self._left - 1 if unreachable else self._most
        if error is not None and self._left <= 0:
            raise error


_Future = Future[Done[T, R] | None]


def side_by_side(
    work: Callable[[T], R],
    items: Iterable[T],
    take: Callable[[Done[T, R]], None],
    *,
    workers: int = WORKERS,
    cancel: threading.Event | None = None,
    ordered: bool = False,
) -> None:
    """Does the same work for many items in threads, and hands over what comes of each.

    However it ends, no more work is begun then, the waits of what is under way end, and the answers to what was sent
    are waited for.

    Args:
        work: what to do; an `APIError` is a result, any other exception ends it all.
        items: for what; taken from as places become free, in the calling thread.
        take: gets what came of each, in the calling thread.
        workers: threads, 1 or more.
        cancel: ends it early when set.
        ordered: whether to hand over in the order of the items; otherwise whatever is done first comes first.

    Raises:
        AuthenticationError: the sign-in was refused.
        APIConnectionError: nobody answered, so often in a row that nobody will.
        ConfigurationError: workers is no number of threads.
    """
    if not isinstance(workers, int) or isinstance(workers, bool) or workers < 1:
        raise ConfigurationError(f"workers must be a whole number, 1 or more, not {workers!r}.")
    stopped = threading.Event()
    outage = Outage(workers)

    def ended() -> bool:
        return stopped.is_set() or (cancel is not None and cancel.is_set())

    def one(item: T) -> Done[T, R] | None:
        result: R | None = None
        failure: APIError | None = None
        with interruptible(ended) as interruption:
            began = time.monotonic()
            try:
                if ended():
                    return None
                result = work(item)
            except APIError as error:
                failure = error
            except Interrupted:
                return None
            return Done(item, result, failure, time.monotonic() - began - interruption.waited)

    def hand_over(future: _Future[T, R]) -> None:
        done = future.result()
        if done is not None:
            take(done)
            outage.note(done.error)

    pool = ThreadPoolExecutor(workers, thread_name_prefix="side-by-side")
    pending: deque[_Future[T, R]] = deque()
    try:
        for item in items:
            if ended():
                break
            pending.append(pool.submit(one, item))
            if len(pending) >= workers * _AHEAD_PER_WORKER:
                for future in _ready(pending, ordered):
                    hand_over(future)
        while pending:
            for future in _ready(pending, ordered):
                hand_over(future)
    finally:
        stopped.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _ready(pending: deque[_Future[T, R]], ordered: bool) -> list[_Future[T, R]]:
    """What is done of the pending, at least one, or the first of them; it is pending no more."""
    if ordered:
        return [pending.popleft()]
    finished = wait(pending, return_when=FIRST_COMPLETED).done
    ready = [future for future in pending if future in finished]
    left = [future for future in pending if future not in finished]
    pending.clear()
    pending.extend(left)
    return ready
