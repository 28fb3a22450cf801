"""Work side by side: what is handed over, in which order, within which bounds, and how it ends."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from admin.threads import meanwhile, no_thread_is_left, wait_for
from qlik_automation_connections import (
    APIConnectionError,
    APIError,
    APITimeoutError,
    AuthenticationError,
    ConfigurationError,
)
from qlik_automation_connections._interruption import current
from qlik_automation_connections.admin._parallel import CircuitBreaker, Done, run_concurrently
from sampling import few


class Odd(Exception):
    """What no job expects."""


def unreachable(_: Any = None) -> APIConnectionError:
    return APIConnectionError("Nobody is there.", operation="checkAutomationConnection")


def refused(_: Any = None) -> AuthenticationError:
    error = AuthenticationError.__new__(AuthenticationError, "Who are you?")
    error.args = ("Who are you?",)
    return error


def failure(_: Any = None) -> APIError:
    return APIError("It did not work.", operation="checkAutomationConnection")


def collected(
    work: Callable[[Any], Any], items: Iterable[Any], **options: Any
) -> tuple[list[Done[Any, Any]], BaseException | None]:
    """What was handed over, and what was raised."""
    handed_over: list[Done[Any, Any]] = []
    with no_thread_is_left():
        try:
            run_concurrently(work, items, handed_over.append, **options)
        except BaseException as error:  # noqa: BLE001 - returned
            return handed_over, error
    return handed_over, None


@given(
    st.lists(st.integers(0, 3), max_size=40), st.integers(1, 6), st.booleans(), st.sets(st.integers(0, 39), max_size=10)
)
def test_everything_is_handed_over_once(naps: list[int], workers: int, ordered: bool, failing: set[int]) -> None:
    def work(number: int) -> int:
        time.sleep(naps[number] / 4000)
        if number in failing:
            raise failure()
        return number * 2

    done, raised = collected(work, range(len(naps)), workers=workers, ordered=ordered)
    assert raised is None
    expected = list(range(len(naps)))
    assert [one.item for one in done] == expected if ordered else sorted(one.item for one in done) == expected
    for one in done:
        assert (one.error is not None) == (one.item in failing)
        assert one.result == (None if one.item in failing else one.item * 2)


@given(st.integers(0, 60), st.integers(0, 70), st.integers(1, 5), st.booleans())
def test_items_are_read_only_so_far_ahead(number: int, cancel_at: int, workers: int, ordered: bool) -> None:
    taken = 0
    cancel = threading.Event()

    def items() -> Iterator[int]:
        for item in range(number):
            assert item - taken < workers * 4 + 1
            yield item

    def take(_: object) -> None:
        nonlocal taken
        taken += 1
        if taken == cancel_at:
            cancel.set()

    run_concurrently(lambda item: item, items(), take, workers=workers, ordered=ordered, cancel=cancel)
    assert taken == number or cancel_at <= taken <= number


def test_what_is_done_first_comes_first_unless_the_order_is_wanted() -> None:
    for ordered in (False, True):
        second_is_done = threading.Event()

        def work(item: int, gate: threading.Event = second_is_done) -> int:
            if item == 0:
                wait_for(gate)
            else:
                gate.set()
            return item

        done, raised = collected(work, [0, 1], workers=2, ordered=ordered)
        assert raised is None
        assert [one.item for one in done] == ([0, 1] if ordered else [1, 0])


def test_only_so_many_work_at_once() -> None:
    lock = threading.Lock()
    now = most = 0
    full = threading.Event()

    def work(_: int) -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
            if now == 3:
                full.set()
        wait_for(full)
        with lock:
            now -= 1

    done, raised = collected(work, range(30), workers=3)
    assert (len(done), raised, most) == (30, None, 3)


def test_what_is_no_number_of_threads_is_refused() -> None:
    for workers in [0, -1, True, 1.0, "4", None]:
        done, raised = collected(lambda item: item, [1], workers=workers)
        assert done == [], workers
        assert isinstance(raised, ConfigurationError), workers


def test_nothing_is_done_for_nothing() -> None:
    assert collected(failure, []) == ([], None)


def test_a_cancelled_job_begins_nothing() -> None:
    for ordered in [False, True]:
        cancel = threading.Event()
        cancel.set()
        done, raised = collected(lambda item: item, iter([1, 2, 3]), cancel=cancel, ordered=ordered)
        assert (done, raised) == ([], None), ordered


@pytest.mark.parametrize("ordered", [False, True])
def test_cancelling_ends_waits_and_keeps_what_was_answered(ordered: bool) -> None:
    cancel, waiting, answered = threading.Event(), threading.Event(), threading.Event()

    def work(item: int) -> int:
        if item == 1:
            interruption = current()
            assert interruption is not None
            waiting.set()
            interruption.sleep(3600)
        wait_for(waiting)
        answered.set()
        wait_for(cancel)
        return item

    def stop() -> None:
        wait_for(answered)
        cancel.set()

    with meanwhile(stop):
        done, raised = collected(work, range(100), workers=2, cancel=cancel, ordered=ordered)
    assert ([one.item for one in done], raised) == ([0], None)


def test_waits_are_not_in_the_seconds() -> None:
    def work(_: int) -> float:
        interruption = current()
        assert interruption is not None
        lock = threading.Lock()
        lock.acquire()
        timer = threading.Timer(0.15, lock.release)
        timer.start()
        interruption.sleep(0.15)
        interruption.acquire(lock)
        timer.join()
        return interruption.waited

    began = time.monotonic()
    done, raised = collected(work, [1], workers=1)
    passed = time.monotonic() - began
    assert raised is None
    assert done[0].result is not None
    assert 0 <= done[0].seconds <= passed - done[0].result


@pytest.mark.parametrize("ordered", [False, True])
def test_whatever_else_work_raises_ends_it_all(ordered: bool) -> None:
    begun: list[int] = []
    odd = threading.Event()

    def work(item: int) -> int:
        begun.append(item)
        if item == 1:
            odd.set()
            raise Odd("of one")
        if item == 0:
            wait_for(odd)
            interruption = current()
            assert interruption is not None
            interruption.sleep(3600)
        return item

    done, raised = collected(work, range(1000), workers=2, ordered=ordered)
    assert isinstance(raised, Odd)
    assert done == []
    assert sorted(begun) == [0, 1]


@pytest.mark.parametrize(("error", "handed_over"), [(Odd, [1]), (refused, [0, 1])])
def test_what_was_answered_is_handed_over_in_spite_of_what_ends_it(
    error: Callable[[], Exception], handed_over: list[int]
) -> None:
    answered = threading.Event()

    def work(item: int) -> int:
        if item == 0:
            wait_for(answered)
            raise error()
        answered.set()
        return item

    done, raised = collected(work, [0, 1], workers=2)
    assert isinstance(raised, Odd | AuthenticationError)
    assert sorted(one.item for one in done) == handed_over


@pytest.mark.parametrize(("at", "ordered"), [(0, False), (1, True), (5, False), (50, True)])
def test_an_exception_of_the_items_is_raised_when_all_is_handed_over(at: int, ordered: bool) -> None:
    def items() -> Iterator[int]:
        yield from range(at)
        raise Odd("of the items")

    begun: list[int] = []

    def work(item: int) -> None:
        begun.append(item)

    done, raised = collected(work, items(), workers=3, ordered=ordered)
    assert isinstance(raised, Odd)
    # All that was begun; what had not been begun by then was left.
    assert sorted(one.item for one in done) == sorted(begun)


def test_what_is_no_iterable_is_refused_before_a_thread_starts() -> None:
    done, raised = collected(lambda item: item, 5)  # type: ignore[arg-type]
    assert isinstance(raised, TypeError)
    assert done == []


@pytest.mark.parametrize("ordered", [False, True])
def test_an_exception_of_take_ends_it_at_once(ordered: bool) -> None:
    taken: list[int] = []

    def take(done: Done[int, None]) -> None:
        taken.append(done.item)
        raise Odd("of take")

    begun: list[int] = []
    with no_thread_is_left(), pytest.raises(Odd):
        run_concurrently(begun.append, range(10_000), take, workers=4, ordered=ordered)
    assert len(taken) == 1
    assert len(begun) <= 16


@pytest.mark.parametrize(("workers", "ordered"), [(1, True), (4, False), (16, True)])
def test_nobody_there_ends_it_within_so_many_calls(workers: int, ordered: bool) -> None:
    calls = 0
    lock = threading.Lock()

    def work(_: int) -> None:
        nonlocal calls
        with lock:
            calls += 1
        raise unreachable()

    done, raised = collected(work, range(10_000), workers=workers, ordered=ordered)
    assert isinstance(raised, APIConnectionError)
    # Those in a row, and the others that were under way then.
    assert max(workers, 3) <= calls <= max(workers, 3) + workers - 1
    assert all(one.error is not None for one in done)
    assert ordered or len(done) == calls


def test_a_refused_sign_in_ends_it_with_the_first_answer() -> None:
    calls: list[int] = []

    def work(item: int) -> None:
        calls.append(item)
        raise refused()

    done, raised = collected(work, range(1000), workers=1)
    assert isinstance(raised, AuthenticationError)
    assert (calls, [one.item for one in done]) == ([0], [0])


def test_in_order_there_is_no_gap() -> None:
    answered = threading.Event()

    def work(item: int) -> int:
        if item == 1:
            wait_for(answered)
            raise refused()
        if item == 2:
            answered.set()
        return item

    done, raised = collected(work, range(3), workers=3, ordered=True)
    assert isinstance(raised, AuthenticationError)
    assert [one.item for one in done] == [0, 1]


@example(["late"] * 5, 3)
@example(["nobody", "failed"] * 3 + ["nobody"] * 3, 3)
@given(st.lists(st.sampled_from(["fine", "failed", "nobody", "late"]), max_size=30), st.integers(1, 4))
def test_an_outage_is_so_many_unreachable_in_a_row(course: list[str], most: int) -> None:
    errors: dict[str, APIError | None] = {
        "fine": None,
        "failed": failure(),
        "nobody": unreachable(),
        "late": APITimeoutError("Too late.", operation="x"),
    }
    outage = CircuitBreaker(most)
    most = max(most, 3)
    expected = next(
        (end for end in range(most, len(course) + 1) if set(course[end - most : end]) == {"nobody"}), len(course) + 1
    )
    for number, what in enumerate(course, start=1):
        if number == expected:
            with pytest.raises(APIConnectionError):
                outage.note(errors[what])
            return
        outage.note(errors[what])


@pytest.mark.skipif(sys.platform == "win32", reason="there, no signal can be sent to a thread")
@pytest.mark.parametrize("ordered", few([False, True, *[False, True] * 4], 2))
def test_ctrl_c_ends_waits_and_is_raised(ordered: bool) -> None:
    waiting = threading.Barrier(5)

    def work(_: int) -> None:
        interruption = current()
        assert interruption is not None
        waiting.wait(30)
        interruption.sleep(3600)

    def interrupt() -> None:
        waiting.wait(30)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    with meanwhile(interrupt):
        done, raised = collected(work, range(1000), workers=4, ordered=ordered)
    assert isinstance(raised, KeyboardInterrupt)
    assert done == []
