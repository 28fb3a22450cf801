"""Both sides of each row, run where they are measured: ours, and what does the same without this package.

A side gets an order, yields what to do, and imports only what is installed there.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, NamedTuple

PATH = "/api/workflows/automation-connections"
WARM_UPS, WORKERS = 2, 16
_ITERATED = "assert sum(1 for _ in itertools.islice(tenant.connections.list(list_all=True), int(what))) == int(what)"
_PLANNED = "assert len(qlik_automation_connections.admin.plan_restore(tenant, what, list_all=True).steps) == 100_000"
_PEAK = """
import itertools, pathlib, resource, sys
import qlik_automation_connections.admin
url, key, done, what = sys.argv[1:]
with qlik_automation_connections.Tenant(url, api_key=key, pacing="off") as tenant:
    exec(done)
if sys.platform == "linux":
    # On Linux, ru_maxrss begins with the memory of the process that started this one.
    print(int(pathlib.Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / 2**10)
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2 ** (20 if sys.platform == "darwin" else 10))
"""
_REFUSAL = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"
Work = Callable[[], object]
Both = Iterator[tuple[Work, Work]]
Order = dict[str, Any]


class Pair(NamedTuple):
    """What both sides took, one right after the other, in the same unit."""

    ours: float
    theirs: float


def seconds(work: Work, *, cpu: bool = False) -> float:
    """Return the float that something returns, or how long it takes; with `cpu`, in seconds of the processor."""
    # Windows counts the processor's time too coarsely.
    clock = time.process_time if cpu and sys.platform != "win32" else time.perf_counter
    gc.collect()
    began = clock()
    result = work()
    return result if isinstance(result, float) else clock() - began


def paired(ours: Callable[[], float], theirs: Callable[[], float], repeats: int) -> list[Pair]:
    """Measure two things turn about, so that whatever else the machine does affects both."""
    found = []
    for number in range(-WARM_UPS, repeats):
        if number % 2:  # neither always comes second
            other = theirs()
            found.append(Pair(ours(), other))
        else:
            found.append(Pair(ours(), theirs()))
    return found[WARM_UPS:]


def middle(values: Sequence[float]) -> tuple[float, float, float]:
    """Return the median, and the bounds of the middle half."""
    low, median, high = statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else [*values] * 3
    return median, low, high


def _output(*command: str) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout


def _client(order: Order) -> Any:
    import httpx

    return httpx.Client(base_url=order["url"], headers={"Authorization": f"Bearer {order['key']}"})


def _pages(client: Any, query: str = "") -> Iterator[list[Any]]:
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
    """Make and close further tenants, or a client of httpx."""
    import httpx

    def tenants() -> None:
        for _ in range(order["calls"]):
            _tenant(order).close()

    with _tenant(order):
        yield tenants, lambda: httpx.Client().close()


@contextmanager
def get(order: Order) -> Both:
    """Read connections, or do so with httpx and json."""
    ids = _ids(order)
    with _client(order) as client, _tenant(order) as tenant:
        yield (
            lambda: [tenant.connections.get(id) for id in ids],
            lambda: [client.get(f"{PATH}/{id}").json() for id in ids],
        )


@contextmanager
def decode(order: Order) -> Both:
    """Read a page from bytes to models, or by json.loads."""
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
    """List all connections, or do so with httpx and json."""

    def listed() -> None:
        assert sum(1 for _ in tenant.connections.list(list_all=True)) == order["connections"]

    def listed_raw() -> None:
        assert sum(map(len, _pages(client, order.get("query", "")))) == order["connections"]

    with _client(order) as client, _tenant(order) as tenant:
        yield listed, listed_raw


@contextmanager
def threads(order: Order) -> Both:
    """Read connections by threads, or let the threads wait as long."""
    ids = _ids(order)
    with _tenant(order, pacing="off") as tenant, ThreadPoolExecutor(WORKERS) as pool:
        yield (
            lambda: list(pool.map(tenant.connections.get, ids)),
            lambda: list(pool.map(time.sleep, [order["delay"]] * len(ids))),
        )


@contextmanager
def tasks(order: Order) -> Both:
    """Read connections by asyncio tasks, or let the tasks wait as long."""
    from qlik_automation_connections import AsyncTenant

    async def work(one: Callable[[str], Any]) -> None:
        left = iter(ids)

        async def worker() -> None:
            for id in left:
                await one(id)

        await asyncio.gather(*(worker() for _ in range(WORKERS)))

    ids = _ids(order)
    with asyncio.Runner() as runner:
        tenant = AsyncTenant(order["url"], api_key=order["key"], pacing="off")
        yield (
            lambda: runner.run(work(tenant.connections.get)),
            lambda: runner.run(work(lambda _: asyncio.sleep(order["delay"]))),
        )
        runner.run(tenant.aclose())


@contextmanager
def check(order: Order) -> Both:
    """Check connections, or do so with httpx and threads."""
    from qlik_automation_connections.admin import check as check_all
    from qlik_automation_connections.pacing import Pacing

    def checked() -> None:
        report = check_all(tenant, ids, workers=WORKERS)
        assert len(report.connected) + len(report.not_connected) == len(ids)

    def checked_raw(id: str) -> bool:
        return bool(client.post(f"{PATH}/{id}/actions/check").json()["connected"])

    ids = _ids(order)
    pacing = Pacing(window=0.1)  # counts as the published window does, and never makes them wait
    with _tenant(order, pacing=pacing) as tenant, _client(order) as client, ThreadPoolExecutor(WORKERS) as pool:
        yield checked, lambda: dict(zip(ids, pool.map(checked_raw, ids), strict=True))


@contextmanager
def pacing(order: Order) -> Both:
    """Take and hand back permits that nothing has to wait for, or read a connection with httpx and json."""
    from qlik_automation_connections.pacing import Pacing, pacer_for
    from qlik_automation_connections.pacing._pacer import forget

    def permits() -> None:
        forget()
        pacer = pacer_for(Pacing(), order["url"], "")
        for _ in range(order["calls"]):
            pacer.complete(pacer.acquire(2))

    with _client(order) as client:
        id = next(_pages(client))[0]["id"]
        yield permits, lambda: client.get(f"{PATH}/{id}").json()


@contextmanager
def audit(order: Order) -> Both:
    """Audit a tenant, or iterate its list."""
    from qlik_automation_connections.admin import audit as audit_all

    with _tenant(order, pacing="off") as tenant:
        yield lambda: audit_all(tenant, True), lambda: [*tenant.connections.list(list_all=True)]


@contextmanager
def restore_plan(order: Order) -> Both:
    """Plan a restore, or iterate the list and read the archive, one after the other."""
    from qlik_automation_connections.admin import Archive, plan_restore

    def planned() -> None:
        assert plan_restore(tenant, order["archive"], list_all=True).summary["skip"] == order["connections"]

    def read() -> None:
        for each in (tenant.connections.list(list_all=True), Archive(order["archive"]).records()):
            assert sum(1 for _ in each) == order["connections"]

    with _tenant(order, pacing="off") as tenant:
        yield planned, read


@contextmanager
def fresh(order: Order) -> Both:
    """Import something in an interpreter of its own, or httpx."""

    def imported(program: str) -> Work:
        text = f"import time; began = time.perf_counter(); {program}; print(time.perf_counter() - began)"
        return lambda: float(_output(sys.executable, "-I", "-c", text))

    yield imported(order["program"]), imported("import httpx")


def _qac() -> str:
    return shutil.which("qac", path=os.path.dirname(sys.executable)) or "qac"


def _bare() -> str:
    return _output(sys.executable, "-c", "pass")


@contextmanager
def help(order: Order) -> Both:  # noqa: A001, ARG001
    """Show the help of the command line, or start a bare interpreter."""
    yield lambda: _output(_qac(), "--help"), _bare


@contextmanager
def first(order: Order) -> Both:
    """Start a program, or the command line, until its first request comes in; or another, or a bare interpreter."""

    def asking(*command: str) -> Work:
        def started() -> float:
            began = time.perf_counter()
            with subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
                connection, _ = server.accept()
                with connection:
                    connection.recv(1)
                    took = time.perf_counter() - began
                    connection.recv(65_536)
                    connection.sendall(_REFUSAL)
            return took

        return started

    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as server:
        own = {"QLIK_TENANT_URL": f"http://127.0.0.1:{server.getsockname()[1]}", "QLIK_API_KEY": "key"}
        variables = {**os.environ, **own, "XDG_STATE_HOME": folder, "LOCALAPPDATA": folder}
        if "program" in order:
            yield asking(sys.executable, "-c", order["program"]), asking(sys.executable, "-c", order["other"])
        else:
            yield asking(_qac(), "list"), _bare


def _peak(order: Order, done: str, what: object) -> Work:
    command = (sys.executable, "-I", "-c", _PEAK, order["url"], order["key"], done, str(what))
    return lambda: float(_output(*command))


@contextmanager
def memory(order: Order) -> Both:
    """Iterate all connections in a process of its own, or 2,000: the most memory in MiB."""
    yield _peak(order, _ITERATED, order["connections"]), _peak(order, _ITERATED, 2_000)


@contextmanager
def plan_memory(order: Order) -> Both:
    """Plan a restore in a process of its own, or 200 MB: the most memory in MiB."""
    yield _peak(order, _PLANNED, order["archive"]), lambda: 200 * 10**6 / 2**20


@contextmanager
def qlik_api(order: Order) -> Both:
    """List all connections, or do so with Qlik's TypeScript client."""
    pipe, text = subprocess.PIPE, json.dumps(order)
    with listing(order) as (ours, _), subprocess.Popen([*order["command"], text], stdin=pipe, stdout=pipe) as process:

        def theirs() -> float:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(b"\n")
            process.stdin.flush()
            return float(process.stdout.readline())

        yield ours, theirs
        process.communicate()


def main(name: str, text: str) -> None:
    """Print pairs of both sides of the function with this name, whose order is JSON."""
    order: Order = json.loads(text)
    cpu = order.get("cpu", False)
    with globals()[name](order) as (ours, theirs):
        print(json.dumps(paired(lambda: seconds(ours, cpu=cpu), lambda: seconds(theirs, cpu=cpu), order["repeats"])))


if __name__ == "__main__":
    main(*sys.argv[1:])
