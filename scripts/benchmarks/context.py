"""What the rows of a run have in common: environments, how often to measure, and processes that measure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from .environments import Environments
from .measuring import Pair, scatter
from .processes import command, told

_FEWEST: Final = 3
_QUICKER: Final = 6
_TRIES: Final = 3
_CALM: Final = 0.15


@frozen
class Bench:
    """A run of the benchmark.

    Args:
        environments: makes what is measured.
        quick: whether a few measurements will do.
    """

    environments: Environments
    quick: bool = False

    def repeats(self, count: int) -> int:
        """How often to measure what is measured so often in a whole run."""
        return max(_FEWEST, count // _QUICKER) if self.quick else count

    def pairs(self, row: str, order: dict[str, Any], *extras: str) -> list[Pair]:
        """Lets a row's two sides work turn about, in an environment of the wheel with extras.

        Where the ratios scatter, for the machine has other things to do, all is measured again; the calmest time
        counts, whatever its ratio is.

        Args:
            row: the row's module.
            order: what its `sides` needs, and `repeats`.
            extras: extras of the wheel.
        """
        python = self.environments.ours(*extras)
        measured: list[list[Pair]] = []
        while not measured or (not self.quick and len(measured) < _TRIES and scatter(measured[-1]) > _CALM):
            found = told(python, "work", "pairs", f"rows.{row}", json.dumps(order))
            measured.append([Pair(*pair) for pair in found])
        return min(measured, key=scatter)

    def profile(self, row: str, order: dict[str, Any], *extras: str) -> str:
        """Where the time of a row's own side goes."""
        python = self.environments.ours(*extras)
        return str(told(python, "work", "profile", f"rows.{row}", json.dumps(order)))

    def once(self, row: str, order: dict[str, Any], *extras: str) -> Any:
        """What a row's `once` returns, in a process of its own."""
        return told(self.environments.ours(*extras), "work", "once", f"rows.{row}", json.dumps(order))

    def turns(self, python: Path, module: str, order: dict[str, Any]) -> list[str]:
        """What starts a process that does a module's own work once for every line."""
        return command(python, "work", "turns", module, json.dumps(order))
