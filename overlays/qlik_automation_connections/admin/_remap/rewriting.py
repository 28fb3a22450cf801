"""Rewrites the text of one file: what of it changes, what stays, and what is left to a person."""

from __future__ import annotations

import json
from collections.abc import Iterable
from operator import attrgetter

from attrs import field, frozen

from .changes import Edit, describe
from .encodings import Encoding, Places
from .id_map import IdMap
from .json_scanner import STRING, decode
from .mentions import IdFinder
from .report import Mention, Place, Reference, Replacement, Unresolved
from .workspaces import Block, FoundReference, search


@frozen
class Rewriting:
    """A file's new text, and what is to be said about it.

    Attributes:
        text: the new text; the same as before if nothing changes.
        automations: how many automations it holds; with none, there are only mentions and tokens that are left.
        replaced: the references that are rewritten.
        tokens: how many execution tokens are removed.
        unmapped: references whose id the map does not have.
        already: references that name a new id already, or one that stays the same.
        unresolved: places for references that hold an expression, or no string.
        mentions: old ids elsewhere.
        tokens_left: execution tokens that are no automation's own.
        diff: the changes, to be read.
    """

    text: str = field(repr=False)
    automations: int = 0
    replaced: tuple[Replacement, ...] = ()
    tokens: int = 0
    unmapped: tuple[Reference, ...] = ()
    already: tuple[Reference, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    mentions: tuple[Mention, ...] = ()
    tokens_left: tuple[Place, ...] = ()
    diff: str = field(default="", repr=False)


class Rewriter:
    """Rewrites texts by one map of ids.

    Args:
        ids: the map.
    """

    def __init__(self, ids: IdMap) -> None:
        self._ids = ids
        self._finder = IdFinder(old for old, new in ids.new.items() if old != new)

    def rewrite(self, text: str, encoding: Encoding, name: str) -> Rewriting:
        """Rewrites a text.

        Args:
            text: the text, without a byte order mark.
            encoding: the encoding that the new text must fit into.
            name: the file's name, for the diff.

        Raises:
            InvalidJSON: the text is no JSON, or nested too deeply.
        """
        findings = search(text, self._finder)
        places = Places(text)
        sorting = _Sorting(text, encoding, self._ids, places)
        for reference in sorted(findings.references, key=attrgetter("start")):
            sorting.take(reference)
        for token in findings.tokens:
            sorting.edits.append(
                Edit(token.cut_start, token.cut_end, "", token.key, token.key, token.end, token.pointer, None)
            )
        edits = sorted(sorting.edits, key=attrgetter("start"))
        return Rewriting(
            text=_apply(text, edits),
            automations=findings.automations,
            replaced=tuple(sorting.replaced),
            tokens=len(findings.tokens),
            unmapped=tuple(sorting.unmapped),
            already=tuple(sorting.already),
            unresolved=tuple(sorting.unresolved),
            mentions=tuple(
                Mention(each.pointer, *places.at(each.offset), id=each.id, in_key=each.in_key)
                for each in findings.mentions
            ),
            tokens_left=tuple(Place(each.pointer, *places.at(each.offset)) for each in findings.tokens_left),
            diff=describe(name, text, edits, places),
        )


class _Sorting:
    """Sorts references by what becomes of them."""

    def __init__(self, text: str, encoding: Encoding, ids: IdMap, places: Places) -> None:
        self._text = text
        self._encoding = encoding
        self._ids = ids
        self._places = places
        self.edits: list[Edit] = []
        self.replaced: list[Replacement] = []
        self.unmapped: list[Reference] = []
        self.already: list[Reference] = []
        self.unresolved: list[Unresolved] = []

    def take(self, found: FoundReference) -> None:
        """Sorts one in."""
        line, column = self._places.at(found.start if found.kind == STRING else found.key)
        block_id, block_name = _id_and_name(found.block)
        if found.kind != STRING:
            self.unresolved.append(
                Unresolved(found.pointer, line, column, reason="not a string", block_id=block_id, block_name=block_name)
            )
            return
        old = decode(self._text, found.start, found.end)
        new = self._ids.new.get(old)
        if new is not None and new != old:
            self.replaced.append(
                Replacement(found.pointer, line, column, old=old, new=new, block_id=block_id, block_name=block_name)
            )
            spelled = self._spell(new)
            self.edits.append(
                Edit(found.start, found.end, spelled, found.key, found.start, found.end, found.pointer, block_name)
            )
        elif new is None and "{" in old:
            self.unresolved.append(
                Unresolved(found.pointer, line, column, reason="expression", block_id=block_id, block_name=block_name)
            )
        elif old.strip():
            known = new is not None or old in self._ids.targets
            (self.already if known else self.unmapped).append(
                Reference(found.pointer, line, column, id=old, block_id=block_id, block_name=block_name)
            )

    def _spell(self, identifier: str) -> str:
        spelled = json.dumps(identifier, ensure_ascii=False)
        try:
            self._encoding.encode(spelled)
        except UnicodeEncodeError:
            # Half of a surrogate pair, which no encoding has.
            return json.dumps(identifier)
        return spelled


def _id_and_name(block: Block) -> tuple[str | None, str | None]:
    labels = block.labels
    return labels.get("id") or None, labels.get("displayName") or labels.get("name") or None


def _apply(text: str, edits: Iterable[Edit]) -> str:
    parts: list[str] = []
    position = 0
    for edit in edits:
        parts += (text[position : edit.start], edit.replacement)
        position = edit.end
    return "".join([*parts, text[position:]])
