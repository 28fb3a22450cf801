"""Progress of jobs."""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen


@frozen
class Progress:
    """Progress of a job.

    Attributes:
        job: Name of the job, such as `audit`.
        done: Number of items done, including failed ones.
        total: Number of items; None while unknown.
        failed: How many of the done items failed.
    """

    job: str
    done: int
    total: int | None = None
    failed: int = 0


OnProgress = Callable[[Progress], None]


def ignore(_: Progress) -> None:
    """Do nothing."""
