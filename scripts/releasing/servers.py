"""Servers that exercises talk to, each a process of its own on loopback."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from .commands import clean_environment
from .environments import Environment
from .failure import ReleaseError

_SECONDS = 30.0
_ADDRESS = re.compile(r"^Address: (\S+)$", re.MULTILINE)
_KEY = re.compile(r"^API key: (\S+)", re.MULTILINE)


class Served(NamedTuple):
    """Where a sandbox is."""

    url: str
    api_key: str


def _stop(process: subprocess.Popen[str]) -> None:
    if os.name == "nt":
        process.terminate()
    else:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def sandbox(environment: Environment) -> Iterator[Served]:
    """A sandbox with a few connections, served by an environment that has the wheel with its extras.

    Raises:
        ReleaseError: it does not start.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8") as printed:
        command = [str(environment.program("qac")), "sandbox", "--connections", "7"]
        variables = clean_environment(PYTHONUNBUFFERED="1")
        process = subprocess.Popen(command, env=variables, stdout=printed, stderr=subprocess.STDOUT, text=True)
        try:
            until = time.monotonic() + _SECONDS
            while True:
                printed.seek(0)
                text = printed.read()
                url, key = _ADDRESS.search(text), _KEY.search(text)
                if url and key:
                    break
                if process.poll() is not None or time.monotonic() > until:
                    raise ReleaseError(f"`qac sandbox` did not start: {text.strip()}", "Try it: `qac sandbox`.")
                time.sleep(0.05)
            yield Served(url[1], key[1])
        finally:
            _stop(process)


@contextmanager
def redis() -> Iterator[str | None]:
    """The address of a redis-server without files; None where the program is not installed."""
    program = shutil.which("redis-server")
    if program is None:
        yield None
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen([program, *options], cwd=folder, stdout=subprocess.DEVNULL, text=True)
        try:
            until = time.monotonic() + _SECONDS
            while True:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                if process.poll() is not None or time.monotonic() > until:
                    raise ReleaseError("redis-server did not start.", "Try it: `redis-server --port 0`.")
                time.sleep(0.05)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            _stop(process)
