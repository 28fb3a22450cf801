"""Measures the pacing against a sandbox whose limits are on and whose clock runs ten times faster.

Each scenario sends 1,500 requests of tier 2: by 64 threads, by 500 tasks, by 4 processes over SQLite, by 4 over Redis.
Fails where a request was refused, a window held more than it may, or the whole took too long for what the limits allow.
"""

from __future__ import annotations

import argparse
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import anyio
from attrs import frozen

from qlik_automation_connections import APIStatusError, AsyncTenant, Tenant
from qlik_automation_connections._options import TenantOptions
from qlik_automation_connections.pacing import Pacing, pacer_for
from qlik_automation_connections.sandbox import Sandbox
from qlik_automation_connections.sandbox._ledger import LedgerEntry

SPEED = 10.0
WINDOW_SECONDS = 300.0
CAPACITY = 500
REQUESTS = 1500
OVERHEAD_BAR_MICROSECONDS = 30.0
SCENARIOS = {
    # name: (processes, threads or tasks of each, kind, bar of the time taken)
    "threads": (1, 64, "threads", 1.03),
    "tasks": (1, 500, "tasks", 1.03),
    "sqlite": (4, 16, "threads", 1.10),
    "redis": (4, 16, "threads", 1.10),
}


@frozen
class Run:
    """What became of the requests of one run.

    Attributes:
        answers: when each answer came, in seconds since the start, in order.
        entries: what the sandbox saw.
        refused: how many of them it refused.
        statuses: statuses of the answers.
        window: real seconds that five minutes of the sandbox's clock take.
    """

    answers: list[float]
    entries: list[LedgerEntry]
    refused: int
    statuses: set[int]
    window: float

    @property
    def ratio(self) -> float:
        """How long it took, by the least that the limits allow.

        That is a window for each full 500 before the last ones, and the time that serving 500 takes: the first 500,
        which nothing held up.
        """
        windows = (len(self.answers) - 1) // CAPACITY
        return self.answers[-1] / (windows * self.window + self.answers[CAPACITY - 1])


def fullest_window(moments: Iterable[float], seconds: float) -> int:
    """The largest number of moments in any window of so many seconds."""
    times = sorted(moments)
    fullest = first = 0
    for last, moment in enumerate(times):
        while moment - times[first] >= seconds:
            first += 1
        fullest = max(fullest, last - first + 1)
    return fullest


def overhead_microseconds(rounds: int = 20) -> float:
    """What asking for a free place and handing it back costs, in memory: the best of some rounds."""
    best = float("inf")
    for number in range(rounds):
        pacer = pacer_for(Pacing(), "bench", str(number))
        began = time.perf_counter()
        for _ in range(CAPACITY):
            pacer.complete(pacer.acquire(2))
        best = min(best, (time.perf_counter() - began) / CAPACITY)
    return best * 1e6


@contextmanager
def redis_server() -> Iterator[str]:
    """The address of a Redis server of its own on loopback, without files."""
    program = shutil.which("redis-server")
    if program is None:
        raise FileNotFoundError("redis-server is not installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    try:
        for _ in range(500):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.01)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.kill()
        process.wait()


def work(order: dict[str, Any]) -> dict[str, Any]:
    """Check connections as told, and say what came of it: statuses, and when they came on the monotonic clock."""
    options: TenantOptions[Any] = {
        "pacing": Pacing(store=order["store"], window=order["window"]),
        "retries": 0,
        "timeout": 60.0,
    }
    numbers = iter(range(order["requests"]))
    lock = threading.Lock()
    answers: list[tuple[float, int]] = []

    def more() -> bool:
        with lock:
            return next(numbers, None) is not None

    def note(error: APIStatusError | None) -> None:
        answers.append((time.monotonic(), 200 if error is None else error.status_code))

    def send(tenant: Tenant) -> None:
        while more():
            try:
                tenant.connections.check(order["id"])
                note(None)
            except APIStatusError as error:
                note(error)

    async def send_async(tenant: AsyncTenant) -> None:
        while more():
            try:
                await tenant.connections.check(order["id"])
                note(None)
            except APIStatusError as error:
                note(error)

    async def tasks() -> None:
        async with (
            AsyncTenant(order["url"], api_key=order["key"], **options) as tenant,
            anyio.create_task_group() as group,
        ):
            for _ in range(order["width"]):
                group.start_soon(send_async, tenant)

    print("ready", flush=True)
    sys.stdin.readline()
    began = time.monotonic()
    if order["kind"] == "tasks":
        anyio.run(tasks)
    else:
        with Tenant(order["url"], api_key=order["key"], **options) as tenant:
            threads = [threading.Thread(target=send, args=(tenant,)) for _ in range(order["width"])]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    return {"began": began, "answers": answers}


def run(processes: int, width: int, kind: str, store: str, *, speed: float = SPEED, requests: int = REQUESTS) -> Run:
    """Send requests to a sandbox from some processes at once, and gather what both sides saw."""
    with Sandbox(20, limits=True, speed=speed) as sandbox:
        order = {
            "url": sandbox.url,
            "key": sandbox.api_key,
            "id": sandbox.snapshot()[0]["id"],
            "store": store,
            "window": WINDOW_SECONDS / speed,
            "kind": kind,
            "width": width,
            "requests": requests // processes,
        }
        command = [sys.executable, __file__, "--work", json.dumps(order)]
        workers = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(processes)
        ]
        try:
            for worker in workers:
                assert worker.stdout is not None
                if worker.stdout.readline() != "ready\n":
                    raise RuntimeError("a worker did not start")
            for worker in workers:
                assert worker.stdin is not None
                worker.stdin.write("go\n")
                worker.stdin.flush()
            reports = [json.loads(worker.communicate()[0]) for worker in workers]
        finally:
            for worker in workers:
                worker.kill()
                worker.wait()
        entries = sandbox.ledger.snapshot()
    began = min(report["began"] for report in reports)
    answers = sorted(moment - began for report in reports for moment, _ in report["answers"])
    refused = sum(entry.refused for entry in entries)
    statuses = {status for report in reports for _, status in report["answers"]}
    return Run(answers, entries, refused, statuses, WINDOW_SECONDS / speed)


def measure(name: str) -> bool:
    """Run a scenario, print what came of it, and tell whether it met its bars."""
    processes, width, kind, bar = SCENARIOS[name]
    with tempfile.TemporaryDirectory() as folder:
        if name == "redis":
            with redis_server() as store:
                result = run(processes, width, kind, store)
        else:
            result = run(processes, width, kind, f"sqlite:///{folder}/budget.db" if name == "sqlite" else "memory")
    fullest = fullest_window((entry.time for entry in result.entries if not entry.refused), WINDOW_SECONDS)
    met = not result.refused and result.statuses == {200} and fullest <= CAPACITY and result.ratio <= bar
    print(
        f"{name:8} {processes} x {width:3}  {len(result.answers)} answered, {result.refused} refused,"
        f" {fullest} in the fullest window, {result.ratio:.4f} x the least time (bar {bar:.2f})"
        f"  {'met' if met else 'MISSED'}",
        flush=True,
    )
    return met


def main() -> int:
    """Run the scenarios that are named, all by default."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenarios", nargs="*", choices=[*SCENARIOS, []], help="all by default")
    parser.add_argument("--work", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        print(json.dumps(work(json.loads(options.work))))
        return 0
    overhead = overhead_microseconds()
    met = overhead <= OVERHEAD_BAR_MICROSECONDS
    print(
        f"overhead of an unhindered request: {overhead:.1f} µs (bar {OVERHEAD_BAR_MICROSECONDS:.0f})"
        f"  {'met' if met else 'MISSED'}",
        flush=True,
    )
    for name in options.scenarios or SCENARIOS:
        met &= measure(name)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
