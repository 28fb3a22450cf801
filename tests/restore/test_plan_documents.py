"""Plans as JSON, which people edit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlik_automation_connections.admin._errors import JobError
from qlik_automation_connections.admin._restore.plan import (
    ACTIONS,
    CHANGES,
    REASONS,
    Candidate,
    RestorePlan,
    RestoreStep,
)

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs" / "schemas" / "restore-plan.schema.json").read_text(encoding="utf-8")
)

texts = st.text(max_size=8)
ids = st.text("abc123", min_size=1, max_size=6)
steps = st.builds(
    RestoreStep,
    id=ids,
    name=st.none() | texts,
    connector_id=ids,
    action=st.sampled_from([action for action in ACTIONS if action != "update"]),
    reason=st.sampled_from([reason for reason in REASONS if reason != "managed"]),
    sentence=texts,
    target_id=st.none(),
    owner_id=st.none() | ids,
    space_id=st.none() | st.just("") | ids,
    changes=st.lists(st.sampled_from(CHANGES)),
    params=st.lists(texts),
    without_value=st.lists(texts),
    candidates=st.lists(st.builds(Candidate, ids, st.none() | texts, st.none() | ids, st.none() | ids), max_size=2),
    link=st.none() | texts,
    notes=st.lists(texts, max_size=2),
)
plans = st.builds(
    RestorePlan,
    tenant=ids,
    source=texts,
    archive=ids,
    list_all=st.booleans(),
    steps=st.lists(steps, max_size=3, unique_by=lambda step: step.id),
    unread=st.integers(0, 5),
    notes=st.lists(texts, max_size=2),
)


@given(plans)
def test_a_plan_comes_back_as_it_was(plan: RestorePlan) -> None:
    document = json.loads(json.dumps(plan.to_dict()))
    jsonschema.validate(document, SCHEMA)
    assert RestorePlan.from_dict(document) == plan


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@given(plans, st.data())
def test_a_plan_that_was_edited_into_anything_is_read_or_refused(plan: RestorePlan, data: st.DataObject) -> None:
    document: Any = json.loads(json.dumps(plan.to_dict()))
    place = data.draw(st.sampled_from([document, *document["steps"]]))
    name = data.draw(st.sampled_from(sorted(place)))
    if data.draw(st.booleans()):
        del place[name]
    else:
        place[name] = data.draw(json_values)
    try:
        read = RestorePlan.from_dict(document)
    except JobError:
        return
    jsonschema.validate(json.loads(json.dumps(read.to_dict())), SCHEMA)


def document(**step: Any) -> dict[str, Any]:
    base = RestoreStep("a", "Mail", "c", "create", "missing", "It is missing.").to_dict()
    other = RestoreStep("b", "Mail 2", "c", "skip", "exists", "It exists.", target_id="t").to_dict()
    return {**RestorePlan("https://t", "https://s", "sum", True, []).to_dict(), "steps": [{**base, **step}, other]}


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"action": "update"}, "Step 1 .*target_id"),
        ({"action": "update", "target_id": "t"}, "Step 2 .*step 1 has the same target_id"),
        ({"action": "skip", "target_id": "t"}, "Step 2 .*same target_id"),
        ({"action": "delete"}, "Step 1 of the plan: action must be one of create, update, skip, ask"),
        ({"action": ["create"]}, "Step 1 of the plan: action"),
        ({"id": "b"}, "Step 2 .*same archived connection"),
        ({"id": ""}, "Step 1 of the plan: id must be"),
        ({"target_id": ""}, "Step 1 of the plan: target_id must be"),
        ({"owner_id": " "}, "Step 1 of the plan: owner_id must be"),
        ({"connector_id": ""}, "connector"),
        ({"reason": "managed"}, "service manages"),
        ({"params": "password"}, "params must be a list"),
        ({"targetid": "x"}, "Step 1 of the plan has an unknown field: targetid"),
        ({"candidates": ["x"]}, "a candidate must be a JSON object"),
    ],
)
def test_an_edit_that_can_not_be_done_is_refused_with_where_it_stands(step: dict[str, Any], said: str) -> None:
    with pytest.raises(JobError, match=said):
        RestorePlan.from_dict(document(**step))


@pytest.mark.parametrize("wrong", [[], {}, None, {"format": "else"}])
def test_something_else_is_no_plan(wrong: Any) -> None:
    with pytest.raises(JobError, match="no plan"):
        RestorePlan.from_dict(wrong)


def test_a_plan_of_a_newer_version_is_refused() -> None:
    with pytest.raises(JobError, match="version 2"):
        RestorePlan.from_dict({**document(), "version": 2})
