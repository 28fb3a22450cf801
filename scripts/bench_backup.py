"""Measures a backup of 10,000 connections under the published rate limits, and its memory up to 100,000 connections.

The limits are those of a sandbox in another process, whose clock runs ten times faster. The least that a backup can
take is what the limits make its requests take: one each connection, and one a page of the list. With 10,000 connections
the 50 pages make it 10,050 requests of tier 1, and the last 50 wait for a third window of 5,000. What the reads alone
would take is printed beside it; no bar is set for that, for without the list nobody knows what to read. Memory is
measured with a tenant that makes connections up. Fails where a request was refused, it took too long, or memory grew
with the connections.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.measuring import peak_mib
from qlik_automation_connections import Tenant
from qlik_automation_connections.admin._backup.archive import Archive
from qlik_automation_connections.admin._backup.job import backup
from qlik_automation_connections.pacing import Pacing
from qlik_automation_connections.sandbox import Sandbox

SPEED = 10.0
WINDOW_SECONDS = 300.0
CAPACITY = 5_000
CONNECTIONS = 10_000
BAR = 1.1
FEW, MANY = 2_000, 100_000
MEMORY_BAR_MIB = 8.0


def work(order: dict[str, Any]) -> dict[str, float]:
    """Writes a backup as told, and says how long it took and how much memory it needed."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    from backup.fast import fast_tenant

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "backup.ndjson"
        # What is imported and cached is not to be counted.
        backup(fast_tenant(400), Path(folder) / "first.ndjson")
        before = peak_mib()
        began = time.monotonic()
        if "url" in order:
            with Tenant(order["url"], api_key=order["key"], pacing=Pacing(window=WINDOW_SECONDS / SPEED)) as tenant:
                report = backup(tenant, path, list_all=True)
        else:
            report = backup(fast_tenant(order["connections"]), path)
        seconds = time.monotonic() - began
        Archive(path).verify()
        return {
            "seconds": seconds,
            "connections": report.connections,
            "grown": peak_mib() - before,
            "size": path.stat().st_size / 2**20,
        }


def _in_a_process(order: dict[str, Any]) -> dict[str, Any]:
    command = [sys.executable, __file__, "--work", json.dumps(order)]
    report: dict[str, Any] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return report


def _least(requests: int, times: list[float]) -> float:
    """The least that so many requests can take, in seconds.

    That is a window for each full one before the last, and the time that serving the last ones takes: what as many of
    the first took, which nothing held up.
    """
    windows, last = divmod(requests - 1, CAPACITY)
    return (windows * WINDOW_SECONDS + times[last] - times[0]) / SPEED


def paced(connections: int) -> bool:
    """Backs up a sandbox with its limits on, prints what came of it, and tells whether it met its bars."""
    with Sandbox(connections, limits=True, speed=SPEED) as sandbox:
        report = _in_a_process({"url": sandbox.url, "key": sandbox.api_key})
        entries = sandbox.ledger.snapshot()
    refused = sum(entry.refused for entry in entries)
    times = sorted(entry.time for entry in entries)
    seconds, least, reads = float(report["seconds"]), _least(len(times), times), _least(connections, times)
    met = seconds <= BAR * least and not refused and bool(report["connections"] == connections)
    verdict = "met" if met else "MISSED"
    print(
        f"{connections:,} connections, {len(times):,} requests, {refused} refused, at {SPEED:g} times the clock:"
        f" {seconds:.1f} s, {seconds / least:.3f} x the least of {least:.1f} s (bar {BAR})  {verdict}"
        f"\n  the reads alone: {reads:.1f} s at least, and it took {seconds / reads:.3f} x that",
        flush=True,
    )
    return met


def memory() -> bool:
    """Backs up few and many connections, prints the memory, and tells whether it met its bar."""
    grown = {}
    for connections in (FEW, MANY):
        report = _in_a_process({"connections": connections})
        grown[connections] = float(report["grown"])
        print(
            f"{connections:>7,} connections, an archive of {report['size']:.1f} MiB: {report['grown']:.1f} MiB of"
            f" memory more than 400, {report['seconds']:.1f} s",
            flush=True,
        )
    met = grown[MANY] - grown[FEW] <= MEMORY_BAR_MIB
    print(
        f"memory: {grown[MANY] - grown[FEW]:.1f} MiB more for {MANY:,} than for {FEW:,} (bar {MEMORY_BAR_MIB:g})"
        f"  {'met' if met else 'MISSED'}",
        flush=True,
    )
    return met


def main() -> int:
    """Measures both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", help=argparse.SUPPRESS)
    parser.add_argument("--connections", type=int, default=CONNECTIONS, help="connections under the limits")
    options = parser.parse_args()
    if options.work:
        print(json.dumps(work(json.loads(options.work))))
        return 0
    met = memory()
    return 0 if paced(options.connections) and met else 1


if __name__ == "__main__":
    sys.exit(main())
