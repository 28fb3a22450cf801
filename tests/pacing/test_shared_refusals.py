"""A refusal, a place that was not used, and a forked child, where processes share a budget in a store."""

from __future__ import annotations

import subprocess
import sys
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from queue import Queue

import anyio
import anyio.to_thread
import pytest

from pacing.test_store_outage import PretendStore
from pacing.waiting import wait_until
from qlik_automation_connections.pacing import Pacing, PacingWait
from qlik_automation_connections.pacing import _shared_budget as shared_budget
from qlik_automation_connections.pacing._permit import Permit
from qlik_automation_connections.pacing._shared_budget import SharedBudget
from qlik_automation_connections.pacing._sqlite_store import SQLiteStore

WINDOW = 30.0
STOP = 1_000.0
PATIENCE = 20.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "budget.db"


def budget_in(path: Path, capacity: int) -> SharedBudget:
    """A budget that is to the store what one of another process would be."""
    return SharedBudget("https://acme.example", WINDOW, SQLiteStore(path, "b"), {2: capacity})


def told(budget: SharedBudget, meanwhile: Callable[[], None] = lambda: None) -> PacingWait:
    """What is said of the wait to who asks for a permit, and goes away when something has happened meanwhile."""

    async def ask() -> PacingWait:
        waits: Queue[PacingWait] = Queue()
        async with anyio.create_task_group() as group:
            group.start_soon(budget.acquire_async, 2, Pacing(on_wait=waits.put))
            wait = await anyio.to_thread.run_sync(lambda: waits.get(timeout=PATIENCE))
            await anyio.to_thread.run_sync(meanwhile)
            assert budget.waiting(2) == 1
            group.cancel_scope.cancel()
        return wait

    return anyio.run(ask)


def test_a_refusal_stops_the_others_as_well(path: Path) -> None:
    one, other = budget_in(path, 10), budget_in(path, 10)
    one.refused(one.acquire(2, Pacing()), STOP)
    one.close()
    assert WINDOW < told(other).seconds <= STOP + 60


def test_a_refusal_stops_who_was_refused(path: Path) -> None:
    budget = budget_in(path, 10)
    budget.refused(budget.acquire(2, Pacing()), STOP)
    assert WINDOW < told(budget).seconds <= STOP + 60


def test_a_place_that_was_not_used_is_there_for_the_others(path: Path) -> None:
    one, other = budget_in(path, 2), budget_in(path, 2)
    sent, unsent = one.acquire(2, Pacing()), one.acquire(2, Pacing())
    waits: Queue[PacingWait] = Queue()
    permits: Queue[Permit] = Queue()
    asking = threading.Thread(target=lambda: permits.put(other.acquire(2, Pacing(on_wait=waits.put))), daemon=True)
    asking.start()
    waits.get(timeout=PATIENCE)
    one.release(unsent)
    other.complete(permits.get(timeout=PATIENCE))
    one.complete(sent)
    asking.join(PATIENCE)
    assert not asking.is_alive()


def test_a_refusal_during_an_outage_is_told_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_budget, "RETRY_SECONDS", 0.02)
    monkeypatch.setattr(shared_budget, "GRACE_SECONDS", 0.02)
    store = PretendStore(40)
    budget = SharedBudget("https://acme.example", WINDOW, store, {2: 40})
    budget.complete(budget.acquire(2, Pacing()))
    store.works = False
    budget.refused(budget.acquire(2, Pacing()), STOP)

    def come_back() -> None:
        store.works = True
        wait_until(lambda: any(report.refused for report in store.reports))

    told(budget, come_back)
    assert WINDOW < max(report.refused or 0.0 for report in store.reports) <= STOP + 60


FORK = """
import os, sys, threading
from queue import Queue
from qlik_automation_connections.pacing import Pacing, pacer_for
store = "sqlite:///" + sys.argv[1]
waits = Queue()
pacer = pacer_for(Pacing(store=store, on_wait=waits.put), "https://acme.example", "someone")
held = [pacer.acquire(2) for _ in range(499)]
child = os.fork()
if child == 0:
    pacer.acquire(2)
    threading.Thread(target=pacer.acquire, args=(2,), daemon=True).start()
    waits.get(timeout=20)
    os._exit(7)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_what_a_forked_child_takes_is_added_to_what_its_parent_holds(path: Path) -> None:
    subprocess.run([sys.executable, "-W", "ignore", "-c", FORK, str(path)], check=True, timeout=60)


def test_a_store_has_a_name_of_its_own_for_each_process(path: Path) -> None:
    """Two that had the same would each take the other's places for its own."""
    store = SQLiteStore(path, "b")
    before = store._process
    store.after_fork()
    assert uuid.UUID(store._process) != uuid.UUID(before)
