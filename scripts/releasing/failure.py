"""What stops a release."""

from __future__ import annotations


class ReleaseError(Exception):
    """A step did not come out as it must.

    Args:
        problem: what is wrong, and where.
        to_do: what to do about it, as a sentence.
    """

    def __init__(self, problem: str, to_do: str) -> None:
        super().__init__(problem, to_do)
        self.problem = problem
        self.to_do = to_do

    def __str__(self) -> str:
        return f"{self.problem}\n{self.to_do}"
