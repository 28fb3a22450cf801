"""Match archived connections with those in the target, without guessing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from attrs import define

from ... import ConnectionSummary, Page
from .._managed import is_managed
from .desired_state import PERSONAL, DesiredState
from .plan import Candidate, Reason

T = TypeVar("T")


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


UNIDENTIFIED: Final = "The target lists one without an id that may be it. Look at it in the editor, and decide."


def items_of(pages: Iterable[Page[T]], left_out: set[str | None]) -> Iterator[T]:
    """Yield the items of pages, and note the names of those that were left out because they have no id."""
    for page in pages:
        left_out.update(page.left_out)
        yield from page.items


def targets_of(listed: Iterable[ConnectionSummary]) -> dict[str, Target]:
    """Return the needed fields of listed connections by id; ids that many share are held once."""
    found: dict[str, Target] = {}
    kept: dict[Any, Any] = {}
    share = kept.setdefault
    for each in listed:
        id, connector, owner, space = each.id, each.connector_id, each.owner_id, each.space_id or PERSONAL
        if id:
            connector, owner, space = share(connector, connector), share(owner, owner), share(space, space)
            found[id] = Target(id, each.name, connector, owner, space, each.is_connected)
    return found


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
    candidates: Sequence[Candidate] = ()
    notes: Sequence[str] = ()


_Key = tuple[str | None, ...]


class _Matcher:
    def __init__(self, targets: Mapping[str, Target]) -> None:
        self._targets = targets
        self._taken: set[str] = set()
        self.matches: dict[str, Match] = {}

    def _free(self) -> Iterator[Target]:
        return (one for id, one in self._targets.items() if id not in self._taken)

    def by_id(self, items: Iterable[DesiredState], id_map: Mapping[str, str], *, same_tenant: bool) -> None:
        """Match by the id map, or, within one tenant, by equal ids."""
        claims: dict[str, Match] = {}
        for item in items:
            match = self.matches[item.id] = Match()
            mapped = id_map.get(item.id)
            if mapped is not None and mapped not in self._targets:
                match.notes = [f"The id map names {mapped}, which is gone or not visible to the caller."]
                mapped = None
            if mapped is None and same_tenant:
                mapped = item.id
            found = None if mapped is None else self._targets.get(mapped)
            if found is None:
                continue
            if (first := claims.setdefault(found.id, match)) is not match:
                for each in (first, match):
                    each.target, each.question, each.candidates = None, "claimed-twice", [found.candidate()]
            elif found.connector_id != item.connector_id:
                match.question, match.candidates = "other-connector", [found.candidate()]
            else:
                match.target = found
        self._taken.update(claims)

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
        for one in self._free():
            pool[one.name, one.connector_id, one.owner_id, one.space_id].append(one)
        for key, group in groups.items():
            candidates = pool.get(key)
            if candidates:
                self._settle(group, candidates)

    def _settle(self, group: list[DesiredState], candidates: list[Target]) -> None:
        if len(group) == len(candidates) == 1:
            self.matches[group[0].id].target = candidates[0]
            self._taken.add(candidates[0].id)
            return
        fitting = [one.candidate() for one in candidates]
        for item in group:
            match = self.matches[item.id]
            match.question = "ambiguous" if len(candidates) > 1 else "claimed-twice"
            match.candidates = fitting

    def managed_by_service(self, items: Iterable[DesiredState], *, sees_all: bool) -> None:
        """Match connections that the service manages with those of their new owner."""
        pool: dict[str | None, list[Target]] = defaultdict(list)
        for one in self._targets.values():
            if is_managed(one.connector_id):
                pool[one.owner_id].append(one)
                # An unmapped owner stands for the caller, whose connections alone are listed unless all are.
                if not sees_all and one.owner_id is not None:
                    pool[None].append(one)
        for item in items:
            if not is_managed(item.connector_id):
                continue
            found = pool.get(item.owner_id, [])
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
        pool: dict[_Key, list[Candidate]] = defaultdict(list)
        for one in self._free():
            pool[one.name, one.connector_id, one.space_id].append(one.candidate())
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
