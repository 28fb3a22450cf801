"""Both sides of each row, run in the environment that is measured: ours, and what does the same without this package.

A side gets an order, yields what to do, and needs nothing but what is installed there. Started with `pairs`, `turns` or
`peak`, the name of a row, and its order as JSON.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

from .measuring import paired, peak_mib, seconds

if TYPE_CHECKING:
    import httpx

PATH = "/api/workflows/automation-connections"
WORKERS = 16
Work = Callable[[], object]
Both = Iterator[tuple[Work, Work]]
Order = dict[str, Any]


def _client(order: Order) -> httpx.Client:
    import httpx

    return httpx.Client(base_url=order["url"], headers={"Authorization": f"Bearer {order['key']}"})


def _pages(client: httpx.Client, query: str = "") -> Iterator[list[Any]]:
    address: str | None = f"{PATH}?listAll=true{query}"
    while address is not None:
        page = client.get(address).json()
        yield page["data"]
        address = page["links"]["next"]["href"]


def _ids(order: Order) -> list[str]:
    with _client(order) as client:
        found = [item["id"] for page in _pages(client) for item in page][: order["calls"]]
    assert len(found) == order["calls"]
    return found


def _tenant(order: Order, **options: Any) -> Any:
    from qlik_automation_connections import Tenant

    return Tenant(order["url"], api_key=order["key"], **options)


@contextmanager
def construct(order: Order) -> Both:
    """Make and close a second tenant, by a client of httpx."""
    import httpx

    def tenants() -> None:
        for _ in range(order["calls"]):
            _tenant(order).close()

    with _tenant(order):
        yield tenants, lambda: httpx.Client().close()


@contextmanager
def get(order: Order) -> Both:
    """Read connections, by httpx and json."""
    ids = _ids(order)
    with _client(order) as client, _tenant(order) as tenant:
        yield (
            lambda: [tenant.connections.get(id) for id in ids],
            lambda: [client.get(f"{PATH}/{id}").json() for id in ids],
        )


@contextmanager
def decode(order: Order) -> Both:
    """Read a page from bytes to models, by json.loads."""
    import httpx

    from qlik_automation_connections._exchange.response import parse_response
    from qlik_automation_connections._raw_response import RawResponse
    from qlik_automation_connections._resources.list_query import list_query
    from qlik_automation_connections_api.api.automation_connections import get_automation_connections as operation

    with _client(order) as client:
        answer = client.get(PATH, params={"listAll": "true", "limit": "200"})
    content = answer.content
    query = list_query(operation, filter=None, fields={}, sort=None, sorts=None, limit=None, list_all=True)
    call = query.at(None)
    response = RawResponse(httpx.Request("GET", f"{order['url']}{PATH}"), 200, answer.headers, content, 0.0)
    page, _ = parse_response(call, response, attempts=1)
    assert len(page.items) == len(json.loads(content)["data"]) == 200
    yield (
        lambda: [parse_response(call, response, attempts=1) for _ in range(order["calls"])],
        lambda: [json.loads(content) for _ in range(order["calls"])],
    )


@contextmanager
def listing(order: Order) -> Both:
    """List all connections, by httpx and json."""

    def listed() -> None:
        assert sum(1 for _ in tenant.connections.list(list_all=True)) == order["connections"]

    def listed_raw() -> None:
        assert sum(map(len, _pages(client, order.get("query", "")))) == order["connections"]

    with _client(order) as client, _tenant(order) as tenant:
        yield listed, listed_raw


@contextmanager
def qlik_sdk(order: Order) -> Both:
    """List all connections with Qlik's Python client, whose REST client must be told the path."""
    sdk: Any = importlib.import_module("qlik_sdk")  # installed in an environment of its own
    rest = sdk.Auth(sdk.Config(host=order["url"], auth_type=sdk.AuthType.APIKey, api_key=order["key"])).rest

    def listed() -> None:
        page = rest(path="/automation-connections", params={"listAll": "true"}).json()
        count = len(page["data"])
        while (address := page["links"]["next"]["href"]) is not None:
            page = rest(path=address).json()
            count += len(page["data"])
        assert count == order["connections"]

    yield listed, listed


@contextmanager
def threads(order: Order) -> Both:
    """Read connections by threads, by threads that only wait."""

    def wait(_: int) -> None:
        for _ in range(order["calls"] // WORKERS):
            time.sleep(order["delay"])

    ids = _ids(order)
    with _tenant(order, pacing="off") as tenant, ThreadPoolExecutor(WORKERS) as pool:
        yield lambda: list(pool.map(tenant.connections.get, ids)), lambda: list(pool.map(wait, range(WORKERS)))


@contextmanager
def tasks(order: Order) -> Both:
    """Read connections by tasks, by tasks that only wait."""
    from qlik_automation_connections import AsyncTenant

    async def read() -> None:
        left = iter(ids)

        async def reading() -> None:
            for id in left:
                await tenant.connections.get(id)

        await asyncio.gather(*(reading() for _ in range(WORKERS)))

    async def wait() -> None:
        async def waiting() -> None:
            for _ in range(order["calls"] // WORKERS):
                await asyncio.sleep(order["delay"])

        await asyncio.gather(*(waiting() for _ in range(WORKERS)))

    ids = _ids(order)
    with asyncio.Runner() as runner:
        tenant = AsyncTenant(order["url"], api_key=order["key"], pacing="off")
        yield lambda: runner.run(read()), lambda: runner.run(wait())
        runner.run(tenant.aclose())


@contextmanager
def check(order: Order) -> Both:
    """Check connections, by httpx and threads."""
    from qlik_automation_connections.admin import check as check_all
    from qlik_automation_connections.pacing import Pacing

    def checked() -> None:
        report = check_all(tenant, ids, workers=WORKERS)
        assert len(report.connected) + len(report.not_connected) == len(ids)

    def checked_raw(id: str) -> bool:
        return bool(client.post(f"{PATH}/{id}/actions/check").json()["connected"])

    ids = _ids(order)
    # A window as full as the published one, that never makes them wait.
    with (
        _tenant(order, pacing=Pacing(window=0.1)) as tenant,
        _client(order) as client,
        ThreadPoolExecutor(WORKERS) as pool,
    ):
        yield checked, lambda: dict(zip(ids, pool.map(checked_raw, ids), strict=True))


@contextmanager
def audit(order: Order) -> Both:
    """Audit a tenant, by iterating its list."""
    from qlik_automation_connections.admin import audit as audit_all

    with _tenant(order, pacing="off") as tenant:
        yield lambda: audit_all(tenant, True), lambda: [*tenant.connections.list(list_all=True)]


@contextmanager
def restore(order: Order) -> Both:
    """Plan the restore of an archive, by iterating the target's list."""
    from qlik_automation_connections.admin import plan_restore

    def plan() -> None:
        made = plan_restore(tenant, order["archive"], list_all=True, owners=order["owners"], spaces=order["spaces"])
        assert len(made.steps) == order["connections"]

    with _tenant(order, pacing="off") as tenant:
        yield plan, lambda: [*tenant.connections.list(list_all=True)]


@contextmanager
def paced(order: Order) -> Both:
    """Check a connection again and again under the limits, by threads or tasks; or back all up."""
    import anyio

    from qlik_automation_connections import AsyncTenant
    from qlik_automation_connections.admin import backup
    from qlik_automation_connections.pacing import Pacing

    options: Any = {"pacing": Pacing(store=order["store"], window=order["window"]), "retries": 0, "timeout": 60.0}

    async def by_tasks() -> None:
        left = iter(range(order["calls"]))

        async def checking() -> None:
            for _ in left:
                await tenant.connections.check(order["id"])

        tenant = AsyncTenant(order["url"], api_key=order["key"], **options)
        async with tenant, anyio.create_task_group() as group:
            for _ in range(order["width"]):
                group.start_soon(checking)

    def by_threads() -> None:
        with _tenant(order, **options) as tenant, ThreadPoolExecutor(order["width"]) as pool:
            list(pool.map(tenant.connections.check, [order["id"]] * order["calls"]))

    def backed_up() -> None:
        with _tenant(order, **options) as tenant:
            assert backup(tenant, order["archive"], list_all=True).connections == order["connections"]

    work = {"tasks": lambda: anyio.run(by_tasks), "threads": by_threads, "backup": backed_up}[order["kind"]]
    yield work, work


ROWS: dict[str, Callable[[Order], AbstractContextManager[tuple[Work, Work]]]] = {
    each.__name__: each
    for each in (construct, get, decode, listing, qlik_sdk, threads, tasks, check, audit, restore, paced)
}


def main(arguments: Sequence[str]) -> None:
    """Measure pairs of both sides, or our side once for each line of standard input, or the most memory it took."""
    mode, name, text = arguments
    order: Order = json.loads(text)
    with ROWS[name](order) as (ours, theirs):
        cpu = order.get("cpu", False)
        if mode == "pairs":
            print(
                json.dumps(paired(lambda: seconds(ours, cpu=cpu), lambda: seconds(theirs, cpu=cpu), order["repeats"]))
            )
        elif mode == "peak":
            ours()
            print(json.dumps(peak_mib()))
        else:
            print(flush=True)  # ready
            for _ in sys.stdin:
                print(seconds(ours), flush=True)
