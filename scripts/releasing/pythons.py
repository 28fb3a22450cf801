"""The interpreters that are installed here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import frozen

from .commands import clean_environment

_SECONDS = 30
_TELL = "import sys; print('%d.%d.%d' % sys.version_info[:3]); print(sys.executable)"


@frozen
class Interpreter:
    """A Python.

    Attributes:
        minor: such as `3.11`.
        version: such as `3.11.7`.
        program: its file.
    """

    minor: str
    version: str
    program: Path


def _candidates(minor: str) -> Iterator[str]:
    """Programs that may be a version of Python: on PATH, in pyenv's folder, and the one that runs this."""
    yield sys.executable
    for folder in os.get_exec_path():
        found = shutil.which(f"python{minor}", path=folder)
        if found is not None:
            yield found
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for version in sorted(pyenv.glob(f"versions/{minor}.*")):
        yield str(version / "bin" / "python")
    launcher = shutil.which("py") if os.name == "nt" else None
    if launcher is not None:
        told = _told(launcher, f"-{minor}")
        if told is not None:
            yield str(told.program)


def _told(program: str, *options: str) -> Interpreter | None:
    """What a program says that it is; None if it does not run, as a wrapper without its Python."""
    try:
        done = subprocess.run(
            [program, *options, "-I", "-c", _TELL],
            env=clean_environment(),
            capture_output=True,
            encoding="utf-8",
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = done.stdout.splitlines()
    if done.returncode or len(lines) != 2:
        return None
    return Interpreter(lines[0].rpartition(".")[0], lines[0], Path(lines[1]))


def find(minor: str) -> Interpreter | None:
    """An interpreter of a version, such as `3.11`; None if there is none here."""
    for program in _candidates(minor):
        found = _told(program)
        if found is not None and found.minor == minor:
            return found
    return None


def present(minors: Sequence[str]) -> tuple[list[Interpreter], list[str]]:
    """The interpreters that are here, and the versions that are not."""
    found = {minor: find(minor) for minor in minors}
    return [each for each in found.values() if each is not None], [name for name, each in found.items() if each is None]
