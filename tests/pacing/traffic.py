"""Requests against a sandbox from processes of their own, and what its ledger says of them."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Any

from qlik_automation_connections import APIStatusError, Pacing, Tenant
from qlik_automation_connections.sandbox import Sandbox
from qlik_automation_connections.sandbox._ledger import LedgerEntry

SPEED = 100.0
WINDOW = 300.0
CAPACITY = 500


def order(sandbox: Sandbox, store: str, requests: int, threads: int) -> dict[str, Any]:
    """What one process is to do."""
    return {
        "url": sandbox.url,
        "key": sandbox.api_key,
        "id": sandbox.snapshot()[0]["id"],
        "store": store,
        "requests": requests,
        "threads": threads,
    }


def check_connections(order: dict[str, Any]) -> list[int]:
    """Send requests of tier 2 from threads, paced, and return the statuses of the answers."""
    pacing = Pacing(store=order["store"], window=WINDOW / SPEED)
    left = list(range(order["requests"]))
    statuses: list[int] = []

    def send() -> None:
        while left:
            try:
                left.pop()
            except IndexError:
                return
            try:
                tenant.connections.check(order["id"])
                statuses.append(200)
            except APIStatusError as error:
                statuses.append(error.status_code)

    with Tenant(order["url"], api_key=order["key"], pacing=pacing, retries=0, timeout=60.0) as tenant:
        sys.stdout.write("\n")  # ready
        sys.stdout.flush()
        sys.stdin.readline()
        threads = [threading.Thread(target=send) for _ in range(order["threads"])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return statuses


class Process:
    """A process that carries out an order once it is told to."""

    def __init__(self, order: dict[str, Any]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, json.dumps(order)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @classmethod
    def started(cls, *orders: dict[str, Any]) -> list[Process]:
        """Start processes, and let them begin when all have opened their stores."""
        processes = [cls(order) for order in orders]
        for each in processes:
            assert each._process.stdout is not None
            assert each._process.stdout.readline() == "\n", each._process.communicate()[1]
        for each in processes:
            assert each._process.stdin is not None
            each._process.stdin.write("\n")
            each._process.stdin.flush()
        return processes

    def finish(self) -> tuple[list[int], str]:
        """Wait for its end; the statuses of its answers, and what it logged."""
        output, errors = self._process.communicate(timeout=60)
        assert self._process.returncode == 0, errors
        return json.loads(output), errors

    def kill(self) -> None:
        """End it without a chance to say anything."""
        self._process.kill()
        self._process.communicate()


def fullest_window(entries: Sequence[LedgerEntry]) -> int:
    """The largest number of requests that were let through in any five minutes of the sandbox's clock."""
    times = sorted(entry.time for entry in entries if not entry.refused)
    return max((sum(first <= moment < first + WINDOW for moment in times) for first in times), default=0)


if __name__ == "__main__":
    import logging

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    sys.stdout.write(json.dumps(check_connections(json.loads(sys.argv[1]))))
