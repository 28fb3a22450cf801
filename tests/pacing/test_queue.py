"""Threads and tasks in the queue of a budget: who is next, who leaves, who is told."""

from __future__ import annotations

import asyncio
import gc
import logging
import random
import re
import subprocess
import sys
import threading
import time
from contextlib import ExitStack

import anyio
import anyio.from_thread
import pytest

from pacing.waiting import wait_until
from qlik_automation_connections.pacing import Pacing, PacingWait, _tier_queue
from qlik_automation_connections.pacing._budget import Budget
from qlik_automation_connections.pacing._tier_queue import Announcement

PACING = Pacing()


def used_up(window: float, capacity: int = 1) -> Budget:
    """A budget all of whose places of tier 2 were taken a moment ago."""
    budget = Budget("https://acme.example", window, {1: 5, 2: capacity})
    for permit in [budget.acquire(2, PACING) for _ in range(capacity)]:
        budget.complete(permit)
    return budget


def test_threads_and_tasks_of_several_loops_are_served_in_order_of_arrival() -> None:
    budget = used_up(0.03)
    served: list[int] = []

    def by_thread(number: int) -> None:
        permit = budget.acquire(2, PACING)
        served.append(number)
        budget.complete(permit)

    async def by_task(number: int) -> None:
        permit = await budget.acquire_async(2, PACING)
        served.append(number)
        budget.complete(permit)

    blocker = budget.acquire(2, PACING)
    with ExitStack() as stack:
        loops = [
            stack.enter_context(anyio.from_thread.start_blocking_portal(backend)) for backend in ("asyncio", "trio")
        ]
        threads = []
        for number in range(12):
            if number % 3 == 2:
                threads.append(threading.Thread(target=by_thread, args=(number,)))
                threads[-1].start()
            else:
                loops[number % 3].start_task_soon(by_task, number)
            while budget.waiting(2) <= number:
                time.sleep(0.001)
        budget.release(blocker)
        for thread in threads:
            thread.join()
        wait_until(lambda: len(served) == 12)
    assert served == list(range(12))


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_whoever_is_cancelled_leaves_the_queue_to_the_others(backend: str) -> None:
    budget = Budget("https://acme.example", 300.0, {2: 1})
    served: list[str] = []

    async def wait(name: str, scope: anyio.CancelScope) -> None:
        with scope:
            await budget.acquire_async(2, PACING)
            served.append(name)

    async def main() -> None:
        permit = await budget.acquire_async(2, PACING)
        scopes = [anyio.CancelScope() for _ in range(3)]
        async with anyio.create_task_group() as group:
            for number, scope in enumerate(scopes):
                group.start_soon(wait, f"waiter {number}", scope)
                while budget.waiting(2) <= number:
                    await anyio.sleep(0)
            scopes[0].cancel()
            scopes[2].cancel()
            while budget.waiting(2) > 1:
                await anyio.sleep(0)
            budget.release(permit)

    anyio.run(main, backend=backend)
    assert served == ["waiter 1"]


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_no_place_is_lost_however_tasks_are_cancelled(backend: str) -> None:
    budget = Budget("https://acme.example", 0.02, {2: 5})
    chance = random.Random(4)

    async def impatient() -> None:
        with anyio.move_on_after(chance.uniform(0, 0.15)):
            permit = await budget.acquire_async(2, PACING)
            try:
                await anyio.sleep(chance.uniform(0, 0.01))
            finally:
                budget.complete(permit)

    async def main() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(200):
                group.start_soon(impatient)

    anyio.run(main, backend=backend)
    assert budget.waiting(2) == 0
    wait_until(budget.is_idle)
    assert [budget.acquire(2, PACING).waited for _ in range(5)] == [0.0] * 5


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_task_that_is_cancelled_as_its_turn_comes_gives_its_place_back(backend: str) -> None:
    budget = Budget("https://acme.example", 300.0, {2: 1})
    served: list[str] = []

    async def wait(scope: anyio.CancelScope) -> None:
        with scope:
            await budget.acquire_async(2, PACING)
            served.append("too late")

    async def main() -> None:
        permit = await budget.acquire_async(2, PACING)
        scope = anyio.CancelScope()
        async with anyio.create_task_group() as group:
            group.start_soon(wait, scope)
            while not budget.waiting(2):
                await anyio.sleep(0)
            budget.release(permit)
            # The loop stands still until the place is handed over, so the task can't have taken it yet.
            wait_until(lambda: not budget.waiting(2))
            scope.cancel()
        with anyio.fail_after(10):
            assert (await budget.acquire_async(2, PACING)).waited == 0.0

    anyio.run(main, backend=backend)
    assert served == []


def test_a_loop_that_ended_with_its_tasks_waiting_holds_nobody_up() -> None:
    budget = Budget("https://acme.example", 300.0, {2: 1})
    permit = budget.acquire(2, PACING)
    loop = asyncio.new_event_loop()
    task = loop.create_task(budget.acquire_async(2, PACING))
    while not budget.waiting(2):
        loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    got: list[float] = []
    thread = threading.Thread(target=lambda: got.append(budget.acquire(2, PACING).waited))
    thread.start()
    wait_until(lambda: budget.waiting(2) == 2)
    budget.release(permit)
    thread.join(timeout=10)
    assert len(got) == 1
    # The loop's own complaint about the task it was closed with is not what is tested.
    task._log_destroy_pending = False  # type: ignore[attr-defined]


def test_a_wait_takes_a_few_looks_and_no_polling() -> None:
    class Counting(Budget):
        looks = 0

        def _look(self) -> list[Announcement]:
            self.looks += 1
            return super()._look()

    budget = Counting("https://acme.example", 0.1, {2: 1})
    budget.complete(budget.acquire(2, PACING))
    threads = [threading.Thread(target=lambda: budget.complete(budget.acquire(2, PACING))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # One for each that joins, that is served, and that is completed, and one for each start of the thread.
    assert budget.looks <= 4 * 3


def test_a_refusal_is_waited_out_and_no_longer() -> None:
    budget = Budget("https://acme.example", 300.0, {2: 5})
    budget.refused(budget.acquire(2, PACING), 0.2)
    began = time.monotonic()
    budget.acquire(2, PACING)
    # The next foreign's place is free a fifth of the window later, so a wrong answer is minutes away.
    assert 0.2 <= time.monotonic() - began < 30.0


def test_a_ticket_that_is_handed_back_twice_counts_once() -> None:
    budget = Budget("https://acme.example", 300.0, {2: 2})
    permit = budget.acquire(2, PACING)
    budget.release(permit)
    budget.release(permit)
    budget.complete(permit)
    budget.refused(permit, 100.0)
    assert [budget.acquire(2, PACING).waited for _ in range(2)] == [0.0, 0.0]


def test_a_ticket_that_is_lost_is_taken_for_settled() -> None:
    budget = Budget("https://acme.example", 0.05, {2: 1})
    budget.acquire(2, PACING)
    gc.collect()
    assert budget.acquire(2, PACING).waited > 0


def test_one_line_and_one_call_tell_of_a_wait_however_many_wait(caplog: pytest.LogCaptureFixture) -> None:
    told: list[PacingWait] = []
    pacing = Pacing(on_wait=told.append)
    budget = used_up(300.0)

    async def main() -> None:
        with anyio.move_on_after(5) as scope:
            async with anyio.create_task_group() as group:
                for _ in range(5):
                    group.start_soon(budget.acquire_async, 2, pacing)
                while not told:
                    await anyio.sleep(0.001)
                await anyio.sleep(0.05)
                scope.cancel()

    with caplog.at_level(logging.INFO, "qlik_automation_connections"):
        anyio.run(main)
    assert caplog.messages == [str(wait) for wait in told]
    assert len(told) == 1
    assert re.fullmatch(r"waiting (5:00|4:59) for the service's limit \(tier 2\)", str(told[0]))
    assert told[0].tenant == "https://acme.example"


def test_who_joins_a_wait_later_is_told_too() -> None:
    first: list[PacingWait] = []
    second: list[PacingWait] = []
    budget = used_up(300.0)

    async def main() -> None:
        with anyio.move_on_after(5) as scope:
            async with anyio.create_task_group() as group:
                group.start_soon(budget.acquire_async, 2, Pacing(on_wait=first.append))
                while not first:
                    await anyio.sleep(0.001)
                group.start_soon(budget.acquire_async, 2, Pacing(on_wait=second.append))
                while not second:
                    await anyio.sleep(0.001)
                scope.cancel()

    anyio.run(main)
    assert (len(first), len(second)) == (1, 1)


def test_short_waits_are_not_notified(caplog: pytest.LogCaptureFixture) -> None:
    budget = used_up(0.05)
    with caplog.at_level(logging.INFO, "qlik_automation_connections"):
        budget.acquire(2, PACING)
    assert caplog.messages == []


def test_a_callback_that_fails_does_no_harm(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_tier_queue, "SHORTEST_NOTIFIED_WAIT", 0.01)

    def broken(wait: PacingWait) -> None:
        raise LookupError(str(wait))

    budget = used_up(0.4)
    assert budget.acquire(2, Pacing(on_wait=broken)).waited > 0
    assert "on_wait failed" in caplog.messages


FORK = """
import os, threading, time
from qlik_automation_connections.pacing import Pacing, pacer_for
pacer = pacer_for(Pacing(window=0.2, margin=0), "https://acme.example", "someone")
for _ in range(500):
    pacer.complete(pacer.acquire(2))
waiting = threading.Thread(target=lambda: pacer.complete(pacer.acquire(2)))
waiting.start()
held = pacer.acquire(1)
child = os.fork()
if child == 0:
    pacer.complete(pacer.acquire(2))
    os._exit(7)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
waiting.join()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_a_forked_child_can_wait_by_itself() -> None:
    subprocess.run([sys.executable, "-W", "ignore", "-c", FORK], check=True, timeout=30)
