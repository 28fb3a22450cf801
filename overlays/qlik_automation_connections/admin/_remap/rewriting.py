"""Rewrite the text of one file, and report what changes and what is left to a person."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Final

from attrs import evolve

from .._id_map import IdMap
from .diff import Edit, diff
from .encodings import Encoding, LineIndex
from .id_finder import IdFinder
from .json_tree import Object, Text, parse
from .report import (
    FileReport,
    Location,
    ManagedReference,
    Mention,
    Reference,
    Repair,
    Replacement,
    Unreadable,
    Unresolved,
)
from .shapes import WRAPPED
from .workspaces import Block, FoundMentions, FoundRepair, FoundToken, Path, pointer, search

_COLON: Final = re.compile(r"\s*:\s*")
_COMMA: Final = re.compile(r"\s*,\s*")
_REMOVED: Final = ('-"executionToken": [removed]',)
_SHOWN: Final = {"wrapped": ('-{"value": […], "Count": …}', "+[…]"), "single": ("-{…}", "+[{…}]")}


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
        edits = [_removal(token) for token in found.tokens]
        edits += [edit for repair in found.repairs for edit in _repairs(repair)]
        replaced: list[Replacement] = []
        managed: list[ManagedReference] = []
        unmapped: list[Reference] = []
        already: list[Reference] = []
        unresolved: list[Unresolved] = []
        for each in sorted(found.references, key=lambda each: _start(each.key)):
            key, value = _located(each.key), each.value
            where = _where(lines, each.path, value if isinstance(value, Text) else key, each.block)
            if not isinstance(value, Text):
                unresolved.append(Unresolved(*where, "not a string"))
                continue
            old, new = str(value), self._ids.new.get(value)
            if (new is None and old in self._ids.targets) or new == old:
                already.append(Reference(*where, old))
            elif new is None and "{" in old:
                unresolved.append(Unresolved(*where, "expression"))
            elif new is not None or (each.block.managed and old.strip()):
                if each.block.managed:
                    managed.append(ManagedReference(*where, old, new))
                else:
                    replaced.append(Replacement(*where, old, str(new)))
                spelled = "null" if new is None else _spell(new, encoding)
                edits.append(_edit(value.start, value.end, spelled, key, where[0], each.block.name))
            elif old.strip():
                unmapped.append(Reference(*where, old))
        edits.sort(key=attrgetter("start", "end"))
        mentions = sorted(each for found_in in found.mentions for each in _mentions(found_in))
        left = sorted((_start(each), pointer(path)) for each, path in found.tokens_left)
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
            mentions=tuple(Mention(path, *lines.at(offset), id, *each) for offset, id, path, *each in mentions),
            tokens_left=tuple(Location(path, *lines.at(offset)) for offset, path in left),
            managed=tuple(managed),
            repairs=tuple(
                Repair(*_where(lines, each.path, each.value, each.block), each.form) for each in found.repairs
            ),
            unreadable=tuple(
                Unreadable(*_where(lines, each.path, each.near, each.block), each.reason)
                for each in sorted(found.unreadable, key=lambda each: _start(each.near))
            ),
            diff=diff(report.name, text, edits, lines),
        )


def _located(text: str) -> Text:
    assert isinstance(text, Text), "json_tree parsed the document"
    return text


def _start(place: object) -> int:
    """Return the offset in the file of a string or an object; of its start for anything else."""
    return place.json.in_file(place.start) if isinstance(place, (Text, Object)) else 0


def _where(lines: LineIndex, path: Path, place: object, block: Block) -> tuple[str, int, int, str | None, str | None]:
    return (pointer(path), *lines.at(_start(place)), block.id, block.name)


def _edit(
    start: int,
    end: int,
    replacement: str,
    member: Text | Object,
    pointer: str,
    block_name: str | None = None,
    shown: tuple[str, ...] | None = None,
) -> Edit:
    """Return an edit of the file from one of the JSON text that a member is in."""
    at = member.json.in_file
    spelled = member.json.spelled(replacement)
    member_end = member.member_end if isinstance(member, Text) else member.end
    return Edit(at(start), at(end), spelled, at(member.start), at(member_end), pointer, block_name, shown)


def _removal(token: FoundToken) -> Edit:
    """Return the edit that removes an execution token and exactly one comma."""
    key = _located(token.key)
    start, end = key.start, key.member_end
    if token.after is not None:
        start = _located(token.after).member_end
    elif comma := _COMMA.match(key.json.text, end):
        end = comma.end()
    return _edit(start, end, "", key, pointer(token.path), shown=_REMOVED)


def _repairs(found: FoundRepair) -> tuple[Edit, Edit]:
    """Return the edits before and after what stays."""
    value = found.value
    start, end, opening, closing = value.start, value.end, "[", "]"
    if found.form == "wrapped":
        key = next(key for key, _ in value.members if key == WRAPPED)
        colon = _COLON.match(value.json.text, key.end)
        assert colon is not None, "a value follows"
        start, end, opening, closing = colon.end(), key.member_end, "", ""
    path, name = pointer(found.path), found.block.name
    return (
        _edit(value.start, start, opening, value, path, name, _SHOWN[found.form]),
        _edit(end, value.end, closing, value, path, name, ()),
    )


def _spell(id: str, encoding: Encoding) -> str:
    spelled = json.dumps(id, ensure_ascii=False)
    try:
        encoding.encode(spelled)
    except UnicodeEncodeError:
        # Half of a surrogate pair, which no encoding can represent.
        return json.dumps(id)
    return spelled


def _mentions(found: FoundMentions) -> Iterator[tuple[int, str, str, bool, bool]]:
    path, text = pointer(found.path), _located(found.text)
    offsets = text.offsets([index for index, _ in found.ids])
    for offset, (_, id) in zip(offsets, found.ids, strict=True):
        yield text.json.in_file(offset), id, path, found.in_key, found.in_field


def _apply(text: str, edits: Iterable[Edit]) -> str:
    parts: list[str] = []
    position = 0
    for edit in edits:
        parts += (text[position : edit.start], edit.replacement)
        position = edit.end
    return "".join([*parts, text[position:]])
