"""What applying a plan does, in the tenant and in the report."""

from __future__ import annotations

import json
import threading

import pytest

from admin.handover.scene import Scene, changes, handed_over, state
from qlik_automation_connections import ConfigurationError
from qlik_automation_connections.admin._errors import JobCancelled, JobError
from qlik_automation_connections.admin._handover.applying import apply_handover
from qlik_automation_connections.admin._handover.plan import HandoverPlan
from qlik_automation_connections.admin._handover.planning import plan_handover
from qlik_automation_connections.admin._progress import Progress


def test_what_is_as_wanted_stays_as_it_is(scene: Scene) -> None:
    plan = plan_handover(scene.tenant, scene.old, scene.new)
    first = plan.moves[0].id
    scene.tenant.connections.change_owner(first, user_id=scene.new)
    before = changes(scene.sandbox)
    report = apply_handover(scene.tenant, plan, journal=scene.journal)
    assert [step.outcome for step in report.steps] == ["already"] + ["moved"] * (len(plan.moves) - 1)
    assert changes(scene.sandbox) - before == len(plan.moves) - 1


def test_what_somebody_else_changed_is_not_forced(scene: Scene) -> None:
    plan = plan_handover(scene.tenant, scene.old, scene.new, space_id=scene.space)
    given, put, gone = (step.id for step in plan.moves[:3])
    elsewhere = scene.sandbox.spaces[4].id
    scene.tenant.connections.change_owner(given, user_id=scene.other)
    scene.tenant.connections.change_space(put, space_id=elsewhere)
    scene.tenant.connections.delete(gone, forced=True)
    report = apply_handover(scene.tenant, plan, journal=scene.journal)
    came = {step.id: (step.outcome, step.reason) for step in report.steps}
    assert (came[given], came[put], came[gone]) == (
        ("failed", "changed"),
        ("failed", "changed"),
        ("failed", "not-found"),
    )
    assert scene.held(given)[0] == scene.other
    assert scene.held(put) == (scene.old, elsewhere)
    assert report.summary["moved"] == len(plan.moves) - 3
    assert not report.is_complete


def test_steps_that_are_skipped_are_left_alone(scene: Scene) -> None:
    plan = plan_handover(scene.tenant, scene.old, scene.new)
    plan.steps[0].action = "skip"
    edited = HandoverPlan.from_dict(json.loads(json.dumps(plan.to_dict())))
    report = apply_handover(scene.tenant, edited, journal=scene.journal)
    assert report.steps[0].outcome == "skipped"
    assert scene.held(plan.steps[0].id)[0] == scene.old
    assert report.summary["moved"] == len(plan.steps) - 1


def test_a_plan_without_a_move_writes_nothing_and_sends_nothing(scene: Scene) -> None:
    plan = HandoverPlan(scene.sandbox.url, scene.old, scene.new)
    report = apply_handover(scene.tenant, plan, journal=scene.journal)
    assert (report.steps, report.journal, report.undo, report.is_complete) == ([], None, None, True)
    assert list(scene.folder.iterdir()) == []
    assert len(scene.sandbox.ledger) == 0


def test_a_user_who_does_not_exist_is_refused_in_the_words_of_the_service(scene: Scene) -> None:
    before = state(scene.sandbox)
    plan = plan_handover(scene.tenant, scene.old, "deleted-user")
    report = apply_handover(scene.tenant, plan, journal=scene.journal)
    assert {(step.outcome, step.reason) for step in report.steps} == {("failed", "refused")}
    assert "matches no user of this tenant" in report.steps[0].sentence
    assert state(scene.sandbox) == before


def test_a_space_that_does_not_exist_leaves_the_new_owner_and_says_so(scene: Scene) -> None:
    plan = plan_handover(scene.tenant, scene.old, scene.new, space_id="deleted-space")
    report = apply_handover(scene.tenant, plan, journal=scene.journal)
    assert {(step.outcome, step.reason) for step in report.steps} == {("failed", "refused")}
    assert "matches no space of this tenant" in report.steps[0].sentence
    assert {scene.held(step.id) for step in plan.moves} == {(scene.new, step.from_space or "") for step in plan.moves}


def test_a_step_with_an_id_that_can_not_be_sent_is_refused_before_anything_is_sent(scene: Scene) -> None:
    plan = plan_handover(scene.tenant, scene.old, scene.new)
    asked = len(scene.sandbox.ledger)
    plan.steps[0].to_space = "\n"
    with pytest.raises(JobError, match=r"steps\[0\]: to_space"):
        apply_handover(scene.tenant, plan, journal=scene.journal)
    plan.steps[0].id = ".."
    with pytest.raises(JobError, match=r"steps\[0\]: id is '\.\.'"):
        apply_handover(scene.tenant, plan, journal=scene.journal)
    assert len(scene.sandbox.ledger) == asked
    assert not scene.journal.exists()


def test_a_plan_of_another_tenant_or_with_repetitions_is_refused(scene: Scene) -> None:
    plan = plan_handover(scene.tenant, scene.old, scene.new)
    before = len(scene.sandbox.ledger)
    plan.steps.append(plan.steps[0])
    with pytest.raises(JobError, match="same connection"):
        apply_handover(scene.tenant, plan, journal=scene.journal)
    plan.steps.pop()
    plan.tenant = "https://elsewhere.example"
    with pytest.raises(ConfigurationError, match=r"elsewhere\.example"):
        apply_handover(scene.tenant, plan, journal=scene.journal)
    assert len(scene.sandbox.ledger) == before
    assert list(scene.folder.iterdir()) == []


def test_progress_is_told_after_each_step(scene: Scene) -> None:
    plan = plan_handover(scene.tenant, scene.old, scene.new)
    scene.tenant.connections.change_owner(plan.moves[0].id, user_id=scene.other)
    told: list[Progress] = []
    apply_handover(scene.tenant, plan, journal=scene.journal, on_progress=told.append)
    total = len(plan.moves)
    assert told == [Progress("handover", number, total, 1) for number in range(1, total + 1)]


def test_cancel_ends_it_between_two_steps_and_it_can_be_gone_on_with(scene: Scene) -> None:
    before = state(scene.sandbox)
    plan = plan_handover(scene.tenant, scene.old, scene.new)
    cancel = threading.Event()

    def stop(progress: Progress) -> None:
        if progress.done == 2:
            cancel.set()

    with pytest.raises(JobCancelled):
        apply_handover(scene.tenant, plan, journal=scene.journal, on_progress=stop, cancel=cancel)
    assert changes(scene.sandbox) == 2
    with pytest.raises(JobCancelled):
        apply_handover(scene.tenant, plan, journal=scene.journal, cancel=cancel)
    report = apply_handover(scene.tenant, plan, journal=scene.journal)
    assert report.resumed
    assert report.summary["moved"] == len(plan.moves)
    assert state(scene.sandbox) == handed_over(before, scene.old, scene.new, None)
