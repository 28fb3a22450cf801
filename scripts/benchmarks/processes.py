"""Processes of the benchmark: each runs one module of it, in the environment whose interpreter starts it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from releasing.commands import clean_environment

from .failure import BenchmarkError

_SCRIPTS = Path(__file__).resolve().parents[1]
# Isolated, so that neither the folder it is started in nor a user's own packages come into it.
_START = (
    "import importlib, sys; sys.path.append(sys.argv[1]);"
    " importlib.import_module('benchmarks.' + sys.argv[2]).main(sys.argv[3:])"
)
_SANDBOX = """
import sys
from qlik_automation_connections.sandbox import Sandbox
with Sandbox(connections=int(sys.argv[1])) as sandbox:
    print(sandbox.url, sandbox.api_key, flush=True)
    sys.stdin.read()
"""


class Served(NamedTuple):
    """Where a server is, and the key that it takes."""

    url: str
    key: str


def command(python: Path, module: str, *arguments: str) -> list[str]:
    """What starts a module of this package, on any interpreter."""
    return [str(python), "-I", "-c", _START, str(_SCRIPTS), module, *arguments]


def told(python: Path, *arguments: str) -> Any:
    """What a module of this package prints as JSON on its last line.

    Raises:
        BenchmarkError: it fails.
    """
    done = subprocess.run(
        command(python, *arguments),
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise BenchmarkError(f"{' '.join(arguments)} ended with {done.returncode}; see above.")
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def _running(started: Sequence[str], folder: Path | None, more: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A process that ends when its input does."""
    process = subprocess.Popen(
        started,
        cwd=folder,
        env=clean_environment(**more),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        yield process
        process.communicate()
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


def _line(process: subprocess.Popen[str], started: Sequence[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    if not line:
        raise BenchmarkError(f"A process ended early; see above. It was: {' '.join(started)}")
    return line


@contextmanager
def sandbox_elsewhere(connections: int) -> Iterator[Served]:
    """Address and key of a sandbox in a process of its own, so that its work is not counted as the client's."""
    started = [sys.executable, "-c", _SANDBOX, str(connections)]
    with _running(started, None, {}) as process:
        yield Served(*_line(process, started).split())


@contextmanager
def prepared(connections: int, delay: float = 0.0) -> Iterator[Served]:
    """A server in a process of its own that repeats what a sandbox answered; see `prepared_server`.

    Args:
        connections: how many the sandbox has.
        delay: seconds until a request is answered.
    """
    started = command(Path(sys.executable), "prepared_server", str(connections), str(delay))
    with _running(started, None, {}) as process:
        yield Served(*_line(process, started).split())


@contextmanager
def timer(started: Sequence[str], folder: Path | None = None, **more: str) -> Iterator[Callable[[], float]]:
    """A process that does its work once for every line on its input, and prints the seconds.

    Args:
        started: what starts it.
        folder: where it runs.
        more: variables of its environment.

    Returns:
        A function that lets it work once, and returns the seconds.
    """
    with _running(started, folder, more) as process:

        def once() -> float:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
            return float(_line(process, started))

        yield once
