"""A strict JSON scanner that says where things are, and keeps nothing of them.

It takes what RFC 8259 calls JSON, and nothing more: no NaN, no comments, no comma too many. Its time is linear in the
length of the text; one match of a regular expression takes a whole member of an object.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

# What an event is of. The numbers are those of the groups below.
STRING: Final = 2
SCALAR: Final = 3
OPEN: Final = 4
CLOSE: Final = 5

# Deeper than any automation is, and shallow enough for whoever reads the file next: most parsers recurse.
DEEPEST = 500

_SPACE = r"[ \t\n\r]*+"
_PLAIN = r'[^"\\\x00-\x1f]*+'
_ESCAPE = r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})'
_STRING = rf'"{_PLAIN}(?:{_ESCAPE}{_PLAIN})*+"'
_NUMBER = r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+"
_KEY = rf"{_SPACE}({_STRING}){_SPACE}:"
_NO_KEY = r"()"
_VALUE = rf"{_SPACE}(?:({_STRING})|({_NUMBER}|true|false|null)|([{{\[]))"

_FIRST_ITEM = re.compile(_NO_KEY + _VALUE)
_NEXT_ITEM = re.compile(f"{_SPACE},{_NO_KEY}{_VALUE}")
_FIRST_MEMBER = re.compile(_KEY + _VALUE)
_NEXT_MEMBER = re.compile(f"{_SPACE},{_KEY}{_VALUE}")
_END = {"}": re.compile(rf"{_SPACE}(\}})"), "]": re.compile(rf"{_SPACE}(\])")}
_CLOSING = {"{": "}", "[": "]"}

_BLANKS = re.compile(_SPACE)
_WHOLE_STRING = re.compile(_STRING)
_START_OF_STRING = re.compile(rf'"{_PLAIN}(?:{_ESCAPE}{_PLAIN})*+')


class Event(NamedTuple):
    """A value, or the start or end of an object or list.

    Attributes:
        kind: STRING, SCALAR (a number, true, false or null), OPEN or CLOSE.
        start: where its text begins; of a string, its quote.
        end: where its text ends.
        key_start: where the key of a member begins, its quote; equal to `key_end` for whatever has no key.
        key_end: where the key ends.
    """

    kind: int
    start: int
    end: int
    key_start: int
    key_end: int


class InvalidJSON(ValueError):
    """A text is no JSON.

    Attributes:
        offset: where it ceases to be.
        reason: why, in words that quote nothing of the text.
    """

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(reason)
        self.offset = offset
        self.reason = reason


def scan(text: str) -> Iterator[Event]:
    """Iterates what is in a JSON text, in its order.

    Args:
        text: the text, without a byte order mark.

    Raises:
        InvalidJSON: it is none, or nested too deeply. What came before is iterated first.
    """
    # Plain tuples are a good deal cheaper to make than named ones, and there are millions of them.
    make = tuple.__new__
    closings: list[str] = []
    closing = ""
    match = _FIRST_ITEM.match(text)
    if match is None:
        raise _invalid_value(text, 0)
    while True:
        kind = match.lastindex or 0
        start, position = match.span(kind)
        yield make(Event, (kind, start, position, *match.span(1)))
        match = None
        if kind == OPEN:
            if len(closings) == DEEPEST:
                raise InvalidJSON(start, f"objects and lists are nested deeper than {DEEPEST} levels")
            closing = _CLOSING[text[start]]
            closings.append(closing)
            match = (_FIRST_MEMBER if closing == "}" else _FIRST_ITEM).match(text, position)
            if match is None and _END[closing].match(text, position) is None:
                raise _invalid_first(text, position, closing)
        while match is None:
            if not closings:
                _end(text, position)
                return
            match = (_NEXT_MEMBER if closing == "}" else _NEXT_ITEM).match(text, position)
            if match is None:
                end = _END[closing].match(text, position)
                if end is None:
                    raise _invalid_next(text, position, closing)
                start, position = end.span(1)
                yield make(Event, (CLOSE, start, position, start, start))
                closings.pop()
                closing = closings[-1] if closings else ""


def decode(text: str, start: int, end: int) -> str:
    """The value of a string of a JSON text.

    Args:
        text: the JSON text.
        start: where the string begins, its quote.
        end: where it ends, after its quote.
    """
    inner = text[start + 1 : end - 1]
    if "\\" not in inner:
        return inner
    value: str = json.loads(text[start:end])
    return value


def _skip(text: str, position: int) -> int:
    match = _BLANKS.match(text, position)
    return position if match is None else match.end()


def _end(text: str, position: int) -> None:
    position = _skip(text, position)
    if position < len(text):
        raise InvalidJSON(position, "there is something after the end of the JSON")


def _cut_short(text: str) -> InvalidJSON:
    return InvalidJSON(len(text), "the text ends in the middle")


def _invalid_first(text: str, position: int, closing: str) -> InvalidJSON:
    return _invalid_member(text, position) if closing == "}" else _invalid_value(text, position)


def _invalid_next(text: str, position: int, closing: str) -> InvalidJSON:
    position = _skip(text, position)
    if position == len(text):
        return _cut_short(text)
    if text[position] != ",":
        return InvalidJSON(position, f"a ',' or the closing '{closing}' is missing")
    return _invalid_first(text, position + 1, closing)


def _invalid_member(text: str, position: int) -> InvalidJSON:
    position = _skip(text, position)
    if position == len(text):
        return _cut_short(text)
    if text[position] != '"':
        return InvalidJSON(position, "a key in double quotes is missing")
    key = _WHOLE_STRING.match(text, position)
    if key is None:
        return _invalid_string(text, position)
    position = _skip(text, key.end())
    if position == len(text):
        return _cut_short(text)
    if text[position] != ":":
        return InvalidJSON(position, "a ':' after the key is missing")
    return _invalid_value(text, position + 1)


def _invalid_value(text: str, position: int) -> InvalidJSON:
    position = _skip(text, position)
    if position == len(text):
        return InvalidJSON(0, "there is nothing in it") if not text.strip(" \t\r\n") else _cut_short(text)
    if text[position] == '"':
        return _invalid_string(text, position)
    return InvalidJSON(position, "a value is missing or is none that JSON has")


def _invalid_string(text: str, position: int) -> InvalidJSON:
    valid = _START_OF_STRING.match(text, position)
    assert valid is not None
    if valid.end() == len(text):
        return InvalidJSON(position, "a string is not closed")
    if text[valid.end()] == "\\":
        return InvalidJSON(valid.end(), "an escape in a string is none that JSON has")
    return InvalidJSON(valid.end(), "a string has a line break or another control character that is not escaped")
