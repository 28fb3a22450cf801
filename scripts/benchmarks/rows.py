"""The rows: what is measured against what, how often, and the bars. docs/benchmarks.md explains them."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from steps import ROOT, UV, environment, run, variables

from .work import Pair, middle

KEPT, HERE = ROOT / "build" / "bench", Path(__file__).parent
VERSIONS = {"Python": platform.python_version()}
"""What took part in a run, by name."""
CALM, TRIES = 0.15, 2
RAW = "httpx and json"
_SHOWN = ("qlik-automation-connections", "httpx", "httpcore", "anyio", "attrs", "orjson", "click")


class PeerMissingError(Exception):
    """What a row compares with is not installed here, and can't be."""


class Figure(NamedTuple):
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
        return middle([pair.ours / pair.theirs * self.calls[1] / self.calls[0] for pair in self.pairs])

    @property
    def is_met(self) -> bool:
        """Whether it is within its bar, if any."""
        return self.bar is None or self.ratio[0] <= self.bar

    @property
    def cells(self) -> list[str]:
        """The cells of its line."""
        median, low, high = (f"{each:z.{2 if abs(each) >= 0.1 else 3}f}" for each in self.ratio)
        sides = (middle([pair[side] for pair in self.pairs])[0] / self.calls[side] for side in (0, 1))
        bar = "" if self.bar is None else f"≤ {self.bar:.{2 if self.bar >= 0.01 else 3}f}"
        verdict = "shown" if self.bar is None else "PASS" if self.is_met else "MISSED"
        medians = ", ".join(f"{each:.1f} MiB" if self.row == "memory" else duration(each) for each in sides)
        ratio = f"{median} ({low} to {high})"
        return [self.row, self.measured, self.against, ratio, bar, verdict, medians, str(len(self.pairs))]


def duration(value: float) -> str:
    """Format seconds."""
    size, unit, digits = (1, "s", 2) if abs(value) >= 1 else (1e-3, "ms", 2) if abs(value) >= 1e-3 else (1e-6, "µs", 1)
    return f"{value / size:.{digits}f} {unit}"


@cache
def wheel() -> Path:
    """Build the wheel of the checkout."""
    shutil.rmtree(KEPT / "wheel", ignore_errors=True)
    run(*UV, "build", "--quiet", "--wheel", "--out-dir", KEPT / "wheel")
    return next((KEPT / "wheel").glob("*.whl"))


@cache
def python_with(*extras: str) -> Path:
    """Return the Python of an environment with the wheel, these extras, and nothing else."""
    requirement = f"qlik-automation-connections[{','.join(extras)}] @ {wheel().as_uri()}"
    folder = KEPT / "environments" / hashlib.sha256(requirement.encode()).hexdigest()[:12]
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    python = environment(folder, sys.executable, requirement, "--compile-bytecode")
    listed = json.loads(run(*UV, "pip", "list", "--format", "json", "--python", python, capture=True))
    VERSIONS.update({each["name"]: each["version"] for each in listed if each["name"] in _SHOWN})
    return python


@contextmanager
def served(connections: int, delay: float = 0.0, *, archive: bool = False) -> Iterator[dict[str, Any]]:
    """Serve so many connections from a process, and yield how to reach them, and the path of their backup if wanted."""
    with TemporaryDirectory() as folder:
        path = str(Path(folder) / "backup.ndjson")
        started = [sys.executable, str(HERE / "serving.py"), str(connections), str(delay), *([path] * archive)]
        pipe = subprocess.PIPE
        with subprocess.Popen(started, env=variables(), stdin=pipe, stdout=pipe, encoding="utf-8") as process:
            assert process.stdout is not None
            try:
                yield {**json.loads(process.stdout.readline()), "connections": connections, "archive": path}
            finally:
                process.communicate()


def few(count: int, quick: bool) -> int:
    """Return how often to measure what a whole run measures so often."""
    return max(3, count // 6) if quick else count


def scatter(pairs: Sequence[Pair]) -> float:
    """Return how wide the middle half of the ratios is, by their median."""
    median, low, high = middle([pair.ours / pair.theirs for pair in pairs])
    return (high - low) / median


Measure = Callable[[str, bool], Iterator[Figure]]


def turns(
    measured: str, against: str, work: str, repeats: int, bar: float | None = None, *extras: str,
    connections: int = 1, delay: float = 0.0, archive: bool = False, calls: tuple[int, int] = (1, 1), **order: Any,
) -> Measure:  # fmt: skip
    """Make a line whose sides take turns in a process: again while the ratios scatter, and the calmer time counts."""

    def measure(row: str, quick: bool) -> Iterator[Figure]:
        tries: list[list[Pair]] = []
        with served(connections, delay, archive=archive) as server:
            more = {name: value() if callable(value) else value for name, value in order.items()}
            text = json.dumps({**server, "delay": delay, "calls": calls[0], "repeats": few(repeats, quick), **more})
            while not tries or (not quick and len(tries) < TRIES and scatter(tries[-1]) > CALM):
                printed = run(python_with(*extras), "-I", HERE / "work.py", work, text, capture=True)
                tries.append([Pair(*each) for each in json.loads(printed)])
        yield Figure(row, measured, against, min(tries, key=scatter), bar, calls)

    return measure


@cache
def qlik_api() -> list[str]:
    """Return what starts a listing with Qlik's TypeScript client.

    Raises:
        PeerMissingError: Node.js is missing.
    """
    node, npm, folder = shutil.which("node"), shutil.which("npm"), KEPT / "node"
    if node is None or npm is None:
        raise PeerMissingError("Node.js and npm are not installed here")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "scripts/vendor_client/package.json", folder)
    program = str(shutil.copy(HERE / "qlik_api.mjs", folder))
    run(npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", folder=folder)
    package = json.loads((folder / "node_modules/@qlik/api/package.json").read_text(encoding="utf-8"))
    VERSIONS.update({"@qlik/api": package["version"], "Node.js": run(node, "--version", capture=True)[1:]})
    return [node, program]


def deployed(row: str, quick: bool) -> Iterator[Figure]:
    """Measure a deployment within the limits: their windows are 6 seconds instead of 300."""
    order = (50, 200, 50) if quick else (500, 2_000, 50)
    printed = run(python_with("sandbox"), "-I", HERE / "deploying.py", json.dumps(order), capture=True)
    measured = f"{order[1]:,} automations within the limits"
    yield Figure(row, measured, "their least time", [Pair(*each) for each in json.loads(printed)], 1.05)


_TENANT = "from qlik_automation_connections import Tenant"
_ASKS = "; import os; url = os.environ['QLIK_TENANT_URL']; "
_FIRST: Any = {
    "program": f"{_TENANT}{_ASKS}Tenant(url, api_key='key').connections.get('x')",
    "other": f"import httpx{_ASKS}httpx.Client(verify=False).get(url)",
}
_GET: Any = {"connections": 100, "calls": (40, 40)}  # with warm-ups below the 5,000 reads in five minutes
_DECODE: Any = {"connections": 200, "calls": (10, 10), "cpu": True}
_ALL: Any = {"connections": 20_000}
_SIDE: Any = {"connections": 200, "delay": 0.05, "calls": (200, 200)}
_TEN_THOUSAND: Any = {"connections": 10_000}
_VENDOR: Any = {**_ALL, "command": qlik_api}
ROWS: dict[str, tuple[Measure, ...]] = {
    "import": (
        turns("the package", "`import httpx`", "fresh", 31, 0.25, program="import qlik_automation_connections"),
        turns("`Tenant`, loaded", "`import httpx`", "fresh", 31, 1.35, program=_TENANT),
        turns("`AsyncTenant`, loaded", "`import httpx`", "fresh", 31, 1.9, program=_TENANT.replace("T", "AsyncT")),
    ),
    "first-request": (
        turns("a `Tenant`", "an `httpx.Client`", "first", 31, 1.7, **_FIRST),
        turns("`qac list`", "`python -c pass`", "first", 31, 22.0, "cli"),
    ),
    "help": (turns("`qac --help`", "`python -c pass`", "help", 31, 5.0, "cli"),),
    "construct": (turns("a second `Tenant`", "`httpx.Client()`", "construct", 61, 0.05, calls=(20, 1), cpu=True),),
    "get": (
        turns("without extras", RAW, "get", 81, 1.2, **_GET),
        turns("with `speed`", RAW, "get", 81, 1.2, "speed", **_GET),
    ),
    "decode": (
        turns("with `speed`", "`json.loads`", "decode", 151, 1.3, "speed", **_DECODE),
        turns("without extras", "`json.loads`", "decode", 151, 1.9, **_DECODE),
    ),
    "list": (
        turns("with `speed`", RAW, "listing", 31, 0.78, "speed", **_ALL),
        turns("without extras", RAW, "listing", 31, 0.95, **_ALL),
        turns("with `speed`", "the same, pages of 200", "listing", 31, 1.22, "speed", **_ALL, query="&limit=200"),
        turns("with `speed`", "`@qlik/api`", "qlik_api", 15, 1 / 1.7, "speed", **_VENDOR),
        turns("without extras", "`@qlik/api`", "qlik_api", 15, 1 / 1.7, **_VENDOR),
    ),
    "side-by-side": (
        turns("16 threads", "waits of 50 ms", "threads", 15, 1.1, **_SIDE),
        turns("16 asyncio tasks", "waits of 50 ms", "tasks", 15, 1.1, **_SIDE),
    ),
    "check": (
        turns("answers after 50 ms", "httpx and threads", "check", 21, 1.15, **_SIDE),
        turns("answers at once", "httpx and threads", "check", 21, 1.12, connections=400, calls=(400, 400)),
    ),
    "pacing": (turns("a permit, in memory", RAW, "pacing", 81, 0.005, connections=1, calls=(400, 1)),),
    "memory": (
        turns("iterating 200,000", "iterating 2,000", "memory", 3, 1.15, connections=200_000),
        turns("a restore plan of 100,000", "200 MB", "plan_memory", 1, 1.0, connections=100_000, archive=True),
    ),
    "audit": (
        turns("10,000, answers after 50 ms", "their list", "audit", 5, 1.1, **_TEN_THOUSAND, delay=0.05),
        turns("10,000, answers at once", "their list", "audit", 21, **_TEN_THOUSAND),
    ),
    "restore-plan": (
        turns("10,000", "their list, then their archive", "restore_plan", 15, 1.35, **_TEN_THOUSAND, archive=True),
    ),
    "deploy": (deployed,),
}
