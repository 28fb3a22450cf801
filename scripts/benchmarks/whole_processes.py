"""Timing whole processes, turn about."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence

from releasing.commands import clean_environment

from .failure import BenchmarkError


def process_seconds(command: Sequence[str]) -> float:
    """How long a process takes, from its start to its end; what it prints goes nowhere.

    Raises:
        BenchmarkError: it does not end with 0.
    """
    # Nothing of this environment: it may tell Python to leave the bytecode alone.
    environment = clean_environment()
    began = time.perf_counter()
    done = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    taken = time.perf_counter() - began
    if done.returncode:
        raise BenchmarkError(f"{' '.join(command)} ended with {done.returncode}.")
    return taken


def one_round(commands: Mapping[str, Sequence[str]], times: int, backwards: bool) -> dict[str, float]:
    """The median seconds of some commands, each run some times, turn about."""
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(times):
        for name in reversed(taken) if backwards else taken:
            taken[name].append(process_seconds(commands[name]))
    return {name: statistics.median(seconds) for name, seconds in taken.items()}
