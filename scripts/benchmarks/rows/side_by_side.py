"""Row `side-by-side`: many reads at once, by as many workers that do nothing but wait."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from ..figures import Figure
from ..measuring import Pair, seconds
from . import raw

if TYPE_CHECKING:
    from ..context import Bench

_BAR: Final = 1.1
_REPEATS: Final = 15
_WORKERS: Final = 16
_CALLS: Final = 400
DELAY: Final = 0.05
_CONNECTIONS: Final = 400
_REQUESTS_OF_SERVER: Final = 25

HOW: Final = f"""\
{_CALLS} calls of `get` by {_WORKERS} threads, and by {_WORKERS} asyncio tasks, that share a tenant whose server
answers {DELAY * 1000:.0f} ms after a request has come, with pacing off; by as many workers that do nothing but wait
{DELAY * 1000:.0f} ms so often. {_REPEATS} pairs each, without extras. The last line shows how much longer than that
the server itself takes, asked over a plain socket."""


def _share() -> range:
    return range(_CALLS // _WORKERS)


@contextmanager
def _threads(order: dict[str, Any], ids: list[str]) -> Iterator[tuple[Callable[[], object], Callable[[], object]]]:
    from qlik_automation_connections import Tenant

    with (
        Tenant(order["url"], api_key=order["key"], pacing="off") as tenant,
        ThreadPoolExecutor(_WORKERS) as workers,
    ):

        def waiting(_: int) -> None:
            for _ in _share():
                time.sleep(DELAY)

        yield (
            lambda: list(workers.map(tenant.connections.get, ids)),
            lambda: list(workers.map(waiting, range(_WORKERS))),
        )


@contextmanager
def _tasks(order: dict[str, Any], ids: list[str]) -> Iterator[tuple[Callable[[], object], Callable[[], object]]]:
    from qlik_automation_connections import AsyncTenant

    async def reading(tenant: AsyncTenant, left: Iterator[str]) -> None:
        for id in left:
            await tenant.connections.get(id)

    async def read(tenant: AsyncTenant) -> None:
        left = iter(ids)
        await asyncio.gather(*(reading(tenant, left) for _ in range(_WORKERS)))

    async def waiting() -> None:
        for _ in _share():
            await asyncio.sleep(DELAY)

    async def waited() -> None:
        await asyncio.gather(*(waiting() for _ in range(_WORKERS)))

    with asyncio.Runner() as runner:
        tenant = AsyncTenant(order["url"], api_key=order["key"], pacing="off")
        try:
            yield lambda: runner.run(read(tenant)), lambda: runner.run(waited())
        finally:
            runner.run(tenant.aclose())


@contextmanager
def sides(order: dict[str, Any]) -> Iterator[tuple[Callable[[], object], Callable[[], object]]]:
    with raw.client(order["url"], order["key"]) as client:
        ids = raw.ids(client, _CALLS)
    assert len(ids) == _CALLS
    with (_tasks if order["tasks"] else _threads)(order, ids) as both:
        yield both


@contextmanager
def ours(order: dict[str, Any]) -> Iterator[Callable[[], object]]:
    with sides(order) as (read, _):
        yield read


def server_pairs(url: str, key: str, delay: float, count: int) -> list[Pair]:
    """What a server takes for a request over a plain socket, and what it was told to take."""
    address = urlsplit(url)
    request = (
        f"GET {raw.PATH}?limit=1 HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Bearer {key}\r\n\r\n".encode()
    )
    assert address.hostname is not None
    with closing(socket.create_connection((address.hostname, address.port or 80))) as connection:

        def asked() -> None:
            connection.sendall(request)
            head, _, body = connection.recv(65_536).partition(b"\r\n\r\n")
            length = int(head.lower().rpartition(b"content-length:")[2])
            while len(body) < length:
                body += connection.recv(65_536)

        asked()
        return [Pair(seconds(asked), delay) for _ in range(count)]


def measure(bench: Bench) -> list[Figure]:
    from ..processes import prepared

    with prepared(_CONNECTIONS, DELAY) as served:
        order = {"url": served.url, "key": served.key, "repeats": bench.repeats(_REPEATS)}
        threads = bench.pairs("side_by_side", {**order, "tasks": False})
        tasks = bench.pairs("side_by_side", {**order, "tasks": True})
        server = server_pairs(served.url, served.key, DELAY, _REQUESTS_OF_SERVER)
    waits = f"waits of {DELAY * 1000:.0f} ms"
    return [
        Figure(f"{_WORKERS} threads", waits, threads, _BAR),
        Figure(f"{_WORKERS} asyncio tasks", waits, tasks, _BAR),
        Figure("the server alone", waits, server),
    ]


def profile(bench: Bench) -> str:
    from ..processes import prepared

    with prepared(_CONNECTIONS, DELAY) as served:
        return bench.profile("side_by_side", {"url": served.url, "key": served.key, "tasks": True})
