"""Nothing is created twice, and no work of others is lost: resumed by others, drifted, undone twice or in part."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from qlik_automation_connections import ConfigurationError, OAuthClient, Tenant, UnreadableValueWarning
from qlik_automation_connections.admin import (
    DeployPlan,
    HandoverPlan,
    HandoverStep,
    JobCancelled,
    JobError,
    apply,
    backup,
    plan_deploy,
    plan_restore,
    read_id_map,
    undo_deploy,
)
from qlik_automation_connections.errors import InternalServerError
from qlik_automation_connections.sandbox import Fault, Sandbox

from .scene import opened


def deployed(tenant: Tenant, source: Path, journal: Path) -> dict[str, str]:
    """Deploys everything, and returns the new ids."""
    report = apply(tenant, plan_deploy(tenant, source, list_all=True), journal=journal, check=False)
    assert report.is_complete
    return read_id_map(report.connections.id_map)


def changed_by_others(tenant: Tenant, id: str, description: str) -> None:
    found = tenant.automations.get(id).to_dict()
    found = {name: found[name] for name in ("name", "workspace", "schedules")}
    kept = ("startAt", "stopAt", "interval", "timezone")
    schedules = [{name: each[name] for name in kept if name in each} for each in found["schedules"]]
    tenant.automations.update(id, name=found["name"], description=description, workspace=found["workspace"])
    tenant.automations.update(id, description=description, schedules=schedules)  # type: ignore[arg-type]


def descriptions(sandbox: Sandbox) -> dict[str, str]:
    return {item["id"]: item["description"] for item in sandbox.automation_snapshot()}


@pytest.fixture
def drifted(tenant: Tenant, source: Path, tmp_path: Path) -> Callable[[], DeployPlan]:
    """Lets two automations of a deployed tenant drift, and plans to deploy them again."""
    ids = deployed(tenant, source, tmp_path / "first.journal")
    two = [item.id for item in tenant.automations.list(list_all=True)][:2]

    def drift() -> DeployPlan:
        for id in two:
            changed_by_others(tenant, id, "before")
        plan = plan_deploy(tenant, source, list_all=True, id_map=ids)
        assert plan.summary["update"] == 2
        return plan

    return drift


def test_resumed_with_a_sign_in_that_sees_less_nothing_is_created_again(
    production: Sandbox, tenant: Tenant, source: Path, journal: Path
) -> None:
    plan = plan_deploy(tenant, source, list_all=True)
    production.fail(Fault("updateAutomation", status=503, times=None))
    assert apply(tenant, plan, journal=journal, check=False).summary["failed"] == 7
    production.faults.clear()
    with Tenant(production.url, api_key=production.user_api_key, pacing="off", retries=0) as other:
        report = apply(other, plan, journal=journal, check=False)
    assert any("can't be read now" in step.sentence for step in report.steps)
    assert len(production.automations) == 7
    assert apply(tenant, plan, journal=journal, check=False).is_complete
    assert len(production.automations) == 7


def test_with_an_api_key_alone_what_was_deleted_is_deployed_again(
    production: Sandbox, source: Path, journal: Path
) -> None:
    with opened(production, machine=False) as alone:
        for _ in range(2):
            deployed(alone, source, journal)
            (made,) = production.automations
            alone.automations.delete(made.id)


def test_what_is_listed_is_not_gone(production: Sandbox, tenant: Tenant, source: Path, journal: Path) -> None:
    plan = plan_deploy(tenant, source, list_all=True)
    production.fail(Fault("updateAutomation", status=503, times=None))
    apply(tenant, plan, journal=journal, check=False)
    production.faults.clear()
    production.fail(Fault("getAutomation", status=404, times=1))
    assert apply(tenant, plan, journal=journal, check=False).summary["failed"] == 1
    assert len(production.automations) == 7


def test_a_connection_that_is_listed_is_not_gone_either(
    production: Sandbox, tenant: Tenant, source: Path, journal: Path
) -> None:
    plan = plan_restore(tenant, source, list_all=True)
    production.fail(Fault("automationConnectionChangeOwner", status=503, times=None))
    assert apply(tenant, plan, journal=journal, check=False).summary["failed"] > 0
    production.faults.clear()
    production.fail(Fault("getAutomationConnection", status=404, times=1))
    assert apply(tenant, plan, journal=journal, check=False).summary["failed"] == 1
    assert len(production.snapshot()) == 7


def test_a_plan_made_later_is_carried_out_even_if_it_is_the_same(
    production: Sandbox, tenant: Tenant, journal: Path, drifted: Callable[[], DeployPlan]
) -> None:
    for _ in range(2):
        report = apply(tenant, drifted(), journal=journal, check=False)
        assert (report.summary["updated"], report.connections.repeated) == (2, False)
        assert "before" not in descriptions(production).values()


def test_what_was_deleted_is_deployed_again(production: Sandbox, tenant: Tenant, source: Path, journal: Path) -> None:
    for _ in range(2):
        deployed(tenant, source, journal)
        assert (len(production.automations), len(production.snapshot())) == (7, 7)
        for item in production.automations:
            tenant.automations.delete(item.id)
        for connection in production.snapshot():
            tenant.connections.delete(connection["id"], forced=True)


def test_a_run_begins_once_its_undo_file_is_whole(
    production: Sandbox, tenant: Tenant, journal: Path, drifted: Callable[[], DeployPlan]
) -> None:
    plan = drifted()
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(JobCancelled):
        apply(tenant, plan, journal=journal, check=False, cancel=cancelled)
    production.fail(Fault("getAutomation", status=503, times=1))
    with pytest.raises(InternalServerError):
        apply(tenant, plan, journal=journal, check=False)
    report = apply(tenant, plan, journal=journal, check=False)
    assert undo_deploy(tenant, report.undo).summary == {"put-back": 2}
    assert list(descriptions(production).values()).count("before") == 2


def test_what_was_undone_is_not_undone_again(
    production: Sandbox, tenant: Tenant, journal: Path, drifted: Callable[[], DeployPlan]
) -> None:
    undo = apply(tenant, drifted(), journal=journal, check=False).undo
    assert undo_deploy(tenant, undo).summary == {"put-back": 2}
    one = next(id for id, text in descriptions(production).items() if text == "before")
    changed_by_others(tenant, one, "work of others")
    assert undo_deploy(tenant, undo).summary == {}
    assert descriptions(production)[one] == "work of others"


def test_only_what_was_changed_is_put_back(
    production: Sandbox, tenant: Tenant, journal: Path, drifted: Callable[[], DeployPlan]
) -> None:
    plan, cancelled = drifted(), threading.Event()

    def stop(_: object) -> None:
        if any(entry.operation == "updateAutomation" for entry in production.ledger):
            cancelled.set()

    production.ledger.clear()
    report = apply(tenant, plan, journal=journal, check=False, on_progress=stop, cancel=cancelled)
    assert (report.summary["updated"], report.summary["left"]) == (1, 1)
    other = next(id for id, text in descriptions(production).items() if text == "before")
    changed_by_others(tenant, other, "work of others")
    assert undo_deploy(tenant, report.undo).summary == {"put-back": 1}
    assert descriptions(production)[other] == "work of others"


def test_an_undo_by_somebody_who_sees_less_can_be_done_again(
    production: Sandbox, tenant: Tenant, source: Path, journal: Path
) -> None:
    deployed(tenant, source, journal)
    undo = journal.with_name("deploy.undo.ndjson")
    with Tenant(production.url, api_key=production.user_api_key, pacing="off", retries=0) as other:
        assert undo_deploy(other, undo).summary["gone"] > 0
    undo_deploy(tenant, undo)
    assert (production.automations, production.snapshot()) == ((), [])


def test_a_404_of_a_change_does_not_mean_that_it_is_gone(
    production: Sandbox, tenant: Tenant, journal: Path, drifted: Callable[[], DeployPlan]
) -> None:
    undo = apply(tenant, drifted(), journal=journal, check=False).undo
    production.fail(Fault("updateAutomation", status=404, times=1))
    assert undo_deploy(tenant, undo).summary == {"failed": 1, "put-back": 1}
    assert undo_deploy(tenant, undo).summary == {"put-back": 1}


def test_what_was_partly_undone_is_deployed_again(
    production: Sandbox, tenant: Tenant, source: Path, journal: Path
) -> None:
    plan = plan_deploy(tenant, source, list_all=True)
    production.fail(Fault("updateAutomation", status=503, times=1))
    report = apply(tenant, plan, journal=journal, check=False)
    production.fail(Fault("deleteAutomation", status=503, times=1))
    # The automation that is left may use connections, which stay, too.
    assert not undo_deploy(tenant, report.undo).is_complete
    assert apply(tenant, plan, journal=journal, check=False).is_complete
    assert (len(production.automations), len(production.snapshot())) == (7, 7)


OLD = "11111111-2222-4333-8444-555555555555"


def exported(folder: Path, **block: object) -> Path:
    folder.mkdir()
    document = {"id": "a1", "name": "One", "state": "available", "workspace": {"blocks": [{"id": "b", **block}]}}
    (folder / "one.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


def test_what_uses_a_connection_of_the_source_stays_disabled(tenant: Tenant, tmp_path: Path) -> None:
    folder = exported(tmp_path / "exports", settings=[{"id": "datasource", "value": OLD}])
    # The plan knows a new id, and what carries it out gets another id map.
    plan = plan_deploy(tenant, folder, list_all=True, id_map={OLD: "x"}, enable=True)
    (step,) = apply(tenant, plan, journal=tmp_path / "journal").steps
    assert OLD in (step.to_do or "")
    assert tenant.automations.get(step.new_id or "").state == "disabled"


def test_what_has_old_ids_in_texts_stays_disabled(production: Sandbox, tenant: Tenant, tmp_path: Path) -> None:
    folder = exported(tmp_path / "exports", settings=json.dumps([{"id": "datasource", "value": OLD}]))
    with Sandbox(connections=1) as other:
        new = tenant.connections.create(connector_id=other.connectors[0].id, name="New").id
    map_file = tmp_path / "ids.json"
    ids = {"format": "qlik-automation-connections/id-map", "version": 1, "tenant": production.url, "source": ""}
    map_file.write_text(json.dumps({**ids, "ids": {OLD: new}}), encoding="utf-8")
    plan = plan_deploy(tenant, folder, list_all=True, id_map={OLD: new}, enable=True)
    (step,) = apply(tenant, plan, journal=tmp_path / "journal", id_map_path=map_file).steps
    assert "source's ids" in (step.to_do or "")
    assert tenant.automations.get(step.new_id or "").state == "disabled"


def test_files_that_were_renamed_are_another_source(tenant: Tenant, tmp_path: Path) -> None:
    folder = exported(tmp_path / "exports")
    plan = plan_deploy(tenant, folder, list_all=True)
    (folder / "one.json").rename(folder / "two.json")
    with pytest.raises(JobError, match="not what the plan was made from"):
        apply(tenant, plan, journal=tmp_path / "journal")


def test_what_may_be_listed_without_an_id_is_a_question(
    production: Sandbox, tenant: Tenant, source: Path, journal: Path
) -> None:
    deployed(tenant, source, journal)

    class WithoutIds(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            response = super().handle_request(request)
            if not request.url.path.endswith(("/automations", "/automation-connections")):
                return response
            document = json.loads(response.read())
            document["data"][0].pop("id")
            return httpx.Response(response.status_code, json=document)

    machine = OAuthClient(production.client_id, production.client_secret)
    client = httpx.Client(transport=WithoutIds())
    key = production.api_key
    other = Tenant(production.url, api_key=key, automations_auth=machine, pacing="off", http_client=client)
    with client, other, pytest.warns(UnreadableValueWarning):
        plan = plan_deploy(other, source, list_all=True)
    assert (plan.summary["create"], plan.connections.summary["create"]) == (0, 0)
    assert (plan.summary["ask"], plan.connections.summary["ask"]) == (1, 1)


def test_a_pattern_that_matches_nothing_and_an_unknown_action_are_refused(
    tenant: Tenant, source: Path, journal: Path
) -> None:
    with pytest.raises(ConfigurationError, match=r"No automation in .* matches Chek\*\."):
        plan_deploy(tenant, source, list_all=True, only=["Chek*"])
    deployment, restore = plan_deploy(tenant, source, list_all=True), plan_restore(tenant, source, list_all=True)
    step = HandoverStep("c", "name", "k", "a", "b", None, None, "move", "owned", "")
    handover = HandoverPlan(tenant.url, "a", "b", "keep", steps=[step])
    plans: list[Any] = [deployment, restore, handover]
    for plan in plans:
        plan.steps[0].action = "recreate"
        with pytest.raises(JobError, match=r"its action must be one of .* not 'recreate'"):
            apply(tenant, plan, journal=journal)
    with pytest.raises(JobError, match="is a folder: name a file"):
        backup(tenant, ".")
