"""Row `import`: what importing the package adds to an interpreter, by what importing httpx adds."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Final

from ..figures import Figure
from ..measuring import Pair

if TYPE_CHECKING:
    from ..context import Bench

_BAR: Final = 0.25
_ROUNDS: Final = 15
_OF_A_ROUND: Final = 7
_SHOWN: Final = 30
_PROGRAMS: Final = {
    "bare": "pass",
    "package": "import qlik_automation_connections",
    "httpx": "import httpx",
    "tenant": "from qlik_automation_connections import Tenant",
}

HOW: Final = f"""\
What `import qlik_automation_connections` adds to a bare interpreter, by what `import httpx` adds to one: whole
processes of an environment that holds the wheel without extras. {_ROUNDS} rounds; in each, every program runs
{_OF_A_ROUND} times, turn about, and the round's median of the bare interpreter is subtracted. The package loads the
rest when it is first used; the second line shows `from qlik_automation_connections import Tenant`, httpx and all."""


def measure(bench: Bench) -> list[Figure]:
    from ..whole_processes import one_round

    python = str(bench.environments.ours())
    commands = {name: [python, "-I", "-c", program] for name, program in _PROGRAMS.items()}
    one_round(commands, 2, False)
    rounds = [one_round(commands, _OF_A_ROUND, bool(number % 2)) for number in range(bench.repeats(_ROUNDS))]

    def added(name: str) -> list[Pair]:
        return [Pair(each[name] - each["bare"], each["httpx"] - each["bare"]) for each in rounds]

    return [
        Figure("the package", "`import httpx`", added("package"), _BAR),
        Figure("`Tenant`, loaded", "`import httpx`", added("tenant")),
    ]


def slowest_imports(printed: str, shown: int = _SHOWN) -> str:
    """The imports that take longest with what they import, from what `-X importtime` prints."""
    lines = [line for line in printed.splitlines() if line.startswith("import time:")]
    modules = [(int(parts[1]), line) for line in lines if (parts := line.split("|"))[1].strip().isdigit()]
    return "\n".join([*lines[:1], *(line for _, line in sorted(modules, key=lambda each: -each[0])[:shown])])


def profile(bench: Bench) -> str:
    from releasing.commands import clean_environment

    program = _PROGRAMS["package"]
    command = [str(bench.environments.ours()), "-I", "-X", "importtime", "-c", program]
    done = subprocess.run(command, env=clean_environment(), capture_output=True, encoding="utf-8", check=True)
    return slowest_imports(done.stderr)
