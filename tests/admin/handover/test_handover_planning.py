"""What a plan says of each connection, and that it changes nothing."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from admin.handover.scene import Scene, state
from qlik_automation_connections import (
    APIError,
    AuthenticationError,
    ConfigurationError,
    Tenant,
    UnreadableValueWarning,
)
from qlik_automation_connections.admin._errors import JobCancelled
from qlik_automation_connections.admin._handover.plan import HandoverStep
from qlik_automation_connections.admin._handover.planning import plan_handover
from qlik_automation_connections.admin._managed import MANAGED_CONNECTOR_ID
from qlik_automation_connections.admin._progress import Progress
from qlik_automation_connections.sandbox import Fault, Sandbox


def plan_of(scene: Scene, **arguments: Any) -> dict[str, HandoverStep]:
    return {step.id: step for step in plan_handover(scene.tenant, scene.old, scene.new, **arguments).steps}


def managed_of(scene: Scene) -> dict[str, Any]:
    return next(item for item in scene.sandbox.snapshot() if item["connectorId"] == MANAGED_CONNECTOR_ID)


def test_everything_of_the_old_owner_goes_and_stays_in_its_space(scene: Scene) -> None:
    before = state(scene.sandbox)
    plan = plan_handover(scene.tenant, scene.old, scene.new)
    assert {step.id for step in plan.moves} == {item["id"] for item in scene.of(scene.old)}
    for step in plan.moves:
        assert (step.from_owner, step.to_owner) == (scene.old, scene.new)
        assert step.from_space == step.to_space == (scene.held(step.id)[1] or None)
        assert (step.reason, bool(step.sentence)) == ("owned", True)
    assert {step.from_space is None for step in plan.moves} == {True, False}, "both kinds of space must be met"
    assert (plan.tenant, plan.space, plan.space_id, plan.undoes) == (scene.sandbox.url, "keep", None, None)
    assert state(scene.sandbox) == before


def test_all_go_into_one_space_or_into_the_personal_one(scene: Scene) -> None:
    personal = plan_handover(scene.tenant, scene.old, scene.new, personal=True)
    assert (personal.space, {step.to_space for step in personal.moves}) == ("personal", {None})
    into = plan_handover(scene.tenant, scene.old, scene.new, space_id=scene.space)
    assert (into.space, {step.to_space for step in into.moves}) == ("into", {scene.space})


def test_what_the_service_manages_is_skipped() -> None:
    with Sandbox(connections=250) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        managed = next(item for item in sandbox.snapshot() if item["connectorId"] == MANAGED_CONNECTOR_ID)
        other = next(user.id for user in sandbox.users if user.id != managed["ownerId"])
        plan = plan_handover(tenant, managed["ownerId"], other)
    assert [(step.action, step.reason) for step in plan.steps if step.id == managed["id"]] == [("skip", "managed")]
    assert len(plan.moves) == len([step for step in plan.steps if step.connector_id != MANAGED_CONNECTOR_ID]) > 0


def test_a_selection_says_of_each_why_it_is_left_alone(scene: Scene) -> None:
    mine, theirs, strange = scene.of(scene.old)[0], scene.of(scene.new)[0], scene.of(scene.other)[0]
    ids = [strange["id"], "no-such-connection", mine["id"], theirs["id"], managed_of(scene)["id"], mine["id"]]
    plan = plan_handover(scene.tenant, scene.old, scene.new, ids=ids)
    assert [step.id for step in plan.steps] == ids[:-1], "in the order in which they were given, each once"
    assert [(step.action, step.reason) for step in plan.steps] == [
        ("skip", "another-owner"),
        ("skip", "not-found"),
        ("move", "owned"),
        ("skip", "already"),
        ("skip", "managed"),
    ]
    assert scene.other in plan.steps[0].sentence


def test_what_the_new_owner_has_in_the_wrong_space_is_moved_if_it_is_asked_for(scene: Scene) -> None:
    theirs = next(item for item in scene.of(scene.new) if item["spaceId"] != scene.space)
    step = plan_of(scene, ids=[theirs["id"]], space_id=scene.space)[theirs["id"]]
    assert (step.action, step.reason) == ("move", "space")
    assert (step.from_owner, step.to_owner, step.to_space) == (scene.new, scene.new, scene.space)
    assert step.note is None, "it is not in its own way"


def test_a_filter_narrows_the_plan(scene: Scene) -> None:
    one, another = scene.of(scene.old)[:2]
    assert one["connectorId"] != another["connectorId"] or one["name"] != another["name"]
    expression = f'name eq "{one["name"]}" and connectorId eq "{one["connectorId"]}"'
    assert set(plan_of(scene, filter=expression)) == {one["id"]}
    chosen = plan_of(scene, filter=expression, ids=[one["id"], another["id"]])
    assert [(step.action, step.reason) for step in chosen.values()] == [("move", "owned"), ("skip", "not-matching")]


def test_an_unreadable_connection_of_a_selection_is_skipped(scene: Scene) -> None:
    theirs, mine = scene.of(scene.other)[0], scene.of(scene.old)[0]
    scene.sandbox.fail(Fault("getAutomationConnection", status=403))
    steps = plan_of(scene, ids=[theirs["id"], mine["id"]])
    assert [(step.action, step.reason) for step in steps.values()] == [("skip", "unreadable"), ("move", "owned")]


def test_a_name_that_the_new_owner_has_already_is_noted(scene: Scene) -> None:
    theirs = scene.of(scene.new)[0]
    mine = next(item for item in scene.of(scene.old) if item["connectorId"] == theirs["connectorId"])
    scene.tenant.connections.update(theirs["id"], name=mine["name"])
    steps = plan_of(scene)
    assert theirs["id"] in (steps[mine["id"]].note or "")
    assert steps[mine["id"]].action == "move"
    assert [id for id, step in steps.items() if step.note is not None] == [mine["id"]]


def test_what_is_listed_twice_or_without_an_id_is_met_once_or_noted(scene: Scene) -> None:
    items = [
        {"id": "a", "name": "one", "ownerId": scene.old},
        {"name": "nameless", "ownerId": scene.old},
        {"id": "a", "name": "one", "ownerId": scene.old},
        {"id": "b", "name": "not theirs", "ownerId": scene.other},
        {"id": "c", "name": "no owner"},
    ]
    scene.sandbox.fail(Fault("getAutomationConnections", status=200, body={"data": items, "links": {}}))
    with pytest.warns(UnreadableValueWarning, match="left out 1"):
        plan = plan_handover(scene.tenant, scene.old, scene.new)
    assert [(step.id, step.action, step.reason, step.from_owner) for step in plan.steps] == [
        ("a", "move", "owned", scene.old),
        ("b", "skip", "another-owner", scene.other),
        ("c", "move", "owned", scene.old),
    ]
    assert len(plan.notes) == 1
    assert "1" in plan.notes[0]


def test_wrong_arguments_are_refused_before_anything_is_sent(scene: Scene) -> None:
    wrong: list[dict[str, Any]] = [
        {"space_id": "x", "personal": True},
        {"space_id": ""},
        {"space_id": 7},
        {"personal": "yes"},
        {"ids": [""]},
        {"ids": [7]},
        {"filter": " "},
    ]
    for arguments in wrong:
        with pytest.raises(ConfigurationError):
            plan_of(scene, **arguments)
    for old, new in (("", "b"), ("a", " "), ("a", "a")):
        with pytest.raises(ConfigurationError):
            plan_handover(scene.tenant, old, new)
    assert len(scene.sandbox.ledger) == 0


def test_who_is_no_administrator_or_is_refused_ends_it(scene: Scene) -> None:
    with Tenant(scene.sandbox.url, api_key=scene.sandbox.user_api_key) as tenant, pytest.raises(APIError):
        plan_handover(tenant, scene.old, scene.new)
    strange = scene.of(scene.other)[0]["id"]
    scene.sandbox.fail(Fault("getAutomationConnection", status=401))
    with pytest.raises(AuthenticationError):
        plan_of(scene, ids=[strange])


def test_progress_is_told_and_cancel_ends_it(scene: Scene) -> None:
    told: list[Progress] = []
    plan = plan_handover(scene.tenant, scene.old, scene.new, on_progress=told.append)
    assert [progress.done for progress in told] == list(range(1, len(plan.steps) + 1))
    cancel = threading.Event()
    with pytest.raises(JobCancelled):
        plan_of(scene, cancel=cancel, on_progress=lambda _: cancel.set())
