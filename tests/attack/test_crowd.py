"""Many threads and tasks on one tenant; none is lost, none gets another's answer."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import anyio
import pytest

from qlik_automation_connections import AsyncTenant, RetryPolicy, Tenant

from .measure import Flavour
from .server import HostileServer, Peer, Seen, answers, answers_json
from .targets import API_KEY, DETAIL

POLICY = RetryPolicy(retries=8, backoff=0.01, max_backoff=0.02)


class _Shaky:
    """Answers with the id that was asked for; every few requests it fails in turn in one of four ways."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._number = 0

    def __call__(self, peer: Peer, seen: Seen) -> None:
        with self._lock:
            self._number += 1
            number = self._number
        if number % 40 == 3:
            peer.reset()
        elif number % 40 == 13:
            peer.close()
        elif number % 40 == 23:
            answers(429, b"", {"Retry-After": "0"})(peer, seen)
        elif number % 40 == 33:
            answers(502, b"<html>", {"Content-Type": "text/html"})(peer, seen)
        else:
            answers_json(200, {**DETAIL, "id": seen.target.rpartition("/")[2]})(peer, seen)


def test_64_threads() -> None:
    with HostileServer(_Shaky()) as server, Tenant(server.url, api_key=API_KEY, retries=POLICY, timeout=20) as tenant:
        start = threading.Barrier(64)

        def work(thread: int) -> list[str | None]:
            start.wait(10)
            return [tenant.connections.get(f"T{thread}-{number}").id for number in range(5)]

        with ThreadPoolExecutor(64) as pool:
            ids = list(pool.map(work, range(64), timeout=40))
    assert ids == [[f"T{thread}-{number}" for number in range(5)] for thread in range(64)]


@pytest.mark.parametrize(
    ("backend", "tasks"),
    [("asyncio", 100), ("trio", 50), pytest.param("asyncio", 500, marks=pytest.mark.exhaustive)],
)
def test_many_tasks(backend: Flavour, tasks: int) -> None:
    found: dict[int, str | None] = {}

    async def run(url: str) -> None:
        async with AsyncTenant(url, api_key=API_KEY, retries=POLICY, timeout=60) as tenant:

            async def work(number: int) -> None:
                found[number] = (await tenant.connections.get(f"T{number}")).id

            with anyio.fail_after(120):
                async with anyio.create_task_group() as group:
                    for number in range(tasks):
                        group.start_soon(work, number)

    with HostileServer(_Shaky()) as server:
        anyio.run(run, server.url, backend=backend)
    assert found == {number: f"T{number}" for number in range(tasks)}
