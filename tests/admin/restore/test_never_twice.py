"""What was created is not created again: not where its owner has it, nor while it may be on its way."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qlik_automation_connections import Tenant
from qlik_automation_connections.admin._apply import apply
from qlik_automation_connections.admin._restore import creating
from qlik_automation_connections.admin._restore.plan import RestorePlan
from qlik_automation_connections.admin._restore.planning import plan_restore
from qlik_automation_connections.admin._restore.report import RestoreReport
from qlik_automation_connections.pacing import _pacer as pacer
from qlik_automation_connections.sandbox import Fault, Sandbox

from .archives import archive_of
from .scene import Opener, Scene

REAL_WAY = creating.longest_way
CREATE = "createAutomationConnection"


def _by_a_user(scene: Scene, tenant: Tenant, id_map: dict[str, str] | None = None) -> RestorePlan:
    archive = scene.archived(*scene.source.snapshot()[:6])
    return plan_restore(tenant, archive, id_map=id_map, **scene.mappings)


def test_what_a_user_gave_to_its_owners_is_created_by_no_later_run(scene: Scene) -> None:
    tenant = scene.at(key=scene.target.user_api_key)
    plan = _by_a_user(scene, tenant)
    assert apply(tenant, plan, journal=scene.journal, check=False).summary["created"] == 6
    # A new plan, with the id map and without it, and the same one.
    anew = _by_a_user(scene, tenant, scene.id_map)
    hidden = [step for step in anew.steps if step.reason == "not-visible"]
    assert hidden
    assert {step.action for step in hidden} == {"ask"}
    assert anew.summary["create"] == 0
    report = apply(tenant, anew, journal=scene.journal, check=False)
    assert (report.is_complete, report.asked, report.summary["skipped"]) == (True, [], 6)
    for again in (_by_a_user(scene, tenant), plan):
        again.steps[0].notes.append("edited")
        assert apply(tenant, again, journal=scene.journal, check=False).is_complete
    assert scene.created == 6
    assert scene.found() == scene.wanted()


def test_what_was_given_away_and_deleted_is_created_again_where_a_person_says_so(scene: Scene) -> None:
    tenant = scene.at(key=scene.target.user_api_key)
    apply(tenant, _by_a_user(scene, tenant), journal=scene.journal, check=False)
    anew = _by_a_user(scene, tenant, scene.id_map)
    step = next(step for step in anew.steps if step.reason == "not-visible")
    scene.tenant.connections.delete(scene.id_map[step.id], forced=True)
    step.action = "create"
    for _ in range(2):
        assert apply(tenant, anew, journal=scene.journal, check=False).is_complete
    assert scene.created == 7
    assert scene.found() == scene.wanted()


def test_the_id_map_of_one_who_sees_all_may_name_what_is_gone(scene: Scene) -> None:
    scene.apply(scene.planned(), check=False)
    ids = scene.id_map
    old = next(iter(ids))
    scene.tenant.connections.delete(ids[old], forced=True)
    plan = scene.plan(scene.folder / "a.ndjson", id_map=ids, **scene.mappings)
    assert [step.id for step in plan.steps if step.action == "create"] == [old]


def test_an_owner_that_was_refused_has_nothing(scene: Scene) -> None:
    tenant = scene.at(key=scene.target.user_api_key)
    plan = scene.planned(1)
    plan.list_all = False
    plan.steps[0].owner_id = "nobody"
    (failed,) = apply(tenant, plan, journal=scene.journal, check=False).failed
    tenant.connections.delete(failed.new_id or "", forced=True)
    apply(tenant, plan, journal=scene.journal, check=False)
    # It is gone, and not with an owner who never had it.
    assert scene.created == 2


@pytest.fixture
def on_its_way_for_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(creating, "longest_way", lambda tenant: timedelta(hours=1))
    monkeypatch.setattr(creating, "LOOKS_EVERY", 0.0)


def _doubtful(tenant: Tenant, plan: RestorePlan, sandbox: Sandbox, journal: Path) -> None:
    """A run whose creation nobody answers, and which did not arrive."""
    sandbox.fail(Fault(CREATE, kind="reset"))
    assert apply(tenant, plan, journal=journal, check=False).failed


def _given_up(tenant: Tenant, plan: RestorePlan, journal: Path) -> tuple[RestoreReport, list[str]]:
    """A run that is cancelled as soon as it waits, and what it said then."""
    cancel, said = threading.Event(), list[str]()

    def stop(sentence: str) -> None:
        said.append(sentence)
        cancel.set()

    return apply(tenant, plan, journal=journal, check=False, on_wait=stop, cancel=cancel), said


@pytest.mark.usefixtures("on_its_way_for_an_hour")
def test_one_that_arrives_late_is_waited_for_and_adopted(scene: Scene) -> None:
    tenant = scene.at(retries=0)
    plan = scene.planned(1)
    (step,) = plan.steps
    _doubtful(tenant, plan, scene.target, scene.journal)

    def arrive(_: str) -> None:
        tenant.connections.create(connector_id=step.connector_id, name=step.name, space_id=step.space_id or None)

    report = apply(tenant, plan, journal=scene.journal, check=False, on_wait=arrive)
    assert (report.is_complete, report.summary["adopted"]) == (True, 1)
    assert scene.found() == scene.wanted(1)


@pytest.mark.usefixtures("on_its_way_for_an_hour")
def test_one_that_may_be_on_its_way_is_not_created_and_the_wait_can_be_ended(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant = scene.at(retries=0)
    plan = scene.planned(1)
    _doubtful(tenant, plan, scene.target, scene.journal)
    for _ in range(2):
        report, said = _given_up(tenant, plan, scene.journal)
        assert (report.cancelled, len(said)) == (True, 1)
        assert "may still be in flight" in said[0]
    assert scene.created == 1
    monkeypatch.setattr(creating, "longest_way", lambda tenant: timedelta())
    assert apply(tenant, plan, journal=scene.journal, check=False).is_complete
    assert scene.found() == scene.wanted(1)


@pytest.mark.usefixtures("on_its_way_for_an_hour")
@pytest.mark.parametrize(("age", "waits"), [(timedelta(), True), (timedelta(hours=2), False), (-timedelta(1), True)])
def test_after_a_crash_it_waits_as_long_as_the_creation_is_recent(scene: Scene, age: timedelta, waits: bool) -> None:
    tenant = scene.at(retries=0)
    plan = scene.planned(1)
    _doubtful(tenant, plan, scene.target, scene.journal)
    # As if it had been killed right after it sent it; the clock may be another one since.
    entries = [json.loads(line) for line in scene.journal.read_text(encoding="utf-8").splitlines()]
    last = next(number for number, entry in enumerate(entries) if entry.get("event") == "creating")
    entries[last]["at"] = (datetime.now(UTC) - age).isoformat()
    scene.journal.write_text("".join(json.dumps(entry) + "\n" for entry in entries[: last + 1]), encoding="utf-8")
    report, said = _given_up(tenant, plan, scene.journal)
    assert (report.cancelled, len(said)) == (waits, int(waits))
    assert scene.created == (1 if waits else 2)


@pytest.mark.usefixtures("on_its_way_for_an_hour")
def test_what_was_cancelled_before_it_was_sent_is_not_waited_for(scene: Scene) -> None:
    cancel = threading.Event()
    plan = scene.planned(1)
    fault = scene.target.fail(Fault(CREATE, status=429, retry_after=50))

    def stop() -> None:
        while not fault.struck:
            cancel.wait(0.01)
        cancel.set()

    watching = threading.Thread(target=stop)
    watching.start()
    assert scene.apply(plan, check=False, cancel=cancel).cancelled
    watching.join()
    # The service's wish to be left alone for a while is none of this.
    pacer.forget()
    report, said = _given_up(scene.at(), plan, scene.journal)
    assert (report.is_complete, said) == (True, [])


def test_how_long_it_may_be_on_its_way_depends_on_the_time_out(production: Sandbox) -> None:
    # Not the function that the other tests are given.
    with Tenant(production.url, api_key=production.api_key, timeout=90) as patient:
        assert REAL_WAY(patient) >= timedelta(seconds=150)
    with Tenant(production.url, api_key=production.api_key, timeout=1) as hasty:
        assert REAL_WAY(hasty) >= timedelta(seconds=60)


def test_an_update_that_leaves_an_error_failed_until_it_is_set_right(at: Opener, tmp_path: Path) -> None:
    with Sandbox(connections=12) as sandbox:
        tenant, journal = at(sandbox), tmp_path / "journal"
        one = next(item for item in sandbox.snapshot() if item["connectorId"] == sandbox.connectors[0].id)
        archive = archive_of(sandbox, tmp_path / "a.ndjson", ids=[one["id"]], tenant=sandbox.url)
        names = [param["name"] for param in one["params"]]
        wrong = {(one["id"], name): "sandbox-error" for name in names}
        plan = plan_restore(tenant, archive, list_all=True, values=wrong)
        assert [step.action for step in plan.steps] == ["update"]
        report = apply(tenant, plan, journal=journal, values=wrong)
        assert (report.is_complete, report.summary["failed"]) == (False, 1)
        assert "has an error" in report.failed[0].sentence
        assert "sandbox-error" not in journal.read_text(encoding="utf-8")
        # Without values nothing is set right.
        assert not apply(tenant, plan, journal=journal).is_complete
        right = {(one["id"], name): "right" for name in names}
        report = apply(tenant, plan, journal=journal, values=right)
        assert (report.is_complete, report.summary["updated"]) == (True, 1)
