"""The definition of an automation: what a deployment compares and writes."""

from __future__ import annotations

import copy
import difflib
import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final, cast

from attrs import evolve, field, frozen

from ... import Automation, Automations
from .._remap.id_finder import IdFinder
from .._remap.workspaces import Path, search
from .plan import Change

_OF_A_SCHEDULE: Final = ("startAt", "stopAt", "interval", "timezone")
_MOST_LINES: Final = 200


@frozen
class Use:
    """A block that uses a connection.

    Attributes:
        id: The connection.
        block: The block's name.
        managed: Whether the service manages the connections of the block's connector itself.
    """

    id: str
    block: str
    managed: bool


@frozen
class Definition:
    """What an automation does and when."""

    name: str
    description: str
    workspace: dict[str, Any] = field(repr=False)
    schedules: list[dict[str, Any]]
    max_concurrent_runs: int

    @classmethod
    def of(cls, automation: Automation) -> Definition:
        """Return the definition of an automation; what it lacks has the service's default."""
        schedules = [each.to_dict() for each in automation.schedules]
        return cls(
            automation.name or "",
            automation.description or "",
            {} if automation.workspace is None else automation.workspace.to_dict(),
            [{name: each[name] for name in _OF_A_SCHEDULE if each.get(name) is not None} for each in schedules],
            automation.max_concurrent_runs or 1,
        )

    def uses(self) -> Iterator[Use]:
        """Yield the blocks that use a connection, but for those that take it from an expression."""
        return (use for use, _ in _references(self.workspace))

    def mentions(self, finder: IdFinder) -> list[str]:
        """Return the ids that stand in texts, such as code or JSON, where they are not rewritten."""
        found = search({"workspace": self.workspace}, finder)
        written = {path for _, path in _references(self.workspace)}
        ids = [id for mention in found.mentions for _, id in mention.ids]
        ids += [str(each.value) for each in found.references if each.path not in written and str(each.value) in finder]
        return list(dict.fromkeys(ids))

    def with_connections(self, ids: Mapping[str, str | None]) -> Definition:
        """Return this definition with the ids of other connections.

        A managed connection that is not in `ids` becomes null, as for `remap`; other ids stay.

        Args:
            ids: New ids by old ones; None for none.
        """
        workspace = copy.deepcopy(self.workspace)
        for use, (above, key) in list(_references(workspace)):
            if use.id in ids or use.managed:
                _at({"workspace": workspace}, above)[key] = ids.get(use.id)
        return evolve(self, workspace=workspace)

    def write(self, automations: Automations, id: str) -> None:
        """Make this the definition of an automation. Sends a GET (tier 1) and a PUT (tier 2)."""
        automations.update(
            id,
            name=self.name,
            description=self.description,
            workspace=self.workspace,
            schedules=cast(Any, self.schedules),
            max_concurrent_runs=self.max_concurrent_runs,
        )

    def differences(self, other: Definition) -> list[Change]:
        """Return in what another definition differs."""
        names: tuple[Change, ...] = ("name", "description", "workspace", "schedules", "max_concurrent_runs")
        return [name for name in names if getattr(self, name) != getattr(other, name)]


def _references(workspace: dict[str, Any]) -> Iterator[tuple[Use, tuple[Path, Any]]]:
    for found in search({"workspace": workspace}, IdFinder(())).references:
        value, block = found.value, found.block
        # JSON inside a text of the workspace can't be written to.
        is_place = found.path is not None and isinstance(_at({"workspace": workspace}, found.path[0]), dict)
        if is_place and found.path and isinstance(value, str) and value.strip() and "{" not in value:
            yield Use(value, block.name or block.id or "a block", block.managed), found.path


def _at(document: Any, path: Path) -> Any:
    steps: list[Any] = []
    while path is not None:
        path, step = path
        steps.append(step)
    for step in reversed(steps):
        document = document[step] if isinstance(document, dict | list) else None
    return document


def changed_blocks(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Return the names of the blocks that differ between two workspaces."""
    before, after = _blocks(old), _blocks(new)
    changed = [id for id in {**after, **before} if before.get(id) != after.get(id)]
    found = (after.get(id) or before[id] for id in changed)
    return list(dict.fromkeys(str(block.get("displayName") or block.get("name") or "a block") for block in found))


def _blocks(workspace: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    blocks = workspace.get("blocks")
    found = [block for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []
    return {str(block.get("id", number)): block for number, block in enumerate(found)}


def workspace_diff(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """Return a unified diff of two workspaces as JSON, without context, and cut if it is long."""
    before, after = (json.dumps(each, indent=1, sort_keys=True, ensure_ascii=False).splitlines() for each in (old, new))
    lines = list(islice(difflib.unified_diff(before, after, "target", "source", n=0, lineterm=""), _MOST_LINES + 1))
    return "\n".join([*lines[:_MOST_LINES], *["…"] * (len(lines) > _MOST_LINES)])
