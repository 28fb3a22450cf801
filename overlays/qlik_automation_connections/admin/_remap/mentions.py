"""Finds known ids in free text, as whole words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from .json_scanner import decode

_WORD = re.compile(r"\w+")
_SPELLED = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.")


class IdFinder:
    """Finds ids in strings: in time that depends on the string, not on how many ids there are.

    An id is found as a whole word: no letter, digit or underscore may stand before it or after it, where it begins or
    ends with one itself.

    Args:
        ids: what to find.
    """

    def __init__(self, ids: Iterable[str]) -> None:
        self._wanted = frozenset(ids)
        words = {
            identifier: [(match.group(), match.start()) for match in _WORD.finditer(identifier)]
            for identifier in self._wanted
        }
        common = Counter(word for found in words.values() for word, _ in set(found))
        # An id is looked for where the word of it stands that the fewest others have.
        self._by_word: dict[str, list[tuple[str, int]]] = {}
        self._without_words = [identifier for identifier in self._wanted if not words[identifier]]
        for identifier, found in words.items():
            if found:
                word, offset = min(found, key=lambda each: (common[each[0]], -len(each[0])))
                self._by_word.setdefault(word, []).append((identifier, offset))
        lengths = sorted({len(word) for word in self._by_word})
        either = "|".join(rf"\w{{{length}}}" for length in lengths)
        self._candidates = re.compile(rf"(?<!\w)(?:{either})(?!\w)") if lengths else None

    def __contains__(self, value: str) -> bool:
        return value in self._wanted

    def in_string(self, text: str, start: int, end: int) -> list[tuple[int, str]]:
        """Finds ids in a string of a JSON text.

        Args:
            text: the JSON text.
            start: where the string begins, its quote.
            end: where it ends, after its quote.

        Returns:
            The ids, in order, each with the offset into the text at which it begins.
        """
        value = decode(text, start, end)
        found = sorted(self._find(value))
        if len(value) == end - start - 2:
            return [(start + 1 + offset, identifier) for offset, identifier in found]
        return list(_spelled_at(text, start + 1, found))

    def _find(self, value: str) -> Iterator[tuple[int, str]]:
        for identifier in self._without_words:
            at = value.find(identifier)
            while at >= 0:
                yield at, identifier
                at = value.find(identifier, at + len(identifier))
        if self._candidates is None:
            return
        for match in self._candidates.finditer(value):
            for identifier, offset in self._by_word.get(match.group(), ()):
                at = match.start() - offset
                if at >= 0 and value.startswith(identifier, at) and _is_whole(value, at, at + len(identifier)):
                    yield at, identifier


def _is_whole(value: str, start: int, end: int) -> bool:
    return not (_both_in_a_word(value, start) or _both_in_a_word(value, end))


def _both_in_a_word(value: str, boundary: int) -> bool:
    around = value[boundary - 1 : boundary + 1] if boundary else ""
    return len(around) == 2 and _WORD.fullmatch(around) is not None


def _spelled_at(text: str, start: int, found: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Takes offsets into the value of a string that has escapes to offsets into its text."""
    value_offset, text_offset = 0, start
    escapes = _SPELLED.finditer(text, start)
    escape = next(escapes, None)
    for offset, identifier in found:
        while escape is not None and value_offset + escape.start() - text_offset < offset:
            value_offset += escape.start() - text_offset + 1
            text_offset = escape.end()
            escape = next(escapes, None)
        yield text_offset + offset - value_offset, identifier
