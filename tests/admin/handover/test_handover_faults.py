"""A handover against a service that fails: it says how, goes on with the rest, and ends well when it is run again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from admin.handover.scene import CHANGES, Scene, State, changes, handed_over, quick, state
from qlik_automation_connections import APIConnectionError, AuthenticationError
from qlik_automation_connections.admin._handover.applying import apply_handover
from qlik_automation_connections.admin._handover.plan import HandoverPlan
from qlik_automation_connections.admin._handover.planning import plan_handover
from qlik_automation_connections.sandbox import Fault
from sampling import few

OWNER, SPACE = CHANGES


def planned(scene: Scene) -> HandoverPlan:
    return plan_handover(scene.tenant, scene.old, scene.new, space_id=scene.space)


@pytest.fixture
def undisturbed(scene: Scene) -> State:
    """What the tenant is like after a handover in which nothing fails."""
    return handed_over(state(scene.sandbox), scene.old, scene.new, scene.space)


@pytest.mark.parametrize("operation", CHANGES)
def test_a_change_that_was_made_though_no_answer_came_counts(scene: Scene, undisturbed: State, operation: str) -> None:
    scene.sandbox.fail(Fault(operation, kind="reset-after-processing"))
    report = apply_handover(scene.impatient, planned(scene), journal=scene.journal)
    assert report.is_complete
    assert report.summary["moved"] == len(report.steps)
    assert state(scene.sandbox) == undisturbed


@pytest.mark.parametrize("operation", CHANGES)
@pytest.mark.parametrize(
    "fault", few([{"kind": "status", "status": 500}, {"kind": "html", "status": 502}, {"kind": "reset"}])
)
def test_a_change_that_was_not_made_fails_alone_and_is_made_by_the_next_run(
    scene: Scene, undisturbed: State, operation: str, fault: dict[str, Any]
) -> None:
    plan = planned(scene)
    scene.sandbox.fail(Fault(operation, **fault))
    report = apply_handover(scene.impatient, plan, journal=scene.journal)
    assert [(step.outcome, step.reason) for step in report.failed] == [("failed", "unanswered")]
    assert report.summary["moved"] == len(plan.moves) - 1
    before = changes(scene.sandbox)
    again = apply_handover(scene.impatient, planned(scene), journal=scene.journal)
    assert (again.is_complete, again.resumed, again.summary["moved"]) == (True, True, len(plan.moves))
    assert [step.id for step in again.steps] == [step.id for step in plan.steps]
    assert state(scene.sandbox) == undisturbed
    assert changes(scene.sandbox) - before <= 2, "what was done is not done again"


def test_a_late_answer_is_looked_for(scene: Scene, undisturbed: State) -> None:
    plan = planned(scene)
    scene.sandbox.fail(Fault(OWNER, kind="delay", seconds=8))
    report = apply_handover(scene.impatient.with_options(timeout=2.0), plan, journal=scene.journal)
    assert report.is_complete
    assert state(scene.sandbox) == undisturbed


def test_a_refusal_is_told_in_the_words_of_the_service(scene: Scene, undisturbed: State) -> None:
    plan = planned(scene)
    statuses = (400, 403, 404, 409)
    for status in statuses:
        scene.sandbox.fail(Fault(SPACE, status=status))
    failed = apply_handover(scene.tenant, plan, journal=scene.journal).failed
    assert [step.reason for step in failed] == ["not-found" if status == 404 else "refused" for status in statuses]
    assert all("This failure was injected" in step.sentence for step in failed)
    assert {scene.held(step.id)[0] for step in failed} == {scene.new}
    assert apply_handover(scene.tenant, plan, journal=scene.journal).is_complete
    assert state(scene.sandbox) == undisturbed


def test_a_connection_that_can_not_be_read_fails_alone(scene: Scene) -> None:
    plan = planned(scene)
    scene.sandbox.fail(Fault("getAutomationConnection", status=403))
    # The second read of the second step: its owner has changed by then.
    scene.sandbox.fail(Fault("getAutomationConnection", status=500, after=1))
    report = apply_handover(scene.impatient, plan, journal=scene.journal)
    assert [step.reason for step in report.failed] == ["unreadable", "unreadable"]
    assert [step.id for step in report.failed] == [step.id for step in plan.steps[:2]]
    assert "Its owner may have changed" in report.failed[1].sentence
    assert apply_handover(scene.impatient, plan, journal=scene.journal).summary["moved"] == len(plan.moves)


def test_an_answer_that_does_not_say_whose_it_is_is_not_acted_upon(scene: Scene) -> None:
    plan = planned(scene)
    scene.sandbox.fail(Fault("getAutomationConnection", status=200, body={"id": plan.steps[0].id, "spaceId": ""}))
    report = apply_handover(scene.tenant, plan, journal=scene.journal)
    assert [(step.id, step.reason) for step in report.failed] == [(plan.steps[0].id, "unreadable")]
    assert scene.held(plan.steps[0].id)[0] == scene.old


@pytest.mark.parametrize("operation", CHANGES)
def test_a_service_that_agrees_and_does_nothing_is_found_out(scene: Scene, operation: str) -> None:
    plan = planned(scene)
    scene.sandbox.fail(Fault(operation, status=204, body=b""))
    report = apply_handover(scene.tenant, plan, journal=scene.journal)
    assert [step.reason for step in report.failed] == ["no-effect"]
    assert apply_handover(scene.tenant, plan, journal=scene.journal).is_complete


def test_a_refused_sign_in_ends_it_and_it_can_be_gone_on_with(scene: Scene, undisturbed: State) -> None:
    plan = planned(scene)
    scene.sandbox.fail(Fault(OWNER, status=401, after=2))
    with pytest.raises(AuthenticationError):
        apply_handover(scene.tenant, plan, journal=scene.journal)
    assert len(scene.of(scene.old)) == len(plan.moves) - 2
    assert apply_handover(scene.tenant, plan, journal=scene.journal).is_complete
    assert state(scene.sandbox) == undisturbed


def test_nobody_there_any_more_ends_it(scene: Scene) -> None:
    plan = planned(scene)
    scene.sandbox.fail(Fault(kind="reset", times=None, after=4))
    before = len(scene.sandbox.ledger)
    with pytest.raises(APIConnectionError):
        apply_handover(scene.impatient, plan, journal=scene.journal)
    assert len(scene.sandbox.ledger) - before < 12


def test_at_random_it_comes_to_the_same_end(scene: Scene, undisturbed: State) -> None:
    plan = planned(scene)
    before = state(scene.sandbox)
    for kind, share in (("reset-after-processing", 0.2), ("status", 0.15), ("html", 0.1), ("truncate", 0.1)):
        scene.sandbox.fail(Fault(kind=kind, probability=share, times=None))  # type: ignore[arg-type]
    impatient = quick(scene.tenant).with_options(retries=0)

    def until_done(plan: HandoverPlan, journal: str) -> None:
        for _ in range(100):
            try:
                if apply_handover(impatient, plan, journal=scene.folder / journal).is_complete:
                    return
            except APIConnectionError:
                continue
        pytest.fail("it does not come to an end")

    until_done(plan, "handover.journal")
    assert state(scene.sandbox) == undisturbed
    undo = HandoverPlan.from_dict(json.loads(scene.undo.read_text(encoding="utf-8")))
    until_done(undo, "undo.journal")
    assert state(scene.sandbox) == before


def test_a_failure_after_the_owner_was_changed_says_so_and_is_counted(scene: Scene) -> None:
    before = state(scene.sandbox)
    plan = plan_handover(scene.tenant, scene.old, scene.new, space_id="no-such-space")
    for _ in range(2):
        # The second run finds the owner changed by the first one.
        report = apply_handover(scene.tenant, plan, journal=scene.journal)
        assert [step.id for step in report.in_part] == [step.id for step in plan.moves]
        assert all(step.sentence.startswith("Its owner was changed, but not its space: ") for step in report.failed)
        document = report.to_dict()
        assert sum(step["in_part"] for step in document["steps"]) == document["summary"]["failed"] == len(plan.moves)
    refused = plan_handover(scene.tenant, scene.new, "nobody", ids=[plan.moves[0].id])
    report = apply_handover(scene.tenant, refused, journal=scene.folder / "other.journal")
    assert ([step.outcome for step in report.steps], report.in_part) == (["failed"], [])
    apply_handover(scene.tenant, HandoverPlan.read(scene.undo), journal=scene.folder / "undo.journal")
    assert state(scene.sandbox) == before
