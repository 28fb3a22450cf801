"""Calls side by side in threads, within bounds: of threads, of what is read ahead, and of failures in a row."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from attrs import frozen

from .. import APIConnectionError, APIError, APITimeoutError, AuthenticationError, ConfigurationError
from .._interruption import Interrupted, interruptible

T = TypeVar("T")
R = TypeVar("R")

WORKERS = 16
_AHEAD_PER_WORKER = 4
_LOOKS_EVERY = 0.1
_FEWEST_IN_A_ROW = 3


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


class CircuitBreaker:
    """Ends a job early when nobody answers its calls any longer.

    Args:
        most: How many calls in a row may go unanswered; 3 at least, for one may break by itself.
    """

    def __init__(self, most: int = WORKERS) -> None:
        self._left = self._most = max(most, _FEWEST_IN_A_ROW)

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


def check_workers(workers: object) -> None:
    """Raises if something is no number of threads.

    Raises:
        ConfigurationError: it is none.
    """
    if not isinstance(workers, int) or isinstance(workers, bool) or workers < 1:
        raise ConfigurationError(f"workers must be a whole number, 1 or more, not {workers!r}.")


class _Course:
    """What the threads of a job have in common: whether it is to end, and why."""

    def __init__(self, workers: int, cancel: threading.Event | None) -> None:
        self._cancel = cancel
        self._stopped = threading.Event()
        self._breaker = CircuitBreaker(workers)
        self._lock = threading.Lock()
        self._failures: list[BaseException] = []

    def is_to_end(self) -> bool:
        return self._stopped.is_set() or (self._cancel is not None and self._cancel.is_set())

    def stop(self) -> None:
        self._stopped.set()

    def fail(self, error: BaseException) -> None:
        """Ends it with an exception, unless another one was first."""
        with self._lock:
            self._failures.append(error)
        self.stop()

    def note(self, error: APIError | None) -> None:
        """Takes in what came of a call, and ends it if no other would fare better.

        In the thread that met it: were it noted when it is handed over, others would begin meanwhile.
        """
        with self._lock:
            try:
                self._breaker.note(error)
            except APIError as reason:
                self._failures.append(reason)
                self.stop()

    def failed_with(self, error: APIError | None) -> bool:
        """Whether a failure is one of those that ended it."""
        return any(error is failure for failure in self._failures)

    def raise_first(self) -> None:
        """Raises what ended it, if anything did."""
        if self._failures:
            try:
                raise self._failures[0]
            finally:
                # It knows this frame now; neither would be let go of until the next collection.
                self._failures.clear()


def _one(work: Callable[[T], R], item: T, course: _Course) -> Done[T, R] | None:
    """What came of an item; None if its work was ended, or failed with what is no result."""
    result: R | None = None
    failure: APIError | None = None
    with interruptible(course.is_to_end) as interruption:
        began = time.monotonic()
        try:
            if course.is_to_end():
                return None
            result = work(item)
        except APIError as error:
            failure = error
        except Interrupted:
            return None
        except BaseException as error:  # noqa: BLE001 - raised in the calling thread
            course.fail(error)
            return None
        seconds = time.monotonic() - began - interruption.waited
    course.note(failure)
    return Done(item, result, failure, max(0.0, seconds))


class _Threads(Generic[T, R]):
    """Threads that are given items, and give back what came of them; started as they are needed.

    Those of `concurrent.futures` can't be used: where Ctrl-C comes at a bad moment, its locks stay locked.
    """

    def __init__(self, work: Callable[[T], R], workers: int, course: _Course) -> None:
        self._work, self._workers, self._course = work, workers, course
        self._given: SimpleQueue[tuple[int, T] | None] = SimpleQueue()
        self._done: SimpleQueue[tuple[int, Done[T, R] | None]] = SimpleQueue()
        self._threads: list[threading.Thread] = []

    def give(self, number: int, item: T) -> None:
        self._given.put((number, item))
        if len(self._threads) < self._workers:
            # Daemons, so that a second Ctrl-C ends the process without waiting for an answer.
            thread = threading.Thread(target=self._run, name=f"concurrent-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def take(self) -> tuple[int, Done[T, R] | None]:
        """The number of an item, and what came of it."""
        while True:
            try:
                # Bounded, for Ctrl-C may be seen only when a wait ends: on Windows, or if it comes just before.
                return self._done.get(timeout=_LOOKS_EVERY)
            except Empty:
                continue

    def _run(self) -> None:
        while (given := self._given.get()) is not None:
            number, item = given
            self._done.put((number, _one(self._work, item, self._course)))

    def end(self) -> None:
        """Waits for what is under way, begins nothing more, and lets the threads end."""
        self._course.stop()
        for _ in self._threads:
            self._given.put(None)
        for thread in self._threads:
            if thread.is_alive():
                thread.join()


def run_concurrently(
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
    are waited for. They are handed over, too, unless `take` failed or the process is interrupted.

    Args:
        work: what to do; an `APIError` is a result, any other exception ends it all.
        items: for what; taken from as places become free, in the calling thread.
        take: gets what came of each, in the calling thread; an exception from it ends it all.
        workers: threads, 1 or more.
        cancel: ends it early when set.
        ordered: whether to hand over in the order of the items, and then without a gap: nothing that follows an item
            whose work was ended, or whose failure ended it all; otherwise whatever is done first comes first.

    Raises:
        AuthenticationError: the sign-in was refused.
        APIConnectionError: nobody answered, `workers` times in a row, 3 at least.
        ConfigurationError: workers is no number of threads.
    """
    check_workers(workers)
    left = iter(items)
    course = _Course(workers, cancel)
    threads: _Threads[T, R] = _Threads(work, workers, course)
    early: dict[int, Done[T, R] | None] = {}
    given = taken = 0

    def hand_over() -> None:
        """Hands over what comes next, and ends the whole where there would be a gap."""
        nonlocal given, taken
        while True:
            number, done = (taken, early.pop(taken)) if taken in early else threads.take()
            if not ordered or number == taken:
                break
            early[number] = done
        taken += 1
        if done is not None:
            take(done)
        if ordered and (done is None or course.failed_with(done.error)):
            course.stop()
            given = taken

    try:
        while not course.is_to_end():
            try:
                item = next(left)
            except StopIteration:
                break
            except Exception as error:  # noqa: BLE001 - raised when what was answered is handed over
                course.fail(error)
                break
            threads.give(given, item)
            given += 1
            if given - taken >= workers * _AHEAD_PER_WORKER:
                hand_over()
        while taken < given:
            hand_over()
    finally:
        threads.end()
    course.raise_first()
