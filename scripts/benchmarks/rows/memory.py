"""Row `memory`: the most memory that iterating a long list takes, by iterating a short one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from ..figures import Figure, Skipped
from ..measuring import Pair, peak_mib

if TYPE_CHECKING:
    from ..context import Bench

_BAR: Final = 1.1
_REPEATS: Final = 5
_MANY: Final = 200_000
_FEW: Final = 2_000
_LINE: Final = (f"iterating {_MANY:,}", f"iterating {_FEW:,}")

HOW: Final = f"""\
The most memory that a whole process has resident (its `ru_maxrss`) when it has iterated {_MANY:,} connections, by
one that has iterated {_FEW:,}, both with `for connection in tenant.connections.list(list_all=True)`, in pages of
200, without extras. {_REPEATS} pairs of processes."""


@contextmanager
def ours(order: dict[str, Any]) -> Iterator[Callable[[], object]]:
    from qlik_automation_connections import Tenant

    with Tenant(order["url"], api_key=order["key"], **order.get("options", {})) as tenant:

        def iterated() -> None:
            count = 0
            for _ in tenant.connections.list(list_all=True):
                count += 1
            assert count == order["connections"]

        yield iterated


def once(order: dict[str, Any]) -> float:
    """The most memory that this process had after one iteration, in MiB."""
    with ours(order) as iterated:
        iterated()
    return peak_mib()


def measure(bench: Bench) -> list[Figure | Skipped]:
    from ..processes import prepared

    if sys.platform == "win32":
        return [Skipped(*_LINE, "Windows has no ru_maxrss.")]
    with prepared(_MANY) as many, prepared(_FEW) as few:
        big = {"url": many.url, "key": many.key, "connections": _MANY}
        small = {"url": few.url, "key": few.key, "connections": _FEW}
        pairs = [
            Pair(float(bench.once("memory", big)), float(bench.once("memory", small)))
            for _ in range(bench.repeats(_REPEATS))
        ]
    return [Figure(*_LINE, pairs, _BAR, unit="MiB")]


def profile(bench: Bench) -> str:
    from ..processes import prepared

    with prepared(_FEW) as served:
        # Iterated again for some seconds, it would meet the limits.
        options = {"pacing": "off"}
        order = {"url": served.url, "key": served.key, "connections": _FEW, "options": options}
        return bench.profile("memory", order)
