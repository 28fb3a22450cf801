# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

"""Contains some shared types for properties"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, Generic, Literal, TypeVar

from attrs import define

from .fields import FIELDS


class Unset:
    def __bool__(self) -> Literal[False]:
        return False


UNSET: Unset = Unset()

T = TypeVar("T")

Row = dict[str, str | bool | int | float | datetime | None]
""" Plain values by name: a row of a table. """


def html_table(caption: str, rows: Iterable[Mapping[str, object]], more: int = 0) -> str:
    """Return a table as HTML, for notebooks.

    Args:
        caption: Its caption, as text.
        rows: Its rows, with the same names in each.
        more: Number of rows left out.
    """
    from html import (
        escape,  # Here because it takes time to import, and few programs need it.
    )

    rows = list(rows)
    head = "".join(f"<th>{escape(name)}</th>" for name in (rows[0] if rows else ()))
    body = "".join(f"<tr>{''.join(f'<td>{escape(str(value))}</td>' for value in row.values())}</tr>" for row in rows)
    foot = f"<p>… and {more:,} more</p>" if more else ""
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{foot}"
    )


# Types of empty strings and free-form values.
_KEPT: Mapping[str, type] = {"string": str, "object": dict, "array": list}


class MissingId(Exception):
    """An object has no id, which the spec marks with `x-identifies`."""


class Normalizer:
    """Converts values that don't match the spec. This base class knows no quirks and keeps odd values as they are."""

    def object(self, schema: str, source: Any, fields: Sequence[str], extra: dict[str, Any]) -> Mapping[str, Any]:
        """Return the declared fields of an object, with None for missing ones.

        Args:
            schema: Name of the object's schema.
            source: The value sent as the object.
            fields: Names of the declared fields.
            extra: Receives undeclared fields.

        Raises:
            TypeError: The value is not an object.
        """
        if not isinstance(source, Mapping):
            raise TypeError(f"{schema} is not an object but a {type(source).__name__}")
        extra.update({name: value for name, value in source.items() if name not in fields})
        return {name: source.get(name) for name in fields}

    def field(self, schema: str, source: Mapping[str, Any], name: str, extra: dict[str, Any]) -> Any:
        """Return the value of a field that is null, missing, free-form, or not of the declared type.

        Args:
            schema: Name of the object's schema.
            source: The object.
            name: Name of the field.
            extra: Receives the raw value if it can't be converted.

        Returns:
            A value of the declared type, or None.
        """
        value = source[name]
        field = FIELDS[schema][name]
        if isinstance(value, list) and field.schema is not None:
            value = [item for item in value if item is not None]
        if isinstance(value, _KEPT.get(field.kind, ())):
            return value
        if value is not None:
            extra[name] = value
        return None

    def identified(self, read: Callable[[Any, Normalizer], T], items: Sequence[Any]) -> list[T]:
        """Return the elements of a list without those that have no id.

        Args:
            read: Reads an element.
            items: The elements.
        """
        found: list[T] = []
        add = found.append  # looked up once for a whole page
        for item in items:
            try:
                add(read(item, self))
            except MissingId:
                self.leave_out(item)
        return found

    def leave_out(self, item: Any) -> None:
        """Take note of an element that is left out, because it has no id.

        Args:
            item: The element.
        """


NORMALIZER = Normalizer()


@define
class Response(Generic[T]):
    """A response from an endpoint"""

    status_code: HTTPStatus
    content: bytes
    headers: MutableMapping[str, str]
    parsed: T | None


__all__ = ["NORMALIZER", "UNSET", "MissingId", "Normalizer", "Response", "Row", "Unset", "html_table"]
