"""What a process does while the store that it shares its budget in can't be used, and afterwards."""

from __future__ import annotations

import logging
import threading
import time
import uuid

import pytest

from pacing.waiting import wait_until
from qlik_automation_connections.pacing import Pacing
from qlik_automation_connections.pacing import _shared_budget as shared_budget
from qlik_automation_connections.pacing._shared_budget import SharedBudget
from qlik_automation_connections.pacing._store import Reply, Report, StoreError
from qlik_automation_connections.pacing._window_log import WindowLog

PACING = Pacing()
WINDOW = 300.0


class PretendStore:
    """A store in memory that can fail and forget; other processes are made up."""

    name = "pretend://store"

    def __init__(self, capacity: int, processes: int = 1) -> None:
        self.capacity = capacity
        self.processes = processes
        self.works = True
        self.reports: list[Report] = []
        self.forget()

    def forget(self) -> None:
        self.epoch = uuid.uuid4().hex
        self.log = WindowLog(self.capacity, WINDOW)

    def sync(self, report: Report) -> Reply:
        if not self.works:
            raise StoreError("it is switched off")
        self.reports.append(report)
        if report.epoch not in (None, self.epoch):
            return Reply(0, None, 0, 1, self.epoch)
        now = time.monotonic()
        self.log.in_flight = report.in_flight
        for left in report.completed:
            self.log.take()
            self.log.complete(now + left - WINDOW)
        if report.hold is not None:
            self.log.stopped_until = max(self.log.stopped_until, now + report.hold)
        granted = min(report.want, self.log.free(now))
        self.log.in_flight += granted
        following = self.log.next_free(now)
        wait = None if following is None else following - now
        return Reply(granted, wait, self.log.free(now), self.processes, self.epoch)

    def after_fork(self) -> None:
        pass

    def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_budget, "RETRY_SECONDS", 0.02)
    monkeypatch.setattr(shared_budget, "GRACE_SECONDS", 0.1)


def take(budget: SharedBudget, count: int) -> None:
    for _ in range(count):
        budget.complete(budget.acquire(2, PACING))


def take_all(budget: SharedBudget, patience: float = 0.3) -> int:
    """How many places the budget hands out at once; the thread that waits for one more is left behind."""
    taken: list[float] = []

    def forever() -> None:
        while True:
            budget.complete(budget.acquire(2, PACING))
            taken.append(time.monotonic())

    threading.Thread(target=forever, daemon=True).start()
    time.sleep(patience)
    return len(taken)


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def test_work_goes_on_with_one_warning(caplog: pytest.LogCaptureFixture) -> None:
    store = PretendStore(40, processes=4)
    budget = SharedBudget("https://acme.example", WINDOW, store, {2: 40})
    take(budget, 1)
    store.works = False
    take(budget, 4)
    time.sleep(0.1)
    assert len(warnings(caplog)) == 1
    assert "pretend://store: it is switched off" in warnings(caplog)[0]


@pytest.mark.parametrize(
    ("held", "processes", "allowed"),
    [
        # It held 3, and 37 were free: half of a fourth part is 4 more.
        (3, 4, 7),
        # A share is 10, and it held as many: no more until they are free again.
        (10, 4, 10),
        # Others held nothing, so only the processes count: it held more than its share.
        (30, 4, 30),
        # Alone, it goes on with half of what was free.
        (20, 1, 30),
    ],
)
def test_without_the_store_all_processes_together_stay_within_the_window(
    held: int, processes: int, allowed: int
) -> None:
    store = PretendStore(40, processes)
    budget = SharedBudget("https://acme.example", WINDOW, store, {2: 40})
    take(budget, held)
    # The last report was made with the last place; what was free then is what it goes by.
    store.works = False
    taken = take_all(budget)
    assert held + taken <= allowed + 1
    assert held + taken >= allowed


def test_after_a_window_each_process_has_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    store = PretendStore(40, processes=4)
    monkeypatch.setattr(store, "log", WindowLog(0, WINDOW))
    budget = SharedBudget("https://acme.example", 0.3, store, {2: 40})
    waiting = threading.Thread(target=take, args=(budget, 10))
    waiting.start()
    wait_until(lambda: bool(store.reports))
    store.works = False
    began = time.monotonic()
    waiting.join(timeout=20)
    assert not waiting.is_alive()
    assert time.monotonic() - began >= 0.2


def test_it_comes_back_and_reports_what_was_sent_meanwhile(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    store = PretendStore(40)
    budget = SharedBudget("https://acme.example", WINDOW, store, {2: 40})
    take(budget, 2)
    store.works = False
    take(budget, 5)
    store.works = True
    wait_until(lambda: "pacing uses pretend://store again" in caplog.messages)
    take(budget, 1)
    budget.close()
    assert store.log.held(time.monotonic()) == 8


def test_a_store_that_forgot_is_told_all_and_trusted_a_little_later(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    store = PretendStore(40)
    budget = SharedBudget("https://acme.example", WINDOW, store, {2: 40})
    take(budget, 30)
    budget.close()
    store.forget()
    assert take_all(budget, patience=1.0) == 10
    assert len(warnings(caplog)) == 1
    assert "lost its data" in warnings(caplog)[0]
    assert "pacing uses pretend://store again" in caplog.messages
    assert store.log.held(time.monotonic()) == 40


def test_who_took_nothing_does_not_mind_that_the_store_forgot(caplog: pytest.LogCaptureFixture) -> None:
    store = PretendStore(40)
    budget = SharedBudget("https://acme.example", 0.05, store, {2: 40})
    take(budget, 3)
    time.sleep(0.2)
    budget.close()
    store.forget()
    take(budget, 1)
    assert warnings(caplog) == []


def test_many_who_wait_are_served_with_few_questions() -> None:
    store = PretendStore(200)
    budget = SharedBudget("https://acme.example", WINDOW, store, {2: 200})
    threads = [threading.Thread(target=take, args=(budget, 1)) for _ in range(100)]
    with budget._lock:
        # All of them are asking before the first is answered.
        for thread in threads:
            thread.start()
    for thread in threads:
        thread.join()
    assert sum(report.want for report in store.reports) >= 100
    budget.close()
    assert store.log.held(time.monotonic()) == 100
