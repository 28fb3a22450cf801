"""Sentences of findings, put so that what thousands of them have in common is written once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from attrs import define, field

VALUE: Final = -1
"""The part of a template that stands for the next value of its sentence; from 0 on, a field of the connection."""

_SHORTEST = 2
# Words with a digit: counts, dates, ids of other connections.
_VALUES = re.compile(r"[\w-]*\d[\w-]*")


@define
class Sentences:
    """Takes sentences apart into templates and values. What is put together again is what was taken apart.

    Attributes:
        templates: each a list of texts and of numbers: a field of the connection, or `VALUE`.
        chosen: the template of each sentence.
        values: the values of all sentences, one after the other.
    """

    templates: list[list[str | int]] = field(factory=list)
    chosen: list[int] = field(factory=list)
    values: list[str] = field(factory=list)
    _known: dict[tuple[str | int, ...], int] = field(factory=dict)

    def add(self, sentence: str, fields: Sequence[str | None]) -> None:
        """Adds a sentence.

        Args:
            sentence: what the finding says.
            fields: of the connection that it is about; they are not written again.
        """
        parts: list[str | int] = []
        for part in _without_fields(sentence, fields):
            if isinstance(part, int):
                parts.append(part)
                continue
            start = 0
            for match in _VALUES.finditer(part):
                parts += [part[start : match.start()], VALUE]
                self.values.append(match[0])
                start = match.end()
            parts.append(part[start:])
        key = tuple(part for part in parts if part != "")
        if key not in self._known:
            self._known[key] = len(self.templates)
            self.templates.append(list(key))
        self.chosen.append(self._known[key])


def _without_fields(sentence: str, fields: Sequence[str | None]) -> list[str | int]:
    parts: list[str | int] = [sentence]
    for number, value in enumerate(fields):
        if value is None or len(value) < _SHORTEST or value not in sentence:
            continue
        whole, parts = parts, []
        for part in whole:
            parts += _split(part, value, number) if isinstance(part, str) else [part]
    return parts


def _split(text: str, value: str, number: int) -> Iterator[str | int]:
    """The text with the number where the value stands as a word of its own."""
    start = at = 0
    while (at := text.find(value, at)) >= 0:
        end = at + len(value)
        if (at and text[at - 1].isalnum()) or (end < len(text) and text[end].isalnum()):
            at += 1
            continue
        yield text[start:at]
        yield number
        start = at = end
    yield text[start:]
