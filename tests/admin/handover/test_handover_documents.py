"""Plans as JSON: there and back, by the published schema, and refused where they are something else."""

from __future__ import annotations

import copy
import json
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from qlik_automation_connections.admin._errors import JobError
from qlik_automation_connections.admin._handover.plan import HandoverPlan, HandoverStep

SCHEMA = Path(__file__).parents[3] / "docs" / "schemas" / "handover-plan.schema.json"

ids = st.text("abc-123", min_size=1, max_size=8).filter(str.strip)
times = st.datetimes(timezones=st.just(UTC))
texts = st.text(max_size=12)
spaces = st.none() | ids


@st.composite
def steps(draw: st.DrawFn) -> HandoverStep:
    action = draw(st.sampled_from(("move", "skip")))
    return HandoverStep(
        id=draw(ids),
        name=draw(st.none() | texts),
        connector_id=draw(st.none() | texts),
        from_owner=draw(ids if action == "move" else spaces),
        to_owner=draw(ids),
        from_space=draw(spaces),
        to_space=draw(spaces),
        action=action,  # type: ignore[arg-type]
        reason=draw(texts),
        sentence=draw(texts),
        note=draw(st.none() | texts),
    )


plans = st.builds(
    HandoverPlan,
    tenant=ids,
    from_owner=ids,
    to_owner=ids,
    space=st.sampled_from(("keep", "into", "personal", "back")),
    space_id=spaces,
    steps=st.lists(steps(), max_size=4, unique_by=lambda step: step.id),
    notes=st.lists(ids, max_size=2),
    made_at=times,
    undoes=st.none() | times,
)


def validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


VALIDATOR = validator()


@given(plans)
def test_a_plan_comes_back_as_it_was(plan: HandoverPlan) -> None:
    document = json.loads(json.dumps(plan.to_dict()))
    assert HandoverPlan.from_dict(document) == plan
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []


@given(plans)
def test_an_undo_brings_each_move_back_and_the_undo_of_that_is_the_way_there(plan: HandoverPlan) -> None:
    undo = plan.undo()
    assert VALIDATOR.is_valid(undo.to_dict())
    assert HandoverPlan.from_dict(undo.to_dict()) == undo
    ways = [(step.id, step.from_owner, step.from_space, step.to_owner, step.to_space) for step in plan.moves]
    assert [(s.id, s.to_owner, s.to_space, s.from_owner, s.from_space) for s in undo.steps] == ways
    again = undo.undo()
    assert [(s.id, s.from_owner, s.from_space, s.to_owner, s.to_space) for s in again.steps] == ways
    assert (undo.undoes, again.undoes) == (plan.made_at, undo.made_at)


STEP = HandoverStep("c", "n", "k", "a", "b", None, None, "move", "owned", "Goes.")
PLAN = HandoverPlan("https://t", "a", "b", steps=[STEP, evolve(STEP, id="d", action="skip")], notes=["Read this."])


def refused(document: Any) -> str:
    """What the refusal of a document says."""
    with pytest.raises(JobError) as raised:
        HandoverPlan.from_dict(document)
    return str(raised.value)


WRONG: list[tuple[tuple[str | int, ...], object]] = [
    (("format",), "something else"),
    (("format",), None),
    (("version",), 2),
    (("tenant",), ""),
    (("made_at",), 7),
    (("from_owner",), None),
    (("to_owner",), ["b"]),
    (("space",), "elsewhere"),
    (("space_id",), 7),
    (("undoes",), 7),
    (("notes",), "Read this."),
    (("notes", 0), 7),
    (("steps",), {}),
    (("steps", 0), "c"),
    (("steps", 0, "id"), ""),
    (("steps", 0, "name"), 7),
    (("steps", 0, "from_owner"), ""),
    (("steps", 0, "to_owner"), None),
    (("steps", 0, "to_space"), 7),
    (("steps", 0, "action"), "delete"),
    (("steps", 0, "note"), []),
    (("version",), "1"),
    (("steps", 1, "colour"), "blue"),
    (("colour",), "blue"),
]


def test_what_is_no_plan_is_refused_by_the_code_and_by_the_schema() -> None:
    assert HandoverPlan.from_dict(PLAN.to_dict()) == PLAN
    for where, value in WRONG:
        document: Any = copy.deepcopy(PLAN.to_dict())
        place = document
        for key in where[:-1]:
            place = place[key]
        place[where[-1]] = value
        assert all(str(key) in refused(document) for key in where), f"the message names the place {where}"
        assert not VALIDATOR.is_valid(document), where


def test_a_move_from_nobody_and_two_steps_for_one_connection_are_refused() -> None:
    nobody = evolve(PLAN, steps=[evolve(STEP, from_owner=None)])
    assert "steps[0]: to move it, set from_owner" in refused(nobody.to_dict())
    assert "same connection" in refused(evolve(PLAN, steps=[STEP, STEP]).to_dict())


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=4),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    )
)
def test_any_other_json_is_refused(document: Any) -> None:
    assert refused(document)


def test_a_key_that_is_missing_is_refused_even_if_it_may_be_null() -> None:
    # Without to_space, say, a connection would go into a personal space.
    for key in ("name", "connector_id", "from_owner", "from_space", "to_space"):
        document: Any = copy.deepcopy(PLAN.to_dict())
        del document["steps"][0][key]
        assert f"steps[0]: {key} is missing" in refused(document)
        assert not VALIDATOR.is_valid(document), key


def test_plans_are_equal_if_they_do_the_same() -> None:
    reworded = evolve(PLAN, steps=[evolve(STEP, sentence="Moves.", note="Used."), PLAN.steps[1]], notes=[])
    assert reworded == PLAN
    assert evolve(PLAN, steps=[evolve(STEP, to_space="s"), PLAN.steps[1]]) != PLAN
