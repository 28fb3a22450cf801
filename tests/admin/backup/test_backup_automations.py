"""Automations in a backup, with the connections that they use, and the people that it notes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from admin.backup.archives import but_for_times, lines
from admin.crash.killing import POSSIBLE, Killing, points
from cli.invoking import At
from qlik_automation_connections import OAuthClient, Tenant
from qlik_automation_connections.admin import Archive, backup
from qlik_automation_connections.admin._backup.scrubbing import automation_without_secrets
from qlik_automation_connections.sandbox import Sandbox
from sampling import sampled_and_whole

CONNECTIONS = 40


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(CONNECTIONS) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def tenant(sandbox: Sandbox) -> Iterator[Tenant]:
    machine = OAuthClient(sandbox.client_id, sandbox.client_secret)
    with Tenant(sandbox.url, api_key=sandbox.api_key, automations_auth=machine, retries=0) as tenant:
        yield tenant


def test_automations_are_kept_as_they_came_without_secrets(tenant: Tenant, sandbox: Sandbox, path: Path) -> None:
    report = backup(tenant, path, list_all=True, automations=True)
    assert report.is_complete
    assert (report.connections, report.automations) == (CONNECTIONS, len(sandbox.automations))
    archive = Archive(path)
    for record in archive.automations():
        came = tenant.automations.get_json(record.id)
        came.pop("executionToken", None)
        for name in ("inputs", "error"):
            (came.get("lastRun") or {}).pop(name, None)
        assert json.dumps(record.document) == json.dumps(came)
        assert archive.automation_at(record.offset).document == record.document
    tokens = [each.execution_token for each in sandbox.automations if each.execution_token]
    text = path.read_text(encoding="utf-8")
    assert tokens
    assert not any(token in text for token in tokens)
    assert "executionToken" not in text
    summary = archive.verify()
    assert (summary.automations, summary.unread_automations) == (len(sandbox.automations), 0)


def test_tokens_and_inputs_are_removed_wherever_they_are() -> None:
    document = {
        "executionToken": "SECRET",
        "lastRun": {"status": "failed", "inputs": {"a": "SECRET"}, "error": ["SECRET"], "metrics": {"blocks": 1}},
        "workspace": {"blocks": [{"id": "B", "inputs": [{"executionToken": "SECRET", "value": "kept"}]}]},
    }
    scrubbed = automation_without_secrets(document)
    assert "SECRET" not in json.dumps(scrubbed.document)
    assert scrubbed.document["lastRun"] == {"status": "failed", "metrics": {"blocks": 1}}
    assert scrubbed.document["workspace"]["blocks"][0]["inputs"] == [{"value": "kept"}]
    assert scrubbed.dropped == ["workspace.blocks[].inputs[].executionToken"]
    assert "SECRET" not in json.dumps(automation_without_secrets({"data": document}).document)


def test_a_filter_selects_automations_and_the_connections_that_they_use(
    tenant: Tenant, sandbox: Sandbox, path: Path
) -> None:
    chosen = next(each for each in sandbox.automations if len(each.connection_ids) > 1)
    report = backup(tenant, path, list_all=True, automations=True, filter=f"name eq {json.dumps(chosen.name)}")
    archive = Archive(path)
    assert [record.id for record in archive.automations()] == [chosen.id]
    assert {record.id for record in archive.records()} == set(chosen.connection_ids)
    assert report.automations == 1


def test_what_may_not_be_read_is_in_the_manifest(sandbox: Sandbox, path: Path) -> None:
    with Tenant(sandbox.url, api_key=sandbox.api_key, retries=0) as tenant:
        report = backup(tenant, path, list_all=True, automations=True)
        own = [each for each in sandbox.automations if each.owner_id == sandbox.users[0].id]
        assert report.automations == len(own)
        assert report.unread_automations_total == len(sandbox.automations) - len(own)
        assert all(unread.refused for unread in report.unread_automations)
        assert not report.is_complete
    manifest = lines(path)[-1]
    assert (manifest["automations"], manifest["unread_automations"]) == (len(own), report.unread_automations_total)
    assert sum(1 for _ in Archive(path).unread_automations()) == report.unread_automations_total


def test_owners_and_spaces_are_noted_unless_they_are_not_wanted(tenant: Tenant, sandbox: Sandbox, path: Path) -> None:
    backup(tenant, path, list_all=True)
    noted = {line["id"]: line for line in lines(path) if line["type"] in ("user", "space")}
    items = sandbox.snapshot()
    assert noted.keys() == {item["ownerId"] for item in items} | {item["spaceId"] for item in items} - {""}
    user, space = sandbox.users[1], sandbox.spaces[0]
    assert noted[user.id] == {
        "type": "user", "id": user.id, "name": user.name, "email": user.email, "subject": user.subject,
    }  # fmt: skip
    assert noted[space.id] == {"type": "space", "id": space.id, "name": space.name, "kind": space.type}
    other = path.with_name("without.ndjson")
    backup(tenant, other, list_all=True, people=False)
    assert not any(line["type"] in ("user", "space") for line in lines(other))
    assert not any(user.email in other.read_text(encoding="utf-8") for user in sandbox.users)


def test_a_tenant_that_shows_no_people_is_backed_up_without_them(sandbox: Sandbox, path: Path) -> None:
    with Tenant(sandbox.url, auth=OAuthClient(sandbox.client_id, sandbox.client_secret), retries=0) as machine:
        report = backup(machine, path, list_all=True, automations=True)
    assert report.automations == len(sandbox.automations)
    assert "Not all owners and spaces are noted" in " ".join(report.notes)


@pytest.mark.skipif(not POSSIBLE, reason="this system can't fork")
@sampled_and_whole
def test_killed_at_any_request_it_resumes(killing: Killing, tmp_path: Path, step: int) -> None:
    work, options = "admin.backup.crashing:write_with_automations", {"list_all": True, "page_size": 5}
    with Sandbox(24) as sandbox:
        assert sandbox.automations
        order = {"url": sandbox.url, "api_key": sandbox.api_key, "secret": sandbox.client_secret, **options}
        whole = tmp_path / "whole.ndjson"
        ended = killing.run(work, {**order, "path": str(whole)})
        assert ended.error is None
        for at in points(ended.requests, step):
            path = tmp_path / f"{at.number}-{at.when}.ndjson"
            assert killing.run(work, {**order, "path": str(path)}, at=at).killed
            assert killing.run(work, {**order, "path": str(path)}).error is None
            assert but_for_times(path) == but_for_times(whole)
            Archive(path).verify()


def test_the_command_backs_up_verifies_and_shows(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    at = At(sandbox, machine=True)
    number = len(sandbox.automations)
    ended = at("backup", "all.ndjson", "--all", "--automations")
    assert ended.exit_code == 0, ended.output
    assert ended.stdout.startswith(f"{CONNECTIONS} connections and {number} automations in all.ndjson.\n")
    assert f"{CONNECTIONS} connections and {number} automations of" in at("backup", "verify", "all.ndjson").stdout
    shown = at("backup", "show", "all.ndjson", "--automations").stdout
    assert f"{number} of {number} automations, from" in shown
    assert sandbox.users[0].name in shown
    first = sandbox.automations[0]
    assert json.loads(at("backup", "show", "all.ndjson", "--id", first.id).stdout)["name"] == first.name
    ended = At(sandbox)("backup", "some.ndjson", "--all", "--automations")
    assert ended.exit_code == 5
    assert "automations could not be read:" in ended.stdout
    assert "--automations-context" in ended.stdout
