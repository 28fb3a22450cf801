"""Why the mutants that survive do: `explained.toml`, and whether it is about those that did."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from .mutant import Mutant

EXPLAINED: Final = Path(__file__).with_name("explained.toml")


@frozen
class Explanation:
    """Why one line can be changed in some ways without a test failing.

    Attributes:
        group: title of the group it belongs to.
        module: the mutants' module.
        function: their function.
        before: the lines that they change.
        after: what they change them to.
        why: the reason.
    """

    group: str
    module: str
    function: str
    before: str
    after: tuple[str, ...]
    why: str

    def explains(self, mutant: Mutant) -> bool:
        """Whether a mutant is one of these."""
        return (self.module, self.function, self.before) == (mutant.module, mutant.function, mutant.before) and (
            mutant.after in self.after
        )


def read(path: Path = EXPLAINED) -> tuple[Explanation, ...]:
    """All explanations, in their order."""
    content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(
        Explanation(group["title"], one["module"], one["function"], one["before"], tuple(one["after"]), one["why"])
        for group in content.get("group", [])
        for one in group["mutant"]
    )


def unexplained(mutants: Iterable[Mutant], explanations: Iterable[Explanation]) -> list[Mutant]:
    """The mutants that nothing failed for, and that no explanation is about."""
    known = list(explanations)
    return [mutant for mutant in mutants if not mutant.is_caught and not any(each.explains(mutant) for each in known)]


def without_object(mutants: Iterable[Mutant], explanations: Iterable[Explanation]) -> list[str]:
    """What is explained, though no mutant of the kind survived."""
    left = [mutant for mutant in mutants if not mutant.is_caught]
    return [
        f"{each.module}.{each.function}: {each.before} → {after}"
        for each in explanations
        for after in each.after
        if not any(each.explains(mutant) and mutant.after == after for mutant in left)
    ]
