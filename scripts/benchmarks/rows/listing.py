"""Row `list`: listing 20,000 connections, by raw httpx and json and by other clients."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..figures import Figure, Skipped
from ..measuring import Pair, paired
from . import raw

if TYPE_CHECKING:
    from ..context import Bench
    from ..processes import Served

_BAR: Final = 1.05
_BAR_WITH_SPEED: Final = 0.95
_TIMES_AS_FAST: Final = 1.7
_CONNECTIONS: Final = 20_000
# Each process stays below the 5,000 pages that the limits allow in five minutes, warm-ups and all.
_REPEATS: Final = 31
_PEER_REPEATS: Final = 15
_SLOW_REPEATS: Final = 5
_SCRIPTS: Final = Path(__file__).resolve().parents[2]
_LISTER: Final = _SCRIPTS / "benchmarks" / "peers" / "list.mjs"
_PACKAGE: Final = _SCRIPTS / "vendor_client" / "package.json"

HOW: Final = f"""\
Iterating all {_CONNECTIONS:,} connections of a tenant with what each takes for granted:
`tenant.connections.list(list_all=True)` asks for pages of 200 and makes models; raw httpx and json follow
`links.next` over the service's own pages of 100, as do Qlik's `@qlik/api` (its `next()`, its cache cleared before
each listing) and, by hand, `qlik-sdk`, which has no call for connections and opens a connection for every request;
both make dictionaries. The third line has httpx ask for pages of 200, too. {_REPEATS} pairs within one process for
httpx, {_PEER_REPEATS} and {_SLOW_REPEATS} pairs of processes that are kept running for the others. To be
{_TIMES_AS_FAST} times as fast as `@qlik/api` is a ratio of {1 / _TIMES_AS_FAST:.2f}. The last line asks a sandbox,
where most of the time is the server's."""


@contextmanager
def ours(order: dict[str, Any]) -> Iterator[Callable[[], object]]:
    from qlik_automation_connections import Tenant

    with Tenant(order["url"], api_key=order["key"], **order.get("options", {})) as tenant:

        def listed() -> None:
            count = sum(1 for _ in tenant.connections.list(list_all=True))
            assert count == order["connections"]

        yield listed


@contextmanager
def sides(order: dict[str, Any]) -> Iterator[tuple[Callable[[], object], Callable[[], object]]]:
    with raw.client(order["url"], order["key"]) as client, ours(order) as listed:

        def listed_raw() -> None:
            assert raw.listed(client, order.get("limit")) == order["connections"]

        yield listed, listed_raw


def _order(served: Served, **more: object) -> dict[str, Any]:
    return {"url": served.url, "key": served.key, "connections": _CONNECTIONS, **more}


def _by_peer(bench: Bench, served: Served, peer: Callable[[], float], repeats: int, *extras: str) -> list[Pair]:
    from ..processes import timer

    with timer(bench.turns(bench.environments.ours(*extras), "rows.listing", _order(served))) as listed:
        return paired(listed, peer, bench.repeats(repeats))


def _against_node(bench: Bench, served: Served) -> Sequence[Figure | Skipped]:
    from ..environments import PeerMissing
    from ..processes import timer

    lines = (("with `speed`", ("speed",)), ("without extras", ()))
    try:
        client = bench.environments.node_client(_LISTER, _PACKAGE)
    except PeerMissing as missing:
        return [Skipped(what, "`@qlik/api`", str(missing)) for what, _ in lines]
    with timer([*client.command, json.dumps(_order(served))], client.folder) as listed:
        return [
            Figure(what, "`@qlik/api`", _by_peer(bench, served, listed, _PEER_REPEATS, *extras), 1 / _TIMES_AS_FAST)
            for what, extras in lines
        ]


def _against_qlik_sdk(bench: Bench, served: Served) -> Figure | Skipped:
    from ..environments import PeerMissing
    from ..processes import timer

    try:
        python = bench.environments.qlik_sdk()
    except PeerMissing as missing:
        return Skipped("without extras", "`qlik-sdk`", str(missing))
    with timer(bench.turns(python, "peers.qlik_sdk_listing", _order(served))) as listed:
        return Figure("without extras", "`qlik-sdk`", _by_peer(bench, served, listed, _SLOW_REPEATS))


def measure(bench: Bench) -> list[Figure | Skipped]:
    from ..processes import prepared, sandbox_elsewhere

    with ExitStack() as stack:
        served = stack.enter_context(prepared(_CONNECTIONS))
        order = _order(served, repeats=bench.repeats(_REPEATS))
        found: list[Figure | Skipped] = [
            Figure("with `speed`", "httpx and json", bench.pairs("listing", order, "speed"), _BAR_WITH_SPEED),
            Figure("without extras", "httpx and json", bench.pairs("listing", order), _BAR),
            Figure("with `speed`", "the same, pages of 200", bench.pairs("listing", {**order, "limit": 200}, "speed")),
            *_against_node(bench, served),
            _against_qlik_sdk(bench, served),
        ]
    with sandbox_elsewhere(_CONNECTIONS) as served:
        order = _order(served, repeats=bench.repeats(_SLOW_REPEATS))
        return [*found, Figure("from a sandbox", "httpx and json", bench.pairs("listing", order))]


def profile(bench: Bench) -> str:
    from ..processes import prepared

    with prepared(_CONNECTIONS) as served:
        # Listed again for some seconds, it would meet the limits.
        return bench.profile("listing", _order(served, options={"pacing": "off"}), "speed")
