"""Waits that end when a job is to end: those of the threads it is current in, and no others."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

import pytest

from admin.threads import meanwhile, wait_for
from core.scripted import Reply, Script, async_tenant, reply, tenant
from qlik_automation_connections import Pacing, RetryPolicy
from qlik_automation_connections._interruption import Interrupted, Interruption, current, interruptible
from qlik_automation_connections.admin._cancellation import cancellable, check_cancelled
from qlik_automation_connections.admin._errors import JobCancelled


def ended_after(times: int) -> Callable[[], bool]:
    """Says so many times that nothing is to end."""
    left = [False] * times
    return lambda: not left or left.pop()


def test_a_wait_that_is_to_end_does_not_begin() -> None:
    for seconds in [3600.0, 0.0, -1.0]:
        with pytest.raises(Interrupted):
            Interruption(lambda: True).sleep(seconds)
        lock = threading.Lock()
        with pytest.raises(Interrupted):
            Interruption(lambda: True).acquire(lock)
        assert not lock.locked(), seconds


def test_a_wait_ends_when_it_is_to_end_and_is_counted() -> None:
    interruption = Interruption(ended_after(2))
    with pytest.raises(Interrupted):
        interruption.sleep(3600)
    assert interruption.waited > 0
    lock = threading.Lock()
    lock.acquire()
    with pytest.raises(Interrupted):
        Interruption(ended_after(2)).acquire(lock)


def test_a_wait_is_as_long_as_was_asked_for() -> None:
    interruption = Interruption(lambda: False)
    began = time.monotonic()
    interruption.sleep(0.05)
    assert time.monotonic() - began >= 0.05
    before = interruption.waited
    interruption.sleep(0)
    assert before >= 0.05
    assert interruption.waited >= before


def test_it_is_current_in_the_block_and_the_thread_alone() -> None:
    seen: list[object] = []
    assert current() is None
    with interruptible(lambda: False) as outer:
        assert current() is outer
        with interruptible(lambda: True) as inner:
            assert current() is inner
        assert current() is outer
        thread = threading.Thread(target=lambda: seen.append(current()))
        thread.start()
        thread.join()
        with pytest.raises(ZeroDivisionError), interruptible(lambda: True):
            raise ZeroDivisionError
        assert current() is outer
    assert current() is None
    assert seen == [None]


def test_async_calls_are_left_alone() -> None:
    script = Script(Reply(429, b"", {"Retry-After": "0.01"}), reply(200, {"connected": True}))

    async def ask() -> bool | None:
        asking = async_tenant(script, retries=4)
        return (await asking.connections.check("c-1")).connected

    with interruptible(lambda: True):
        assert asyncio.run(ask()) is True
    assert len(script.requests) == 2


def test_a_wait_between_tries_ends() -> None:
    cancel, waiting = threading.Event(), threading.Event()
    script = Script(Reply(503, b"", {"Retry-After": "3000"}))
    policy = RetryPolicy(max_retry_after=3600, max_total=3600, on_retry=lambda _: waiting.set())

    def stop() -> None:
        wait_for(waiting)
        cancel.set()

    with meanwhile(stop), pytest.raises(JobCancelled), cancellable(cancel, "check"):
        tenant(script, retries=policy).connections.check("c-1")
    assert len(script.requests) == 1


def test_a_try_that_would_follow_at_once_is_not_made() -> None:
    cancel = threading.Event()
    script = Script(Reply(503, b"", {"Retry-After": "0"}))
    policy = RetryPolicy(retries=1000, on_retry=lambda _: cancel.set())
    with pytest.raises(JobCancelled), cancellable(cancel, "check"):
        tenant(script, retries=policy).connections.check("c-1")
    assert len(script.requests) == 1


def test_a_wait_for_the_pacing_ends_and_gives_its_turn_back() -> None:
    cancel, waiting = threading.Event(), threading.Event()
    script = Script(reply(200, {"connected": True}))
    asking = tenant(script, pacing=Pacing(window=3600, on_wait=lambda _: waiting.set()))
    for _ in range(500):
        asking.connections.check("c-1")

    def stop() -> None:
        wait_for(waiting)
        cancel.set()

    with meanwhile(stop), pytest.raises(JobCancelled), cancellable(cancel, "check"):
        asking.connections.check("c-1")
    assert len(script.requests) == 500
    # The other tier does not wait behind it.
    assert asking.connections.get_json("c-1") == {"connected": True}


def test_a_job_that_is_cancelled_already_does_not_begin() -> None:
    with cancellable(None, "check"):
        assert current() is None
    check_cancelled(None, "check")
    cancel = threading.Event()
    check_cancelled(cancel, "check")
    cancel.set()
    with pytest.raises(JobCancelled, match="The check was cancelled"), cancellable(cancel, "check"):
        raise AssertionError("the block must not run")
    with pytest.raises(JobCancelled, match="The check was cancelled"):
        check_cancelled(cancel, "check")
