"""Runs that did not end well, and what the next one with the same journal makes of them."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from qlik_automation_connections import APIConnectionError, Tenant
from qlik_automation_connections.admin._apply import apply
from qlik_automation_connections.admin._restore.creating import LOOKS, LOOKS_LATER
from qlik_automation_connections.sandbox import Fault
from sampling import few

from .archives import values_of
from .scene import Scene
from .state import described

CREATE = "createAutomationConnection"
LIST = "getAutomationConnections"
OWNER = "automationConnectionChangeOwner"
SPACE = "automationConnectionChangeSpace"


@pytest.mark.parametrize("kind", ["reset-after-processing", "truncate"])
def test_one_whose_answer_was_lost_is_adopted_at_once(scene: Scene, kind: Any) -> None:
    plan = scene.planned()
    scene.target.fail(Fault(CREATE, kind=kind, after=2, times=2))
    report = scene.apply(plan)
    assert report.is_complete
    assert (report.summary["created"], report.summary["adopted"]) == (4, 2)
    assert scene.found() == scene.wanted()


class WithoutId(httpx.HTTPTransport):
    """Takes the id out of the answers to creations."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        if response.status_code != 201:
            return response
        return httpx.Response(201, json=json.loads(response.read()) | {"id": None})


def test_one_whose_answer_has_no_id_is_adopted(scene: Scene) -> None:
    with (
        httpx.Client(transport=WithoutId()) as client,
        Tenant(scene.target.url, api_key=scene.target.api_key, http_client=client) as tenant,
    ):
        plan = scene.planned(2)
        report = apply(tenant, plan, journal=scene.journal)
    assert (report.is_complete, report.summary["adopted"]) == (True, 2)
    assert scene.created == 2
    assert scene.found() == scene.wanted(2)


@pytest.mark.parametrize("kind", ["status", "html"])
def test_one_that_was_not_created_is_created_by_the_next_run(scene: Scene, kind: Any) -> None:
    plan = scene.planned()
    scene.target.fail(Fault(CREATE, kind=kind, after=1))
    before = scene.target.ledger.count(operation=LIST)
    report = scene.apply(plan)
    assert [step.outcome for step in report.steps] == ["created", "failed", *["created"] * 4]
    assert "Run again" in report.failed[0].sentence
    assert report.failed[0].new_id is None
    assert scene.target.ledger.count(operation=LIST) - before == 6 + LOOKS
    assert scene.created == 6
    before = scene.target.ledger.count(operation=LIST)
    report = scene.apply(plan)
    assert (report.is_complete, report.resumed, report.summary["created"]) == (True, True, 6)
    assert scene.target.ledger.count(operation=LIST) - before == LOOKS_LATER + 1 > 2
    assert scene.created == 7
    assert scene.found() == scene.wanted()


def test_one_that_shows_late_is_found_and_never_created_twice(scene: Scene) -> None:
    plan = scene.planned(1)
    scene.target.fail(Fault(CREATE, kind="reset-after-processing"))
    # The list does not show it yet, however often this run looks.
    scene.target.fail(Fault(LIST, status=200, body={"data": [], "links": {}}, times=1 + LOOKS))
    report = scene.apply(plan)
    assert report.summary["failed"] == 1
    report = scene.apply(plan)
    assert (report.is_complete, report.summary["adopted"]) == (True, 1)
    assert len(scene.target.snapshot()) == 1


def test_more_than_one_new_match_is_a_question(scene: Scene) -> None:
    plan = scene.planned(1)
    (step,) = plan.steps
    scene.target.fail(Fault(CREATE, status=500, times=1))
    assert scene.apply(plan).summary["failed"] == 1
    strangers = [scene.tenant.connections.create(connector_id=step.connector_id, name=step.name).id for _ in range(2)]
    (failed,) = scene.apply(plan).failed
    assert all(id is not None and id in failed.sentence for id in strangers)
    # Whoever owns them: the service may have made it over to anybody.
    scene.tenant.connections.change_owner(strangers[0] or "", user_id=scene.target.users[3].id)
    (failed,) = scene.apply(plan).failed
    assert all(id is not None and id in failed.sentence for id in strangers)
    assert len(scene.target.snapshot()) == 2
    # Somebody takes one of them away: the other one is it.
    scene.tenant.connections.delete(strangers[0] or "")
    report = scene.apply(plan)
    assert report.is_complete
    assert [step.new_id for step in report.steps] == [strangers[1]]


def test_of_twins_the_second_waits_until_it_is_known_what_became_of_the_first(scene: Scene) -> None:
    one = scene.source.snapshot()[0]
    plan = scene.plan(scene.archived(one, {**one, "id": "twin"}))
    scene.target.fail(Fault(CREATE, status=500))
    report = scene.apply(plan)
    assert report.summary["failed"] == 2
    assert scene.created == 1
    assert scene.apply(plan).is_complete
    assert len(scene.target.snapshot()) == 2


def test_a_refusal_is_no_doubt(scene: Scene) -> None:
    plan = scene.planned(3)
    plan.steps[1].space_id = "no such space"
    report = scene.apply(plan)
    assert [step.outcome for step in report.steps] == ["created", "failed", "created"]
    assert "spaceId" in report.failed[0].sentence
    assert scene.target.ledger.count(operation=LIST) == 1 + 3


def test_an_owner_that_does_not_exist_fails_the_step_and_the_connection_is_kept(scene: Scene) -> None:
    plan = scene.planned(3)
    plan.steps[0].owner_id = "nobody"
    report = scene.apply(plan)
    (failed,) = report.failed
    assert failed.new_id is not None
    report = scene.apply(plan)
    assert report.failed[0].new_id == failed.new_id
    assert scene.created == 3


@pytest.mark.parametrize("operation", [OWNER, SPACE, "updateAutomationConnection", "getAutomationConnection"])
@pytest.mark.parametrize("kind", few(["reset-after-processing", "html", "reset"]))
def test_faults_of_changes_are_seen_through_or_told_and_the_next_run_ends_well(
    own: Scene, operation: str, kind: Any
) -> None:
    before, values, archive = described(own.target), values_of(own.target), own.archive
    own.disturb()
    plan = own.plan(archive, values=values)
    own.target.fail(Fault(operation, kind=kind, times=4, after=1))
    for _ in range(3):
        report = own.apply(plan, values=values)
    assert report.is_complete
    assert described(own.target) == before


@pytest.mark.parametrize("operation", [OWNER, SPACE])
def test_a_change_whose_answer_was_lost_is_seen_to_be_done(own: Scene, operation: str) -> None:
    before, archive = described(own.target), own.archive
    own.disturb()
    plan = own.plan(archive)
    own.target.fail(Fault(operation, kind="reset-after-processing"))
    assert apply(own.at(retries=0), plan, journal=own.journal).is_complete
    assert described(own.target) == before


def test_what_was_handed_over_and_is_out_of_sight_is_not_created_again(scene: Scene) -> None:
    tenant = scene.at(key=scene.target.user_api_key, retries=0)
    plan = scene.planned(3)
    plan.list_all = False
    scene.target.fail(Fault("getAutomationConnection", status=503, times=1))
    report = apply(tenant, plan, journal=scene.journal, check=False)
    assert report.summary["failed"] == 1
    report = apply(tenant, plan, journal=scene.journal, check=False)
    assert report.is_complete
    assert scene.created == 3
    assert scene.found() == scene.wanted(3)


def test_one_that_somebody_deletes_meanwhile_fails_its_step(scene: Scene) -> None:
    plan = scene.planned(1)
    plan.steps[0].owner_id = scene.target.users[4].id
    scene.target.fail(Fault("getAutomationConnection", status=404))
    (failed,) = scene.apply(plan, check=False).failed
    assert "Its owner may have changed" in failed.sentence


def test_an_unfinished_plan_is_finished_before_another(scene: Scene) -> None:
    plan = scene.planned()
    scene.target.fail(Fault(OWNER, status=403, times=None))
    first = scene.apply(plan, check=False)
    assert first.failed
    scene.target.faults.clear()
    # A plan made now takes what was half made for strangers.
    anew = scene.planned()
    assert anew.summary["create"] > 0
    report = scene.apply(anew, check=False)
    assert (report.is_complete, report.resumed) == (True, True)
    assert any("held an unfinished plan" in note for note in report.notes)
    assert scene.found() == scene.wanted()


def test_a_plan_after_a_finished_one_creates_nothing_twice(scene: Scene) -> None:
    plan = scene.planned()
    scene.apply(plan, check=False)
    gone = scene.target.snapshot()[0]["id"]
    scene.tenant.connections.delete(gone)
    plan.steps[0].params.append("edited")
    report = scene.apply(plan, check=False)
    assert (report.is_complete, report.resumed, report.repeated) == (True, False, False)
    assert sum("earlier run" in step.sentence for step in report.steps) == 5
    # But what somebody deleted meanwhile is created anew.
    assert scene.created == 7
    assert scene.found() == scene.wanted()


def test_a_connection_that_was_deleted_between_two_runs_is_created_anew(scene: Scene) -> None:
    plan = scene.planned(1)
    scene.target.fail(Fault(OWNER, status=403, times=None))
    plan.steps[0].owner_id = scene.target.users[4].id
    (failed,) = scene.apply(plan, check=False).failed
    scene.tenant.connections.delete(failed.new_id or "")
    scene.target.faults.clear()
    report = scene.apply(plan, check=False)
    assert report.is_complete
    assert report.steps[0].new_id != failed.new_id


def test_a_target_that_is_gone_fails_its_step(own: Scene) -> None:
    archive = own.archive
    own.disturb()
    plan = own.plan(archive)
    own.tenant.connections.delete(plan.steps[0].target_id or "", forced=True)
    plan.steps[1].connector_id = "another"
    report = own.apply(plan)
    assert [step.outcome for step in report.steps] == ["failed", "failed", *["updated"] * 4]
    assert "gone" in report.failed[0].sentence
    assert "another connector" in report.failed[1].sentence


@pytest.mark.parametrize("seed", few(range(3)))
def test_faults_of_every_kind_never_make_two_of_one(scene: Scene, seed: int) -> None:
    tenant = scene.at(retries=0, timeout=0.15)
    plan = scene.planned(12)
    kinds: list[Any] = ["status", "html", "reset", "reset-after-processing", "truncate"]
    for number, kind in enumerate(kinds):
        scene.target.fail(Fault(kind=kind, times=6, after=seed * 3 + number * 7, probability=0.3))
    scene.target.fail(Fault(CREATE, kind="delay", seconds=0.4, times=1, after=seed * 2))
    for _ in range(12):
        try:
            report = apply(tenant, plan, journal=scene.journal, check=False)
        except APIConnectionError:
            continue
        if report.is_complete:
            break
    assert report.is_complete
    assert scene.found() == scene.wanted(12)
