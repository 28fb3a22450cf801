"""Requests to a sandbox whose limits are on: none is refused, and they take little more than the limits allow.

The least time is a window for each full one before the last, and the time that serving the first took, which nothing
held up. The sandbox's clock runs ten times faster.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from pacing.server import PROGRAM, RedisServer
from qlik_automation_connections.pacing import Pacing, pacer_for
from qlik_automation_connections.sandbox import Sandbox

MEASURED = pytest.mark.skipif("MEASURE" not in os.environ, reason="it measures minutes: MEASURE=1 runs it")
SPEED, WINDOW_SECONDS = 10, 300
CLIENT = """
import asyncio, json, sys, time
from concurrent.futures import ThreadPoolExecutor
from qlik_automation_connections import AsyncTenant, Tenant
from qlik_automation_connections.admin import backup
from qlik_automation_connections.pacing import Pacing

kind, url, key, store, window, width, ids, archive = json.loads(sys.argv[1])
options = dict(api_key=key, pacing=Pacing(store=store, window=window), retries=0, timeout=60.0)
began = time.perf_counter()

async def tasks():
    left = iter(ids)
    async def worker():
        for id in left:
            await tenant.connections.check(id)
    async with AsyncTenant(url, **options) as tenant:
        await asyncio.gather(*(worker() for _ in range(width)))

if kind == "tasks":
    asyncio.run(tasks())
else:
    with Tenant(url, **options) as tenant, ThreadPoolExecutor(width) as pool:
        backup(tenant, archive, list_all=True) if kind == "backup" else list(pool.map(tenant.connections.check, ids))
print(time.perf_counter() - began)
"""


def by_the_least(
    kind: str, store: str, folder: Path, *, width: int, processes: int = 1, connections: int = 20
) -> float:
    """Return the time that clients take by the least that the limits allow."""
    capacity, calls = (5_000, 0) if kind == "backup" else (500, 1_500)
    with Sandbox(connections, limits=True, speed=SPEED) as sandbox, ThreadPoolExecutor(processes) as pool:
        ids = [sandbox.snapshot()[0]["id"]] * (calls // processes)
        order = [kind, sandbox.url, sandbox.api_key, store, WINDOW_SECONDS / SPEED, width, ids, str(folder / "backup")]
        command = [sys.executable, "-c", CLIENT, json.dumps(order)]
        taken = max(pool.map(lambda _: float(subprocess.check_output(command)), range(processes)))
        entries = sandbox.ledger.snapshot()
    assert not any(entry.refused for entry in entries)
    assert len(entries) >= (calls or connections)
    times = sorted(entry.time for entry in entries)
    full, last = divmod(len(times) - 1, capacity)
    least = (full * WINDOW_SECONDS + times[last] - times[0]) / SPEED
    # Starting up and connecting is not the pacing's; a backup is judged as a whole.
    return taken / (least if kind == "backup" else least + taken - (times[-1] - times[0]) / SPEED)


@pytest.fixture
def redis_url() -> Iterator[str]:
    if PROGRAM is None:
        pytest.skip("redis-server is not installed")
    server = RedisServer()
    server.start()
    yield server.url
    server.kill()


@MEASURED
@pytest.mark.parametrize(("kind", "width"), [("threads", 64), ("tasks", 500)])
def test_within_one_process(kind: str, width: int, tmp_path: Path) -> None:
    assert by_the_least(kind, "memory", tmp_path, width=width) <= 1.03


@MEASURED
@pytest.mark.parametrize("store", ["sqlite", "redis"])
def test_shared_by_four_processes(store: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    address = request.getfixturevalue("redis_url") if store == "redis" else f"sqlite:///{tmp_path}/budget.db"
    assert by_the_least("threads", address, tmp_path, width=16, processes=4) <= 1.1


@MEASURED
def test_a_backup(tmp_path: Path) -> None:
    assert by_the_least("backup", "memory", tmp_path, width=1, connections=10_000) <= 1.1


def test_a_request_that_need_not_wait_costs_microseconds() -> None:
    numbers = itertools.count()

    def seconds() -> float:
        pacer: Any = pacer_for(Pacing(), "bench", str(next(numbers)))
        began = time.perf_counter()
        for _ in range(500):
            pacer.complete(pacer.acquire(2))
        return (time.perf_counter() - began) / 500

    assert min(seconds() for _ in range(20)) <= 30e-6
