"""Measures an audit of 10,000 connections against iterating their list alone, in a sandbox in another process.

Both are repeated in turn, so that what else the machine does meets both; the ratio is that of neighbours. Fails where
the median ratio is above the bar.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import statistics
import sys
import tracemalloc
from collections.abc import Callable

from benchmarks.measuring import seconds, spread
from benchmarks.processes import sandbox_elsewhere
from qlik_automation_connections import Tenant
from qlik_automation_connections.admin import AuditReport, audit

CONNECTIONS = 10_000
RATIO_BAR = 1.2
REPEATS = 21


def kilobytes_of(make: Callable[[], AuditReport], connections: int) -> float:
    """Memory that a report keeps, a connection."""
    make()
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    report = make()
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(report.connections) == connections
    return (after - before) / 1024 / connections


def main() -> int:
    """Measures, prints, and returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=CONNECTIONS, help="connections in the sandbox")
    parser.add_argument("--repeats", type=int, default=REPEATS, help="how often both are measured")
    options = parser.parse_args()
    with (
        sandbox_elsewhere(options.connections) as (url, key),
        Tenant(url, api_key=key, pacing="off") as tenant,
    ):

        def listed() -> int:
            return sum(1 for _ in tenant.connections.list(list_all=True))

        def audited() -> AuditReport:
            return audit(tenant, True)

        # The first of each loads code and fills caches, here and there.
        assert listed() == len(audited().connections) == options.connections
        alone: list[float] = []
        whole: list[float] = []
        for number in range(options.repeats):
            # Turn about, so that neither always comes second.
            for times, work in ((alone, listed), (whole, audited))[:: -1 if number % 2 else 1]:
                times.append(seconds(work))
        ratios = [audit_time / list_time for audit_time, list_time in zip(whole, alone, strict=True)]
        report = audited()
        ratio = statistics.median(ratios)
        print(f"{options.connections:,} connections, {len(report.findings):,} findings, {options.repeats} repeats")
        print(f"list alone: {spread(alone, ' s')}")
        print(f"audit:      {spread(whole, ' s')}")
        print(f"ratio:      {spread(ratios)} (bar {RATIO_BAR}): {'met' if ratio <= RATIO_BAR else 'MISSED'}")
        print(f"as JSON:    {seconds(report.to_dict):.3f} s for to_dict()")
        print(f"memory:     {kilobytes_of(audited, options.connections):.2f} kB a connection, findings and all")
    if importlib.util.find_spec("qlik_automation_connections.admin._audit.html") is not None:
        from qlik_automation_connections.admin import html_report

        document = report.to_dict()
        pages: list[str] = []
        taken = [seconds(lambda: pages.append(html_report(document))) for _ in range(3)]
        print(f"HTML:       {len(pages[0].encode()) / 1e6:.2f} MB, rendered in {spread(taken, ' s')}")
    return 0 if ratio <= RATIO_BAR else 1


if __name__ == "__main__":
    sys.exit(main())
