"""Matching: no guess, and nothing claimed twice, whatever the two tenants hold."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlik_automation_connections.admin._managed import MANAGED_CONNECTOR_ID
from qlik_automation_connections.admin._restore.desired_state import DesiredState
from qlik_automation_connections.admin._restore.matching import Target, match_all

# Few of each, so that they meet.
names = st.sampled_from(["a", "b", None])
few = st.sampled_from(["x", "y"])
ids = st.sampled_from([f"id-{number}" for number in range(8)])

items = st.lists(
    st.builds(DesiredState, ids, names, few, st.none() | few, few, st.none() | few, st.none() | st.just("") | few),
    max_size=6,
    unique_by=lambda item: item.id,
)
targets = st.lists(
    st.builds(Target, ids, names, few, few, st.just("") | few, st.booleans()), max_size=6, unique_by=lambda one: one.id
)


@given(items, targets, st.dictionaries(ids, ids, max_size=4), st.booleans())
def test_every_match_is_the_only_one(
    wanted: list[DesiredState], found: list[Target], id_map: dict[str, str], same_tenant: bool
) -> None:
    by_id = {one.id: one for one in found}
    matches = match_all(wanted, by_id, id_map, same_tenant=same_tenant)
    assert matches.keys() == {item.id for item in wanted}
    claimed = Counter(match.target.id for match in matches.values() if match.target)
    assert not claimed or max(claimed.values()) == 1
    for item in wanted:
        match = matches[item.id]
        assert match.target is None or match.question is None
        assert bool(match.candidates) == (match.question is not None)
        mapped = id_map.get(item.id)
        if match.target is not None and match.target.id not in (mapped, item.id if same_tenant else None):
            key = (match.target.name, match.target.connector_id, match.target.owner_id, match.target.space_id)
            assert key == (item.name, item.connector_id, item.owner_id, item.space_id or "")
        if mapped in by_id:
            assert match.target in (None, by_id[mapped])
            assert match.target is not None or match.question in ("claimed-twice", "other-connector")
        elif mapped is not None:
            assert any(mapped in note for note in match.notes)


@given(items, targets)
def test_what_fits_but_is_not_matched_is_a_question_or_belongs_to_another(
    wanted: list[DesiredState], found: list[Target]
) -> None:
    matches = match_all(wanted, {one.id: one for one in found}, {}, same_tenant=False)
    claimed = {match.target.id for match in matches.values() if match.target}
    for item in wanted:
        match = matches[item.id]
        if match.target is None and match.question is None:
            fitting = {
                one.id
                for one in found
                if (one.name, one.connector_id, one.space_id) == (item.name, item.connector_id, item.space_id or "")
                and item.owner_id in (None, one.owner_id)
            }
            assert fitting <= claimed
            assert item.owner_id is None or not fitting


MANAGED: list[tuple[str | None, str | None, list[str], bool, str | None]] = [
    ("new", "", ["new"], True, "0"),
    ("new", "", ["other", "new"], True, "1"),
    ("new", "", ["other"], True, None),
    ("new", "", ["new", "new"], True, None),
    ("new", "s1", ["new", "new"], True, "1"),
    (None, None, ["new"], True, None),
    (None, None, ["new"], False, "0"),
    ("old", "", ["new", "old"], True, "1"),
]
"""New owner and space of one, the owners of those that are there, whether the caller sees all, and which one it is."""


@pytest.mark.parametrize("same_tenant", [True, False])
def test_what_the_service_manages_is_matched_by_its_new_owner(same_tenant: bool) -> None:
    for owner, space, found, sees_all, matched in MANAGED:
        by_id = {
            str(number): Target(str(number), "Qlik Cloud Services", MANAGED_CONNECTOR_ID, each, f"s{number}", True)
            for number, each in enumerate(found)
        }
        if sees_all:
            # Within one tenant the old owner has it still.
            by_id["a"] = Target("a", "Qlik Cloud Services", MANAGED_CONNECTOR_ID, "nobody", "", True)
        wanted = [DesiredState(id, "Own", MANAGED_CONNECTOR_ID, "old", "", owner, space) for id in ("a", "b")]
        matches = match_all(wanted, by_id, {}, same_tenant=same_tenant, sees_all=sees_all)
        found_ids = [match.target and match.target.id for match in matches.values()]
        assert found_ids == [matched, matched], (owner, space, found, sees_all)
        assert {match.question for match in matches.values()} == {None}
