"""Match archived connections with those in the target, without guessing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from attrs import define, field

from ... import ConnectionSummary
from .._managed import is_managed
from .desired_state import PERSONAL, DesiredState
from .plan import Candidate, Reason


class Target(NamedTuple):
    """A connection in the target, from its list."""

    id: str
    name: str | None
    connector_id: str | None
    owner_id: str | None
    space_id: str
    is_connected: bool | None

    def candidate(self) -> Candidate:
        """Return the connection as a plan lists it."""
        return Candidate(self.id, self.name, self.owner_id, self.space_id or None)


def target(connection: ConnectionSummary) -> Target:
    """Return the needed fields of a listed connection."""
    return Target(
        connection.id,
        connection.name,
        connection.connector_id,
        connection.owner_id,
        connection.space_id or PERSONAL,
        connection.is_connected,
    )


@define
class Match:
    """What was found for an archived connection.

    Attributes:
        target: The matching connection; None if absent or uncertain.
        question: Why the match is uncertain; None if it isn't.
        candidates: Possible matches.
        notes: Other remarks.
    """

    target: Target | None = None
    question: Reason | None = None
    candidates: Sequence[Target] = ()
    notes: list[str] = field(factory=list)


_Key = tuple[str | None, ...]


class _Matcher:
    def __init__(self, targets: Mapping[str, Target]) -> None:
        self._targets = targets
        self._free = dict(targets)
        self.matches: dict[str, Match] = {}

    def by_id(self, items: Iterable[DesiredState], id_map: Mapping[str, str], *, same_tenant: bool) -> None:
        """Match by the id map, or, within one tenant, by equal ids."""
        claims: dict[str, list[DesiredState]] = defaultdict(list)
        for item in items:
            match = self.matches[item.id] = Match()
            mapped = id_map.get(item.id)
            if mapped is not None and mapped not in self._targets:
                match.notes.append(f"The id map names {mapped}, which is gone or not visible to the caller.")
            if mapped is not None and mapped in self._targets:
                claims[mapped].append(item)
            elif same_tenant and item.id in self._targets:
                claims[item.id].append(item)
        for id, claiming in claims.items():
            found = self._free.pop(id)
            for item in claiming:
                match = self.matches[item.id]
                if len(claiming) > 1:
                    match.question, match.candidates = "claimed-twice", [found]
                elif found.connector_id != item.connector_id:
                    match.question, match.candidates = "other-connector", [found]
                else:
                    match.target = found

    def _is_open(self, item: DesiredState) -> bool:
        match = self.matches[item.id]
        return match.target is None and match.question is None

    def by_properties(self, items: Iterable[DesiredState]) -> None:
        """Match by name, connector, owner and space."""
        groups: dict[_Key, list[DesiredState]] = defaultdict(list)
        for item in items:
            if item.owner_id is not None and self._is_open(item):
                groups[item.name, item.connector_id, item.owner_id, item.space_id or PERSONAL].append(item)
        if not groups:
            return
        pool: dict[_Key, list[Target]] = defaultdict(list)
        for one in self._free.values():
            pool[one.name, one.connector_id, one.owner_id, one.space_id].append(one)
        for key, group in groups.items():
            candidates = pool.get(key)
            if candidates:
                self._settle(group, candidates)

    def _settle(self, group: list[DesiredState], candidates: list[Target]) -> None:
        if len(group) == len(candidates) == 1:
            self.matches[group[0].id].target = self._free.pop(candidates[0].id)
            return
        for item in group:
            match = self.matches[item.id]
            match.question = "ambiguous" if len(candidates) > 1 else "claimed-twice"
            match.candidates = candidates

    def managed_by_service(self, items: Iterable[DesiredState], *, sees_all: bool) -> None:
        """Match connections that the service manages with those of their new owner."""
        pool = [one for one in self._targets.values() if is_managed(one.connector_id)]
        for item in items:
            if not is_managed(item.connector_id):
                continue
            # An unmapped owner stands for the caller, whose connections alone are listed unless all are.
            found = [one for one in pool if one.owner_id == item.owner_id or (item.owner_id is None and not sees_all)]
            if self.matches[item.id].target not in found:
                found = [one for one in found if one.space_id == item.space_id] or found
                self.matches[item.id] = Match(found[0] if len(found) == 1 else None)

    def not_visible(self, items: Iterable[DesiredState], id_map: Mapping[str, str]) -> None:
        """Ask about mapped connections that the caller may not see because another user owns them."""
        for item in items:
            if item.id in id_map and self._is_open(item):
                self.matches[item.id].question = "not-visible"

    def by_properties_but_owner(self, items: Iterable[DesiredState]) -> None:
        """Ask about connections with the same name, connector and space if the owner isn't mapped."""
        unowned = [item for item in items if item.owner_id is None and self._is_open(item)]
        if not unowned:
            return
        pool: dict[_Key, list[Target]] = defaultdict(list)
        for one in self._free.values():
            pool[one.name, one.connector_id, one.space_id].append(one)
        for item in unowned:
            candidates = pool.get((item.name, item.connector_id, item.space_id or PERSONAL))
            if candidates:
                match = self.matches[item.id]
                match.question, match.candidates = "owner-unmapped", candidates


def match_all(
    items: Sequence[DesiredState],
    targets: Mapping[str, Target],
    id_map: Mapping[str, str],
    *,
    same_tenant: bool,
    sees_all: bool = True,
) -> dict[str, Match]:
    """Match archived connections with those in the target.

    Tries the id map; within one tenant, equal ids; then name, connector, owner and space. Each rule only considers
    connections that the previous ones left, and no connection in the target matches two archived ones, except those
    that the service manages, which match by owner.

    Args:
        items: Desired states of the archived connections.
        targets: The target's connections by id.
        id_map: New ids by old ones.
        same_tenant: Whether the archive's ids are those of the target.
        sees_all: Whether `targets` holds all users' connections.

    Returns:
        Matches by archived id.
    """
    matcher = _Matcher(targets)
    matcher.by_id(items, id_map, same_tenant=same_tenant)
    matcher.by_properties(items)
    matcher.by_properties_but_owner(items)
    matcher.managed_by_service(items, sees_all=sees_all)
    if not sees_all:
        matcher.not_visible(items, id_map)
    return matcher.matches
