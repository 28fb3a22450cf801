"""Finds what matters in a file of exported automations: references to connections, tokens, and ids elsewhere.

An automation may stand anywhere outside of another one's workspace. It is an object with a `workspace` or with a list
of `blocks` (the workspace alone, as the editor exports it). At the top of the file, in a list there, and under `data`,
so is one with no more than an `executionToken`.
"""

from __future__ import annotations

import re
from typing import Final

from attrs import define, field, frozen

from .json_scanner import CLOSE, OPEN, SCALAR, STRING, decode, scan
from .mentions import IdFinder

# What a value is, by where it stands.
_OTHER: Final = 0
_PLACE: Final = 1
_WORKSPACE: Final = 2
_BLOCKS: Final = 3
_BLOCK: Final = 4
_SETTINGS: Final = 5
_SETTING: Final = 6
_SETTING_ID: Final = 7
_SETTING_VALUE: Final = 8
_BLOCK_LABEL: Final = 9
_TOKEN: Final = 10
_ELSEWHERE: Final = 11

_EXECUTION: Final = "executionToken"
# In JSON that is the text of a string.
_TOKEN_IN_TEXT = re.compile(r'\\"executionToken\\+"\s*:')

_MEMBERS = {
    _PLACE: {"workspace": _WORKSPACE, "blocks": _BLOCKS, "data": _PLACE, _EXECUTION: _TOKEN},
    _ELSEWHERE: {"workspace": _WORKSPACE, "blocks": _BLOCKS, _EXECUTION: _TOKEN},
    _WORKSPACE: {"blocks": _BLOCKS},
    _BLOCK: {
        "settings": _SETTINGS,
        "blocks": _BLOCKS,
        "children": _BLOCKS,
        "id": _BLOCK_LABEL,
        "name": _BLOCK_LABEL,
        "displayName": _BLOCK_LABEL,
    },
    _SETTING: {"id": _SETTING_ID, "value": _SETTING_VALUE},
}
_ITEMS = {_PLACE: _PLACE, _ELSEWHERE: _ELSEWHERE, _BLOCKS: _BLOCK, _SETTINGS: _SETTING}
_OUTSIDE = frozenset({_PLACE, _ELSEWHERE})
_OBJECTS = frozenset({*_OUTSIDE, _WORKSPACE, _BLOCK, _SETTING, _TOKEN})
_LISTS = frozenset({*_OUTSIDE, _BLOCKS, _SETTINGS, _TOKEN})


@define
class Block:
    """A block of a workspace.

    Attributes:
        labels: what it says under `id`, `name` and `displayName`, as far as that is text.
    """

    labels: dict[str, str] = field(factory=dict)


@frozen
class FoundReference:
    """The value of a setting that names a connection.

    Attributes:
        kind: what the scanner says that it is.
        key: where the key begins.
        start: where the value begins.
        end: where it ends.
        pointer: its JSON pointer.
        block: the block that it is in.
    """

    kind: int
    key: int
    start: int
    end: int
    pointer: str
    block: Block


@frozen
class FoundToken:
    """An automation's execution token.

    Attributes:
        key: where the key begins.
        end: where the value ends.
        cut_start: where what must go with it begins.
        cut_end: where that ends; what remains is JSON again.
        pointer: its JSON pointer.
    """

    key: int
    end: int
    cut_start: int
    cut_end: int
    pointer: str


@frozen
class FoundMention:
    """An id in text that is no reference.

    Attributes:
        offset: where it begins.
        id: the id.
        pointer: JSON pointer of the string; of the object, where the string is a key of it.
        in_key: whether the string is a key.
    """

    offset: int
    id: str
    pointer: str
    in_key: bool


@frozen
class FoundElsewhere:
    """An execution token that is no automation's own, and stays.

    Attributes:
        offset: where its key, or the string that names it, begins.
        pointer: its JSON pointer.
    """

    offset: int
    pointer: str


@define
class Findings:
    """What a file holds; its offsets are into the file's text."""

    automations: int = 0
    references: list[FoundReference] = field(factory=list)
    tokens: list[FoundToken] = field(factory=list)
    tokens_left: list[FoundElsewhere] = field(factory=list)
    mentions: list[FoundMention] = field(factory=list)


@define
class _Member:
    key: int
    end: int
    is_token: bool


@define(slots=True, eq=False)
class _Frame:
    """An object or list that is not at its end."""

    role: int
    is_list: bool
    index: int = -1
    key_start: int = 0
    key_end: int = 0
    members: list[_Member] = field(factory=list)
    is_automation: bool = False
    block: Block | None = None
    setting_id: str | None = None
    setting_values: list[tuple[int, int, int, int]] = field(factory=list)


class _Search:
    def __init__(self, text: str, finder: IdFinder) -> None:
        self.findings = Findings()
        self._text = text
        self._finder = finder
        self._stack: list[_Frame] = []
        self._plain_keys: set[str] = set()

    def run(self) -> Findings:
        text, stack = self._text, self._stack
        for kind, start, end, key_start, key_end in scan(text):
            if kind == CLOSE:
                self._leave(stack.pop(), end)
                continue
            role = self._enter(stack[-1], start, end, key_start, key_end) if stack else _PLACE
            if kind == OPEN:
                self._open(role, text[start] == "[")
            elif kind == STRING:
                self._string(role, start, end, key_start)
            elif role == _SETTING_VALUE:
                stack[-1].setting_values.append((kind, key_start, start, end))
            elif role == _SETTING_ID:
                stack[-1].setting_id = None
            elif role == _WORKSPACE:
                stack[-1].is_automation = stack[-1].is_automation or text[start] == "n"
        self.findings.mentions.sort(key=lambda mention: mention.offset)
        self.findings.tokens_left.sort(key=lambda token: token.offset)
        return self.findings

    def _enter(self, parent: _Frame, start: int, end: int, key_start: int, key_end: int) -> int:
        """Notes where the scan is, and says what the value there is."""
        if parent.is_list:
            parent.index += 1
            return _TOKEN if parent.role == _TOKEN else _ITEMS.get(parent.role, _OTHER)
        parent.key_start, parent.key_end = key_start, key_end
        if parent.role == _TOKEN:
            return _TOKEN
        spelled = self._text[key_start:key_end]
        if spelled not in self._plain_keys:
            self._look_at_key(parent, start, key_start, key_end)
        if parent.role == _OTHER:
            return _OTHER
        outside = parent.role in _OUTSIDE
        role = _MEMBERS[parent.role].get(decode(self._text, key_start, key_end), _ELSEWHERE if outside else _OTHER)
        if outside:
            parent.members.append(_Member(key_start, end, role == _TOKEN))
        return role

    def _look_at_key(self, parent: _Frame, start: int, key_start: int, key_end: int) -> None:
        found = self._finder.in_string(self._text, key_start, key_end)
        if found:
            pointer = self._pointer(self._stack[:-1])
            self.findings.mentions += [FoundMention(at, identifier, pointer, True) for at, identifier in found]
        if decode(self._text, key_start, key_end) == _EXECUTION:
            if parent.role not in _OUTSIDE and self._text[start] != "n":
                self.findings.tokens_left.append(FoundElsewhere(key_start, self._pointer(self._stack)))
        elif not found:
            self._plain_keys.add(self._text[key_start:key_end])

    def _open(self, role: int, is_list: bool) -> None:
        parent = self._stack[-1] if self._stack else None
        known = role in (_LISTS if is_list else _OBJECTS)
        outside = parent is not None and parent.role in _OUTSIDE
        frame = _Frame(role if known else _ELSEWHERE if outside else _OTHER, is_list)
        if parent is not None:
            if role == _SETTING_VALUE:
                parent.setting_values.append((OPEN, parent.key_start, 0, 0))
            elif role == _SETTING_ID:
                parent.setting_id = None
            elif known and role in (_WORKSPACE, _BLOCKS) and outside:
                parent.is_automation = True
            frame.block = Block() if frame.role == _BLOCK else parent.block
        self._stack.append(frame)

    def _string(self, role: int, start: int, end: int, key_start: int) -> None:
        if role == _TOKEN:
            return
        if role == _SETTING_VALUE:
            # Whether it is a reference is known when the setting has been read to its end.
            self._stack[-1].setting_values.append((STRING, key_start, start, end))
            return
        if role == _SETTING_ID:
            self._stack[-1].setting_id = decode(self._text, start, end)
        elif role == _BLOCK_LABEL:
            frame = self._stack[-1]
            assert frame.block is not None
            frame.block.labels[decode(self._text, frame.key_start, frame.key_end)] = decode(self._text, start, end)
        self._look_for_ids(start, end)

    def _look_for_ids(self, start: int, end: int, below: str = "") -> None:
        found = self._finder.in_string(self._text, start, end)
        token = self._text.find(_EXECUTION, start, end) >= 0 and _TOKEN_IN_TEXT.search(self._text, start, end)
        if not found and not token:
            return
        pointer = self._pointer(self._stack) + below
        self.findings.mentions += [FoundMention(at, identifier, pointer, False) for at, identifier in found]
        if token:
            self.findings.tokens_left.append(FoundElsewhere(start, pointer))

    def _leave(self, frame: _Frame, end: int) -> None:
        parent = self._stack[-1] if self._stack else None
        if parent is not None and parent.members and not parent.is_list:
            parent.members[-1].end = end
        if frame.role == _SETTING:
            self._leave_setting(frame)
        elif frame.role in _OUTSIDE and not frame.is_list:
            tokens = self._tokens(frame.members)
            if frame.is_automation or (tokens and frame.role == _PLACE):
                self.findings.automations += 1
                self.findings.tokens += tokens
            else:
                self.findings.tokens_left += [FoundElsewhere(token.key, token.pointer) for token in tokens]

    def _leave_setting(self, frame: _Frame) -> None:
        assert frame.block is not None
        for kind, key, start, end in frame.setting_values:
            if frame.setting_id == "datasource":
                if kind != SCALAR or self._text[start] != "n":
                    pointer = self._pointer(self._stack) + "/value"
                    self.findings.references.append(FoundReference(kind, key, start, end, pointer, frame.block))
                if kind == STRING and self._is_expression(start, end):
                    self._look_for_ids(start, end, "/value")
            elif kind == STRING:
                self._look_for_ids(start, end, "/value")

    def _is_expression(self, start: int, end: int) -> bool:
        value = decode(self._text, start, end)
        return "{" in value and value not in self._finder

    def _tokens(self, members: list[_Member]) -> list[FoundToken]:
        """The tokens among an automation's members, with the one comma that goes with each."""
        found: list[FoundToken] = []
        if not any(member.is_token for member in members):
            return found
        pointer = self._pointer(self._stack) + "/executionToken"
        first_kept = next((index for index, member in enumerate(members) if not member.is_token), None)
        for index, member in enumerate(members):
            if not member.is_token:
                continue
            start, end = member.key, member.end
            if first_kept is not None and index > first_kept:
                start = members[index - 1].end
            elif index + 1 < len(members):
                end = members[index + 1].key
            found.append(FoundToken(member.key, member.end, start, end, pointer))
        return found

    def _pointer(self, frames: list[_Frame]) -> str:
        parts = [
            str(frame.index) if frame.is_list else decode(self._text, frame.key_start, frame.key_end)
            for frame in frames
        ]
        return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def search(text: str, finder: IdFinder) -> Findings:
    """Finds what matters in a text that may hold automations.

    Args:
        text: the text, without a byte order mark.
        finder: finds the ids that are to be reported wherever they are no reference.

    Raises:
        InvalidJSON: the text is no JSON, or nested too deeply.
    """
    return _Search(text, finder).run()
