"""The rows: what is measured against what, how often, and the bars. docs/benchmarks.md explains them."""

from __future__ import annotations

import json
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from attrs import frozen

from qlik_automation_connections import Tenant
from qlik_automation_connections.admin import backup
from qlik_automation_connections.pacing import Pacing, pacer_for
from qlik_automation_connections.sandbox import Sandbox

from . import processes
from .measuring import Pair, middle, paired, scatter, seconds
from .processes import BenchmarkError, PeerMissingError, command, process_seconds, python_with, served, timer

DELAY = 0.05
CALM, TRIES = 0.15, 3
SPEED, WINDOW_SECONDS = 10, 300


@frozen
class Figure:
    """One comparison: what both sides took, in seconds or MiB, and the most that the median ratio may be."""

    row: str
    measured: str
    against: str
    pairs: Sequence[Pair]
    bar: float | None = None
    calls: tuple[int, int] = (1, 1)

    @property
    def ratio(self) -> tuple[float, float, float]:
        """The median ratio of one piece of work, and the bounds of the middle half."""
        ours, theirs = self.calls
        return middle([pair.ratio * theirs / ours for pair in self.pairs])

    @property
    def is_met(self) -> bool:
        return self.bar is None or self.ratio[0] <= self.bar

    @property
    def cells(self) -> list[str]:
        """The cells of its line."""
        median, low, high = (f"{each:z.{2 if abs(each) >= 0.1 else 3}f}" for each in self.ratio)
        sides = (middle([pair[side] for pair in self.pairs]).median / self.calls[side] for side in (0, 1))
        bar = "" if self.bar is None else f"≤ {self.bar:.2f}"
        verdict = "shown" if self.bar is None else "PASS" if self.is_met else "MISSED"
        medians = ", ".join(amount(each, "MiB" if self.row == "memory" else "s") for each in sides)
        return [
            self.row,
            self.measured,
            self.against,
            f"{median} ({low} to {high})",
            bar,
            verdict,
            medians,
            str(len(self.pairs)),
        ]


def amount(value: float, unit: str) -> str:
    """Format a time or an amount of memory."""
    if unit == "MiB":
        return f"{value:.1f} MiB"
    for size, name, digits in ((1.0, "s", 2), (1e-3, "ms", 2)):
        if abs(value) >= size:
            return f"{value / size:.{digits}f} {name}"
    return f"{value * 1e6:.1f} µs"


def few(count: int, quick: bool) -> int:
    """How often to measure what a whole run measures so often."""
    return max(3, count // 6) if quick else count


def pairs(row: str, quick: bool, repeats: int, python: Path, **order: Any) -> list[Pair]:
    """Let both sides of `work` take turns in a process; again where the ratios scatter, and the calmest time counts."""
    text = json.dumps({**order, "repeats": few(repeats, quick)})
    tries: list[list[Pair]] = []
    while not tries or (not quick and len(tries) < TRIES and scatter(tries[-1]) > CALM):
        printed = processes.output_of(*command(python, "work", "pairs", row, text))
        tries.append([Pair(*each) for each in json.loads(printed)])
    return min(tries, key=scatter)


def rounds(commands: Mapping[str, Sequence[str | Path]], of_a_round: int, count: int) -> Iterator[dict[str, float]]:
    """Yield the median seconds of whole processes, each run some times a round, turn about."""
    for number in range(-1, count):  # the first only warms up
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(of_a_round):
            for name in reversed(taken) if number % 2 else taken:
                taken[name].append(process_seconds(commands[name]))
        if number >= 0:
            yield {name: statistics.median(times) for name, times in taken.items()}


def importing(quick: bool) -> Iterator[Figure]:
    package = "qlik_automation_connections"
    programs = {
        "bare": "pass",
        "ours": f"import {package}",
        "httpx": "import httpx",
        "tenant": f"from {package} import Tenant",
    }
    commands = {name: (python_with(), "-I", "-c", program) for name, program in programs.items()}
    found = list(rounds(commands, 7, few(15, quick)))
    for name, what, bar in (("ours", "the package", 0.25), ("tenant", "`Tenant`, loaded", None)):
        added = [Pair(each[name] - each["bare"], each["httpx"] - each["bare"]) for each in found]
        yield Figure("import", what, "`import httpx`", added, bar)


def help(quick: bool) -> Iterator[Figure]:
    python = python_with("cli")
    commands = {"help": (python.with_name(f"qac{python.suffix}"), "--help"), "bare": (python, "-c", "pass")}
    found = [Pair(each["help"], each["bare"]) for each in rounds(commands, 5, few(15, quick))]
    yield Figure("help", "`qac --help`", "`python -c pass`", found, 5.0)


def construct(quick: bool) -> Iterator[Figure]:
    order = {"url": "https://acme.eu.example.com", "key": "a-key", "calls": 20, "cpu": True}
    found = pairs("construct", quick, 61, python_with(), **order)
    yield Figure("construct", "a second `Tenant`", "`httpx.Client()`", found, 0.05, (20, 1))


def get(quick: bool) -> Iterator[Figure]:
    # Each process stays below the 5,000 reads that the limits allow in five minutes, warm-ups and all.
    for kind, what, extras, repeats, bar in (
        ("prepared", "without extras", (), 81, 1.35),
        ("prepared", "with `speed`", ("speed",), 81, 1.35),
        ("sandbox", "from a sandbox", (), 21, None),
    ):
        with served(kind, 100) as server:
            found = pairs("get", quick, repeats, python_with(*extras), **server, calls=40)
        yield Figure("get", what, "httpx and json", found, bar, (40, 40))


def decode(quick: bool) -> Iterator[Figure]:
    with served("prepared", 200) as server:
        for what, extras, bar in (("with `speed`", ("speed",), 1.3), ("without extras", (), 1.9)):
            found = pairs("decode", quick, 151, python_with(*extras), **server, calls=10, cpu=True)
            yield Figure("decode", what, "`json.loads`", found, bar, (10, 10))


def listing(quick: bool) -> Iterator[Figure]:
    connections, times_as_fast = 20_000, 1.7
    raw, by_200 = "httpx and json", "the same, pages of 200"
    with served("prepared", connections) as server:
        order = {**server, "connections": connections}
        for what, extras, against, query, bar in (
            ("with `speed`", ("speed",), raw, "", 0.95),
            ("without extras", (), raw, "", 1.05),
            ("with `speed`", ("speed",), by_200, "&limit=200", None),
        ):
            found = pairs("listing", quick, 31, python_with(*extras), **order, query=query)
            yield Figure("list", what, against, found, bar)
        for what, extras, peer, name, repeats, bar in (
            ("with `speed`", ("speed",), processes.qlik_api, "`@qlik/api`", 15, 1 / times_as_fast),
            ("without extras", (), processes.qlik_api, "`@qlik/api`", 15, 1 / times_as_fast),
            ("without extras", (), processes.qlik_sdk, "`qlik-sdk`", 5, None),
        ):
            text = json.dumps(order)
            try:
                other = [*peer(), text]
            except PeerMissingError as missing:
                print(f"  {what}, against {name}: skipped: {missing}")
                continue
            with timer(command(python_with(*extras), "work", "turns", "listing", text)) as ours, timer(other) as theirs:
                yield Figure("list", what, name, paired(ours, theirs, few(repeats, quick)), bar)
    with served("sandbox", connections) as server:
        found = pairs("listing", quick, 5, python_with(), **server, connections=connections)
        yield Figure("list", "from a sandbox", raw, found)


def side_by_side(quick: bool) -> Iterator[Figure]:
    with served("prepared", 400, DELAY) as server:
        for row, what in (("threads", "16 threads"), ("tasks", "16 asyncio tasks")):
            found = pairs(row, quick, 15, python_with(), **server, calls=400, delay=DELAY)
            yield Figure("side-by-side", what, f"waits of {DELAY * 1000:.0f} ms", found, 1.1)


def check(quick: bool) -> Iterator[Figure]:
    for what, delay, bar in ((f"answers after {DELAY * 1000:.0f} ms", DELAY, 1.15), ("answers at once", 0.0, None)):
        with served("prepared", 400, delay) as server:
            found = pairs("check", quick, 21, python_with(), **server, calls=400)
        yield Figure("check", what, "httpx and threads", found, bar)


def memory(quick: bool) -> Iterator[Figure]:
    many, little = 200_000, 2_000
    with served("prepared", many) as big, served("prepared", little) as small:
        orders = [{**server, "connections": count} for server, count in ((big, many), (small, little))]
        peaks = [command(python_with(), "work", "peak", "listing", json.dumps(order)) for order in orders]
        found = [Pair(*(float(processes.output_of(*each)) for each in peaks)) for _ in range(few(5, quick))]
    yield Figure("memory", f"iterating {many:,}", f"iterating {little:,}", found, 1.1)


def audit(quick: bool) -> Iterator[Figure]:
    with served("sandbox", 10_000) as server:
        yield Figure(
            "audit", "10,000 connections", "their list", pairs("audit", quick, 21, python_with(), **server), 1.2
        )


def restore(quick: bool) -> Iterator[Figure]:
    count = 10_000
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "backup.ndjson"
        with Sandbox(count) as source, Tenant(source.url, api_key=source.api_key, pacing="off") as tenant:
            backup(tenant, archive, list_all=True)
        with served("sandbox", count, 0.1) as server:
            owners = {old.id: new for old, new in zip(source.users, server["users"], strict=True)}
            spaces = {old.id: new for old, new in zip(source.spaces, server["spaces"], strict=True)}
            order = {**server, "connections": count, "archive": str(archive), "owners": owners, "spaces": spaces}
            found = pairs("restore", quick, 5, python_with(), **order)
    yield Figure("restore", "plan for 10,000", "their list, 100 ms a page", found, 1.2)


def under_limits(kind: str, capacity: int, many: int, width: int, store: str, calls: int, connections: int) -> Pair:
    """Send requests to a sandbox whose limits are on: what all took, and the least that the limits allow.

    That is a window for each full one before the last, and the time that serving the first took, which nothing held up.

    Raises:
        BenchmarkError: a request was refused.
    """
    with Sandbox(connections, limits=True, speed=SPEED) as sandbox, ExitStack() as stack:
        order = {
            "url": sandbox.url,
            "key": sandbox.api_key,
            "id": sandbox.snapshot()[0]["id"],
            "kind": kind,
            "store": store,
            "window": WINDOW_SECONDS / SPEED,
            "width": width,
            "calls": calls // many,
            "connections": connections,
            "archive": f"{stack.enter_context(tempfile.TemporaryDirectory())}/backup.ndjson",
        }
        started = command(python_with("redis"), "work", "turns", "paced", json.dumps(order))
        timers = [stack.enter_context(timer(started)) for _ in range(many)]
        with ThreadPoolExecutor(many) as pool:
            taken = max(pool.map(lambda once: once(), timers))
        entries = sandbox.ledger.snapshot()
    if refused := sum(entry.refused for entry in entries):
        raise BenchmarkError(f"{refused} of {len(entries)} requests were refused")
    times = sorted(entry.time for entry in entries)
    full, last = divmod(len(times) - 1, capacity)
    least = (full * WINDOW_SECONDS + times[last] - times[0]) / SPEED
    # Starting up and connecting is not the pacing's; a backup is judged as a whole.
    return Pair(taken, least if kind == "backup" else least + taken - (times[-1] - times[0]) / SPEED)


def backing_up(_: bool) -> Iterator[Figure]:
    pair = under_limits("backup", 5_000, 1, 0, "memory", 1, 10_000)
    yield Figure("backup", "10,000 connections", "the least that the limits allow", [pair], 1.1)


@contextmanager
def redis() -> Iterator[str]:
    """Run a Redis server on loopback, without files."""
    program = shutil.which("redis-server")
    if program is None:
        raise PeerMissingError("redis-server is not installed here")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [program, "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            while b"eady to accept" not in (line := process.stdout.readline()) and line:
                pass
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.kill()


def pacing(_: bool) -> Iterator[Figure]:
    def unhindered() -> None:
        pacer = pacer_for(Pacing(), "bench", str(next(numbers)))
        for _ in range(500):
            pacer.complete(pacer.acquire(2))

    numbers = iter(range(sys.maxsize))
    overhead = min(seconds(unhindered) / 500 for _ in range(20))
    yield Figure("pacing", "an unhindered request", "30 µs", [Pair(overhead, 30e-6)], 1.0)
    least = "the least that the limits allow"
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        for what, kind, many, width, store, bar in (
            ("64 threads", "threads", 1, 64, "memory", 1.03),
            ("500 tasks", "tasks", 1, 500, "memory", 1.03),
            ("4 processes, SQLite", "threads", 4, 16, f"sqlite:///{folder}/budget.db", 1.1),
            ("4 processes, Redis", "threads", 4, 16, "redis", 1.1),
        ):
            try:
                store = stack.enter_context(redis()) if store == "redis" else store
                yield Figure("pacing", what, least, [under_limits(kind, 500, many, width, store, 1_500, 20)], bar)
            except PeerMissingError as missing:
                print(f"  {what}: skipped: {missing}")


ROWS: dict[str, Callable[[bool], Iterator[Figure]]] = {
    "import": importing,
    "help": help,
    "construct": construct,
    "get": get,
    "decode": decode,
    "list": listing,
    "side-by-side": side_by_side,
    "check": check,
    "memory": memory,
    "audit": audit,
    "backup": backing_up,
    "restore": restore,
    "pacing": pacing,
}
