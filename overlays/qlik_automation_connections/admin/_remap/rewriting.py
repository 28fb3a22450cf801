"""Rewrite the text of one file, and report what changes and what is left to a person."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from operator import attrgetter

from attrs import evolve

from .._id_map import IdMap
from .diff import Edit, diff
from .encodings import Encoding, LineIndex
from .id_finder import IdFinder
from .json_tree import Text, parse
from .report import FileReport, Location, Mention, Reference, Replacement, Unresolved
from .workspaces import FoundMentions, FoundToken, pointer, search

_COMMA = re.compile(r"\s*,\s*")


class Rewriter:
    """Rewrites texts with an id map.

    Args:
        ids: The id map.
    """

    def __init__(self, ids: IdMap) -> None:
        self._ids = ids
        self._finder = IdFinder(old for old, new in ids.new.items() if old != new)

    def rewrite(self, text: str, encoding: Encoding, report: FileReport) -> tuple[str, FileReport]:
        """Rewrite a text.

        Args:
            text: The text, without a byte order mark.
            encoding: The encoding that must be able to represent the new text.
            report: The file's report so far, with its name.

        Returns:
            The new text, unchanged if there is nothing to rewrite, and the report with the findings.

        Raises:
            InvalidContent: The text is not JSON, or is nested too deeply.
        """
        found = search(parse(text), self._finder)
        lines = LineIndex(text)
        edits = [_removal(text, token) for token in found.tokens]
        replaced: list[Replacement] = []
        unmapped: list[Reference] = []
        already: list[Reference] = []
        unresolved: list[Unresolved] = []
        for each in sorted(found.references, key=lambda each: _located(each.key).start):
            key, value = _located(each.key), each.value
            start = value.start if isinstance(value, Text) else key.start
            where = (pointer(each.path), *lines.at(start), each.block.id, each.block.name)
            if not isinstance(value, Text):
                unresolved.append(Unresolved(*where, "not a string"))
                continue
            old, new = str(value), self._ids.new.get(value)
            if new is not None and new != old:
                replaced.append(Replacement(*where, old, new))
                spelled = _spell(new, encoding)
                edits.append(Edit(start, value.end, spelled, key.start, value.end, where[0], each.block.name))
            elif new is not None or old in self._ids.targets:
                already.append(Reference(*where, old))
            elif "{" in old:
                unresolved.append(Unresolved(*where, "expression"))
            elif old.strip():
                unmapped.append(Reference(*where, old))
        edits.sort(key=attrgetter("start"))
        mentions = sorted(each for found_in in found.mentions for each in _mentions(text, found_in))
        left = sorted((_located(each).start, pointer(path)) for each, path in found.tokens_left)
        after = _apply(text, edits)
        return after, evolve(
            report,
            status="changed" if after != text else "unchanged" if found.automations else "no-automation",
            automations=found.automations,
            replaced=tuple(replaced),
            tokens_stripped=len(found.tokens),
            unmapped=tuple(unmapped),
            already=tuple(already),
            unresolved=tuple(unresolved),
            mentions=tuple(Mention(path, *lines.at(offset), id, in_key) for offset, id, path, in_key in mentions),
            tokens_left=tuple(Location(path, *lines.at(offset)) for offset, path in left),
            diff=diff(report.name, text, edits, lines),
        )


def _located(text: str) -> Text:
    assert isinstance(text, Text), "json_tree parsed the document"
    return text


def _removal(text: str, token: FoundToken) -> Edit:
    """Return the edit that removes an execution token and exactly one comma."""
    key = _located(token.key)
    start, end = key.start, key.member_end
    if token.after is not None:
        start = _located(token.after).member_end
    elif comma := _COMMA.match(text, end):
        end = comma.end()
    return Edit(start, end, "", key.start, key.member_end, pointer(token.path), None)


def _spell(id: str, encoding: Encoding) -> str:
    spelled = json.dumps(id, ensure_ascii=False)
    try:
        encoding.encode(spelled)
    except UnicodeEncodeError:
        # Half of a surrogate pair, which no encoding can represent.
        return json.dumps(id)
    return spelled


def _mentions(text: str, found: FoundMentions) -> Iterator[tuple[int, str, str, bool]]:
    path = pointer(found.path)
    offsets = _located(found.text).offsets(text, [index for index, _ in found.ids])
    for offset, (_, id) in zip(offsets, found.ids, strict=True):
        yield offset, id, path, found.in_key


def _apply(text: str, edits: Iterable[Edit]) -> str:
    parts: list[str] = []
    position = 0
    for edit in edits:
        parts += (text[position : edit.start], edit.replacement)
        position = edit.end
    return "".join([*parts, text[position:]])
