"""Find references to connections, execution tokens, and ids elsewhere in exported automations.

An automation may be anywhere except inside another one's workspace. It is an object with a `workspace` or a list of
`blocks` (the bare workspace, as the editor exports it). At the top level, in a list there, and under `data`, an object
with only an `executionToken` also counts.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Mapping
from typing import Final, TypeAlias

from attrs import define, field, frozen

from .id_finder import IdFinder
from .json_tree import Object

# The path from the top of a document to a value: the path of its container, and its key or index there.
Path: TypeAlias = "tuple[Path, str | int] | None"

_EXECUTION: Final = "executionToken"
# Matches JSON inside a string, at any level of nesting.
_TOKEN_IN_TEXT: Final = re.compile(r'"executionToken\\*"\s*:')

# The roles of a value's members and items, by its own role. In other values, only ids and tokens matter.
_MEMBERS: Final[Mapping[str, Mapping[str, str]]] = {
    "top": {"workspace": "workspace", "blocks": "blocks", "data": "top"},
    "outside": {"workspace": "workspace", "blocks": "blocks"},
    "workspace": {"blocks": "blocks"},
    "block": {"settings": "settings", "blocks": "blocks", "children": "blocks"},
}
_ITEMS: Final[Mapping[str, str]] = {"top": "top", "outside": "outside", "blocks": "block", "settings": "setting"}


@frozen
class Block:
    """A block of a workspace.

    Attributes:
        id: Its id; None if absent.
        name: Its name in the editor; None if unnamed.
    """

    id: str | None = None
    name: str | None = None


@frozen
class FoundReference:
    """A block's setting that names a connection.

    Attributes:
        key: The key of the setting's value.
        value: The value: an id, or anything else.
        path: Its path.
        block: The block that contains it.
    """

    key: str
    value: object
    path: Path
    block: Block


@frozen
class FoundToken:
    """An automation's execution token.

    Attributes:
        key: Its key.
        path: Its path.
        after: Key of the member before it; None if no member that stays precedes it.
    """

    key: str
    path: Path
    after: str | None


@frozen
class FoundMentions:
    """Ids in a string that is not a reference.

    Attributes:
        text: The string.
        ids: Pairs of index and id.
        path: Path of the string; for a key, path of its object.
        in_key: Whether the string is a key.
    """

    text: str
    ids: list[tuple[int, str]]
    path: Path
    in_key: bool


@define
class Findings:
    """What was found in a document, outer objects and lists first.

    Attributes:
        automations: Number of automations.
        references: References to connections.
        tokens: Execution tokens of automations.
        tokens_left: Other execution tokens: their keys, or strings that contain them, and their paths.
        mentions: Ids elsewhere.
    """

    automations: int = 0
    references: list[FoundReference] = field(factory=list)
    tokens: list[FoundToken] = field(factory=list)
    tokens_left: list[tuple[str, Path]] = field(factory=list)
    mentions: list[FoundMentions] = field(factory=list)


class _Search:
    def __init__(self, finder: IdFinder) -> None:
        self.findings = Findings()
        self._finder = finder
        self._plain_keys: set[str] = set()
        # A queue rather than recursion: documents may be nested deeper than Python's stack allows.
        self._pending: deque[tuple[object, str, Path, Block]] = deque()

    def run(self, document: object) -> Findings:
        self._visit(document, "top", None, Block())
        while self._pending:
            value, role, path, block = self._pending.popleft()
            if isinstance(value, list):
                role = _ITEMS.get(role, "inside")
                for index, item in enumerate(value):
                    self._visit(item, role, (path, index), block)
            elif isinstance(value, (Object, dict)):
                self._object(value.items(), role, path, block)
        return self.findings

    def _visit(self, value: object, role: str, path: Path, block: Block) -> None:
        if isinstance(value, (list, Object, dict)):
            self._pending.append((value, role, path, block))
        elif isinstance(value, str):
            self._look_for_ids(value, path)
            if _EXECUTION in value and _TOKEN_IN_TEXT.search(value):
                self.findings.tokens_left.append((value, path))

    def _object(self, members: Collection[tuple[str, object]], role: str, path: Path, block: Block) -> None:
        outside = role in ("top", "outside")
        is_automation = outside and _is_automation(members, role)
        self.findings.automations += is_automation
        # The last of duplicate keys counts.
        is_datasource = role == "setting" and dict(members).get("id") == "datasource"
        if role == "block":
            block = _block(members)
        roles = _MEMBERS.get(role, {})
        rest = "outside" if outside else "inside"
        after: str | None = None
        for key, value in members:
            below = (path, key)
            if key not in self._plain_keys:
                self._look_for_ids(key, path, in_key=True)
            if key == _EXECUTION and is_automation:
                self.findings.tokens.append(FoundToken(key, below, after))
                after = None if after is None else key
                continue
            after = key
            if key == _EXECUTION and value is not None:
                self.findings.tokens_left.append((key, below))
            if key == "value" and is_datasource and value is not None:
                self.findings.references.append(FoundReference(key, value, below, block))
                if isinstance(value, str) and not self._is_expression(value):
                    continue
            inner = roles.get(key, rest)
            if inner != "top" and isinstance(value, list) is not (inner in ("blocks", "settings")):
                inner = rest
            self._visit(value, inner, below, block)

    def _is_expression(self, value: str) -> bool:
        return "{" in value and value not in self._finder

    def _look_for_ids(self, text: str, path: Path, *, in_key: bool = False) -> None:
        found = self._finder.find(text)
        if found:
            self.findings.mentions.append(FoundMentions(text, found, path, in_key))
        elif in_key:
            self._plain_keys.add(text)


def _is_automation(members: Collection[tuple[str, object]], role: str) -> bool:
    return any(
        (key == "workspace" and (value is None or isinstance(value, (Object, dict))))
        or (key == "blocks" and isinstance(value, list))
        or (key == _EXECUTION and role == "top")
        for key, value in members
    )


def _block(members: Collection[tuple[str, object]]) -> Block:
    labels = {key: str(value) for key, value in members if isinstance(value, str)}
    return Block(labels.get("id") or None, labels.get("displayName") or labels.get("name") or None)


def search(document: object, finder: IdFinder) -> Findings:
    """Find references, tokens and ids in a document that may contain automations.

    Args:
        document: The result of `json_tree.parse` or `json.loads`. Findings have the document's own strings.
        finder: Finder of the ids to report where they are not references.
    """
    return _Search(finder).run(document)


def pointer(path: Path) -> str:
    """Return a path as a JSON pointer."""
    steps: list[str] = []
    while path is not None:
        path, step = path
        steps.append("/" + str(step).replace("~", "~0").replace("/", "~1"))
    return "".join(reversed(steps))
