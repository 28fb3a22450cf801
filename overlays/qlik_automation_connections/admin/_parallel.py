"""Run calls concurrently in threads, with limits on threads, items read ahead, and failures in a row."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from typing import Generic, NamedTuple, TypeVar

from .. import APIConnectionError, APIError, APITimeoutError, AuthenticationError, ConfigurationError
from .._interruption import Interrupted, interruptible

T = TypeVar("T")
R = TypeVar("R")

WORKERS = 16
_AHEAD_PER_WORKER = 4
_LOOKS_EVERY = 0.1
_FEWEST_IN_A_ROW = 3


class Done(NamedTuple, Generic[T, R]):
    """The outcome for one item.

    Attributes:
        item: The item.
        result: What the work returned; None if it failed.
        error: Why it failed; None if it did not.
        seconds: How long it took, not counting waits for rate limits and between tries.
    """

    item: T
    result: R | None
    error: APIError | None
    seconds: float


class CircuitBreaker:
    """Stops a job early when the service is no longer reachable.

    Args:
        most: How many calls in a row may go unanswered; at least 3, because single failures are normal.
    """

    def __init__(self, most: int = WORKERS) -> None:
        self._left = self._most = max(most, _FEWEST_IN_A_ROW)

    def note(self, error: APIError | None) -> None:
        """Record the outcome of a call.

        Raises:
            AuthenticationError: `error` is one; other calls would fail too.
            APIConnectionError: `error` is one, as were the `most` - 1 before it.
        """
        if isinstance(error, AuthenticationError):
            raise error
        unreachable = isinstance(error, APIConnectionError) and not isinstance(error, APITimeoutError)
        self._left = self._left - 1 if unreachable else self._most
        if error is not None and self._left <= 0:
            raise error


def check_workers(workers: object) -> None:
    """Validate a number of threads.

    Raises:
        ConfigurationError: `workers` is not a whole number, 1 or more.
    """
    if not isinstance(workers, int) or isinstance(workers, bool) or workers < 1:
        raise ConfigurationError(f"workers must be a whole number, 1 or more, not {workers!r}.")


class _Course:
    """State shared by the threads of a job: whether to stop, and why."""

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
        """Stop with an exception, unless another one came first."""
        with self._lock:
            self._failures.append(error)
        self.stop()

    def note(self, error: APIError | None) -> None:
        """Record the outcome of a call, and stop if other calls would fail too.

        Called in the worker thread: later, when the outcome is handed over, more calls would have begun.
        """
        with self._lock:
            try:
                self._breaker.note(error)
            except APIError as reason:
                self._failures.append(reason)
                self.stop()

    def failed_with(self, error: APIError | None) -> bool:
        """Return whether a failure is one of those that stopped the job."""
        return any(error is failure for failure in self._failures)

    def raise_first(self) -> None:
        """Raise the exception that stopped the job, if any."""
        if self._failures:
            try:
                raise self._failures[0]
            finally:
                # Its traceback refers to this frame, a cycle that would live until the next garbage collection.
                self._failures.clear()


def _one(work: Callable[[T], R], item: T, course: _Course) -> Done[T, R] | None:
    """Return the outcome for an item; None if it was interrupted, or raised something other than an APIError."""
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
    """Threads that take items and return their outcomes; started as needed.

    `concurrent.futures` can't be used: Ctrl-C at a bad moment leaves its locks locked.
    """

    def __init__(self, work: Callable[[T], R], workers: int, course: _Course) -> None:
        self._work, self._workers, self._course = work, workers, course
        self._given: SimpleQueue[tuple[int, T] | None] = SimpleQueue()
        self._done: SimpleQueue[tuple[int, Done[T, R] | None]] = SimpleQueue()
        self._threads: list[threading.Thread] = []

    def give(self, number: int, item: T) -> None:
        self._given.put((number, item))
        if len(self._threads) < self._workers:
            # Daemons, so that a second Ctrl-C ends the process without waiting for a response.
            thread = threading.Thread(target=self._run, name=f"concurrent-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def take(self) -> tuple[int, Done[T, R] | None]:
        """Return the number of an item and its outcome."""
        while True:
            try:
                # A timeout, because Ctrl-C may go unnoticed until a wait ends: on Windows, or if it comes just before.
                return self._done.get(timeout=_LOOKS_EVERY)
            except Empty:
                continue

    def _run(self) -> None:
        while (given := self._given.get()) is not None:
            number, item = given
            self._done.put((number, _one(self._work, item, self._course)))

    def end(self) -> None:
        """Start nothing more, wait for work in progress, and end the threads."""
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
    """Do the same work for many items in threads, and hand over each outcome.

    When the run stops, for whatever reason, no more work begins, waits are interrupted, and responses to requests
    already sent are awaited. These outcomes are handed over too, unless `take` failed or the process is interrupted.

    Args:
        work: Called with each item, in a thread. An `APIError` is an outcome; any other exception stops the run.
        items: The items; read as threads become free, in the calling thread.
        take: Called with each outcome, in the calling thread; an exception from it stops the run.
        workers: Threads, 1 or more.
        cancel: Stops the run early when set.
        ordered: Hand over in the order of the items and without gaps: nothing after an item that was interrupted or
            whose failure stopped the run. Otherwise in the order of completion.

    Raises:
        AuthenticationError: Signing in failed.
        APIConnectionError: `workers` calls in a row, 3 at least, got no response.
        ConfigurationError: `workers` is not a whole number, 1 or more.
    """
    check_workers(workers)
    left = iter(items)
    course = _Course(workers, cancel)
    threads: _Threads[T, R] = _Threads(work, workers, course)
    early: dict[int, Done[T, R] | None] = {}
    given = taken = 0

    def hand_over() -> None:
        """Hand over the next outcome, and stop where there would be a gap."""
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
            except Exception as error:  # noqa: BLE001 - raised after the outcomes so far are handed over
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
