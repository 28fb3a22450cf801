"""Row `help`: `qac --help`, by a bare interpreter."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Final

from ..figures import Figure
from ..measuring import Pair
from .importing import slowest_imports

if TYPE_CHECKING:
    from ..context import Bench

_BAR: Final = 5.0
_ROUNDS: Final = 15
_OF_A_ROUND: Final = 5

HOW: Final = f"""\
`qac --help`, by `python -c pass` of the same environment, which holds the wheel with the extra `cli`: whole
processes with compiled bytecode, whose output goes nowhere. {_ROUNDS} rounds; in each, both run {_OF_A_ROUND}
times, turn about, and their medians make a pair."""


def measure(bench: Bench) -> list[Figure]:
    from ..whole_processes import one_round

    commands = {
        "help": [str(bench.environments.program("qac", "cli")), "--help"],
        "bare": [str(bench.environments.ours("cli")), "-c", "pass"],
    }
    one_round(commands, 2, False)
    pairs = []
    for number in range(bench.repeats(_ROUNDS)):
        taken = one_round(commands, _OF_A_ROUND, bool(number % 2))
        pairs.append(Pair(taken["help"], taken["bare"]))
    return [Figure("`qac --help`", "`python -c pass`", pairs, _BAR)]


def profile(bench: Bench) -> str:
    from releasing.commands import clean_environment

    python = str(bench.environments.ours("cli"))
    command = [python, "-X", "importtime", str(bench.environments.program("qac", "cli")), "--help"]
    done = subprocess.run(command, env=clean_environment(), capture_output=True, encoding="utf-8", check=True)
    return slowest_imports(done.stderr)
