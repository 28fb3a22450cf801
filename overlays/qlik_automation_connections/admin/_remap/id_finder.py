"""Find known ids in free text, as whole words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

_WORD = re.compile(r"\w+")
_INSIDE_A_WORD = re.compile(r"(?<=\w)(?=\w)")


class IdFinder:
    """Finds ids in strings, in time that doesn't depend on the number of ids.

    An id must be a whole word: if it begins with a letter, digit or underscore, none of these may precede it; likewise
    at its end.

    Args:
        ids: The ids to find.
    """

    def __init__(self, ids: Iterable[str]) -> None:
        self._ids = frozenset(ids)
        words = {id: [(match.group(), match.start()) for match in _WORD.finditer(id)] for id in self._ids}
        common = Counter(word for found in words.values() for word, _ in set(found))
        # Look for each id by the word that it shares with the fewest others.
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
            Pairs of index and id, in order.
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
