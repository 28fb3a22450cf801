"""Runs that did not end well, and what the next one with the same journal makes of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from qlik_automation_connections import APIConnectionError, Tenant
from qlik_automation_connections.admin._apply import apply
from qlik_automation_connections.admin._restore.creating import LOOKS, LOOKS_LATER
from qlik_automation_connections.admin._restore.planning import plan_restore
from qlik_automation_connections.sandbox import Fault, Sandbox
from sampling import few

from .archives import archive_of, values_of, write_archive
from .conftest import Opener
from .small_plans import found, planned, wanted
from .state import described

CREATE = "createAutomationConnection"
LIST = "getAutomationConnections"
OWNER = "automationConnectionChangeOwner"
SPACE = "automationConnectionChangeSpace"


@pytest.mark.parametrize("kind", ["reset-after-processing", "truncate"])
def test_one_whose_answer_was_lost_is_adopted_at_once(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path, kind: Any
) -> None:
    tenant = at(production)
    plan = planned(tenant, development, production, tmp_path)
    production.fail(Fault(CREATE, kind=kind, after=2, times=2))
    report = apply(tenant, plan, journal=tmp_path / "journal")
    assert report.is_complete
    assert (report.summary["created"], report.summary["adopted"]) == (4, 2)
    assert found(production) == wanted(development)


class WithoutId(httpx.HTTPTransport):
    """Takes the id out of the answers to creations."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        if response.status_code != 201:
            return response
        return httpx.Response(201, json=json.loads(response.read()) | {"id": None})


def test_one_whose_answer_has_no_id_is_adopted(development: Sandbox, production: Sandbox, tmp_path: Path) -> None:
    with (
        httpx.Client(transport=WithoutId()) as client,
        Tenant(production.url, api_key=production.api_key, http_client=client) as tenant,
    ):
        plan = planned(tenant, development, production, tmp_path, 2)
        report = apply(tenant, plan, journal=tmp_path / "journal")
    assert (report.is_complete, report.summary["adopted"]) == (True, 2)
    assert production.ledger.count(operation=CREATE) == 2
    assert found(production) == wanted(development, 2)


@pytest.mark.parametrize("kind", ["status", "html"])
def test_one_that_was_not_created_is_created_by_the_next_run(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path, kind: Any
) -> None:
    tenant = at(production)
    plan = planned(tenant, development, production, tmp_path)
    production.fail(Fault(CREATE, kind=kind, after=1))
    before = production.ledger.count(operation=LIST)
    report = apply(tenant, plan, journal=tmp_path / "journal")
    assert [step.outcome for step in report.steps] == ["created", "failed", *["created"] * 4]
    assert "Run again" in report.failed[0].sentence
    assert report.failed[0].new_id is None
    assert production.ledger.count(operation=LIST) - before == 6 + LOOKS
    assert production.ledger.count(operation=CREATE) == 6
    before = production.ledger.count(operation=LIST)
    report = apply(tenant, plan, journal=tmp_path / "journal")
    assert (report.is_complete, report.resumed, report.summary["created"]) == (True, True, 6)
    assert production.ledger.count(operation=LIST) - before == LOOKS_LATER + 1 > 2
    assert production.ledger.count(operation=CREATE) == 7
    assert found(production) == wanted(development)


def test_one_that_shows_late_is_found_and_never_created_twice(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant = at(production)
    plan = planned(tenant, development, production, tmp_path, 1)
    production.fail(Fault(CREATE, kind="reset-after-processing"))
    # The list does not show it yet, however often this run looks.
    production.fail(Fault(LIST, status=200, body={"data": [], "links": {}}, times=1 + LOOKS))
    report = apply(tenant, plan, journal=tmp_path / "journal")
    assert report.summary["failed"] == 1
    report = apply(tenant, plan, journal=tmp_path / "journal")
    assert (report.is_complete, report.summary["adopted"]) == (True, 1)
    assert len(production.snapshot()) == 1


def test_more_than_one_new_match_is_a_question(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant = at(production)
    plan = planned(tenant, development, production, tmp_path, 1)
    (step,) = plan.steps
    production.fail(Fault(CREATE, status=500, times=1))
    assert apply(tenant, plan, journal=tmp_path / "journal").summary["failed"] == 1
    strangers = [tenant.connections.create(connector_id=step.connector_id, name=step.name).id for _ in range(2)]
    (failed,) = apply(tenant, plan, journal=tmp_path / "journal").failed
    assert all(id is not None and id in failed.sentence for id in strangers)
    # Whoever owns them: the service may have made it over to anybody.
    tenant.connections.change_owner(strangers[0] or "", user_id=production.users[3].id)
    (failed,) = apply(tenant, plan, journal=tmp_path / "journal").failed
    assert all(id is not None and id in failed.sentence for id in strangers)
    assert len(production.snapshot()) == 2
    # Somebody takes one of them away: the other one is it.
    tenant.connections.delete(strangers[0] or "")
    report = apply(tenant, plan, journal=tmp_path / "journal")
    assert report.is_complete
    assert [step.new_id for step in report.steps] == [strangers[1]]


def test_of_twins_the_second_waits_until_it_is_known_what_became_of_the_first(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant = at(production)
    one = development.snapshot()[0]
    archive = write_archive(tmp_path / "a.ndjson", [one, {**one, "id": "twin"}])
    plan = plan_restore(tenant, archive, list_all=True)
    production.fail(Fault(CREATE, status=500))
    report = apply(tenant, plan, journal=tmp_path / "journal")
    assert report.summary["failed"] == 2
    assert production.ledger.count(operation=CREATE) == 1
    assert apply(tenant, plan, journal=tmp_path / "journal").is_complete
    assert len(production.snapshot()) == 2


def test_a_refusal_is_no_doubt(at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path) -> None:
    tenant = at(production)
    plan = planned(tenant, development, production, tmp_path, 3)
    plan.steps[1].space_id = "no such space"
    report = apply(tenant, plan, journal=tmp_path / "journal")
    assert [step.outcome for step in report.steps] == ["created", "failed", "created"]
    assert "spaceId" in report.failed[0].sentence
    assert production.ledger.count(operation=LIST) == 1 + 3


def test_an_owner_that_does_not_exist_fails_the_step_and_the_connection_is_kept(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant = at(production)
    plan = planned(tenant, development, production, tmp_path, 3)
    plan.steps[0].owner_id = "nobody"
    report = apply(tenant, plan, journal=tmp_path / "journal")
    (failed,) = report.failed
    assert failed.new_id is not None
    report = apply(tenant, plan, journal=tmp_path / "journal")
    assert report.failed[0].new_id == failed.new_id
    assert production.ledger.count(operation=CREATE) == 3


@pytest.mark.parametrize("operation", [OWNER, SPACE, "updateAutomationConnection", "getAutomationConnection"])
@pytest.mark.parametrize("kind", few(["reset-after-processing", "html", "reset"]))
def test_faults_of_changes_are_seen_through_or_told_and_the_next_run_ends_well(
    at: Opener, tmp_path: Path, operation: str, kind: Any
) -> None:
    with Sandbox(connections=6) as sandbox:
        tenant = at(sandbox)
        before = described(sandbox)
        values = values_of(sandbox)
        archive = archive_of(sandbox, tmp_path / "a.ndjson", tenant=sandbox.url)
        for item in sandbox.snapshot():
            tenant.connections.update(item["id"], name=f"changed {item['id']}")
            tenant.connections.change_owner(item["id"], user_id=sandbox.users[5].id)
            tenant.connections.change_space(item["id"], space_id=sandbox.spaces[5].id)
        plan = plan_restore(tenant, archive, list_all=True, values=values)
        sandbox.fail(Fault(operation, kind=kind, times=4, after=1))
        report = apply(tenant, plan, journal=tmp_path / "journal", values=values)
        for _ in range(2):
            report = apply(tenant, plan, journal=tmp_path / "journal", values=values)
        assert report.is_complete
        assert described(sandbox) == before


@pytest.mark.parametrize("operation", [OWNER, SPACE])
def test_a_change_whose_answer_was_lost_is_seen_to_be_done(at: Opener, tmp_path: Path, operation: str) -> None:
    with Sandbox(connections=1) as sandbox:
        tenant = at(sandbox, retries=0)
        before = described(sandbox)
        archive = archive_of(sandbox, tmp_path / "a.ndjson", tenant=sandbox.url)
        (item,) = sandbox.snapshot()
        tenant.connections.change_owner(item["id"], user_id=sandbox.users[5].id)
        tenant.connections.change_space(item["id"], space_id=sandbox.spaces[5].id)
        plan = plan_restore(tenant, archive, list_all=True)
        sandbox.fail(Fault(operation, kind="reset-after-processing"))
        assert apply(tenant, plan, journal=tmp_path / "journal").is_complete
        assert described(sandbox) == before


def test_what_was_handed_over_and_is_out_of_sight_is_not_created_again(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant = at(production, key=production.user_api_key, retries=0)
    plan = planned(at(production), development, production, tmp_path, 3)
    plan.list_all = False
    production.fail(Fault("getAutomationConnection", status=503, times=1))
    report = apply(tenant, plan, journal=tmp_path / "journal", check=False)
    assert report.summary["failed"] == 1
    report = apply(tenant, plan, journal=tmp_path / "journal", check=False)
    assert report.is_complete
    assert production.ledger.count(operation=CREATE) == 3
    assert found(production) == wanted(development, 3)


def test_one_that_somebody_deletes_meanwhile_fails_its_step(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant = at(production)
    plan = planned(tenant, development, production, tmp_path, 1)
    plan.steps[0].owner_id = production.users[4].id
    production.fail(Fault("getAutomationConnection", status=404))
    (failed,) = apply(tenant, plan, journal=tmp_path / "journal", check=False).failed
    assert "Its owner may have changed" in failed.sentence


def test_an_unfinished_plan_is_finished_before_another(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant = at(production)
    plan = planned(tenant, development, production, tmp_path)
    production.fail(Fault(OWNER, status=403, times=None))
    first = apply(tenant, plan, journal=tmp_path / "journal", check=False)
    assert first.failed
    production.faults.clear()
    # A plan made now takes what was half made for strangers.
    anew = planned(tenant, development, production, tmp_path)
    assert anew.summary["create"] > 0
    report = apply(tenant, anew, journal=tmp_path / "journal", check=False)
    assert (report.is_complete, report.resumed) == (True, True)
    assert any("held an unfinished plan" in note for note in report.notes)
    assert found(production) == wanted(development)


def test_a_plan_after_a_finished_one_creates_nothing_twice(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant = at(production)
    plan = planned(tenant, development, production, tmp_path)
    apply(tenant, plan, journal=tmp_path / "journal", check=False)
    gone = production.snapshot()[0]["id"]
    tenant.connections.delete(gone)
    plan.steps[0].params.append("edited")
    report = apply(tenant, plan, journal=tmp_path / "journal", check=False)
    assert (report.is_complete, report.resumed, report.repeated) == (True, False, False)
    assert sum("earlier run" in step.sentence for step in report.steps) == 5
    # But what somebody deleted meanwhile is created anew.
    assert production.ledger.count(operation=CREATE) == 7
    assert found(production) == wanted(development)


def test_a_connection_that_was_deleted_between_two_runs_is_created_anew(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant = at(production)
    plan = planned(tenant, development, production, tmp_path, 1)
    production.fail(Fault(OWNER, status=403, times=None))
    plan.steps[0].owner_id = production.users[4].id
    (failed,) = apply(tenant, plan, journal=tmp_path / "journal", check=False).failed
    tenant.connections.delete(failed.new_id or "")
    production.faults.clear()
    report = apply(tenant, plan, journal=tmp_path / "journal", check=False)
    assert report.is_complete
    assert report.steps[0].new_id != failed.new_id


def test_a_target_that_is_gone_fails_its_step(at: Opener, tmp_path: Path) -> None:
    with Sandbox(connections=3) as sandbox:
        tenant = at(sandbox)
        archive = archive_of(sandbox, tmp_path / "a.ndjson", tenant=sandbox.url)
        for item in sandbox.snapshot():
            tenant.connections.update(item["id"], name=f"changed {item['id']}")
        plan = plan_restore(tenant, archive, list_all=True)
        tenant.connections.delete(plan.steps[0].target_id or "", forced=True)
        plan.steps[1].connector_id = "another"
        report = apply(tenant, plan, journal=tmp_path / "journal")
        assert [step.outcome for step in report.steps] == ["failed", "failed", "updated"]
        assert "gone" in report.failed[0].sentence
        assert "another connector" in report.failed[1].sentence


@pytest.mark.parametrize("seed", few(range(3)))
def test_faults_of_every_kind_never_make_two_of_one(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path, seed: int
) -> None:
    tenant = at(production, retries=0, timeout=0.15)
    plan = planned(tenant, development, production, tmp_path, 20)
    kinds: list[Any] = ["status", "html", "reset", "reset-after-processing", "truncate"]
    for number, kind in enumerate(kinds):
        production.fail(Fault(kind=kind, times=6, after=seed * 3 + number * 7, probability=0.3))
    production.fail(Fault(CREATE, kind="delay", seconds=0.4, times=1, after=seed * 2))
    for _ in range(12):
        try:
            report = apply(tenant, plan, journal=tmp_path / "journal", check=False)
        except APIConnectionError:
            continue
        if report.is_complete:
            break
    assert report.is_complete
    assert found(production) == wanted(development, 20)
