"""Measures how long the plan of a restore takes beside reading the target's list, for 10,000 connections.

The sandbox runs in a process of its own. On loopback a page takes a few milliseconds, which it does in no real tenant:
what is judged is measured with a delay a page, and the figures without one are shown beside it. All connections of the
target work, for each that waits for consent costs the plan a request of its own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attrs import frozen

from benchmarks.measuring import seconds
from qlik_automation_connections import Tenant
from qlik_automation_connections.admin._backup.archive import Archive
from qlik_automation_connections.admin._restore.planning import plan_restore
from qlik_automation_connections.sandbox import Fault, Sandbox

BAR = 1.2
DELAY_SECONDS = 0.1
_AT = "2026-01-01T00:00:00.000000Z"


@frozen
class Figures:
    """What was measured, in seconds: the median of some rounds.

    Attributes:
        list: iterating the target's list.
        archive: reading the archive.
        plan: the plan.
    """

    list: float
    archive: float
    plan: float

    @property
    def ratio(self) -> float:
        """How long the plan takes by the list alone."""
        return self.plan / self.list


def write_archive(path: Path, count: int) -> None:
    """Writes the archive of a sandbox with so many connections."""
    header = {
        "type": "header",
        "format": "qlik-automation-connections/backup",
        "version": 1,
        "tenant": "https://development.example.com",
        "began_at": _AT,
        "selection": {"list_all": True, "filter": None, "ids": None},
        "client": "0",
    }
    running = hashlib.sha256()
    with path.open("wb") as file:

        def write(entry: dict[str, object]) -> None:
            line = json.dumps(entry, ensure_ascii=False).encode() + b"\n"
            running.update(line)
            file.write(line)

        write(header)
        for document in Sandbox(connections=count).snapshot():
            for param in document["params"]:
                del param["value"]
            canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
            digest = hashlib.sha256(canonical).hexdigest()
            write({"type": "connection", "id": document["id"], "read_at": _AT, "sha256": digest, "document": document})
        manifest = {"type": "manifest", "connections": count, "unread": 0, "ended_at": _AT}
        file.write(json.dumps({**manifest, "sha256": running.hexdigest()}).encode() + b"\n")


def serve(count: int, delay: float) -> None:
    """Serves a sandbox with so many connections until standard input ends."""
    faults = [Fault("getAutomationConnections", kind="delay", seconds=delay, times=None)] if delay else []
    with Sandbox(connections=count, name="production", faults=faults) as sandbox:
        for item in sandbox.snapshot():
            if "redirect" in item:
                sandbox.consent(item["id"])
        plan = {
            "url": sandbox.url,
            "key": sandbox.api_key,
            "users": [user.id for user in sandbox.users],
            "spaces": [space.id for space in sandbox.spaces],
        }
        print(json.dumps(plan), flush=True)
        sys.stdin.read()


@contextmanager
def serving(count: int, delay: float) -> Iterator[dict[str, object]]:
    """A sandbox in a process of its own, and what is known of it."""
    command = [sys.executable, __file__, "--serve", "--connections", str(count), "--delay", str(delay)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
    finally:
        process.communicate()


def measure(archive: Path, count: int, delay: float, rounds: int) -> Figures:
    """Measure list, archive and plan in turns, so that what else the machine does strikes all of them."""
    source = Sandbox(connections=0)
    taken: dict[str, list[float]] = {"list": [], "archive": [], "plan": []}
    with serving(count, delay) as told, Tenant(str(told["url"]), api_key=str(told["key"]), pacing="off") as tenant:
        users, spaces = told["users"], told["spaces"]
        assert isinstance(users, list)
        assert isinstance(spaces, list)
        owners = {user.id: new for user, new in zip(source.users, users, strict=True)}
        places = {space.id: new for space, new in zip(source.spaces, spaces, strict=True)}

        def plan() -> None:
            made = plan_restore(tenant, archive, list_all=True, owners=owners, spaces=places)
            assert len(made.steps) == count
            assert made.counts()["skip"] > count // 2

        for _ in range(rounds):
            taken["list"].append(seconds(lambda: sum(1 for _ in tenant.connections.list(list_all=True))))
            taken["archive"].append(seconds(lambda: sum(1 for _ in Archive(archive).records())))
            taken["plan"].append(seconds(plan))
    return Figures(*(statistics.median(taken[name]) for name in ("list", "archive", "plan")))


def main() -> int:
    """Measure with and without a delay, and judge the former."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--delay", type=float, default=DELAY_SECONDS, help="seconds that the target takes for a page")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.connections, options.delay)
        return 0
    met = True
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "backup.ndjson"
        write_archive(archive, options.connections)
        for delay in (0.0, options.delay):
            figures = measure(archive, options.connections, delay, options.rounds)
            judged = delay > 0
            within = figures.ratio <= BAR
            met &= within or not judged
            print(
                f"{delay * 1000:3.0f} ms a page: list {figures.list:.2f} s, archive {figures.archive:.2f} s,"
                f" plan {figures.plan:.2f} s, {figures.ratio:.2f} x the list"
                + (f" (bar {BAR:.1f})  {'met' if within else 'MISSED'}" if judged else ""),
                flush=True,
            )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
