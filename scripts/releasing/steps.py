"""Steps, each a line with its time, and what became of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from attrs import Factory, define, frozen

T = TypeVar("T")


@frozen
class Outcome:
    """What became of a step: `ok`, `skipped` or `failed`, with a few words, and seconds where it ran."""

    step: str
    state: str
    words: str
    seconds: float | None = None

    def __str__(self) -> str:
        taken = "" if self.seconds is None else f"{self.seconds:.1f} s"
        return f"{self.state:<8}{taken:>9}  {self.step}{f': {self.words}' if self.words else ''}"


@define
class Steps:
    """Runs steps one after the other, and prints a line for each.

    Args:
        outcomes: what became of those before.
    """

    outcomes: list[Outcome] = Factory(list)

    def run(self, step: str, action: Callable[[], T], words: Callable[[T], str] = str) -> T:
        """Runs a step.

        Args:
            step: its name.
            action: what it does.
            words: what to say of what it returns.

        Returns:
            What the action returns. What it raises goes on to the caller, after the line is printed.
        """
        began = time.monotonic()
        try:
            result = action()
        except BaseException:
            self._note(Outcome(step, "failed", "", time.monotonic() - began))
            raise
        self._note(Outcome(step, "ok", words(result), time.monotonic() - began))
        return result

    def skip(self, step: str, why: str) -> None:
        """Notes that a step was left out, and why."""
        self._note(Outcome(step, "skipped", why))

    def _note(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        print(outcome, flush=True)
