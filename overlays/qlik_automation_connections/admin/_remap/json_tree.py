"""Parse JSON into strings that know their offsets, and objects that keep duplicate keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from attrs import define, field

from .encodings import InvalidContent, LineIndex

# Deeper than any automation, yet shallow enough for other parsers, most of which recurse.
DEEPEST: Final = 500
_TOO_DEEP: Final = f"its objects and lists are nested deeper than {DEEPEST} levels"

_PART: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]]|[^\s,:"{}\[\]]+')
_ESCAPE: Final = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.")
_CONSTANTS: Final[Mapping[str, bool | None]] = {"null": None, "true": True, "false": False}


class Text(str):
    """A string of a JSON text.

    Attributes:
        start: Offset of its opening quote.
        end: Offset after its closing quote.
        member_end: For a key, the offset after its value.
    """

    __slots__ = ("end", "member_end", "start")

    start: int
    end: int
    member_end: int

    def offsets(self, text: str, indices: Sequence[int]) -> Iterator[int]:
        """Yield the offsets of some of this string's characters in the JSON text.

        Args:
            text: The JSON text.
            indices: Indices of the characters, in ascending order.
        """
        # Difference between offset and index; it grows with each escape.
        ahead = self.start + 1
        escapes = _ESCAPE.finditer(text, ahead, self.end)
        escape = next(escapes, None) if len(self) < self.end - self.start - 2 else None
        for index in indices:
            while escape is not None and escape.start() < index + ahead:
                ahead += len(escape[0]) - 1
                escape = next(escapes, None)
            yield index + ahead


@define(eq=False)
class Object:
    """An object of a JSON text: its members in order, duplicate keys included."""

    members: list[tuple[Text, Value]] = field(factory=list)

    def items(self) -> list[tuple[Text, Value]]:
        """Return the members, as a dict would."""
        return self.members


Value: TypeAlias = "Text | Object | list[Value] | float | bool | None"


def parse(text: str) -> Value:
    """Parse JSON as RFC 8259 defines it.

    Args:
        text: The text, without a byte order mark.

    Raises:
        InvalidContent: It is not JSON, or is nested too deeply.
    """
    try:
        # This only checks the syntax. Numbers stay text: `int` refuses very long ones.
        json.loads(text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        raise _invalid(text, error.pos, error.msg.removesuffix(" at").removesuffix(" starting")) from None
    except RecursionError:
        raise InvalidContent(_TOO_DEEP) from None
    document: list[Value] = []
    container: Object | list[Value] = document
    key: Text | None = None
    outer: list[tuple[Object | list[Value], Text | None]] = []
    for match in _PART.finditer(text):
        part = match[0]
        if part in "}]":
            container, key = outer.pop()
        else:
            value = _value(part, match)
            if isinstance(container, list):
                container.append(value)
            elif key is None:
                assert isinstance(value, Text)
                key = value
                continue
            else:
                container.members.append((key, value))
            if isinstance(value, (Object, list)):
                outer.append((container, key))
                container, key = value, None
                if len(outer) > DEEPEST:
                    raise InvalidContent(_TOO_DEEP)
                continue
        if key is not None:
            key.member_end = match.end()
            key = None
    return document[0]


def _value(part: str, match: re.Match[str]) -> Value:
    if part[0] == '"':
        text = Text(json.loads(part) if "\\" in part else part[1:-1])
        text.start, text.end = match.span()
        return text
    if part in "{[":
        return Object() if part == "{" else []
    if part in _CONSTANTS:
        return _CONSTANTS[part]
    if not part[-1].isdigit():
        # Python's own decoder accepts NaN and Infinity.
        raise _invalid(match.string, match.start(), f"JSON has no {part}")
    return float(part)


def _invalid(text: str, offset: int, reason: str) -> InvalidContent:
    line, column = LineIndex(text).at(offset)
    return InvalidContent(f"it is not JSON at line {line}, column {column}: {reason}")
