"""The wheel, installed into empty environments and used there: without extras, with each alone, with all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from attrs import frozen

from . import environments, package_index, servers
from .commands import Commands
from .environments import Environment
from .failure import ReleaseError
from .metadata import Metadata
from .pythons import Interpreter

_EXERCISES = Path(__file__).resolve().parent / "exercises"
_DEMO = {"cli", "sandbox"}


@frozen
class Use:
    """One environment in which the wheel was used: the interpreter, its extras, and what ran."""

    python: str
    extras: tuple[str, ...]
    ran: tuple[str, ...]

    @property
    def row(self) -> tuple[str, Sequence[str], Sequence[str]]:
        """The three, as a table wants them."""
        return self.python, self.extras, self.ran


def exercise_of(extra: str) -> Path:
    """The program that shows what an extra does.

    Raises:
        ReleaseError: there is none.
    """
    file = _EXERCISES / f"for_{extra.replace('-', '_')}.py"
    if not file.is_file():
        raise ReleaseError(
            f"Nothing shows that the extra {extra!r} of pyproject.toml does what it is for.",
            f"Write scripts/releasing/exercises/{file.name}, like those beside it.",
        )
    return file


def combinations(extras: Sequence[str]) -> list[tuple[str, ...]]:
    """Which extras are installed together: all, none, and each alone."""
    alone = [(extra,) for extra in extras]
    return [tuple(extras), (), *(alone if len(extras) > 1 else [])]


@frozen
class Exercises:
    """Uses a wheel in environments.

    Args:
        wheel: the wheel.
        metadata: what it says of itself.
        scratch: folder of the environments.
        commands: runs what is run.
    """

    wheel: Path
    metadata: Metadata
    scratch: Path
    commands: Commands

    def install(self, python: Interpreter, extras: Sequence[str]) -> Environment:
        """A new environment with the wheel and extras."""
        what = f"{python.minor} {' '.join(extras) or 'none'}"
        return environments.make(
            self.scratch / what.replace(" ", "-"),
            python.program,
            [environments.requirement(self.wheel, self.metadata.raw.get("name", ""), extras)],
            self.commands,
            what=what,
            to_do="See which requirement of pyproject.toml can't be installed on that Python.",
        )

    def use(
        self, environment: Environment, python: Interpreter, extras: Sequence[str], served: servers.Served, store: str
    ) -> Use:
        """Runs every exercise: what works must work, what lacks its extra must name it."""
        variables = package_index.environment(**({"REDIS_URL": store} if store else {}))
        what = f"{python.minor} with {' '.join(extras) or 'no extra'}"
        strict = (environment.python, "-I", "-W", "error")
        ran = ["base"]

        def run(name: str, *command: str | Path) -> None:
            self.commands.run(
                f"{name} on {what}",
                *command,
                folder=self.scratch,
                to_do="See what the exercise says; scripts/releasing/exercises holds them.",
                environment=variables,
            )

        run("base", *strict, _EXERCISES / "base.py", self.metadata.version, *served)
        for extra in self.metadata.extras:
            mode = "works" if extra in extras else "lacks"
            run(f"{extra} {mode}", *strict, exercise_of(extra), mode, *served)
            ran.append(extra if mode == "works" else f"no {extra}")
        if set(extras) >= _DEMO:
            run("demo", environment.program("qac"), "demo")
            ran.append("qac demo")
        return Use(python.version, tuple(extras), tuple(ran))

    def all_uses(self, interpreters: Sequence[Interpreter], with_all: Environment) -> Iterator[Use]:
        """Every combination of extras on every interpreter.

        Args:
            interpreters: the interpreters; the first made the environment that follows.
            with_all: an environment that has all extras; it serves the sandbox.
        """
        with ExitStack() as stack:
            served = stack.enter_context(servers.sandbox(with_all))
            store = stack.enter_context(servers.redis()) or ""
            for python in interpreters:
                for extras in combinations(self.metadata.extras):
                    ready = python == interpreters[0] and extras == tuple(self.metadata.extras)
                    environment = with_all if ready else self.install(python, extras)
                    yield self.use(environment, python, extras, served, store)


def require_exercises(metadata: Metadata) -> None:
    """Refuses a wheel with an extra that nothing exercises."""
    for extra in metadata.extras:
        exercise_of(extra)


def said(uses: Sequence[Use]) -> str:
    """What was used, in a few words."""
    versions = list(dict.fromkeys(use.python for use in uses))
    return f"{len(uses)} environments, Python {', '.join(versions)}"
