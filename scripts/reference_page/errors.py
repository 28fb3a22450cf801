"""Errors for documents that can't be compared."""

from __future__ import annotations


class UnreadableError(Exception):
    """A document can't be read."""


class PageError(UnreadableError):
    """The vendor's page or OpenAPI does not have the known form.

    Args:
        reason: What is wrong.
        line: Where, counted from 1; None for the document as a whole.
    """

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason if line is None else f"line {line}: {reason}")


class SpecError(UnreadableError):
    """The spec has something that can't be compared, or isn't an OpenAPI document."""
