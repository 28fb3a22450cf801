"""Parse JSON into strings that know their offsets, and objects that keep duplicate keys."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
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


class JsonText:
    """A JSON text: that of a file, or one inside a string of another JSON text.

    Args:
        text: The text.
        string: The string that contains it; None for a file.
    """

    def __init__(self, text: str, string: Text | None = None) -> None:
        self.text = text
        self._string = string
        # Indices of the characters that are escaped in the string, and by how much the escapes up to each are longer.
        self._escaped: list[int] = []
        self._longer = [0]
        if string is not None:
            longer = 0
            for match in _ESCAPE.finditer(string.json.text, string.start + 1, string.end - 1):
                self._escaped.append(match.start() - string.start - 1 - longer)
                longer += len(match[0]) - 1
                self._longer.append(longer)

    def in_file(self, offset: int) -> int:
        """Return the offset in the file of an offset in this text."""
        if self._string is None:
            return offset
        longer = self._longer[bisect_left(self._escaped, offset)]
        return self._string.json.in_file(self._string.start + 1 + offset + longer)

    def spelled(self, part: str) -> str:
        """Return how a part of this text is spelled in the file."""
        return part if self._string is None else self._string.json.spelled(json.dumps(part, ensure_ascii=False)[1:-1])


class Text(str):
    """A string of a JSON text.

    Attributes:
        json: The JSON text.
        start: Offset of its opening quote.
        end: Offset after its closing quote.
        member_end: For a key, the offset after its value.
    """

    __slots__ = ("end", "json", "member_end", "start")

    json: JsonText
    start: int
    end: int
    member_end: int

    def offsets(self, indices: Sequence[int]) -> Iterator[int]:
        """Yield the offsets of some of this string's characters in the JSON text.

        Args:
            indices: Indices of the characters, in ascending order.
        """
        # Difference between offset and index; it grows with each escape.
        ahead = self.start + 1
        escapes = _ESCAPE.finditer(self.json.text, ahead, self.end)
        escape = next(escapes, None) if len(self) < self.end - self.start - 2 else None
        for index in indices:
            while escape is not None and escape.start() < index + ahead:
                ahead += len(escape[0]) - 1
                escape = next(escapes, None)
            yield index + ahead


@define(eq=False)
class Object:
    """An object of a JSON text: its members in order, duplicate keys included.

    Attributes:
        json: The JSON text.
        start: Offset of its opening brace.
        end: Offset after its closing brace.
        members: The members.
    """

    json: JsonText
    start: int
    end: int = 0
    members: list[tuple[Text, Value]] = field(factory=list)

    def items(self) -> list[tuple[Text, Value]]:
        """Return the members, as a dict would."""
        return self.members


Value: TypeAlias = "Text | Object | list[Value] | float | bool | None"


def parse(text: str) -> Value:
    """Parse JSON as RFC 8259 defines it.

    Args:
        text: The text, without a byte order mark; or a string of a parsed text that contains JSON itself.

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
    source = JsonText(text, text if isinstance(text, Text) else None)
    document: list[Value] = []
    container: Object | list[Value] = document
    key: Text | None = None
    outer: list[tuple[Object | list[Value], Text | None]] = []
    for match in _PART.finditer(text):
        part = match[0]
        if part in "}]":
            if isinstance(container, Object):
                container.end = match.end()
            container, key = outer.pop()
        else:
            value = _value(part, match, source)
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


def _value(part: str, match: re.Match[str], source: JsonText) -> Value:
    if part[0] == '"':
        text = Text(json.loads(part) if "\\" in part else part[1:-1])
        text.json = source
        text.start, text.end = match.span()
        return text
    if part in "{[":
        return Object(source, match.start()) if part == "{" else []
    if part in _CONSTANTS:
        return _CONSTANTS[part]
    if not part[-1].isdigit():
        # Python's own decoder accepts NaN and Infinity.
        raise _invalid(match.string, match.start(), f"JSON has no {part}")
    return float(part)


def _invalid(text: str, offset: int, reason: str) -> InvalidContent:
    line, column = LineIndex(text).at(offset)
    return InvalidContent(f"it is not JSON at line {line}, column {column}: {reason}")
