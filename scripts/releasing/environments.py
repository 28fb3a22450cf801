"""Empty virtual environments, and what is installed into them."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from . import package_index
from .commands import Commands

_BIN = "Scripts" if os.name == "nt" else "bin"
_UV: tuple[str | Path, ...] = (sys.executable, "-m", "uv")


@frozen
class Environment:
    """A virtual environment."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.program("python")

    def program(self, name: str) -> Path:
        """A program that was installed into it."""
        return self.folder / _BIN / (f"{name}.exe" if os.name == "nt" else name)


def requirement(wheel: Path, name: str, extras: Sequence[str]) -> str:
    """What to install: the wheel, with extras."""
    chosen = f"[{','.join(extras)}]" if extras else ""
    return f"{name}{chosen} @ {wheel.resolve().as_uri()}"


def make(
    folder: Path, python: Path, requirements: Sequence[str], commands: Commands, *, what: str, to_do: str
) -> Environment:
    """Makes an environment with nothing in it but what is asked for, and what that needs.

    Args:
        folder: where it is made.
        python: the interpreter.
        requirements: what to install; options of `uv pip install` may be among it.
        commands: runs uv.
        what: what it is for, in a few words.
        to_do: what to do where that can't be installed.

    Raises:
        ReleaseError: it can't be.
    """
    environment = Environment(folder)
    variables = package_index.environment()
    commands.run(
        f"environment {what}",
        *(*_UV, "venv", "--quiet", "--python", python, folder),
        folder=folder.parent,
        to_do=f"See whether {python} is whole.",
        environment=variables,
    )
    commands.run(
        f"install {what}",
        *(*_UV, "pip", "install", "--python", environment.python, *requirements),
        folder=folder.parent,
        to_do=to_do,
        environment=variables,
    )
    return environment


def resolve(
    requirements: Sequence[str], python: Path, scratch: Path, commands: Commands, *, what: str, to_do: str
) -> list[str]:
    """The versions that requirements come to where each has the lowest that it allows, as `name==version`.

    Raises:
        ReleaseError: there are none that fit together.
    """
    asked = scratch / "asked.in"
    asked.write_text("\n".join(requirements) + "\n", encoding="utf-8")
    options = ("--no-header", "--no-annotate", "--quiet", "--resolution", "lowest-direct", "--python", python)
    printed = commands.run(
        f"resolve {what}",
        *(*_UV, "pip", "compile", *options, asked),
        folder=scratch,
        to_do=to_do,
        environment=package_index.environment(),
    )
    return [line.strip() for line in printed.splitlines() if "==" in line]
