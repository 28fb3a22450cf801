"""Documents that are lists of things: their rows for data frames, and how they look in a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, Final, Literal, Union, cast, get_args, get_origin

import attrs

from qlik_automation_connections_api.types import Row, html_table

from ._document import Document, Part, field_types

_PLAIN: Final = (str, bool, int, float, datetime, NoneType)
_MOST_SHOWN: Final = 20


class Table(Document):
    """Base of the documents that are mainly a list."""

    __slots__ = ()
    ROWS: ClassVar[str]
    """The attribute with the list."""

    def rows(self) -> list[Row]:
        """Return a row for each element of the main list, for data frames: plain values and times by name."""
        return [row_of(part) for part in getattr(self, self.ROWS)]

    def _figures(self) -> Mapping[str, int]:
        """Return the counts that the repr shows."""
        figures: Mapping[str, int] = getattr(self, "summary", {})
        return figures

    def __repr__(self) -> str:
        figures = ", ".join(f"{name}={count}" for name, count in self._figures().items() if count)
        tenant = getattr(self, "tenant", None)
        return f"<{type(self).__name__}{f' of {tenant}' if tenant else ''}: {figures or 'empty'}>"

    def _repr_html_(self) -> str:
        rows = self.rows()
        return html_table(repr(self)[1:-1], rows[:_MOST_SHOWN], len(rows[_MOST_SHOWN:]))


def row_of(part: Part) -> Row:
    """Return the plain values of a part by name, without what its repr hides."""
    return {name: getattr(part, name) for name in _plain_fields(cast(Any, type(part)))}


@cache
def _plain_fields(cls: Any) -> tuple[str, ...]:
    types = field_types(cls)
    return tuple(each.name for each in attrs.fields(cls) if each.repr and _is_plain(types[each.name]))


def _is_plain(kind: Any) -> bool:
    origin = get_origin(kind)
    if origin is Annotated:
        return _is_plain(get_args(kind)[0])
    if origin in (Union, UnionType):
        return all(_is_plain(each) for each in get_args(kind))
    return origin is Literal or kind in _PLAIN
