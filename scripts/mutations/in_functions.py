"""Mutants of what functions do: mutmut's own run, where each is a process forked from one that has loaded the tests."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mutmut.stats import status_by_exit_code

from .mutant import AT_IMPORT, PACKAGE, SCOPE, Mutant, MutationError, Outcome, is_in_scope

_OUTCOMES: Final[dict[str, Outcome]] = {
    "killed": "killed",
    "timeout": "timed out",
    "segfault": "killed",
    "survived": "survived",
    "no tests": "without a test",
}


def _function(key: str) -> str:
    """`Class.method` or `function` of mutmut's name for a mutant."""
    name = key.rpartition(".")[2].partition("__mutmut_")[0]
    return name[2:].replace("ǁ", ".") if name.startswith("xǁ") else name.removeprefix("x_")


def _mutmut(stage: Path, *arguments: str, log: Path | None = None) -> str:
    command = [sys.executable, "-m", "mutmut", *arguments]
    if log is None:
        return subprocess.run(
            command, cwd=stage, check=True, stdout=subprocess.PIPE, encoding="utf-8", errors="replace"
        ).stdout
    with log.open("wb") as output:
        done = subprocess.run(command, cwd=stage, check=False, stdout=output, stderr=subprocess.STDOUT)
    if done.returncode:
        raise MutationError(f"mutmut ended with {done.returncode}: see {log}")
    return ""


def changes(diff: str) -> tuple[str, str]:
    """The lines that a unified diff takes away, and those that it adds, each without its indentation."""
    lines = [line for line in diff.splitlines() if not line.startswith(("---", "+++", "#"))]
    gone, added = ([line[1:].strip() for line in lines if line.startswith(sign)] for sign in "-+")
    return " ".join(gone), " ".join(added)


def run(stage: Path, jobs: int) -> Iterator[Mutant]:
    """Runs all mutants in functions, but for those of functions that are called at import.

    Args:
        stage: the staged copy.
        jobs: processes at once.

    Raises:
        MutationError: the tests fail without a mutant, or mutmut gave up.
    """
    names = [
        f"{PACKAGE}.{module}.x{'_' if pattern != '*' else ''}{pattern}{'__mutmut_*' if pattern != '*' else ''}"
        for module, patterns in SCOPE.items()
        for pattern in patterns
    ]
    _mutmut(stage, "run", "--max-children", str(jobs), *names, log=stage / "mutmut.log")
    return found(stage)


def found(stage: Path) -> Iterator[Mutant]:
    """What mutmut's last run made of them.

    Raises:
        MutationError: it did not come to an end.
    """
    for module in SCOPE:
        meta = stage / "mutants" / "src" / PACKAGE / f"{module}.py.meta"
        for key, code in json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"].items():
            function = _function(key)
            if not is_in_scope(module, function) or function in AT_IMPORT.get(module, ()):
                continue
            status = status_by_exit_code[code]
            if status not in _OUTCOMES:
                raise MutationError(f"{key}: {status}")
            outcome = _OUTCOMES[status]
            # Only those that are to be explained are looked at: each costs a second.
            before, after = ("", "") if outcome in ("killed", "timed out") else changes(_mutmut(stage, "show", key))
            yield Mutant(module, function, before, after, outcome)
