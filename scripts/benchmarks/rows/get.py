"""Row `get`: reading one connection, by raw httpx and json."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from ..figures import Figure
from . import raw

if TYPE_CHECKING:
    from ..context import Bench

_BAR: Final = 1.35
# Each process stays below the 5,000 reads that the limits allow in five minutes, warm-ups and all.
_REPEATS: Final = 81
_CALLS: Final = 40
_SANDBOX_REPEATS: Final = 21
_CONNECTIONS: Final = 100

HOW: Final = f"""\
`tenant.connections.get(id)` as it comes, with sign-in, retries, pacing and quirks on and the log at WARNING, by
`httpx.Client.get(…).json()`. Both keep one connection open, and read the same {_CALLS} connections in turn.
{_REPEATS} pairs of {_CALLS} calls, within one process, which stays below the published limits, so that the pacing
counts and never waits. The third line asks a sandbox ({_SANDBOX_REPEATS} pairs), where more of the time is the
server's."""


@contextmanager
def ours(order: dict[str, Any]) -> Iterator[Callable[[], object]]:
    from qlik_automation_connections import Tenant

    with raw.client(order["url"], order["key"]) as client:
        ids = raw.ids(client, _CALLS)

    with Tenant(order["url"], api_key=order["key"], **order.get("options", {})) as tenant:

        def read() -> None:
            for id in ids:
                tenant.connections.get(id)

        yield read


@contextmanager
def sides(order: dict[str, Any]) -> Iterator[tuple[Callable[[], object], Callable[[], object]]]:
    with raw.client(order["url"], order["key"]) as client, ours(order) as read:
        paths = [f"{raw.PATH}/{id}" for id in raw.ids(client, _CALLS)]

        def read_raw() -> None:
            for path in paths:
                client.get(path).json()

        yield read, read_raw


def measure(bench: Bench) -> list[Figure]:
    from ..processes import prepared, sandbox_elsewhere

    with prepared(_CONNECTIONS) as served:
        order = {"url": served.url, "key": served.key, "repeats": bench.repeats(_REPEATS)}
        plain, speed = bench.pairs("get", order), bench.pairs("get", order, "speed")
    with sandbox_elsewhere(_CONNECTIONS) as served:
        order = {"url": served.url, "key": served.key, "repeats": bench.repeats(_SANDBOX_REPEATS)}
        sandbox = bench.pairs("get", order)
    times = (_CALLS, _CALLS)
    return [
        Figure("without extras", "httpx and json", plain, _BAR, times=times),
        Figure("with `speed`", "httpx and json", speed, _BAR, times=times),
        Figure("from a sandbox", "httpx and json", sandbox, times=times),
    ]


def profile(bench: Bench) -> str:
    from ..processes import prepared

    with prepared(_CONNECTIONS) as served:
        # Read again for some seconds, it would meet the limits.
        order = {"url": served.url, "key": served.key, "options": {"pacing": "off"}}
        return bench.profile("get", order, "speed")
