"""What a deployment creates, updates, leaves and asks, and who may do it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from admin.restore.archives import values_of
from qlik_automation_connections import ConfigurationError, Tenant
from qlik_automation_connections.admin import (
    DeployPlan,
    JobError,
    apply,
    backup,
    plan_deploy,
    read_id_map,
    undo_deploy,
)
from qlik_automation_connections.sandbox import Fault, Sandbox

from .scene import backed_up, described, opened, state

REPORT = "Report on HTTP 13"
MAIL = "Check Mail (SMTP) 23"
"""Two automations, of which the second uses connections, and is in a personal space."""


def ids(journal: Path) -> dict[str, str]:
    return read_id_map(f"{journal}.id-map.json")


def operations(sandbox: Sandbox) -> list[str]:
    return [str(entry.operation) for entry in sandbox.ledger if entry.method != "GET" and "oauth" not in entry.path]


def test_everything_arrives_under_its_owner_in_its_space(
    development: Sandbox, production: Sandbox, source: Path, tenant: Tenant, journal: Path
) -> None:
    plan = plan_deploy(tenant, source, list_all=True)
    assert plan.summary == {"create": len(development.automations), "update": 0, "skip": 0, "ask": 0}
    assert operations(production) == []
    report = apply(tenant, plan, journal=journal)
    assert report.is_complete
    assert described(production) == described(development)
    assert {item["state"] for item in production.automation_snapshot()} == {"disabled"}
    assert ids(journal).keys() >= {each.id for each in development.automations}
    # New tokens are a person's work, and in no file.
    called = {step.name for step in report.steps if "execution token" in (step.to_do or "")}
    tokens = {item["name"]: item.get("executionToken") for item in production.automation_snapshot(secrets=True)}
    assert called == {name for name, token in tokens.items() if token} != set()
    for text in (*(path.read_text(encoding="utf-8") for path in journal.parent.iterdir()), str(report.to_dict())):
        assert not any(token in text for token in tokens.values() if token)
    again = plan_deploy(tenant, source, list_all=True, id_map=ids(journal))
    assert again.is_in_sync
    assert again.to_do == 0
    assert DeployPlan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan


def test_the_workspace_is_written_last_and_nothing_runs_before(
    production: Sandbox, source: Path, tenant: Tenant, journal: Path
) -> None:
    plan = plan_deploy(tenant, source, list_all=True, only=[REPORT], enable=True)
    apply(tenant, plan, journal=journal, check=False)
    about = [name for name in operations(production) if "Connection" not in name]
    assert about == [
        "createAutomation", "disableAutomation", "automationChangeOwner", "updateAutomation", "enableAutomation",
    ]  # fmt: skip
    notes = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    changes = [(note["event"], note["change"]) for note in notes if note.get("change")]
    step = plan.steps[0].id
    mine = [(note["event"], note.get("change")) for note in notes if note.get("id") == step]
    assert mine == [
        ("creating", None), ("created", None), ("changing", "state"), ("changed", "state"), ("changing", "owner"),
        ("changed", "owner"), ("changing", "workspace"), ("changed", "workspace"), ("changing", "state"),
        ("changed", "state"), ("done", None),
    ]  # fmt: skip
    assert changes


def test_only_what_worked_is_enabled_and_the_rest_once_it_works(
    development: Sandbox, production: Sandbox, source: Path, tenant: Tenant, journal: Path
) -> None:
    values = values_of(development)
    plan = plan_deploy(tenant, source, list_all=True, enable=True, values=values)
    report = apply(tenant, plan, journal=journal, values=values)
    was_enabled = {item["name"] for item in development.automation_snapshot() if item["state"] == "available"}
    asking = {connector.id for connector in production.connectors if connector.oauth}
    broken = {item["id"] for item in production.snapshot() if not item["isConnected"]}
    consenting = {item["id"] for item in production.snapshot() if item["connectorId"] in asking} & broken
    waiting = {each.name for each in production.automations if set(each.connection_ids) & broken} & was_enabled
    assert waiting
    enabled = {item["name"] for item in production.automation_snapshot() if item["state"] == "available"}
    assert enabled == was_enabled - waiting
    assert {step.name for step in report.steps if "Enable it" in (step.to_do or "")} == waiting
    again = plan_deploy(tenant, source, list_all=True, enable=True, values=values, id_map=ids(journal), journal=journal)
    assert again.to_do == 0
    for id in consenting:
        production.consent(id)
    again = plan_deploy(tenant, source, list_all=True, enable=True, id_map=ids(journal))
    changes = {step.name: step.changes for step in again.steps if step.action == "update"}
    assert changes
    assert changes.keys() <= waiting
    assert all(change == ["state"] for change in changes.values())
    assert apply(tenant, again, journal=journal).is_complete
    enabled |= changes.keys()
    assert {item["name"] for item in production.automation_snapshot() if item["state"] == "available"} == enabled


def test_what_drifted_is_updated_and_undone(production: Sandbox, source: Path, tenant: Tenant, journal: Path) -> None:
    apply(tenant, plan_deploy(tenant, source, list_all=True), journal=journal)
    deployed = state(production)
    found = next(each for each in production.automations if each.name == REPORT)
    workspace = tenant.automations.get_json(found.id)["workspace"]
    workspace["blocks"][1]["displayName"] = "Changed by hand"
    tenant.automations.update(found.id, workspace=workspace, description="By hand", max_concurrent_runs=9)
    tenant.automations.change_space(found.id, space_id=production.spaces[3].id)
    drifted = state(production)
    plan = plan_deploy(tenant, source, list_all=True, id_map=ids(journal))
    assert not plan.is_in_sync
    (step,) = (step for step in plan.steps if step.action == "update")
    assert step.changes == ["description", "workspace", "max_concurrent_runs", "space"]
    assert '-   "displayName": "Changed by hand"' in step.diff
    second = journal.with_name("second.journal")
    assert apply(tenant, plan, journal=second).summary["updated"] == 1
    assert state(production) == deployed
    undone = undo_deploy(tenant, second.with_name("second.undo.ndjson"))
    assert undone.summary == {"put-back": 1}
    assert state(production) == drifted
    assert undo_deploy(tenant, journal.with_name("deploy.undo.ndjson")).is_complete
    assert (production.automations, production.snapshot()) == ((), [])
    # The same journal creates them again.
    assert apply(tenant, plan_deploy(tenant, source, list_all=True), journal=journal).is_complete
    assert described(production).keys() == {item["name"] for item in deployed if "workspace" in item}


def test_what_is_only_in_the_target_is_listed_and_stays(source: Path, tmp_path: Path) -> None:
    with Sandbox(connections=40, name="production") as production, opened(production) as tenant:
        before = [item["id"] for item in state(production)]
        plan = plan_deploy(tenant, source, list_all=True)
        listed = {each.id for each in (*plan.only_in_target, *plan.connections_only_in_target)}
        assert listed
        apply(tenant, plan, journal=tmp_path / "journal")
        assert set(before) <= {item["id"] for item in state(production)}
        assert listed <= set(before)


def test_patterns_choose_by_name_space_and_owner(development: Sandbox, source: Path, tenant: Tenant) -> None:
    def chosen(**patterns: list[str]) -> set[str | None]:
        return {step.name for step in plan_deploy(tenant, source, list_all=True, **patterns).steps}  # type: ignore[arg-type]

    every = {each.name for each in development.automations}
    owners = {each.owner_id for each in development.automations}
    owner = next(user for user in development.users if user.id in owners)
    assert chosen(only=["report on *"]) == {name for name in every if name.startswith("Report on")}
    own = {each.name for each in development.automations if each.owner_id == owner.id}
    assert chosen(only=[f"owner={owner.email}"]) == chosen(only=[f"owner={owner.name}"]) == own
    space = next(each for each in development.spaces if any(one.space_id == each.id for one in development.automations))
    held = {each.name for each in development.automations if each.space_id == space.id}
    assert chosen(only=[f"space={space.name}"]) == held
    assert chosen(exclude=["Report*", f"owner={owner.id}"]) == {
        name for name in every - own if not name.startswith("Report")
    }
    assert len(plan_deploy(tenant, source, only=[MAIL]).connections.steps) == 2
    with pytest.raises(ConfigurationError, match="pattern"):
        plan_deploy(tenant, source, only=["space="])


def test_with_an_api_key_alone_the_callers_own_are_deployed(
    development: Sandbox, production: Sandbox, source: Path, journal: Path
) -> None:
    with opened(production, machine=False) as tenant:
        plan = plan_deploy(tenant, source, list_all=True)
        assert any("automations_auth" in note for note in plan.notes)
        own = {each.name for each in development.automations if each.owner_id == development.users[0].id}
        assert {step.name for step in plan.steps if step.action == "create"} == own
        assert {step.reason for step in plan.steps if step.action == "skip"} == {"not-owned"}
        assert apply(tenant, plan, journal=journal).is_complete
    assert {each.name: each.owner_id for each in production.automations} == dict.fromkeys(own, production.users[0].id)
    assert "automationChangeOwner" not in operations(production)


def test_two_of_a_name_in_the_space_are_a_question(source: Path, tenant: Tenant) -> None:
    plan = plan_deploy(tenant, source, list_all=True, only=[REPORT])
    (step,) = plan.steps
    for _ in range(2):
        made = tenant.automations.create(name=REPORT, space_id=step.space_id)
    plan = plan_deploy(tenant, source, list_all=True, only=[REPORT])
    assert [(step.action, step.reason) for step in plan.steps] == [("ask", "ambiguous")]
    assert made.id in {each.id for each in plan.steps[0].candidates}
    assert not plan.is_in_sync


def test_one_whose_connection_has_no_id_waits(
    development: Sandbox, source: Path, tenant: Tenant, journal: Path
) -> None:
    plan = plan_deploy(tenant, source, list_all=True, only=[MAIL])
    for connection in plan.connections.steps:
        connection.action = "ask"
    report = apply(tenant, plan, journal=journal)
    assert report.is_complete
    assert [step.outcome for step in report.steps] == ["waiting"]
    assert "no id yet" in report.steps[0].sentence
    # Once they have one, it is deployed with the same journal.
    plan = plan_deploy(tenant, source, list_all=True, only=[MAIL])
    assert apply(tenant, plan, journal=journal).summary["created"] == 1
    assert development.automations


def test_a_connection_that_the_owner_could_not_use_is_a_warning(source: Path, tenant: Tenant) -> None:
    warned = {
        step.name
        for step in plan_deploy(tenant, source, list_all=True).steps
        if any("no shared space" in note for note in step.notes)
    }
    assert warned == {"Check Mail (SMTP) 23", "Report on Slack 43"}


def test_a_failed_step_does_not_stop_the_others_and_is_retried(
    development: Sandbox, production: Sandbox, source: Path, tenant: Tenant, journal: Path
) -> None:
    production.fail(Fault("updateAutomation", kind="status", status=503, times=1))
    plan = plan_deploy(tenant, source, list_all=True)
    report = apply(tenant, plan, journal=journal)
    assert (report.summary["failed"], report.is_complete) == (1, False)
    report = apply(tenant, plan, journal=journal)
    assert report.is_complete
    assert described(production) == described(development)


def test_another_source_or_tenant_than_the_plans_is_refused(
    development: Sandbox, source: Path, tenant: Tenant, journal: Path, tmp_path: Path
) -> None:
    plan = plan_deploy(tenant, source, list_all=True)
    plan.source = str(backed_up(development, tmp_path / "other.ndjson"))
    with pytest.raises(JobError, match="is not what the plan was made from"):
        apply(tenant, plan, journal=journal)
    assert not journal.exists()
    plan.tenant = "https://elsewhere.example.com"
    with pytest.raises(ConfigurationError, match="is for the tenant"):
        apply(tenant, plan, journal=journal)


def test_a_backup_without_automations_says_so(development: Sandbox, tenant: Tenant, tmp_path: Path) -> None:
    with opened(development) as there:
        backup(there, tmp_path / "plain.ndjson", list_all=True)
    assert any("--automations" in note for note in plan_deploy(tenant, tmp_path / "plain.ndjson").notes)


def test_within_one_tenant_it_brings_back_what_was_deleted(tmp_path: Path) -> None:
    with Sandbox(connections=24) as sandbox, opened(sandbox) as tenant:
        source = backed_up(sandbox, tmp_path / "backup.ndjson")
        assert plan_deploy(tenant, source, list_all=True).is_in_sync
        before, lost = described(sandbox), sandbox.automations[0]
        tenant.automations.delete(lost.id)
        plan = plan_deploy(tenant, source, list_all=True)
        assert [step.id for step in plan.steps if step.action == "create"] == [lost.id]
        apply(tenant, plan, journal=tmp_path / "journal")
        assert described(sandbox) == before


def test_exported_files_are_a_source_too(
    development: Sandbox, production: Sandbox, source: Path, tenant: Tenant, tmp_path: Path
) -> None:
    folder, journal = tmp_path / "exports", tmp_path / "journal"
    folder.mkdir()
    exports = development.automation_snapshot(secrets=True)
    owned: list[Any] = [{**item, "ownerId": None, "spaceId": None} for item in exports]
    (folder / "one.json").write_text(json.dumps(owned[0]), encoding="utf-8")
    (folder / "more.json").write_text(json.dumps({"data": owned[1:3]}), encoding="utf-8")
    (folder / "editor.json").write_text(json.dumps(owned[3]["workspace"]), encoding="utf-8")
    plan = plan_deploy(tenant, folder, list_all=True)
    waiting = [step.name for step in plan.steps if step.waits_for]
    assert waiting
    assert {step.name for step in plan.steps} == {*(item["name"] for item in owned[:3]), "editor"}
    first = plan_deploy(tenant, source, list_all=True, exclude=["*"])
    assert first.steps == []
    whole = plan_deploy(tenant, source, list_all=True)
    apply(tenant, whole.connections, journal=tmp_path / "connections.journal")
    id_map = read_id_map(tmp_path / "connections.journal.id-map.json")
    plan = plan_deploy(tenant, folder, list_all=True, id_map=id_map)
    assert not any(step.waits_for for step in plan.steps)
    ids_file = tmp_path / "ids.json"
    ids_file.write_text(json.dumps({**id_map}), encoding="utf-8")
    report = apply(tenant, plan, journal=journal, id_map_path=ids_file)
    assert report.is_complete
    assert {each.name for each in production.automations} == {step.name for step in plan.steps}
    assert "executionToken" not in journal.read_text(encoding="utf-8")


def test_an_undo_takes_the_journal_beside_its_file_and_refuses_others(
    production: Sandbox, source: Path, tenant: Tenant, journal: Path, tmp_path: Path
) -> None:
    apply(tenant, plan_deploy(tenant, source, list_all=True, only=[REPORT]), journal=journal)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    undo = journal.with_name("deploy.undo.ndjson").rename(elsewhere / "deploy.undo.ndjson")
    moved = journal.rename(tmp_path / "moved.journal")
    with pytest.raises(JobError, match=r"deploy\.journal, which knows what was created, is missing"):
        undo_deploy(tenant, undo)
    moved.rename(elsewhere / journal.name)
    with Sandbox(connections=0) as other, opened(other) as wrong, pytest.raises(ConfigurationError, match="is for the"):
        undo_deploy(wrong, undo)
    assert undo_deploy(tenant, undo).summary == {"deleted": 1}
    assert production.automations == ()
    with pytest.raises(JobError, match="not an undo file"):
        undo_deploy(tenant, tmp_path / "absent")
