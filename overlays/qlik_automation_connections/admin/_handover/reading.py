"""Reads the fields of a plan from JSON that somebody may have edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from .._errors import JobError

C = TypeVar("C", bound=str)


def document_of(value: object, where: str, *, known: Sequence[str]) -> None:
    """Raises unless a value is a JSON object with no other fields than the known ones.

    Raises:
        JobError: it is none.
    """
    if not isinstance(value, Mapping):
        raise JobError(f"{where} must be a JSON object, not {type(value).__name__}.")
    strange = [str(name) for name in value if name not in known]
    if strange:
        raise JobError(f"{where} has a field that is not known: {strange[0]!r}.")


def text(document: Mapping[str, Any], name: str, where: str) -> str:
    """A field that must be a string, and not empty.

    Raises:
        JobError: it is not.
    """
    value = document.get(name)
    if not isinstance(value, str) or not value:
        raise JobError(f"{where}: {name} must be a string that is not empty.")
    return value


def optional_text(document: Mapping[str, Any], name: str, where: str) -> str | None:
    """A field that is a string, null, or not there.

    Raises:
        JobError: it is something else.
    """
    value = document.get(name)
    if value is not None and not isinstance(value, str):
        raise JobError(f"{where}: {name} must be a string or null.")
    return value


def choice(document: Mapping[str, Any], name: str, where: str, allowed: Sequence[C]) -> C:
    """A field that must be one of some strings.

    Raises:
        JobError: it is not.
    """
    for one in allowed:
        if document.get(name) == one:
            return one
    raise JobError(f"{where}: {name} must be one of {', '.join(allowed)}.")


def list_of(document: Mapping[str, Any], name: str, where: str) -> list[Any]:
    """A field that must be a list.

    Raises:
        JobError: it is not.
    """
    value = document.get(name)
    if not isinstance(value, list):
        raise JobError(f"{where}: {name} must be a list.")
    return value
