"""How far a job is."""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen


@frozen
class Progress:
    """How far a job is.

    Attributes:
        job: its name, such as `audit`.
        done: how many of its parts are done, the failed ones too.
        total: how many there are; None while that is not known.
        failed: how many of those that are done failed.
    """

    job: str
    done: int
    total: int | None = None
    failed: int = 0


OnProgress = Callable[[Progress], None]


def ignore(_: Progress) -> None:
    """Does nothing with it."""
