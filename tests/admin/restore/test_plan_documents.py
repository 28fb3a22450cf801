"""Plans as JSON, which people edit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlik_automation_connections.admin._errors import JobError
from qlik_automation_connections.admin._restore.plan import (
    Action,
    Candidate,
    Change,
    Reason,
    RestorePlan,
    RestoreStep,
)

SCHEMA = json.loads(
    (Path(__file__).parents[3] / "docs" / "schemas" / "restore-plan.schema.json").read_text(encoding="utf-8")
)

texts = st.text(max_size=8)
ids = st.text("abc123", min_size=1, max_size=6)
steps = st.builds(
    RestoreStep,
    id=ids,
    name=st.none() | texts,
    connector_id=ids,
    action=st.sampled_from([action for action in get_args(Action) if action != "update"]),
    reason=st.sampled_from([reason for reason in get_args(Reason) if reason != "managed"]),
    sentence=texts,
    target_id=st.none(),
    owner_id=st.none() | ids,
    space_id=st.none() | st.just("") | ids,
    changes=st.lists(st.sampled_from(get_args(Change))),
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


def refused(document: Any) -> str:
    """What the refusal of a document says."""
    with pytest.raises(JobError) as raised:
        RestorePlan.from_dict(document)
    return str(raised.value)


EDITS: list[tuple[dict[str, Any], str]] = [
    ({"action": "update"}, "an update needs a target_id"),
    ({"action": "update", "target_id": "t"}, "steps[0] has the same target_id"),
    ({"action": "skip", "target_id": "t"}, "same target_id"),
    ({"action": "delete"}, "steps[0].action: expected one of create, update, skip, ask"),
    ({"action": ["create"]}, "steps[0].action: expected one of"),
    ({"id": "b"}, "same archived connection"),
    ({"id": ""}, "steps[0].id: expected a string that is not blank"),
    ({"target_id": ""}, "steps[0].target_id: expected a string that is not blank"),
    ({"owner_id": " "}, "steps[0].owner_id: expected a string that is not blank"),
    ({"connector_id": ""}, "connector"),
    ({"reason": "managed"}, "service manages"),
    ({"reason": "managed", "action": "update", "target_id": "x"}, "service manages"),
    ({"params": "password"}, "steps[0].params: expected a list"),
    ({"targetid": "x"}, "steps[0]: unknown field 'targetid'"),
    ({"action": "update", "target_id": ".."}, "target_id is '..', which is a path segment"),
    ({"action": "update", "target_id": "a\n"}, "target_id contains a control character"),
    ({"connector_id": "."}, "connector_id is '.'"),
    ({"owner_id": "u\x00"}, "owner_id contains a control character"),
    ({"space_id": ".."}, "space_id is '..'"),
    ({"space_id": " "}, "space_id is empty"),
    ({"name": "\ud800"}, "name contains an unpaired surrogate"),
    ({"candidates": ["x"]}, "steps[0].candidates[0]: expected an object"),
]


def test_an_edit_that_can_not_be_done_is_refused_with_where_it_stands() -> None:
    for step, said in EDITS:
        message = refused(document(**step))
        assert said in message, step
        assert "steps[" in message, step


def test_two_that_the_service_manages_may_become_one() -> None:
    managed = {"action": "skip", "reason": "managed", "target_id": "t"}
    assert RestorePlan.from_dict(document(**managed)).steps[0].target_id == "t"


def test_something_else_is_no_plan() -> None:
    others: tuple[Any, ...] = ([], {}, None, {"format": "else"})
    for wrong in others:
        assert "Not a restore plan" in refused(wrong), wrong
    for version in (2, 1.0, True, "1", None, 0):
        assert "version" in refused({**document(), "version": version}), version


def test_a_key_that_is_missing_is_refused_even_if_it_may_be_null() -> None:
    for key in ("id", "name", "connector_id", "action", "reason", "sentence"):
        edited = document()
        del edited["steps"][0][key]
        assert f"steps[0]: {key} is missing" in refused(edited)


def test_plans_are_equal_if_they_do_the_same() -> None:
    plan = RestorePlan.from_dict(document())
    reworded = document(sentence="It isn't there.", notes=["Read this."], link="https://new")
    assert RestorePlan.from_dict({**reworded, "notes": ["Another remark."]}) == plan
    for change in ({"action": "skip"}, {"owner_id": "u"}, {"name": "Mail 3"}, {"params": ["host"]}):
        assert RestorePlan.from_dict(document(**change)) != plan
