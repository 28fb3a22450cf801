"""The journal: what is gone on with, what is refused, and what happens where it can't be written."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from admin.crash.killing import POSSIBLE, Killing
from admin.handover.scene import Scene, changes, state
from admin.journals import written
from qlik_automation_connections import ConfigurationError
from qlik_automation_connections.admin._errors import JobError
from qlik_automation_connections.admin._handover.applying import apply_handover, unfinished_plan
from qlik_automation_connections.admin._handover.plan import HandoverPlan
from qlik_automation_connections.admin._handover.planning import plan_handover
from qlik_automation_connections.sandbox import Fault


def planned(scene: Scene, **arguments: str) -> HandoverPlan:
    return plan_handover(scene.tenant, scene.old, scene.new, space_id=arguments.pop("space", scene.space), **arguments)  # type: ignore[arg-type]


def fail_once(scene: Scene) -> str:
    """Fails the first step; returns its id."""
    plan = planned(scene)
    scene.sandbox.fail(Fault("automationConnectionChangeOwner", status=403))
    (failed,) = apply_handover(scene.tenant, plan, journal=scene.journal).failed
    return failed.id


def test_an_unfinished_one_is_gone_on_with_by_its_own_plan(scene: Scene) -> None:
    failed = fail_once(scene)
    pending = unfinished_plan(scene.journal)
    assert pending is not None
    assert failed in {step.id for step in pending.moves}
    made_since = scene.tenant.connections.create(connector_id=scene.sandbox.connectors[0].id, name="made since").id
    report = apply_handover(scene.tenant, planned(scene), journal=scene.journal)
    assert report.resumed
    assert [step.id for step in report.steps] == [step.id for step in pending.steps]
    assert report.left_out == [made_since]
    assert not report.is_complete, "one connection was not handed over, and the report must not hide it"
    assert unfinished_plan(scene.journal) is None


def test_a_finished_one_is_not_done_again(scene: Scene) -> None:
    plan = planned(scene)
    apply_handover(scene.tenant, plan, journal=scene.journal)
    before, asked = state(scene.sandbox), changes(scene.sandbox)
    report = apply_handover(scene.tenant, plan, journal=scene.journal)
    assert (report.resumed, report.is_complete, report.summary["moved"]) == (True, True, len(plan.moves))
    assert state(scene.sandbox) == before
    assert changes(scene.sandbox) == asked
    rest = apply_handover(scene.tenant, planned(scene), journal=scene.journal)
    assert (rest.summary["moved"], rest.is_complete) == (0, True)


def test_what_was_done_and_undone_is_done_again_by_its_plan(scene: Scene) -> None:
    plan = planned(scene)
    apply_handover(scene.tenant, plan, journal=scene.journal)
    after = state(scene.sandbox)
    undo = HandoverPlan.from_dict(json.loads(scene.undo.read_text(encoding="utf-8")))
    apply_handover(scene.tenant, undo, journal=scene.folder / "undo.journal")
    scene.sandbox.fail(Fault("automationConnectionChangeOwner", status=403))
    assert apply_handover(scene.tenant, plan, journal=scene.journal).summary["failed"] == 1
    assert unfinished_plan(scene.journal) == plan
    assert apply_handover(scene.tenant, planned(scene), journal=scene.journal).summary["moved"] == len(plan.moves)
    assert state(scene.sandbox) == after


def test_one_that_was_stopped_before_the_undo_file_was_there_gets_it_first(scene: Scene) -> None:
    plan = planned(scene)
    written(
        scene.journal,
        {"event": "plan", "plan": plan.to_dict()},
        job="handover",
        tenant=plan.tenant,
        subject=plan.subject(),
    )
    scene.sandbox.fail(Fault("getAutomationConnection", status=403, times=None))
    apply_handover(scene.tenant, planned(scene), journal=scene.journal)
    assert changes(scene.sandbox) == 0
    assert HandoverPlan.read(scene.undo).undoes == plan.made_at


def test_what_others_did_after_it_was_done_is_left_alone(scene: Scene) -> None:
    failed = fail_once(scene)
    plan = unfinished_plan(scene.journal)
    assert plan is not None
    given, put, gone = (step.id for step in plan.moves[1:4])
    elsewhere = scene.sandbox.spaces[4].id
    scene.tenant.connections.change_owner(given, user_id=scene.other)
    scene.tenant.connections.change_space(put, space_id=elsewhere)
    scene.tenant.connections.delete(gone, forced=True)
    report = apply_handover(scene.tenant, plan, journal=scene.journal)
    assert report.is_complete
    assert report.summary["moved"] == len(plan.moves)
    assert scene.held(failed)[0] == scene.new
    assert (scene.held(given)[0], scene.held(put)) == (scene.other, (scene.new, elsewhere))
    sentences = {step.id: step.sentence for step in report.steps}
    assert all("Since then" in sentences[id] for id in (given, put, gone))


def test_another_handover_needs_another_journal(scene: Scene) -> None:
    fail_once(scene)
    kept = scene.journal.read_bytes()
    others = [
        planned(scene, space=scene.sandbox.spaces[2].id),
        plan_handover(scene.tenant, scene.old, scene.new, personal=True),
        plan_handover(scene.tenant, scene.old, scene.other, space_id=scene.space),
        planned(scene).undo(),
    ]
    asked = len(scene.sandbox.ledger)
    for other in others:
        with pytest.raises(JobError, match="instead of"):
            apply_handover(scene.tenant, other, journal=scene.journal)
    assert len(scene.sandbox.ledger) == asked
    assert scene.journal.read_bytes() == kept


def test_the_next_handover_needs_another_journal_than_a_finished_one(scene: Scene) -> None:
    apply_handover(scene.tenant, planned(scene), journal=scene.journal)
    scene.tenant.connections.create(connector_id=scene.sandbox.connectors[0].id, name="made since")
    plan = planned(scene)
    assert plan.moves
    with pytest.raises(JobError, match="finished"):
        apply_handover(scene.tenant, plan, journal=scene.journal)
    assert apply_handover(scene.tenant, plan, journal=scene.folder / "next.journal").is_complete


def test_a_journal_of_another_job_or_a_damaged_one_is_refused(scene: Scene) -> None:
    plan = planned(scene)
    asked = len(scene.sandbox.ledger)
    written(scene.journal, tenant=scene.sandbox.url)
    with pytest.raises(JobError, match="job 'check' instead of 'handover'"):
        apply_handover(scene.tenant, plan, journal=scene.journal)
    scene.journal.unlink()
    entry = {"event": "plan", "plan": {"format": "something else"}}
    written(scene.journal, entry, job="handover", tenant=plan.tenant, subject=plan.subject())
    for use in (
        lambda: apply_handover(scene.tenant, plan, journal=scene.journal),
        lambda: unfinished_plan(scene.journal),
    ):
        with pytest.raises(JobError, match="damaged"):
            use()
    assert len(scene.sandbox.ledger) == asked


def test_journal_and_undo_file_are_two_files(scene: Scene) -> None:
    with pytest.raises(ConfigurationError, match="different files"):
        apply_handover(scene.tenant, planned(scene), journal=scene.journal, undo=scene.journal)


def unwritable(scene: Scene) -> list[Path]:
    places = [scene.folder / "missing" / "file", scene.folder]
    if sys.platform == "linux":
        places.append(Path("/proc/file"))  # where root can't write either
    if os.name == "posix" and os.geteuid() != 0:
        locked = scene.folder / "locked"
        locked.mkdir(mode=0o500)
        places.append(locked / "file")
    return places


def test_where_a_file_can_not_be_written_nothing_is_sent(scene: Scene) -> None:
    plan = planned(scene)
    asked = len(scene.sandbox.ledger)
    for place in unwritable(scene):
        with pytest.raises(JobError):
            apply_handover(scene.tenant, plan, journal=place, undo=scene.undo)
        with pytest.raises(JobError):
            apply_handover(scene.tenant, plan, journal=scene.journal, undo=place)
        assert not scene.journal.exists()
        assert not scene.undo.exists()
    assert len(scene.sandbox.ledger) == asked
    assert apply_handover(scene.tenant, plan, journal=scene.journal).is_complete


@pytest.mark.skipif(not POSSIBLE, reason="a process can't be forked here")
def test_on_a_full_disk_nothing_is_sent_or_it_is_gone_on_with(scene: Scene) -> None:
    plan = planned(scene)
    header = len(json.dumps(plan.to_dict(), ensure_ascii=False).encode())
    undo = len(json.dumps(plan.undo().to_dict(), ensure_ascii=False, indent=2).encode())
    assert undo > header + 400, "or there is no room for the journal alone"
    asked, before = len(scene.sandbox.ledger), state(scene.sandbox)
    files = {"journal": str(scene.journal), "undo": str(scene.undo)}
    arguments = {"url": scene.sandbox.url, "key": scene.sandbox.api_key, "plan": plan.to_dict(), **files}
    with Killing("admin.handover.crashing") as killing:

        def run(room: int) -> str:
            ended = killing.run("admin.handover.crashing:apply_in_little_room", {**arguments, "bytes_left": room})
            return ended.error or ""

        for room in (10, header + 300):  # the second has room for the journal's first line, and for no undo file
            assert run(room).startswith("JobError")
            assert list(scene.folder.iterdir()) == []
        assert len(scene.sandbox.ledger) == asked
        assert run(undo + 10).startswith("JobError")
    assert 0 < changes(scene.sandbox) < len(plan.moves)
    report = apply_handover(scene.tenant, plan, journal=scene.journal)
    assert (report.is_complete, report.summary["moved"]) == (True, len(plan.moves))
    apply_handover(scene.tenant, HandoverPlan.read(scene.undo), journal=scene.folder / "undo.journal")
    assert state(scene.sandbox) == before
