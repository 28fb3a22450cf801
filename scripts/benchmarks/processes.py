"""Processes of the benchmark, and the environments that they run in: this checkout's wheel, and others' clients."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import build_dist

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "bench"
VERSIONS: dict[str, str] = {}
"""What took part in a run, by name."""
_NAMES = ("qlik-automation-connections", "httpx", "httpcore", "anyio", "attrs", "orjson", "click", "qlik-sdk")
_VERSIONS = f"""
import importlib.metadata as m, json, platform
found = {{each.name: each.version for each in m.distributions() if each.name in {_NAMES!r}}}
print(json.dumps({{"Python": platform.python_version(), **found}}))
"""
# Isolated, so that neither the folder it is started in nor a user's own packages come into it.
_START = "import importlib, sys; sys.path.append(sys.argv[1]); importlib.import_module(sys.argv[2]).main(sys.argv[3:])"


class BenchmarkError(Exception):
    """A measurement can't be made."""


class PeerMissingError(Exception):
    """Another client can't be installed here."""


def _variables() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "QLIK_"))}


def output_of(*command: str | Path) -> str:
    """Return what a command prints; its errors are shown.

    Raises:
        BenchmarkError: it fails.
    """
    done = subprocess.run(command, env=_variables(), stdout=subprocess.PIPE, encoding="utf-8", check=False)
    if done.returncode:
        raise BenchmarkError(f"{' '.join(map(str, command))[:200]} ended with {done.returncode}: see above")
    return done.stdout


@cache
def _wheel() -> Path:
    built = KEPT / "wheel"
    shutil.rmtree(built, ignore_errors=True)
    build_dist.run(sys.executable, "-m", "uv", "build", "--quiet", "--wheel", "--out-dir", built, folder=ROOT)
    (wheel,) = built.glob("*.whl")
    return wheel


@cache
def python_with(*extras: str, requirement: str = "") -> Path:
    """Return the Python of an environment with the wheel and extras, or with another requirement and nothing else."""
    chosen = f"[{','.join(extras)}]" if extras else ""
    requirement = requirement or f"qlik-automation-connections{chosen} @ {_wheel().as_uri()}"
    folder = KEPT / "environments" / hashlib.sha256(requirement.encode()).hexdigest()[:12]
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    python = build_dist.environment(folder, sys.executable, requirement, "--compile-bytecode")
    VERSIONS.update(json.loads(output_of(python, "-c", _VERSIONS)))
    return python


def qlik_sdk() -> list[str]:
    """Return what starts the listing with Qlik's Python client.

    Raises:
        PeerMissingError: it can't be installed.
    """
    try:
        return command(python_with(requirement="qlik-sdk==0.17.0"), "work", "turns", "qlik_sdk")
    except build_dist.BuildError as error:
        raise PeerMissingError(str(error)) from None


@cache
def qlik_api() -> list[str]:
    """Return what starts the listing with Qlik's TypeScript client.

    Raises:
        PeerMissingError: Node.js is missing, or the client can't be installed.
    """
    node, npm, folder = shutil.which("node"), shutil.which("npm"), KEPT / "node"
    if node is None or npm is None:
        raise PeerMissingError("Node.js and npm are not installed here")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "scripts" / "vendor_client" / "package.json", folder)
    program = str(shutil.copy(Path(__file__).with_name("qlik_api.mjs"), folder))
    try:
        build_dist.run(npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", folder=folder)
    except build_dist.BuildError as error:
        raise PeerMissingError(str(error)) from None
    package = json.loads((folder / "node_modules/@qlik/api/package.json").read_text(encoding="utf-8"))
    VERSIONS.update({"@qlik/api": package["version"], "Node.js": output_of(node, "--version").strip().lstrip("v")})
    return [node, program]


def command(python: Path, module: str, *arguments: str) -> list[str]:
    """Return what starts a module of the benchmark on an interpreter."""
    return [str(python), "-I", "-c", _START, str(ROOT / "scripts"), f"benchmarks.{module}", *arguments]


@contextmanager
def _running(started: Sequence[str]) -> Iterator[tuple[subprocess.Popen[str], Callable[[], str]]]:
    """Run a process that ends when its input does."""
    pipe = subprocess.PIPE
    with subprocess.Popen(started, env=_variables(), stdin=pipe, stdout=pipe, encoding="utf-8") as process:

        def line() -> str:
            assert process.stdout is not None
            text = process.stdout.readline()
            if not text:
                raise BenchmarkError(f"a process ended early, see above: {' '.join(started)[:200]}")
            return text.strip()

        try:
            yield process, line
            process.communicate()
        finally:
            process.kill()


@contextmanager
def served(kind: str, connections: int, delay: float = 0.0) -> Iterator[dict[str, Any]]:
    """Serve so many connections, and tell what is known of the server; see `serving`."""
    with _running(command(Path(sys.executable), "serving", kind, str(connections), str(delay))) as (_, line):
        yield json.loads(line())


@contextmanager
def timer(started: Sequence[str]) -> Iterator[Callable[[], float]]:
    """Start a process that works once for every line of its input, and yield what lets it and returns the seconds."""
    with _running(started) as (process, line):
        line()  # ready

        def once() -> float:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
            return float(line())

        yield once


def process_seconds(started: Sequence[str | Path]) -> float:
    """Return how long a process takes, from its start to its end; what it prints goes nowhere.

    Raises:
        BenchmarkError: it fails.
    """
    nowhere = subprocess.DEVNULL
    began = time.perf_counter()
    done = subprocess.run(started, env=_variables(), stdin=nowhere, stdout=nowhere, stderr=nowhere, check=False)
    taken = time.perf_counter() - began
    if done.returncode:
        raise BenchmarkError(f"{' '.join(map(str, started))[:200]} ended with {done.returncode}")
    return taken
