"""One budget for a fleet of machines, in Redis, and what becomes of it when the server is killed."""

from __future__ import annotations

import gc
import time

import pytest
import redis

from pacing import traffic
from pacing.server import RedisServer
from qlik_automation_connections import ConfigurationError
from qlik_automation_connections.pacing._redis_store import RedisStore
from qlik_automation_connections.pacing._store import Report, StoreError
from qlik_automation_connections.sandbox import LedgerEntry, Sandbox

WINDOW = 1.0


def want(count: int, *, in_flight: int = 0, completed: int = 0, refused: float | None = None) -> Report:
    return Report(2, 10, WINDOW, in_flight, [WINDOW] * completed, refused, want=count)


@pytest.mark.exhaustive
def test_four_processes_never_exceed_a_window_nor_meet_a_429(redis_server: RedisServer) -> None:
    with Sandbox(5, limits=True, speed=traffic.SPEED) as sandbox:
        processes = traffic.Process.started(*[traffic.order(sandbox, redis_server.url, 180, 8)] * 4)
        statuses = [status for process in processes for status in process.finish()[0]]
        entries = sandbox.ledger.snapshot()
    assert statuses == [200] * 720
    assert not any(entry.refused for entry in entries)
    assert traffic.fullest_window(entries) <= traffic.CAPACITY


def assert_within_the_limits(reports: list[tuple[list[int], str]], entries: list[LedgerEntry], requests: int) -> None:
    """All was sent, and hardly any of it too early: one that hears later than another that the store is gone may."""
    statuses = [status for statuses, _ in reports for status in statuses]
    assert len(statuses) == requests
    assert set(statuses) <= {200, 429}
    assert sum(entry.refused for entry in entries) <= traffic.CAPACITY // 20
    assert traffic.fullest_window([entry for entry in entries if not entry.refused]) <= traffic.CAPACITY


@pytest.mark.exhaustive
def test_killed_in_mid_run_work_goes_on_with_one_warning(redis_server: RedisServer) -> None:
    with Sandbox(5, limits=True, speed=traffic.SPEED) as sandbox:
        processes = traffic.Process.started(*[traffic.order(sandbox, redis_server.url, 180, 8)] * 4)
        while len(sandbox.ledger) < 200:
            time.sleep(0.001)
        redis_server.kill()
        reports = [process.finish() for process in processes]
        entries = sandbox.ledger.snapshot()
    assert_within_the_limits(reports, entries, 720)
    assert all(logged.count("WARNING") <= 1 for _, logged in reports)
    assert any("this process continues with its share of the limits" in logged for _, logged in reports)


@pytest.mark.exhaustive
def test_killed_and_started_again_empty_nothing_is_forgotten(redis_server: RedisServer) -> None:
    with Sandbox(5, limits=True, speed=traffic.SPEED) as sandbox:
        processes = traffic.Process.started(*[traffic.order(sandbox, redis_server.url, 250, 8)] * 4)
        while len(sandbox.ledger) < 450:
            time.sleep(0.001)
        redis_server.kill()
        redis_server.start()
        reports = [process.finish() for process in processes]
        entries = sandbox.ledger.snapshot()
    assert_within_the_limits(reports, entries, 1000)
    assert all(logged.count("WARNING") <= 1 for _, logged in reports)


def test_a_store_that_is_not_closed_disconnects_when_it_is_forgotten(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The collector may come to the socket before it comes to the client, whose own finalizer is then too late.
    monkeypatch.delattr(redis.Redis, "__del__")
    store = RedisStore(redis_server.url, "b")
    store.close()
    store.sync(want(1))
    (connection,) = store._client.connection_pool._available_connections
    assert connection._sock is not None
    del store
    gc.collect()
    assert connection._sock is None


def test_places_of_one_process_are_missing_for_the_other(redis_server: RedisServer) -> None:
    one, other = RedisStore(redis_server.url, "b"), RedisStore(redis_server.url, "b")
    assert one.sync(want(7)).granted == 7
    reply = other.sync(want(7))
    assert (reply.granted, reply.free, reply.processes) == (3, 0, 2)
    assert other.sync(want(1, in_flight=3)).wait is None
    one.sync(want(0, completed=7))
    wait = other.sync(want(1, in_flight=3)).wait
    assert wait is not None
    time.sleep(wait + 0.001)
    assert other.sync(want(9, in_flight=3)).granted == 7


def test_a_refusal_stops_the_others_and_fills_the_window(redis_server: RedisServer) -> None:
    one, other = RedisStore(redis_server.url, "b"), RedisStore(redis_server.url, "b")
    one.sync(want(2))
    one.sync(want(0, in_flight=1, refused=0.5))
    reply = other.sync(want(1))
    assert reply.granted == 0
    assert reply.wait == pytest.approx(0.5, abs=0.3)
    time.sleep(reply.wait or 0.0)
    assert other.sync(want(10)).granted >= 1
    time.sleep(0.6)
    assert other.sync(want(10)).granted == 9


def test_while_a_process_asks_for_it_nobody_is_granted_anything(redis_server: RedisServer) -> None:
    one, other = RedisStore(redis_server.url, "b"), RedisStore(redis_server.url, "b")
    one.sync(Report(2, 10, WINDOW, 0, hold=0.5))
    reply = other.sync(want(1))
    assert reply.granted == 0
    time.sleep((reply.wait or 0.0) + 0.001)
    assert other.sync(want(20)).granted == 10


def test_a_killed_process_holds_its_places_for_its_lease_and_a_window(redis_server: RedisServer) -> None:
    RedisStore(redis_server.url, "b").sync(want(10))
    other = RedisStore(redis_server.url, "b")
    time.sleep(1.1)
    reply = other.sync(want(1))
    assert reply.granted == 0
    assert reply.wait is not None
    assert 0.0 < reply.wait <= WINDOW
    time.sleep(reply.wait + 0.001)
    assert other.sync(want(10)).granted == 10


def test_a_report_that_is_repeated_gives_no_place_away(redis_server: RedisServer) -> None:
    store = RedisStore(redis_server.url, "b")
    for _ in range(3):
        assert store.sync(want(10)).granted == 10


def test_lost_memory_grants_nothing(redis_server: RedisServer) -> None:
    store = RedisStore(redis_server.url, "b")
    epoch = store.sync(want(3)).epoch
    redis_server.kill()
    with pytest.raises(StoreError):
        store.sync(want(1))
    redis_server.start()
    reply = store.sync(Report(2, 10, WINDOW, 3, want=5, epoch=epoch))
    assert reply.granted == 0
    assert reply.epoch != epoch


def test_a_server_that_is_not_there_is_refused_at_once(redis_server: RedisServer) -> None:
    redis_server.kill()
    with pytest.raises(ConfigurationError, match="can't be used"):
        RedisStore(redis_server.url, "b")


def test_nothing_is_left_in_the_server_for_ever(redis_server: RedisServer) -> None:
    store = RedisStore(redis_server.url, "b")
    store.sync(want(3, in_flight=1, completed=2))
    keys = store._client.keys("*")
    assert keys
    assert all(store._client.pttl(key) > 0 for key in keys)
