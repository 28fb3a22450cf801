"""Find references to connections, execution tokens, and ids elsewhere in exported automations.

An automation may be anywhere except inside another one's workspace. It is an object with a `workspace` or with
`blocks` (the bare workspace, as the editor exports it). At the top level, in a list there, and under `data`, an object
with only an `executionToken` also counts. It may be JSON inside a string, and so may its workspace.

References are looked for where blocks and settings are. If something else is there, that is a finding, unless it is one
of the forms that are known to mean the same.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Mapping
from typing import Final, Literal, TypeAlias

from attrs import define, field, frozen

from .._managed import MANAGED_CONNECTOR_NAME, is_managed
from .encodings import InvalidContent
from .id_finder import IdFinder
from .json_tree import Object, parse
from .shapes import EXPECTED, WRAPPED, is_cut_off, is_single, may_contain_automation, mismatch, unwrapped

# The path from the top of a document to a value: the path of its container, and its key or index there.
Path: TypeAlias = "tuple[Path, str | int] | None"

_EXECUTION: Final = "executionToken"
_DATASOURCE: Final = "datasource"
_CUT_OFF: Final = "text that a script wrote instead of an object or list"
ELSEWHERE: Final = "a datasource that is not in the settings of a block"
# Matches JSON inside a string, at any level of nesting.
_TOKEN_IN_TEXT: Final = re.compile(r'"executionToken\\*"\s*:')

# The roles of a value's members and items, by its own role. In other values, only ids and tokens matter.
_MEMBERS: Final[Mapping[str, Mapping[str, str]]] = {
    "top": {"workspace": "workspace", "blocks": "blocks", "data": "top"},
    "outside": {"workspace": "workspace", "blocks": "blocks"},
    "workspace": {"blocks": "blocks"},
    "block": {"settings": "settings", "blocks": "blocks", "children": "blocks"},
}
_ITEMS: Final[Mapping[str, str]] = {
    "top": "top",
    "outside": "outside",
    "listed": "outside",
    "blocks": "block",
    "settings": "setting",
}


@frozen
class Block:
    """A block of a workspace.

    Attributes:
        id: Its id; None if absent.
        name: Its name in the editor; None if unnamed.
        managed: Whether the service manages the connections of its connector itself.
    """

    id: str | None = None
    name: str | None = None
    managed: bool = False


_NO_BLOCK: Final = Block()


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
        in_field: Whether the string is in a block and nothing but the id, or where a reference should be.
    """

    text: str
    ids: list[tuple[int, str]]
    path: Path
    in_key: bool
    in_field: bool


@frozen
class FoundRepair:
    """A list in another form.

    Attributes:
        value: The object that stands for the list.
        form: `wrapped`, the list is its `value`; or `single`, it is the only item.
        path: Its path.
        block: The block that contains it.
    """

    value: Object
    form: Literal["wrapped", "single"]
    path: Path
    block: Block


@frozen
class FoundUnreadable:
    """Something else where blocks or settings should be.

    Attributes:
        near: The value, or the closest string or object before it; None for the start of the file.
        reason: What is wrong.
        path: Its path.
        block: The block that contains it.
    """

    near: object
    reason: str
    path: Path
    block: Block


@define
class Findings:
    """What was found in a document, outer objects and lists first.

    Attributes:
        automations: Number of automations.
        references: References to connections.
        tokens: Execution tokens of automations.
        tokens_left: Other execution tokens: their keys, or strings that contain them, and their paths.
        mentions: Ids elsewhere.
        repairs: Lists in another form.
        unreadable: What could not be searched for references.
    """

    automations: int = 0
    references: list[FoundReference] = field(factory=list)
    tokens: list[FoundToken] = field(factory=list)
    tokens_left: list[tuple[str, Path]] = field(factory=list)
    mentions: list[FoundMentions] = field(factory=list)
    repairs: list[FoundRepair] = field(factory=list)
    unreadable: list[FoundUnreadable] = field(factory=list)


class _Search:
    def __init__(self, finder: IdFinder) -> None:
        self.findings = Findings()
        self._finder = finder
        self._plain_keys: set[str] = set()
        # A queue rather than recursion: documents may be nested deeper than Python's stack allows.
        self._pending: deque[tuple[object, str, Path, Block, object]] = deque()

    def run(self, document: object) -> Findings:
        self._visit(document, "top", None, _NO_BLOCK, None)
        while self._pending:
            value, role, path, block, near = self._pending.popleft()
            if isinstance(value, list):
                role = _ITEMS.get(role, "inside")
                for index, item in enumerate(value):
                    self._visit(item, role, (path, index), block, near)
            elif isinstance(value, (Object, dict)):
                self._object(value.items(), role, path, block)
        return self.findings

    def _visit(self, value: object, role: str, path: Path, block: Block, near: object) -> None:
        if isinstance(value, str):
            self._string(value, role, path, block)
            return
        if isinstance(value, Object):
            near = value
        items = None if role in ("top", "outside", "workspace", "block", "setting") else unwrapped(value)
        if items is not None:
            self._repair(value, "wrapped", path, block)
            value, path = items, (path, WRAPPED)
        elif is_single(value, role):
            self._repair(value, "single", path, block)
            role = _ITEMS[role]
        role = self._checked(value, role, path, block, near)
        if isinstance(value, (list, Object, dict)):
            self._pending.append((value, role, path, block, near))

    def _repair(self, value: object, form: Literal["wrapped", "single"], path: Path, block: Block) -> None:
        # A decoded document has no text to repair.
        if isinstance(value, Object):
            self.findings.repairs.append(FoundRepair(value, form, path, block))

    def _checked(self, value: object, role: str, path: Path, block: Block, near: object) -> str:
        """Return a role that fits the form of a value, and note it if that is not the expected one."""
        if role == "workspace" and value == []:
            return "inside"
        reason = mismatch(value, role)
        if reason is None:
            return role
        self.findings.unreadable.append(FoundUnreadable(near, reason, path, block))
        return "outside" if role == "workspace" and isinstance(value, list) else "inside"

    def _string(self, value: str, role: str, path: Path, block: Block, *, in_field: bool = False) -> None:
        if role in EXPECTED or (role in ("top", "outside") and may_contain_automation(value)):
            try:
                inner = parse(value)
            except InvalidContent:
                inner = None
            if isinstance(inner, (list, Object, str)):
                self._visit(inner, role, path, block, value)
                return
            reason = mismatch(value, role) or "JSON in a text that can't be read"
            self.findings.unreadable.append(FoundUnreadable(value, reason, path, block))
        elif is_cut_off(value):
            self.findings.unreadable.append(FoundUnreadable(value, _CUT_OFF, path, block))
        self._look_for_ids(value, path, block, in_field=in_field)
        if _EXECUTION in value and _TOKEN_IN_TEXT.search(value):
            self.findings.tokens_left.append((value, path))

    def _object(self, members: Collection[tuple[str, object]], role: str, path: Path, block: Block) -> None:
        outside = role in ("top", "outside")
        is_automation = outside and _is_automation(members, role)
        self.findings.automations += is_automation
        # The last of duplicate keys counts.
        is_datasource = any(value == _DATASOURCE for _, value in members) and dict(members).get("id") == _DATASOURCE
        if role == "block":
            block = _block(members)
        roles = _MEMBERS.get(role, {})
        rest = "outside" if outside else "inside"
        after: str | None = None
        for key, value in members:
            below = (path, key)
            if key not in self._plain_keys:
                self._look_for_ids(key, path, block, in_key=True)
            if key == _EXECUTION and is_automation:
                self.findings.tokens.append(FoundToken(key, below, after))
                after = None if after is None else key
                continue
            after = key
            if key == _EXECUTION and value is not None:
                self.findings.tokens_left.append((key, below))
            inner = roles.get(key, rest)
            if key == "value" and is_datasource and value is not None:
                if role != "setting":
                    if value != "":
                        self.findings.unreadable.append(FoundUnreadable(key, ELSEWHERE, below, block))
                else:
                    self.findings.references.append(FoundReference(key, value, below, block))
                    if isinstance(value, str):
                        if self._is_expression(value):
                            self._string(value, "inside", below, block, in_field=True)
                        elif value not in self._finder:
                            self._look_for_ids(value, below, block, in_field=True)
                        continue
            if inner == "blocks" and outside and (value is None or isinstance(value, (bool, float, int))):
                inner = rest
            elif inner == "outside" and is_automation and unwrapped(value) is not None:
                inner = "listed"
            self._visit(value, inner, below, block, key)

    def _is_expression(self, value: str) -> bool:
        return "{" in value and value not in self._finder

    def _look_for_ids(
        self, text: str, path: Path, block: Block, *, in_key: bool = False, in_field: bool = False
    ) -> None:
        found = self._finder.find(text)
        if found:
            in_field = in_field or (block is not _NO_BLOCK and text.strip() in self._finder)
            self.findings.mentions.append(FoundMentions(text, found, path, in_key, in_field))
        elif in_key:
            self._plain_keys.add(text)


def _is_automation(members: Collection[tuple[str, object]], role: str) -> bool:
    return any(
        (key == "workspace" and (value is None or isinstance(value, (Object, dict, str))))
        or (key == "blocks" and isinstance(value, (list, Object, dict, str)))
        or (key == _EXECUTION and role == "top")
        for key, value in members
    )


def _block(members: Collection[tuple[str, object]]) -> Block:
    last = dict(members)
    labels = {key: str(value) for key, value in members if isinstance(value, str)}
    return Block(
        labels.get("id") or None,
        labels.get("displayName") or labels.get("name") or None,
        any(map(_names_managed, [*members, *_inputs(last.get("inputs"))])),
    )


def _inputs(inputs: object) -> list[tuple[object, object]]:
    """Return the ids and values of a block's inputs, where file blocks and webhooks name their connector."""
    items = unwrapped(inputs) or (inputs if isinstance(inputs, list) else [inputs])
    fields: list[dict[str, object]] = [dict(item.items()) for item in items if isinstance(item, (Object, dict))]
    return [(each.get("id"), each.get("value")) for each in fields]


def _names_managed(member: tuple[object, object]) -> bool:
    key, value = member
    if not isinstance(value, str):
        return False
    if key == "datasourcetype":
        return value.strip().casefold() == MANAGED_CONNECTOR_NAME.casefold()
    return key == "datasourcetype_guid" and is_managed(value.strip().lower())


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
