"""Creating, reading, changing, checking and deleting, and who may."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx

from qlik_automation_connections.sandbox import Sandbox
from sandbox.conftest import SIZE, client

LIST = "/api/workflows/automation-connections"
MANAGED = "61a87510-c7a3-11ea-95da-0fb0c241e75c"

Find = Callable[..., dict[str, Any]]


def detail_of(response: httpx.Response, status: int = 400) -> str:
    assert response.status_code == status, response.text
    return str(response.json()["errors"][0]["detail"])


def stored(sandbox: Sandbox, identifier: str) -> dict[str, Any]:
    return next(item for item in sandbox.snapshot(secrets=True) if item["id"] == identifier)


def values(document: dict[str, Any]) -> dict[str, str]:
    return {param["name"]: param["value"] for param in document["params"]}


def connector(sandbox: Sandbox, name: str) -> str:
    return next(connector.id for connector in sandbox.connectors if connector.name == name)


def assert_just_now(text: str) -> None:
    assert len(text) == len("2025-03-04T08:15:30.000000Z")
    assert abs((datetime.now(UTC) - datetime.fromisoformat(text)).total_seconds()) < 10


def test_create_makes_what_was_asked(admin: httpx.Client, sandbox: Sandbox) -> None:
    params = [
        {"name": "host", "value": "h"},
        {"name": "username", "value": "u"},
        {"name": "password", "value": "p"},
        {"name": "anything", "value": "x"},
    ]
    smtp, space = connector(sandbox, "Mail (SMTP)"), sandbox.spaces[0].id
    response = admin.post(LIST, json={"connectorId": smtp, "name": "new", "spaceId": space, "params": params})
    assert response.status_code == 201
    made = response.json()
    assert (made["name"], made["spaceId"], made["connectorId"]) == ("new", space, smtp)
    assert made["ownerId"] == sandbox.users[0].id
    assert made["isConnected"] is True
    assert not made["error"]
    assert made["createdAt"] == made["updatedAt"]
    assert_just_now(made["createdAt"])
    held = values(stored(sandbox, made["id"]))
    assert held == {
        "host": "h", "port": "", "username": "u", "password": "p", "from": "", "encryption": "", "anything": "x"
    }  # fmt: skip
    assert admin.get(f"{LIST}/{made['id']}").json() == made
    assert made["id"] in {item["id"] for item in admin.get(LIST, params={"limit": "200"}).json()["data"]}


def test_the_least_that_can_be_created(user: httpx.Client, sandbox: Sandbox) -> None:
    made = user.post(LIST, json={"connectorId": connector(sandbox, "HTTP")}).json()
    assert (made["name"], made["spaceId"], made["ownerId"]) == ("HTTP", "", sandbox.users[1].id)
    assert made["isConnected"] is False
    assert values(made) == {"baseUrl": "", "apiToken": "", "headerName": ""}


def test_new_identifiers_are_the_same_in_every_run() -> None:
    made = []
    for _ in range(2):
        with Sandbox(0) as sandbox, client(sandbox) as admin:
            body = {"connectorId": connector(sandbox, "HTTP")}
            made.append([admin.post(LIST, json=body).json()["id"] for _ in "ab"])
    assert made[0] == made[1]
    assert made[0][0] != made[0][1]


def test_an_oauth_connection_waits_for_consent(admin: httpx.Client, sandbox: Sandbox) -> None:
    for name in ("Slack", "Microsoft Teams"):
        made = admin.post(LIST, json={"connectorId": connector(sandbox, name)}).json()
        assert made["isConnected"] is False, name
        assert made["redirect"].startswith("https://"), name
        check = admin.post(f"{LIST}/{made['id']}/actions/check")
        assert check.json() == {"connected": False, "is_connected": False}, name


def test_a_setting_that_the_other_side_refuses_is_told(admin: httpx.Client, sandbox: Sandbox) -> None:
    params = [{"name": "baseUrl", "value": "sandbox-error"}, {"name": "apiToken", "value": "t"}]
    response = admin.post(LIST, json={"connectorId": connector(sandbox, "HTTP"), "params": params})
    assert response.status_code == 201
    assert response.json()["error"]["message"]
    assert response.json()["isConnected"] is False


def test_create_refuses_with_the_field_and_never_the_value(admin: httpx.Client, sandbox: Sandbox) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({}, "connectorId"),
        ({"connectorId": None}, "'connectorId' must be of type string"),
        ({"connectorId": "unknown"}, "connectorId"),
        ({"connectorId": "HTTP", "spaceId": "unknown"}, "spaceId"),
        ({"connectorId": "HTTP", "spaceId": None}, "'spaceId' must be of type string"),
        ({"connectorId": "HTTP", "name": 3}, "'name' must be of type string"),
        ({"connectorId": "HTTP", "name": " "}, "name"),
        ({"connectorId": "HTTP", "params": {}}, "'params' must be of type array"),
        ({"connectorId": "HTTP", "params": ["marked"]}, "'params[0]' must be of type object"),
        ({"connectorId": "HTTP", "params": [{"name": "a", "value": 7}]}, "'params[0].value' must be of type string"),
        ({"connectorId": "HTTP", "params": [{"value": "marked"}]}, "params[0].name"),
        ({"connectorId": "HTTP", "params": [{"name": "a", "value": "marked"}] * 2}, "params[1].name"),
        ({"connectorId": "HTTP", "params": [{"id": "x", "value": "marked"}]}, "unknown fields: id"),
        ({"connectorId": "HTTP", "space_id": "marked"}, "unknown fields: space_id"),
    ]
    for body, said in cases:
        if body.get("connectorId") == "HTTP":
            body = {**body, "connectorId": connector(sandbox, "HTTP")}
        detail = detail_of(admin.post(LIST, json=body))
        assert said in detail, body
        assert "marked" not in detail, body
    assert len(sandbox.snapshot()) == SIZE


def test_a_body_that_is_no_json_object_is_refused(admin: httpx.Client, find: Find) -> None:
    target = f"{LIST}/{find()['id']}"
    for content, content_type in [
        (b"", "application/json"),
        (b"[]", "application/json"),
        (b'"x"', "application/json"),
        (b"{", "application/json"),
        (b'{"connectorId": NaN}', "application/json"),
        (b'{"name": "a", "name": "b"}', "application/json"),
        (b'{"connectorId": "\xff"}', "application/json"),
        (b'{"name": "\\ud800"}', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"{}", "text/plain"),
        (b"{}", ""),
    ]:
        headers = {"Content-Type": content_type} if content_type else {}
        for method, path in (("POST", LIST), ("PUT", target), ("POST", f"{target}/actions/change-owner")):
            assert detail_of(admin.request(method, path, content=content, headers=headers)), content
    # A charset beside the content type is fine.
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert admin.put(target, content=b'{"name": "x"}', headers=headers).status_code == 200


def test_get_shows_params_and_blank_secrets(admin: httpx.Client, sandbox: Sandbox, find: Find) -> None:
    found = find(connectorId=connector(sandbox, "Amazon S3"), isConnected=True)
    document = admin.get(f"{LIST}/{found['id']}").json()
    by_name = {param["name"]: param for param in document["params"]}
    assert by_name["secretAccessKey"]["fieldType"] == "password"
    assert by_name["secretAccessKey"]["value"] == ""
    assert values(stored(sandbox, found["id"]))["secretAccessKey"] != ""
    assert "eu-west-1" in [option["value"] for option in by_name["region"]["paramOptions"]]
    assert [param["order"] for param in document["params"]] == [1, 2, 3, 4]


def test_update_changes_what_the_body_names(admin: httpx.Client, sandbox: Sandbox, find: Find) -> None:
    before = find(connectorId=connector(sandbox, "HTTP"), isConnected=True)
    secret = values(stored(sandbox, before["id"]))["apiToken"]
    target = f"{LIST}/{before['id']}"
    newest = {"sort": "-updatedAt", "listAll": "true", "limit": "1"}
    assert admin.get(LIST, params=newest).json()["data"][0]["id"] != before["id"]
    param = next(param["id"] for param in before["params"] if param["name"] == "baseUrl")
    response = admin.put(target, json={"params": [{"id": param, "value": "https://other.example.org"}]})
    assert response.status_code == 200
    after = response.json()
    assert after["name"] == before["name"]
    assert values(after)["baseUrl"] == "https://other.example.org"
    assert values(stored(sandbox, before["id"]))["apiToken"] == secret
    assert after["createdAt"] == before["createdAt"]
    assert_just_now(after["updatedAt"])
    renamed = admin.put(target, json={"name": "another"}).json()
    assert (renamed["name"], values(renamed)) == ("another", values(after))
    assert admin.get(LIST, params=newest).json()["data"][0]["id"] == before["id"]


def test_filling_and_clearing_a_required_param_connects_and_disconnects(admin: httpx.Client, sandbox: Sandbox) -> None:
    made = admin.post(LIST, json={"connectorId": connector(sandbox, "HTTP")}).json()
    target = f"{LIST}/{made['id']}"
    needed = [param["id"] for param in made["params"] if param["name"] in ("baseUrl", "apiToken")]
    for value, works in (("x", True), ("", False)):
        admin.put(target, json={"params": [{"id": param, "value": value} for param in needed]})
        assert admin.post(f"{target}/actions/check").json()["connected"] is works
        assert admin.get(target).json()["isConnected"] is works


def test_update_refuses_unknown_params(admin: httpx.Client, sandbox: Sandbox, find: Find) -> None:
    before = find(connectorId=connector(sandbox, "HTTP"))
    body = {"name": "changed", "params": [{"id": "unknown", "value": "marked"}]}
    detail = detail_of(admin.put(f"{LIST}/{before['id']}", json=body))
    assert "params[0].id" in detail
    assert "marked" not in detail
    assert stored(sandbox, before["id"])["name"] == before["name"]


def test_renaming_to_a_name_in_use_conflicts(admin: httpx.Client, user: httpx.Client, sandbox: Sandbox) -> None:
    http, s3 = connector(sandbox, "HTTP"), connector(sandbox, "Amazon S3")
    first = admin.post(LIST, json={"connectorId": http, "name": "first"}).json()["id"]
    admin.post(LIST, json={"connectorId": http, "name": "second"})
    admin.post(LIST, json={"connectorId": s3, "name": "third"})
    user.post(LIST, json={"connectorId": http, "name": "fourth"})
    detail_of(admin.put(f"{LIST}/{first}", json={"name": "second"}), 409)
    assert admin.put(f"{LIST}/{first}", json={"name": "first"}).status_code == 200
    assert admin.put(f"{LIST}/{first}", json={"name": "third"}).status_code == 200
    assert admin.put(f"{LIST}/{first}", json={"name": "fourth"}).status_code == 200


def test_delete_removes(admin: httpx.Client, sandbox: Sandbox) -> None:
    made = admin.post(LIST, json={"connectorId": connector(sandbox, "HTTP")}).json()["id"]
    response = admin.delete(f"{LIST}/{made}")
    assert (response.status_code, response.content) == (204, b"")
    detail_of(admin.delete(f"{LIST}/{made}"), 404)
    detail_of(admin.get(f"{LIST}/{made}"), 404)
    assert len(sandbox.snapshot()) == SIZE


def test_deleting_what_automations_use_needs_force(admin: httpx.Client, sandbox: Sandbox) -> None:
    used = sandbox.in_use[0]
    for query in ("", "?forced=false"):
        assert "forced=true" in detail_of(admin.delete(f"{LIST}/{used}{query}"))
    detail_of(admin.delete(f"{LIST}/{used}?forced=yes"))
    assert used in sandbox.in_use
    assert admin.delete(f"{LIST}/{used}?forced=true").status_code == 204
    assert used not in sandbox.in_use


def test_change_owner(admin: httpx.Client, sandbox: Sandbox, find: Find) -> None:
    before, heir = find(connectorId=connector(sandbox, "HTTP")), sandbox.users[5].id
    target = f"{LIST}/{before['id']}/actions/change-owner"
    for body in ({}, {"userId": "unknown"}, {"userId": ""}, {"userId": None}):
        assert "userId" in detail_of(admin.post(target, json=body))
    response = admin.post(target, json={"userId": heir})
    assert (response.status_code, response.content) == (204, b"")
    after = stored(sandbox, before["id"])
    assert (after["ownerId"], after["spaceId"]) == (heir, before["spaceId"])
    assert_just_now(after["updatedAt"])


def test_change_space(admin: httpx.Client, sandbox: Sandbox, find: Find) -> None:
    before = find(connectorId=connector(sandbox, "HTTP"))
    target = f"{LIST}/{before['id']}/actions/change-space"
    for body in ({}, {"spaceId": "unknown"}, {"spaceId": None}):
        assert "spaceId" in detail_of(admin.post(target, json=body))
    for space in (sandbox.spaces[1].id, ""):
        response = admin.post(target, json={"spaceId": space})
        assert (response.status_code, response.content) == (204, b"")
        assert stored(sandbox, before["id"])["spaceId"] == space


def test_check_changes_nothing(admin: httpx.Client, sandbox: Sandbox) -> None:
    before = sandbox.snapshot()
    for item in before[:20]:
        found = admin.post(f"{LIST}/{item['id']}/actions/check").json()
        assert found == {"connected": item["isConnected"], "is_connected": item["isConnected"]}
    assert sandbox.snapshot() == before


def test_nobody_changes_what_is_of_others_or_of_the_service(
    admin: httpx.Client, user: httpx.Client, sandbox: Sandbox, find: Find
) -> None:
    own = find(ownerId=sandbox.users[1].id, connectorId=connector(sandbox, "Mail (SMTP)"))["id"]
    other, managed = find(ownerId=sandbox.users[0].id), find(connectorId=MANAGED)
    assert user.get(f"{LIST}/{own}").status_code == 200
    assert user.put(f"{LIST}/{own}", json={"name": "mine"}).status_code == 200
    changes: list[tuple[str, str, Any]] = [
        ("PUT", "", {"name": "stolen"}),
        ("DELETE", "?forced=true", None),
        ("POST", "/actions/change-owner", {"userId": sandbox.users[1].id}),
        ("POST", "/actions/change-space", {"spaceId": ""}),
    ]
    reads: list[tuple[str, str, Any]] = [("GET", "", None), ("POST", "/actions/check", None)]
    for method, path, body in (*reads, *changes):
        detail_of(user.request(method, f"{LIST}/{other['id']}{path}", json=body), 404)
    # The service's own connections can be seen and not changed.
    for method, path, body in reads:
        assert admin.request(method, f"{LIST}/{managed['id']}{path}", json=body).status_code == 200
    for method, path, body in changes:
        detail_of(admin.request(method, f"{LIST}/{managed['id']}{path}", json=body), 403)
    detail_of(admin.post(LIST, json={"connectorId": MANAGED}), 403)
    before = {item["id"]: item for item in (other, managed)}
    assert {item["id"]: item for item in sandbox.snapshot() if item["id"] in before} == before


def test_a_snapshot_is_a_copy(sandbox: Sandbox) -> None:
    taken = sandbox.snapshot()
    taken[0]["name"] = "changed"
    taken[0]["params"].append({})
    assert sandbox.snapshot()[0]["name"] != "changed"
    assert all(
        param["value"] == "" for item in taken for param in item["params"] if param.get("fieldType") == "password"
    )
