"""What a run came to, kept in a file: a reason can be written after it."""

from __future__ import annotations

import datetime
import json
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from attrs import asdict, frozen

from .mutant import Mutant


@frozen
class Results:
    """A run.

    Attributes:
        date: its day, in ISO form.
        mutmut: version of mutmut.
        python: version of Python.
        jobs: processes at once.
        minutes: how long it took.
        mutants: all of them.
    """

    date: str
    mutmut: str
    python: str
    jobs: int
    minutes: float
    mutants: Sequence[Mutant]

    def write(self, path: Path) -> None:
        """Keeps it in a file."""
        path.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Results:
        """The run that a file keeps."""
        content = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{**content, "mutants": [Mutant(**mutant) for mutant in content["mutants"]]})


def this_run(mutants: Sequence[Mutant], *, jobs: int, minutes: float) -> Results:
    """A run that has just ended."""
    day = datetime.datetime.now(datetime.UTC).date().isoformat()
    return Results(day, version("mutmut"), platform.python_version(), jobs, minutes, mutants)
