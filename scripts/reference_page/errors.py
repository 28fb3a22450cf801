"""Why a page or a spec can't be compared."""

from __future__ import annotations


class UnreadableError(Exception):
    """A page or a spec can't be read."""


class PageError(UnreadableError):
    """The page is not one in the known form.

    Args:
        reason: what is wrong.
        line: where, from 1; None for the page as a whole.
    """

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason if line is None else f"line {line}: {reason}")


class SpecError(UnreadableError):
    """The spec has something that can't be compared, or is no OpenAPI document."""
