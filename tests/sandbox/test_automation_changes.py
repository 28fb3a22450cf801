"""Automations that are created, updated, deleted, enabled, disabled, and given to another owner or space."""

from __future__ import annotations

import copy
from typing import Any

import httpx

from qlik_automation_connections.sandbox import Sandbox
from sandbox.machines import machine

AUTOMATIONS = "/api/workflows/automations"
CONNECTOR = "11111111-1111-4111-8111-111111111111"
CONNECTION = "22222222-2222-4222-8222-222222222222"
WORKSPACE: dict[str, Any] = {
    "blocks": [
        {"type": "StartBlock", "inputs": [{"id": "run_mode", "value": "webhook"}]},
        {
            "datasourcetype_guid": CONNECTOR,
            "settings": [
                {"id": "other", "value": 1.5},
                {"id": "datasource", "value": CONNECTION, "displayValue": "mail"},
            ],
        },
        {"datasourcetype_guid": CONNECTOR, "settings": [{"id": "datasource", "value": None}]},
        {"type": "OpenFileBlock", "settings": [{"id": "datasource", "value": CONNECTION}]},
    ],
    "variables": [],
    "unknown": {"kept": [None, "ü", 2**60]},
}
SCHEDULE = {"startAt": "2025-03-05 02:00:00", "interval": 90, "timezone": "Europe/Oslo"}


def of(sandbox: Sandbox, owner: int | None) -> str:
    """The path of an automation that uses a connection: of the administrator 0, the user 1, or somebody else."""
    known = [user.id for user in sandbox.users[:2]]
    wanted = None if owner is None else known[owner]
    owners = {each.id: each.owner_id if each.owner_id in known else None for each in sandbox.automations}
    found = (each.id for each in sandbox.automations if owners[each.id] == wanted and each.connection_ids)
    return f"{AUTOMATIONS}/{next(found)}"


def test_a_created_automation_is_what_was_sent(sandbox: Sandbox, admin: httpx.Client) -> None:
    space = sandbox.spaces[0].id
    sent = {"name": "new", "workspace": WORKSPACE, "schedules": [SCHEDULE], "spaceId": space, "maxConcurrentRuns": 3}
    made = admin.post(AUTOMATIONS, json=sent).json()
    read = admin.get(f"{AUTOMATIONS}/{made['id']}").json()
    assert read.items() >= {**sent, "description": "", "state": "available", "schedules": read["schedules"]}.items()
    assert read["workspace"] == WORKSPACE
    # A multiple of 60 seconds.
    (schedule,) = read["schedules"]
    assert schedule == {**SCHEDULE, "id": schedule["id"], "interval": 120, "stopAt": None, "lastStartedAt": None}
    assert (read["ownerId"], read["runMode"]) == (sandbox.users[0].id, "webhook")
    assert read["connectorIds"] == [CONNECTOR, CONNECTOR]
    assert read["executionToken"] not in {each.execution_token for each in sandbox.automations if each.id != made["id"]}
    assert (read["lastRunAt"], read["lastRun"], read["lastRunStatus"]) == (None, None, "not started")
    (held,) = (each for each in sandbox.automation_snapshot() if each["id"] == made["id"])
    assert held["workspace"] == WORKSPACE
    assert "executionToken" not in held
    assert read["executionToken"] in {each.get("executionToken") for each in sandbox.automation_snapshot(secrets=True)}


def test_an_update_replaces_the_whole_definition(sandbox: Sandbox, admin: httpx.Client) -> None:
    path = of(sandbox, 0)
    before = admin.get(path).json()
    whole = {"name": "n", "description": "d", "maxConcurrentRuns": 7, "workspace": WORKSPACE, "schedules": [SCHEDULE]}
    changed = admin.put(path, json=whole).json()
    assert changed["updatedAt"] > before["updatedAt"]
    assert {name: changed[name] for name in ("description", "maxConcurrentRuns", "workspace")}.items() <= whole.items()
    bare = admin.put(path, json={}).json()
    assert (bare["name"], bare["description"], bare["maxConcurrentRuns"]) == ("n", "", 1)
    assert (bare["workspace"], bare["schedules"], bare["connectorIds"]) == ({}, [], [])
    assert {name: bare[name] for name in ("ownerId", "spaceId", "state")}.items() <= before.items()


def test_another_owner_gets_neither_connections_nor_history(
    sandbox: Sandbox, admin: httpx.Client, bot: httpx.Client
) -> None:
    made = admin.post(AUTOMATIONS, json={"name": "new", "workspace": WORKSPACE}).json()
    run = next(each for each in sandbox.automations if each.last_run_at and each.owner_id == sandbox.users[0].id)
    for id in (made["id"], run.id):
        user_id = sandbox.users[2].id
        assert admin.post(f"{AUTOMATIONS}/{id}/actions/change-owner", json={"userId": user_id}).status_code == 204
        read = bot.get(f"{AUTOMATIONS}/{id}").json()
        assert (read["ownerId"], read["lastRunAt"], read["lastRunStatus"]) == (user_id, None, "not started")
    detached = copy.deepcopy(WORKSPACE)
    detached["blocks"][1]["settings"][1] |= {"value": None, "displayValue": None}
    detached["blocks"][3]["settings"][0]["value"] = None
    assert bot.get(f"{AUTOMATIONS}/{made['id']}").json()["workspace"] == detached
    assert CONNECTION not in sandbox.in_use
    # What is written afterwards stays.
    bot.put(f"{AUTOMATIONS}/{made['id']}", json={"workspace": WORKSPACE})
    assert bot.get(f"{AUTOMATIONS}/{made['id']}").json()["workspace"] == WORKSPACE


def test_state_and_space(sandbox: Sandbox, admin: httpx.Client) -> None:
    path = of(sandbox, 0)
    for action, state in (("disable", "disabled"), ("enable", "available")):
        assert admin.post(f"{path}/actions/{action}").status_code == 204
        assert admin.get(path).json()["state"] == state
    for space in (sandbox.spaces[1].id, ""):
        assert admin.post(f"{path}/actions/change-space", json={"spaceId": space}).status_code == 204
        assert admin.get(path).json()["spaceId"] == space
    for action, body in (("change-space", {"spaceId": "unknown"}), ("change-owner", {"userId": "unknown"})):
        assert admin.post(f"{path}/actions/{action}", json=body).status_code == 400
    assert admin.delete(path).status_code == 204
    assert admin.get(path).status_code == 404


def statuses(client: httpx.Client, path: str, headers: dict[str, str] | None = None) -> list[int]:
    """What the caller gets for every operation on an automation, the deletion last."""
    asked: list[tuple[str, str, Any]] = [("GET", path, None), ("PUT", path, {})]
    asked += [("POST", f"{path}/actions/{action}", None) for action in ("disable", "enable")]
    asked += [("POST", f"{path}/actions/change-space", {"spaceId": ""}), ("DELETE", path, None)]
    return [client.request(method, to, json=body, headers=headers).status_code for method, to, body in asked]


def test_who_may_do_what(sandbox: Sandbox, admin: httpx.Client, user: httpx.Client, bot: httpx.Client) -> None:
    done = [200, 200, 204, 204, 204, 204]
    assert statuses(user, of(sandbox, 1)) == done
    assert statuses(user, of(sandbox, 0)) == [404] * 6
    assert statuses(admin, of(sandbox, None)) == [403, 403, *done[2:]]
    assert statuses(bot, of(sandbox, None)) == done
    assert statuses(bot, of(sandbox, None), machine(sandbox, "automations.other")) == [403] * 6
    path, body = of(sandbox, None), {"userId": sandbox.users[0].id}
    assert user.post(f"{path}/actions/change-owner", json=body).status_code == 404
    assert admin.post(f"{path}/actions/change-owner", json=body).status_code == 204
    assert admin.get(path).status_code == 200


def test_a_bot_owns_what_it_creates_and_changes_no_connection(sandbox: Sandbox, bot: httpx.Client) -> None:
    made = bot.post(AUTOMATIONS, json={"name": "new"}).json()
    assert made["ownerId"] not in {user.id for user in sandbox.users}
    assert [item["id"] for item in bot.get(AUTOMATIONS, params={"listAll": "false"}).json()["data"]] == [made["id"]]
    other = machine(sandbox, "automations.other")
    assert bot.post(AUTOMATIONS, json={"name": "new"}, headers=other).status_code == 403
    connection = sandbox.snapshot()[0]["id"]
    assert bot.delete(f"/api/workflows/automation-connections/{connection}?forced=true").status_code == 403


def test_any_workspace_is_stored(admin: httpx.Client) -> None:
    odd: list[dict[str, Any]] = [
        {},
        {"blocks": {}},
        {"blocks": [1, {"settings": "x", "inputs": [{"id": "run_mode"}], "datasourcetype_guid": 5}]},
        {"blocks": [{"settings": [{"id": "datasource"}, {"id": "datasource", "value": {}}]}]},
    ]
    for workspace in odd:
        made = admin.post(AUTOMATIONS, json={"name": "new", "workspace": workspace}).json()
        assert (made["workspace"], made["connectorIds"], made["runMode"]) == (workspace, [], "manual")
        body = {"userId": made["ownerId"]}
        assert admin.post(f"{AUTOMATIONS}/{made['id']}/actions/change-owner", json=body).status_code == 204
