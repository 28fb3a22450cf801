"""One budget for the processes of a machine, in a SQLite file."""

from __future__ import annotations

import gc
import logging
import os
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from pacing import traffic
from qlik_automation_connections import ConfigurationError
from qlik_automation_connections.pacing import Pacing, _shared_budget, _sqlite_store, pacer_for
from qlik_automation_connections.pacing._sqlite_store import SQLiteStore
from qlik_automation_connections.pacing._store import Report, StoreError
from qlik_automation_connections.sandbox import Sandbox
from sampling import few


class Clock:
    """Seconds that tests set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "budget.db"


def want(count: int, *, in_flight: int = 0, completed: int = 0, refused: float | None = None) -> Report:
    return Report(2, 10, 300.0, in_flight, [300.0] * completed, refused, want=count)


@pytest.mark.parametrize("count", few([2, 4]))
def test_processes_never_exceed_a_window_nor_meet_a_429_together(path: Path, count: int) -> None:
    with Sandbox(5, limits=True, speed=traffic.SPEED) as sandbox:
        processes = traffic.Process.started(*[traffic.order(sandbox, f"sqlite:///{path}", 560 // count, 8)] * count)
        statuses = [status for process in processes for status in process.finish()[0]]
        entries = sandbox.ledger.snapshot()
    assert statuses == [200] * 560
    assert not any(entry.refused for entry in entries)
    assert traffic.fullest_window(entries) <= traffic.CAPACITY


def test_places_of_one_process_are_missing_for_the_other(path: Path) -> None:
    clock = Clock()
    one, other = SQLiteStore(path, "b", clock), SQLiteStore(path, "b", clock)
    assert one.sync(want(7)).granted == 7
    reply = other.sync(want(7))
    assert (reply.granted, reply.free, reply.processes) == (3, 0, 2)
    assert other.sync(want(1, in_flight=3)).wait is None
    one.sync(want(0, in_flight=0, completed=7))
    clock.now += 299.0
    assert other.sync(want(1, in_flight=3)).granted == 0
    clock.now += 1.1
    assert other.sync(want(9, in_flight=3)).granted == 7


def test_budgets_and_tiers_in_one_file_are_apart(path: Path) -> None:
    assert SQLiteStore(path, "one").sync(want(10)).granted == 10
    assert SQLiteStore(path, "other").sync(want(10)).granted == 10
    assert SQLiteStore(path, "one").sync(Report(1, 10, 300.0, 0, want=10)).granted == 10


def test_a_report_that_is_repeated_gives_no_place_away(path: Path) -> None:
    store = SQLiteStore(path, "b", Clock())
    for _ in range(3):
        assert store.sync(want(10)).granted == 10


def test_a_refusal_stops_the_others_and_fills_the_window(path: Path) -> None:
    clock = Clock()
    one, other = SQLiteStore(path, "b", clock), SQLiteStore(path, "b", clock)
    one.sync(want(2))
    one.sync(want(0, in_flight=1, refused=100.0))
    assert (other.sync(want(1)).granted, other.sync(want(1)).wait) == (0, 100.0)
    clock.now += 99.9
    assert other.sync(want(1)).granted == 0
    clock.now += 0.2
    assert other.sync(want(10)).granted == 1
    clock.now += 200.0
    assert other.sync(want(10, in_flight=1)).granted == 8


def test_while_a_process_asks_for_it_nobody_is_granted_anything(path: Path) -> None:
    clock = Clock()
    one, other = SQLiteStore(path, "b", clock), SQLiteStore(path, "b", clock)
    one.sync(Report(2, 10, 300.0, 0, hold=3.0))
    assert (other.sync(want(1)).granted, other.sync(want(1)).wait) == (0, 3.0)
    clock.now += 3.1
    assert other.sync(want(20)).granted == 10


def test_a_killed_process_holds_its_places_for_its_lease_and_a_window(path: Path) -> None:
    clock = Clock()
    SQLiteStore(path, "b", clock).sync(want(10))
    other = SQLiteStore(path, "b", clock)
    clock.now += 31.0
    reply = other.sync(want(1))
    assert reply.granted == 0
    assert reply.wait == pytest.approx(299.0)
    clock.now += 299.1
    assert other.sync(want(10)).granted == 10


def test_a_process_that_stood_still_holds_its_places_again(path: Path) -> None:
    clock = Clock()
    sleeper, other = SQLiteStore(path, "b", clock), SQLiteStore(path, "b", clock)
    sleeper.sync(want(10))
    clock.now += 1000.0
    other.sync(want(0))
    sleeper.sync(want(0, in_flight=10))
    assert other.sync(want(1)).granted == 0


def test_after_a_reboot_no_place_is_free_too_early_and_none_held_for_ever(path: Path) -> None:
    clock = Clock()
    clock.now = 1_000_000.0
    before = SQLiteStore(path, "b", clock)
    before.sync(want(5))
    before.sync(want(0, completed=4, in_flight=1))
    clock.now = 5.0
    after = SQLiteStore(path, "b", clock)
    assert after.sync(want(10)).granted == 5
    after.sync(want(0, completed=5))
    clock.now += 299.9
    assert after.sync(want(10)).granted == 0
    clock.now += 60.0
    assert after.sync(want(10)).granted == 10


def test_a_file_of_something_else_is_refused_and_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    connection.close()
    content = path.read_bytes()
    with pytest.raises(ConfigurationError, match="another application"):
        SQLiteStore(path, "b")
    assert path.read_bytes() == content


def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    path.write_text("price list, do not delete " * 100)
    content = path.read_bytes()
    with pytest.raises(ConfigurationError, match="not a database"):
        SQLiteStore(path, "b")
    assert path.read_bytes() == content


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"missing.budget\.db"):
        pacer_for(Pacing(store=f"sqlite:///{tmp_path / 'missing' / 'budget.db'}"), "https://acme.example", "b")


@pytest.mark.usefixtures("not_root")
def test_a_folder_that_may_not_be_written_to_is_refused(tmp_path: Path, path: Path) -> None:
    os.chmod(tmp_path, 0o500)
    try:
        with pytest.raises(ConfigurationError, match="can't be used"):
            SQLiteStore(path, "b")
    finally:
        os.chmod(tmp_path, 0o700)


def test_a_file_that_is_deleted_is_told_as_lost_memory(path: Path) -> None:
    store = SQLiteStore(path, "b")
    epoch = store.sync(want(3)).epoch
    path.unlink()
    reply = store.sync(Report(2, 10, 300.0, 3, want=5, epoch=epoch))
    assert reply.epoch != epoch
    assert reply.granted == 0


def test_a_file_that_breaks_in_mid_run_costs_one_warning_and_no_work(
    path: Path, principal: str, caplog: pytest.LogCaptureFixture
) -> None:
    pacer = pacer_for(Pacing(store=f"sqlite:///{path}"), "https://acme.example", principal)
    pacer.complete(pacer.acquire(2))
    path.unlink()
    path.write_text("no database " * 1000)
    for _ in range(20):
        pacer.complete(pacer.acquire(2))
    with pytest.raises(StoreError):
        SQLiteStore.sync(pacer._budget._store, want(0))  # type: ignore[attr-defined]
    assert [record.levelno for record in caplog.records if record.levelno >= logging.WARNING] == [logging.WARNING]


def test_a_store_that_is_not_closed_closes_its_file_when_it_is_forgotten(path: Path) -> None:
    store = SQLiteStore(path, "b")
    store.close()
    store.sync(want(1))
    connection = store._connection
    assert connection is not None
    del store
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


def test_a_child_process_leaves_its_parents_file_open(path: Path) -> None:
    store = SQLiteStore(path, "b")
    connection = store._connection
    assert connection is not None
    store.after_fork()
    store.sync(want(1))
    del store
    gc.collect()
    assert connection.execute("SELECT 1").fetchone() == (1,)
    _sqlite_store._inherited.remove(connection)
    connection.close()


@pytest.mark.exhaustive
def test_a_process_that_is_killed_holds_nobody_up_for_ever(path: Path) -> None:
    with Sandbox(5, limits=True, speed=traffic.SPEED) as sandbox:
        order = traffic.order(sandbox, f"sqlite:///{path}", 400, 8)
        victim, heir = traffic.Process.started(order, order)
        while len(sandbox.ledger) < 100:
            time.sleep(0.001)
        victim.kill()
        assert heir.finish()[0] == [200] * 400
        entries = sandbox.ledger.snapshot()
    assert not any(entry.refused for entry in entries)
    assert traffic.fullest_window(entries) <= traffic.CAPACITY


@pytest.mark.exhaustive
def test_what_was_sent_is_known_after_the_process_ended(path: Path, principal: str) -> None:
    with Sandbox(5, limits=True, speed=traffic.SPEED) as sandbox:
        order = traffic.order(sandbox, f"sqlite:///{path}", 300, 8)
        for _ in range(3):
            traffic.Process.started(order)[0].finish()
        entries = sandbox.ledger.snapshot()
    assert len(entries) == 900
    assert not any(entry.refused for entry in entries)


def test_threads_of_one_process_share_its_file(path: Path, principal: str) -> None:
    pacer = pacer_for(Pacing(store=f"sqlite:///{path}", window=0.5), "https://acme.example", principal)
    moments: list[float] = []

    def work() -> None:
        for _ in range(50):
            permit = pacer.acquire(2)
            moments.append(time.monotonic())
            pacer.complete(permit)

    threads = [threading.Thread(target=work) for _ in range(15)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(moments) == 750
    # A moment is written down after its place was taken, never before, so it can be late by the slowest thread.
    assert max(sum(first <= moment < first + 0.4 for moment in moments) for first in moments) <= 500


def test_a_file_that_is_locked_at_the_start_is_waited_for(
    path: Path, principal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_sqlite_store, "_BUSY_SECONDS", 0.01)
    monkeypatch.setattr(_shared_budget, "RETRY_SECONDS", 0.01)
    monkeypatch.setattr(_shared_budget, "GRACE_SECONDS", 0.03)
    # Made by another process, which is in the middle of something.
    SQLiteStore(path, "b").close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    pacer = pacer_for(Pacing(store=f"sqlite:///{path}"), "https://acme.example", principal)
    granted = threading.Event()

    def ask() -> None:
        pacer.complete(pacer.acquire(2))
        granted.set()

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    assert not granted.wait(0.2)
    other.execute("COMMIT")
    other.close()
    assert granted.wait(10)
    thread.join()
