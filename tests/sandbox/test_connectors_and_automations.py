"""Connectors, and automations that use connections."""

from __future__ import annotations

import json
from typing import Any

import httpx

from qlik_automation_connections.sandbox import Sandbox
from sandbox.conftest import client, listed
from sandbox.machines import machine

CONNECTIONS = "/api/workflows/automation-connections"
CONNECTORS = "/api/workflows/automation-connectors"
AUTOMATIONS = "/api/workflows/automations"
FILE_BLOCKS = {
    f"{name}Block"
    for name in ("OpenFile", "CreateFile", "CopyFile", "DeleteFile", "MoveFile", "CheckFileExists", "ListFiles")
}


def datasources(automation: dict[str, Any]) -> list[Any]:
    """What the blocks of an automation name as their connections."""
    blocks = automation["workspace"]["blocks"]
    return [setting["value"] for block in blocks for setting in block["settings"] if setting["id"] == "datasource"]


def test_everybody_sees_the_connectors(sandbox: Sandbox, user: httpx.Client) -> None:
    wanted = {connector.id: connector.name for connector in sandbox.connectors}
    falling = sorted(wanted.values(), reverse=True)
    for base in (CONNECTORS, CONNECTORS.replace("workflows", "v1")):
        assert {item["id"]: item["name"] for item in listed(user, base, limit=4)} == wanted, base
        assert [item["name"] for item in listed(user, base, sort="-name", limit=4)] == falling, base
        assert {item["id"] for item in user.get(base, headers=machine(sandbox)).json()["data"]} == set(wanted), base
        (found,) = listed(user, base, filter='name eq "Amazon S3"')
        assert found["name"] == "Amazon S3", base


def test_a_connector_has_the_params_that_its_connections_have(sandbox: Sandbox, admin: httpx.Client) -> None:
    for connector in sandbox.connectors:
        params = admin.get(f"{CONNECTORS}/{connector.id}").json()["params"]
        assert [param["name"] for param in params] == [param.name for param in connector.params]
        of_connections = (item for item in sandbox.snapshot() if item["connectorId"] == connector.id)
        for param, held in zip(params, next(of_connections)["params"], strict=True):
            assert param["name"] == held["name"]
            assert param["fieldType"] == held["fieldType"]
            assert param["options"] == [option["value"] for option in held["paramOptions"]]


def test_v1_has_no_single_connector(sandbox: Sandbox, admin: httpx.Client) -> None:
    assert admin.get(f"/api/v1/automation-connectors/{sandbox.connectors[0].id}").status_code == 404
    assert sandbox.ledger[-1].operation is None


def test_automations_name_the_connections_in_use(sandbox: Sandbox, bot: httpx.Client) -> None:
    connectors = {item["id"]: item["connectorId"] for item in sandbox.snapshot()}
    for base in (AUTOMATIONS, "/api/v1/automations"):
        named = set()
        for automation in sandbox.automations:
            read = bot.get(f"{base}/{automation.id}").json()
            assert (read["id"], read["name"]) == (automation.id, automation.name), base
            assert list(dict.fromkeys(filter(None, datasources(read)))) == list(automation.connection_ids), base
            assert ("executionToken" in read) == (automation.run_mode in ("triggered", "webhook")), base
            blocks = read["workspace"]["blocks"]
            assert blocks[0]["type"] == "StartBlock", base
            told = [block["datasourcetype_guid"] for block in blocks if "datasourcetype_guid" in block]
            assert told == read["connectorIds"], base
            assert [block["childId"] for block in blocks] == [*[block["id"] for block in blocks[1:]], None], base
            for block, value in zip(blocks[1:], datasources(read), strict=True):
                assert value is None or connectors[value] == block.get("datasourcetype_guid", connectors[value]), base
            named |= set(automation.connection_ids)
        assert sorted(named) == sandbox.in_use, base
    assert any(len(set(automation.connector_ids)) < len(automation.connector_ids) for automation in sandbox.automations)
    assert any(len(automation.connection_ids) > 1 for automation in sandbox.automations)
    assert any(not automation.connection_ids for automation in sandbox.automations)


def test_a_block_for_files_uses_a_connection_whose_connector_is_not_told(sandbox: Sandbox, bot: httpx.Client) -> None:
    connectors = {item["id"]: item["connectorId"] for item in sandbox.snapshot()}
    hidden = 0
    seen: set[str] = set()
    for automation in sandbox.automations:
        read = bot.get(f"{AUTOMATIONS}/{automation.id}").json()
        files = [block for block in read["workspace"]["blocks"] if block["type"] in FILE_BLOCKS]
        for block in files:
            assert "datasourcetype_guid" not in block
            assert (block["inputs"][0]["id"], block["inputs"][0]["value"]) == ("datasourcetype", "Amazon S3")
            (id,) = (setting["value"] for setting in block["settings"] if setting["id"] == "datasource")
            assert id in sandbox.in_use
            hidden += connectors[id] not in read["connectorIds"]
        seen |= {block["type"] for block in read["workspace"]["blocks"]}
    assert hidden
    assert seen == {"StartBlock", "EndpointBlock", "SnippetBlock", *FILE_BLOCKS}
    assert any(connectors[id] not in item.connector_ids for item in sandbox.automations for id in item.connection_ids)


def test_a_deleted_connection_is_still_named_and_in_use_no_more() -> None:
    with Sandbox(30) as sandbox, client(sandbox) as admin:
        used = sandbox.in_use[0]
        users = [automation.id for automation in sandbox.automations if used in automation.connection_ids]
        assert admin.delete(f"{CONNECTIONS}/{used}").status_code == 400
        assert admin.delete(f"{CONNECTIONS}/{used}?forced=true").status_code == 204
        assert used not in sandbox.in_use
        bot = machine(sandbox)
        for identifier in users:
            assert used in datasources(admin.get(f"{AUTOMATIONS}/{identifier}", headers=bot).json())


def test_a_user_sees_own_automations(sandbox: Sandbox, admin: httpx.Client, user: httpx.Client) -> None:
    own = [automation.id for automation in sandbox.automations if automation.owner_id == sandbox.users[1].id]
    others = [automation.id for automation in sandbox.automations if automation.owner_id != sandbox.users[1].id]
    assert own
    assert [item["id"] for item in listed(user, AUTOMATIONS)] == sorted(own)
    assert user.get(AUTOMATIONS, params={"listAll": "true"}).status_code == 403
    assert user.get(f"{AUTOMATIONS}/{own[0]}").status_code == 200
    assert user.get(f"{AUTOMATIONS}/{others[0]}").status_code == 404
    administrators = {automation.id for automation in sandbox.automations if automation.owner_id == sandbox.users[0].id}
    assert {item["id"] for item in listed(admin, AUTOMATIONS, listAll="false")} == administrators
    for asked in ({"listAll": "true"}, {}):
        assert {item["id"] for item in listed(admin, AUTOMATIONS, limit=4, **asked)} == {*own, *others}


def test_a_machine_reads_all_automations_with_the_scope_for_it_alone(sandbox: Sandbox, bot: httpx.Client) -> None:
    every = {automation.id for automation in sandbox.automations}
    assert {item["id"] for item in listed(bot, AUTOMATIONS, listAll="true")} == every
    assert {bot.get(f"{AUTOMATIONS}/{id}").status_code for id in every} == {200}
    other = machine(sandbox, "automations.other")
    assert bot.get(AUTOMATIONS, params={"listAll": "true"}, headers=other).status_code == 403
    assert {bot.get(f"{AUTOMATIONS}/{id}", headers=other).status_code for id in every} == {403}
    both = machine(sandbox, "user_default admin.automations")
    assert bot.get(f"{AUTOMATIONS}/{sandbox.automations[0].id}", headers=both).status_code == 200


def test_lists_of_automations_have_the_shapes_of_real_ones(admin: httpx.Client) -> None:
    items = listed(admin, AUTOMATIONS, listAll="true")
    assert {item["workspace"] for item in items} == {None}
    assert {item["runMode"] for item in items if "executionToken" in item} == {"triggered", "webhook"}
    runs = [item["lastRun"] for item in items if item["lastRun"] is not None]
    assert 0 < len(runs) < len(items)
    assert {"inputs", "error", "metrics"} <= runs[0].keys()
    assert {type(run["error"]) for run in runs} == {list, type(None)}


def test_pages_of_neighbours_hold_up_to_200(admin: httpx.Client) -> None:
    for path in (CONNECTORS, AUTOMATIONS):
        assert admin.get(path, params={"limit": 200}).status_code == 200
        assert admin.get(path, params={"limit": 201}).status_code == 400


def test_automations_are_filtered(admin: httpx.Client) -> None:
    everything = listed(admin, AUTOMATIONS, listAll="true")
    for field in ("name", "runMode", "lastRunStatus", "ownerId", "spaceId"):
        value = everything[0][field]
        found = listed(admin, AUTOMATIONS, listAll="true", limit=2, filter=f"{field} eq {json.dumps(value)}")
        assert [item["id"] for item in found] == [item["id"] for item in everything if item[field] == value], field


def test_automations_are_sorted(admin: httpx.Client) -> None:
    for field in ["name", "runMode", "state", "createdAt", "lastRunAt", "maxConcurrentRuns"]:
        items = listed(admin, AUTOMATIONS, listAll="true", sort=f"-{field}", limit=7)
        values = [item.get(field) or "" for item in items]
        assert len(set(values)) > 1, field
        assert values == sorted(values, reverse=True), field


def test_automations_are_the_same_in_every_run_and_others_in_another_tenant() -> None:
    first, again, larger = Sandbox(100), Sandbox(100), Sandbox(200)
    other = Sandbox(100, name="other")

    def of(sandbox: Sandbox) -> list[Any]:
        return [(each.id, each.name, each.workspace, each.execution_token) for each in sandbox.automations]

    assert of(first) == of(again) == of(larger)[: len(of(first))]
    assert [each.name for each in other.automations] == [each.name for each in first.automations]
    assert {each.id for each in other.automations}.isdisjoint(each.id for each in first.automations)
    assert {each.execution_token for each in other.automations}.isdisjoint(
        each.execution_token for each in first.automations if each.execution_token
    )
    started = next(each for each in first.automations if each.execution_token)
    assert str(started.execution_token) not in repr(started)
    assert Sandbox(0).automations == ()
