"""Row `check`: a bulk check, by the same with raw httpx and threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from ..figures import Figure
from . import raw
from .side_by_side import DELAY

if TYPE_CHECKING:
    from ..context import Bench

_BAR: Final = 1.15
_REPEATS: Final = 21
_CHECKS: Final = 400
_WORKERS: Final = 16
_CONNECTIONS: Final = 400
# The published window of 300 s would let 500 checks through; this one is as full, and never makes them wait.
_WINDOW_SECONDS: Final = 0.1

HOW: Final = f"""\
`admin.check` of {_CHECKS} connections by its {_WORKERS} threads, with sign-in, retries and pacing on, by a
`ThreadPoolExecutor` of as many threads that call `httpx.Client.post(…).json()`. The server answers
{DELAY * 1000:.0f} ms after a request has come, which is little for a check. The pacing counts within a window of
{_WINDOW_SECONDS:g} s instead of 300, so that it does not wait for the limit. {_REPEATS} pairs within one process.
The second line shows the same with a server that answers at once, where the threads have nothing to wait for and
Python runs one of them at a time."""


@contextmanager
def ours(order: dict[str, Any]) -> Iterator[Callable[[], object]]:
    from qlik_automation_connections import Tenant
    from qlik_automation_connections.admin import check
    from qlik_automation_connections.pacing import Pacing

    with raw.client(order["url"], order["key"]) as client:
        ids = raw.ids(client, _CHECKS)
    assert len(ids) == _CHECKS
    with Tenant(order["url"], api_key=order["key"], pacing=Pacing(window=_WINDOW_SECONDS)) as tenant:

        def checked() -> None:
            report = check(tenant, ids, workers=_WORKERS)
            assert len(report.connected) + len(report.not_connected) == _CHECKS

        def one_by_one() -> None:
            for id in ids:
                tenant.connections.check(id)

        yield one_by_one if order.get("one_by_one") else checked


@contextmanager
def sides(order: dict[str, Any]) -> Iterator[tuple[Callable[[], object], Callable[[], object]]]:
    with (
        ours(order) as checked,
        raw.client(order["url"], order["key"]) as client,
        ThreadPoolExecutor(_WORKERS) as workers,
    ):
        ids = raw.ids(client, _CHECKS)

        def checked_raw(id: str) -> bool:
            return bool(client.post(f"{raw.PATH}/{id}/actions/check").json()["connected"])

        yield checked, lambda: dict(zip(ids, workers.map(checked_raw, ids), strict=True))


def measure(bench: Bench) -> list[Figure]:
    from ..processes import prepared

    figures = []
    for what, delay, bar in ((f"answers after {DELAY * 1000:.0f} ms", DELAY, _BAR), ("answers at once", 0.0, None)):
        with prepared(_CONNECTIONS, delay) as served:
            order = {"url": served.url, "key": served.key, "repeats": bench.repeats(_REPEATS)}
            figures.append(Figure(what, "httpx and threads", bench.pairs("check", order), bar))
    return figures


def profile(bench: Bench) -> str:
    from ..processes import prepared

    with prepared(_CONNECTIONS) as served:
        # A profiler sees one thread, so the calls that the job's threads make are made one by one.
        return bench.profile("check", {"url": served.url, "key": served.key, "one_by_one": True})
