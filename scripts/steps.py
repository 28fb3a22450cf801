"""What several scripts share: running a command as a step, git, and virtual environments.

`subprocess` and `venv` do the work; kept task runners (nox, invoke) would bring files and an environment of their own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SPEC = ROOT / "spec" / "openapi.yaml"
UV = (sys.executable, "-m", "uv")
# What would change which code runs, or which tenant it asks.
_LEFT_OUT = ("QLIK_", "PYTHON", "VIRTUAL_ENV", "MAKE", "MFLAGS")


class StepError(SystemExit):
    """A step failed. Its message says which, and what to do; unless it is handled, the script ends with it and 1."""


def say(text: str) -> None:
    """Print the heading of a step."""
    print(f"== {text}", flush=True)


def variables(**more: str) -> dict[str, str]:
    """Return the environment for a command: this process's, without what is meant for it alone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT)}
    return {**kept, "PYTHONUTF8": "1", "UV_NO_PROGRESS": "1", **more}


def run(
    *command: str | Path, folder: Path = ROOT, capture: bool = False, codes: Sequence[int] = (0,), **more: str
) -> str:
    """Run a command, and return its output if that is captured.

    Args:
        command: The program and its arguments.
        folder: Where it runs.
        capture: Return its output instead of showing it.
        codes: The exit codes that are expected.
        more: Variables of its environment.

    Raises:
        StepError: It can't be started, or ends with another code.
    """
    text = " ".join(map(str, command))[:200]
    try:
        done = subprocess.run(
            command, cwd=folder, env=variables(**more), capture_output=capture, encoding="utf-8", check=False
        )
    except OSError as error:
        raise StepError(f"{text}: {error.strerror}") from None
    if done.returncode not in codes:
        printed = f"{done.stdout}{done.stderr}".strip() if capture else "see above"
        raise StepError(f"{text} ended with {done.returncode}: {printed}")
    return (done.stdout or "").strip()


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, and return its output."""
    return run("git", *arguments, folder=folder, capture=True)


def npx(*packages: str) -> tuple[str, ...] | None:
    """Return what runs the tools of npm's packages, which are fetched once; None without Node.js."""
    program = shutil.which("npx")
    return (program, "--yes", *(f"--package={each}" for each in packages), "--") if program else None


def environment(folder: Path, python: str, *requirements: str | Path) -> Path:
    """Make a virtual environment with these requirements and nothing else, and return its Python."""
    run(*UV, "venv", "--quiet", "--no-python-downloads", "--python", python, folder, folder=folder.parent)
    program = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if requirements:
        run(*UV, "pip", "install", "--quiet", "--python", program, *requirements, folder=folder.parent)
    return program
