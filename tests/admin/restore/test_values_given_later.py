"""Values that are given when their connections exist already."""

from __future__ import annotations

from qlik_automation_connections.admin._apply import apply
from qlik_automation_connections.sandbox import Fault, Sandbox

from .archives import values_of
from .picking import mail
from .scene import Scene
from .state import described, state

CREATE = "createAutomationConnection"
UPDATE = "updateAutomationConnection"


def _values(sandbox: Sandbox) -> list[object]:
    return sorted(item[4] for item in described(sandbox))


def test_a_plan_that_was_carried_out_without_values_is_run_again_with_them(scene: Scene) -> None:
    plan = scene.plan()
    given = values_of(scene.source)
    assert scene.apply(plan).summary["created"] == 12
    report = scene.apply(plan, values=given)
    assert report.repeated
    assert report.summary["updated"] == len({id for id, _ in given})
    assert _values(scene.target) == sorted(item[4] for item in described(scene.source))
    # Each is set once: nothing is sent for it the next time, and what was set is not "left to people".
    before, sent = state(scene.target), scene.target.ledger.count(operation=UPDATE)
    report = scene.apply(plan, values=given)
    assert (state(scene.target), scene.target.ledger.count(operation=UPDATE)) == (before, sent)
    assert report.is_complete
    # Nor is what was created with its values.
    for _ in range(2):
        assert apply(scene.tenant, plan, journal=scene.folder / "another", values=given).is_complete
    assert scene.target.ledger.count(operation=UPDATE) == sent


def test_values_that_come_with_the_second_run_of_an_unfinished_plan_are_set(scene: Scene) -> None:
    plan = scene.plan()
    scene.target.fail(Fault(CREATE, status=403, after=10, times=1))
    assert scene.apply(plan).summary["failed"] == 1
    report = scene.apply(plan, values=values_of(scene.source))
    assert report.resumed
    assert report.is_complete
    assert _values(scene.target) == sorted(item[4] for item in described(scene.source))


def test_values_come_with_a_new_plan_of_the_same_journal(scene: Scene) -> None:
    plan = scene.plan()
    assert scene.apply(plan).is_complete
    # Made without the map of ids, it means to create all again, which the journal knows better.
    plan.notes.append("Another one.")
    assert scene.apply(plan, values=values_of(scene.source)).is_complete
    assert len(scene.target.snapshot()) == 12
    assert _values(scene.target) == sorted(item[4] for item in described(scene.source))


def test_a_value_that_is_given_later_and_refused_fails_its_step_and_is_set_by_the_next_run(scene: Scene) -> None:
    one = mail(scene.source)
    plan = scene.plan(scene.archived(one))
    assert scene.apply(plan).is_complete
    scene.target.fail(Fault(UPDATE, status=403, times=1))
    good, bad = ({(one["id"], "host"): host} for host in ("smtp.example", "sandbox-error"))
    assert not scene.apply(plan, values=good).is_complete
    assert not scene.apply(plan, values=bad).is_complete
    report = scene.apply(plan, values=good)
    assert report.is_complete
    (found,) = scene.target.snapshot(secrets=True)
    assert next(param["value"] for param in found["params"] if param["name"] == "host") == "smtp.example"
    assert not found["error"]


def test_a_plan_that_is_gone_on_with_says_which_values_it_does_not_set(scene: Scene) -> None:
    one, *others = scene.source.snapshot()[:3]
    plan = scene.plan(scene.archived(one, *others))
    plan.steps[0].action = "skip"
    scene.target.fail(Fault(CREATE, status=403, times=1))
    scene.apply(plan)
    report = scene.apply(plan, values={(one["id"], "host"): "mark-77a1"})
    assert report.resumed
    assert [note for note in report.notes if "Values for 1 connection are not set" in note]
    assert "mark-77a1" not in str(report.to_dict())
