"""The undo file brings everything back, of however much was done."""

from __future__ import annotations

import json
import os
import stat
import threading
from pathlib import Path

import pytest

from admin.handover.scene import CHANGES, Scene, changes, handed_over, state
from qlik_automation_connections.admin._errors import JobCancelled, JobError
from qlik_automation_connections.admin._handover.applying import apply_handover
from qlik_automation_connections.admin._handover.plan import HandoverPlan
from qlik_automation_connections.admin._handover.planning import plan_handover
from qlik_automation_connections.admin._handover.report import HandoverReport
from qlik_automation_connections.admin._progress import Progress
from qlik_automation_connections.sandbox import Fault

CHOICES = ("keep", "personal", "into")


def planned(scene: Scene, choice: str = "into") -> HandoverPlan:
    space = scene.space if choice == "into" else None
    return plan_handover(scene.tenant, scene.old, scene.new, space_id=space, personal=choice == "personal")


def undone(scene: Scene) -> HandoverReport:
    plan = HandoverPlan.from_dict(json.loads(scene.undo.read_text(encoding="utf-8")))
    return apply_handover(scene.tenant, plan, journal=scene.folder / "undo.journal")


@pytest.mark.parametrize("choice", CHOICES)
def test_owners_and_spaces_change_and_nothing_else_does_and_all_is_undone(scene: Scene, choice: str) -> None:
    before = state(scene.sandbox)
    plan = planned(scene, choice)
    space = {"keep": None, "personal": "", "into": scene.space}[choice]
    report = apply_handover(scene.tenant, plan, journal=scene.journal)
    assert state(scene.sandbox) == handed_over(before, scene.old, scene.new, space)
    # No change is sent that is not needed.
    assert changes(scene.sandbox) == sum(1 + (step.from_space != step.to_space) for step in plan.moves)
    assert (report.is_complete, report.resumed) == (True, False)
    assert report.summary == {"moved": len(plan.moves), "already": 0, "skipped": 0, "failed": 0}
    assert (report.journal, report.undo) == (str(scene.journal), str(scene.undo))
    document = json.loads(json.dumps(report.to_dict()))
    assert (document["summary"], document["is_complete"]) == (report.summary, True)
    assert [step["id"] for step in document["steps"]] == [step.id for step in plan.steps]
    for _ in range(2):
        report = undone(scene)
        assert state(scene.sandbox) == before
        assert (report.undoes, report.is_complete) == (plan.made_at, True)
        assert report.summary["moved"] == len(plan.moves)


@pytest.mark.parametrize("failing", CHANGES)
def test_a_handover_that_failed_in_part_is_undone(scene: Scene, failing: str) -> None:
    before = state(scene.sandbox)
    plan = planned(scene)
    scene.sandbox.fail(Fault(failing, status=403, times=2, after=1))
    assert apply_handover(scene.tenant, plan, journal=scene.journal).summary["failed"] == 2
    report = undone(scene)
    assert report.is_complete
    assert report.summary["already"] == (2 if failing == CHANGES[0] else 0), "what was never done is no failure"
    assert state(scene.sandbox) == before


def test_a_handover_that_was_stopped_is_undone(scene: Scene) -> None:
    before = state(scene.sandbox)
    plan = planned(scene)
    cancel = threading.Event()

    def stop(progress: Progress) -> None:
        if progress.done == 3:
            cancel.set()

    with pytest.raises(JobCancelled):
        apply_handover(scene.tenant, plan, journal=scene.journal, on_progress=stop, cancel=cancel)
    report = undone(scene)
    assert (report.summary["moved"], report.summary["already"]) == (3, len(plan.moves) - 3)
    assert state(scene.sandbox) == before


def test_it_is_there_before_anything_is_changed(scene: Scene) -> None:
    plan = planned(scene)
    scene.sandbox.fail(Fault("getAutomationConnection", status=403, times=None))
    apply_handover(scene.tenant, plan, journal=scene.journal)
    assert changes(scene.sandbox) == 0
    undo = HandoverPlan.read(scene.undo)
    assert [(step.id, step.to_owner, step.to_space) for step in undo.steps] == [
        (step.id, step.from_owner, step.from_space) for step in plan.moves
    ]
    if os.name == "posix":
        assert stat.S_IMODE(scene.undo.stat().st_mode) == 0o600


def test_what_the_new_owner_moved_meanwhile_comes_back_too(scene: Scene) -> None:
    before = state(scene.sandbox)
    plan = planned(scene)
    apply_handover(scene.tenant, plan, journal=scene.journal)
    scene.tenant.connections.change_space(plan.moves[0].id, space_id=scene.sandbox.spaces[4].id)
    assert undone(scene).is_complete
    assert state(scene.sandbox) == before


def test_what_was_never_handed_over_and_was_moved_by_somebody_else_stays_there(scene: Scene) -> None:
    plan = planned(scene)
    elsewhere = scene.sandbox.spaces[4].id
    given, put = plan.moves[0].id, plan.moves[1].id
    scene.tenant.connections.change_owner(given, user_id=scene.other)
    scene.tenant.connections.change_space(put, space_id=elsewhere)
    apply_handover(scene.tenant, plan, journal=scene.journal)
    report = undone(scene)
    assert {step.id: step.reason for step in report.failed} == {given: "changed", put: "changed"}
    assert scene.held(given)[0] == scene.other
    assert scene.held(put) == (scene.old, elsewhere)


def test_an_undo_can_be_undone(scene: Scene) -> None:
    apply_handover(scene.tenant, planned(scene), journal=scene.journal)
    handed_over = state(scene.sandbox)
    redo = undone(scene).undo
    assert redo is not None
    assert apply_handover(scene.tenant, HandoverPlan.read(redo), journal=scene.folder / "redo.journal").is_complete
    assert state(scene.sandbox) == handed_over


def test_a_file_that_is_something_else_is_not_overwritten(scene: Scene) -> None:
    another, plan = planned(scene).undo(), planned(scene)
    asked = len(scene.sandbox.ledger)
    for content in ("", "notes of somebody", "{}", json.dumps(another.to_dict())):
        scene.undo.write_text(content, encoding="utf-8")
        with pytest.raises(JobError):
            apply_handover(scene.tenant, plan, journal=scene.journal)
        assert scene.undo.read_text(encoding="utf-8") == content
        assert not scene.journal.exists()
    assert len(scene.sandbox.ledger) == asked


def test_reading_another_file_says_what_it_is_not(tmp_path: Path) -> None:
    path = tmp_path / "handover.undo.json"
    with pytest.raises(JobError, match="can't be read"):
        HandoverPlan.read(path)
    for content in ("", "[1]", "{", '{"format": "something else"}'):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(JobError, match=r"handover\.undo\.json"):
            HandoverPlan.read(path)
