"""How much one change asks of a release, and why."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from attrs import frozen


class Level(IntEnum):
    """What a change is to those who use the package, the least first."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    @property
    def word(self) -> str:
        return self.name.lower()


class CannotCompareError(Exception):
    """There is nothing to compare with, or it can't be read."""


@frozen(order=True)
class Reason:
    """One change.

    Attributes:
        level: what it is to users.
        source: what was compared: "spec", "python", "user code" or "files".
        where: the place, as users know it.
        sentence: what changed there.
        adds: whether it is something new.
    """

    level: Level
    source: str
    where: str
    sentence: str
    adds: bool = False


def highest(reasons: Iterable[Reason]) -> Level:
    """The level of the whole."""
    return max((reason.level for reason in reasons), default=Level.NONE)


def sorted_reasons(reasons: Iterable[Reason]) -> list[Reason]:
    """Each once, what weighs most first."""
    return sorted(set(reasons), key=lambda each: (-each.level, each.source, each.where, each.sentence))
