"""Finds known ids in free text, as whole words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

_WORD = re.compile(r"\w+")
_INSIDE_A_WORD = re.compile(r"(?<=\w)(?=\w)")


class IdFinder:
    """Finds ids in strings, in time that depends on the string and not on how many ids there are.

    An id is found as a whole word: no letter, digit or underscore may stand before it or after it, where it begins or
    ends with one itself.

    Args:
        ids: what to find.
    """

    def __init__(self, ids: Iterable[str]) -> None:
        self._ids = frozenset(ids)
        words = {id: [(match.group(), match.start()) for match in _WORD.finditer(id)] for id in self._ids}
        common = Counter(word for found in words.values() for word, _ in set(found))
        # An id is looked for where the word of it stands that the fewest others have.
        self._by_word: dict[str, list[tuple[str, int]]] = {}
        self._without_words = [id for id in self._ids if not words[id]]
        for id, found in words.items():
            if found:
                word, offset = min(found, key=lambda each: (common[each[0]], -len(each[0])))
                self._by_word.setdefault(word, []).append((id, offset))
        lengths = sorted({len(word) for word in self._by_word})
        either = "|".join(rf"\w{{{length}}}" for length in lengths)
        self._candidates = re.compile(rf"(?<!\w)(?:{either})(?!\w)") if lengths else None

    def __contains__(self, value: str) -> bool:
        return value in self._ids

    def find(self, text: str) -> list[tuple[int, str]]:
        """Find ids in a text.

        Returns:
            The ids, in order, each with the index at which it begins.
        """
        return sorted(self._find(text))

    def _find(self, text: str) -> Iterator[tuple[int, str]]:
        for id in self._without_words:
            at = text.find(id)
            while at >= 0:
                yield at, id
                at = text.find(id, at + len(id))
        if self._candidates is None:
            return
        for match in self._candidates.finditer(text):
            for id, offset in self._by_word.get(match.group(), ()):
                at = match.start() - offset
                if at < 0 or not text.startswith(id, at):
                    continue
                if not (_INSIDE_A_WORD.match(text, at) or _INSIDE_A_WORD.match(text, at + len(id))):
                    yield at, id
