"""Row `construct`: making a second tenant, by making an httpx client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from ..figures import Figure

if TYPE_CHECKING:
    from ..context import Bench

_BAR: Final = 0.05
_REPEATS: Final = 61
_TENANTS: Final = 20

HOW: Final = f"""\
Making and closing a `Tenant` where the process has had one before, by making and closing an `httpx.Client()`: all
tenants of a process share one TLS context. {_REPEATS} pairs of {_TENANTS} tenants and one client, within one
process, in seconds of its processor: neither waits for anything."""


@contextmanager
def ours(_: dict[str, Any]) -> Iterator[Callable[[], object]]:
    from qlik_automation_connections import Tenant

    def tenants() -> None:
        for _ in range(_TENANTS):
            Tenant("https://acme.eu.example.com", api_key="a-key").close()

    with Tenant("https://acme.eu.example.com", api_key="a-key"):
        yield tenants


@contextmanager
def sides(order: dict[str, Any]) -> Iterator[tuple[Callable[[], object], Callable[[], object]]]:
    import httpx

    with ours(order) as tenants:
        yield tenants, lambda: httpx.Client().close()


def measure(bench: Bench) -> list[Figure]:
    pairs = bench.pairs("construct", {"repeats": bench.repeats(_REPEATS), "cpu": True})
    return [Figure("a second `Tenant`", "`httpx.Client()`", pairs, _BAR, times=(_TENANTS, 1))]


def profile(bench: Bench) -> str:
    return bench.profile("construct", {})
