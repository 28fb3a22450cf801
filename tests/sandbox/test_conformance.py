"""With its quirks off, every answer of the sandbox obeys the spec; with them on, each differs as its name says."""

import importlib.resources
import json
from collections.abc import Collection, Iterator
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from qlik_automation_connections.sandbox import DEFAULT_QUIRKS, QUIRKS, Fault, Sandbox
from sandbox.conftest import SIZE, client
from sandbox.machines import machine

LIST = "/api/workflows/automation-connections"
CONNECTORS = "/api/workflows/automation-connectors"
AUTOMATIONS = "/api/workflows/automations"
SPEC = json.loads(importlib.resources.files("qlik_automation_connections_api").joinpath("openapi.json").read_text())
REGISTRY: Registry[Any] = Registry().with_resource("urn:spec", DRAFT202012.create_resource(SPEC))
OPERATIONS = {
    entry["operationId"]: entry
    for item in SPEC["paths"].values()
    for entry in item.values()
    if isinstance(entry, dict) and "operationId" in entry
}


def closed(node: Any) -> Any:
    """The same schema, which takes no undeclared field: a misspelt field of the sandbox must not pass."""
    if isinstance(node, list):
        return [closed(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    copied = {name: closed(inner) for name, inner in node.items()}
    if "properties" in copied and copied.get("type") == "object":
        copied["additionalProperties"] = False
    return copied


CLOSED: Registry[Any] = Registry().with_resource("urn:spec", DRAFT202012.create_resource(closed(SPEC)))


def assert_obeys(response: httpx.Response, operation: str) -> None:
    declared = OPERATIONS[operation]["responses"].get(str(response.status_code))
    assert declared is not None, f"{operation} documents no {response.status_code}"
    if "$ref" in declared:
        declared = SPEC["components"]["responses"][declared["$ref"].rpartition("/")[2]]
    if "content" not in declared:
        assert response.content == b""
        return
    assert response.headers["content-type"] == "application/json"
    reference = declared["content"]["application/json"]["schema"]["$ref"]
    Draft202012Validator(
        {"$ref": f"urn:spec{reference}"}, registry=CLOSED, format_checker=Draft202012Validator.FORMAT_CHECKER
    ).validate(response.json())


@pytest.fixture(scope="module")
def strict() -> Iterator[Sandbox]:
    with Sandbox(SIZE, quirks=False) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def strict_admin(strict: Sandbox) -> Iterator[httpx.Client]:
    with client(strict) as admin:
        yield admin


def calls(sandbox: Sandbox) -> Iterator[tuple[str, str, str, Any, int]]:
    """One call for every documented status of every operation but those that only a fault brings about."""
    items = sandbox.snapshot()
    smtp, http = sandbox.connectors[0].id, sandbox.connectors[4].id
    plain = next(f"{LIST}/{item['id']}" for item in items if item["connectorId"] == smtp)
    managed = next(f"{LIST}/{item['id']}" for item in items if item["connectorId"] == sandbox.connectors[5].id)
    used, unknown = f"{LIST}/{sandbox.in_use[0]}", f"{LIST}/unknown"
    two = [item for item in items if item["connectorId"] == http and item["ownerId"] == sandbox.users[0].id][:2]
    owner, space = {"userId": sandbox.users[3].id}, {"spaceId": sandbox.spaces[0].id}
    broken = {"connectorId": http, "params": [{"name": "baseUrl", "value": "sandbox-error"}]}
    yield "getAutomationConnections", "GET", LIST, None, 200
    yield "getAutomationConnections", "GET", f"{LIST}?limit=250&listAll=true", None, 400
    yield "getAutomationConnections", "GET", f"{LIST}?limit=200&listAll=true&sort=-name", None, 200
    yield "getAutomationConnections", "GET", f'{LIST}?filter=name eq "no such name"', None, 200
    for connector in sandbox.connectors[:5]:
        yield "createAutomationConnection", "POST", LIST, {"connectorId": connector.id, "spaceId": ""}, 201
    yield "createAutomationConnection", "POST", LIST, broken, 201
    yield "createAutomationConnection", "POST", LIST, {}, 400
    yield "createAutomationConnection", "POST", LIST, {"connectorId": sandbox.connectors[5].id}, 403
    for item in items:
        yield "getAutomationConnection", "GET", f"{LIST}/{item['id']}", None, 200
    yield "getAutomationConnection", "GET", f"{LIST}/{items[0]['id']}?x=1", None, 400
    yield "getAutomationConnection", "GET", unknown, None, 404
    yield "updateAutomationConnection", "PUT", plain, {"name": "another"}, 200
    yield "updateAutomationConnection", "PUT", plain, {"name": 1}, 400
    yield "updateAutomationConnection", "PUT", managed, {"name": "x"}, 403
    yield "updateAutomationConnection", "PUT", unknown, {"name": "x"}, 404
    yield "updateAutomationConnection", "PUT", f"{LIST}/{two[0]['id']}", {"name": two[1]["name"]}, 409
    for action, operation, body in [
        ("change-owner", "automationConnectionChangeOwner", owner),
        ("change-space", "automationConnectionChangeSpace", space),
    ]:
        yield operation, "POST", f"{plain}/actions/{action}", body, 204
        yield operation, "POST", f"{plain}/actions/{action}", {}, 400
        yield operation, "POST", f"{managed}/actions/{action}", body, 403
        yield operation, "POST", f"{unknown}/actions/{action}", body, 404
    for target in (plain, managed):
        yield "checkAutomationConnection", "POST", f"{target}/actions/check", None, 200
    yield "checkAutomationConnection", "POST", f"{plain}/actions/check?x=1", None, 400
    yield "checkAutomationConnection", "POST", f"{unknown}/actions/check", None, 404
    yield "deleteAutomationConnection", "DELETE", used, None, 400
    yield "deleteAutomationConnection", "DELETE", managed, None, 403
    yield "deleteAutomationConnection", "DELETE", unknown, None, 404
    yield "deleteAutomationConnection", "DELETE", f"{used}?forced=true", None, 204
    connectors = [connector.id for connector in sandbox.connectors]
    automations = [automation.id for automation in sandbox.automations]
    of_others = {automation.id for automation in sandbox.automations if automation.owner_id != sandbox.users[0].id}
    for operation, base, ids, sorts in [
        ("getAutomationConnector", CONNECTORS, connectors, ["name"]),
        ("getAutomation", AUTOMATIONS, automations, ["lastRunAt", "maxConcurrentRuns"]),
    ]:
        yield f"{operation}s", "GET", base, None, 200
        for sort in sorts:
            yield f"{operation}s", "GET", f"{base}?limit=3&sort=-{sort}", None, 200
        yield f"{operation}s", "GET", f"{base}?limit=0", None, 400
        yield f"{operation}s", "GET", f'{base}?filter=id eq "x"', None, 400
        for identifier in ids:
            yield operation, "GET", f"{base}/{identifier}", None, 403 if identifier in of_others else 200
        yield operation, "GET", f"{base}/{ids[0]}?x=1", None, 400
        yield operation, "GET", f"{base}/unknown", None, 404
    yield "getAutomations", "GET", f"{AUTOMATIONS}?listAll=true", None, 200
    yield from writes_of_automations(sandbox)
    for operation, many, base, ids in [
        ("getUserById", "getUsers", "/api/v1/users", [user.id for user in sandbox.users]),
        ("getSpaceById", "getSpaces", "/api/v1/spaces", [space.id for space in sandbox.spaces]),
    ]:
        for query, status in (("", 200), ("limit=3&sort=-name", 200), ("limit=101", 400), ("next=a&prev=b", 400)):
            yield many, "GET", f"{base}?{query}", None, status
        for identifier in ids:
            yield operation, "GET", f"{base}/{identifier}", None, 200
        yield operation, "GET", f"{base}/unknown", None, 404
    yield "getMe", "GET", "/api/v1/users/me", None, 301


def writes_of_automations(sandbox: Sandbox) -> Iterator[tuple[str, str, str, Any, int]]:
    """The same for the operations that change automations."""
    own, other = (
        next(
            f"{AUTOMATIONS}/{each.id}" for each in sandbox.automations if (each.owner_id == sandbox.users[0].id) == mine
        )
        for mine in (True, False)
    )
    whole = {"name": "n", "schedules": [{"interval": 90}], "workspace": {"blocks": []}, "maxConcurrentRuns": 2}
    yield "createAutomation", "POST", AUTOMATIONS, {**whole, "spaceId": sandbox.spaces[0].id}, 201
    yield "createAutomation", "POST", AUTOMATIONS, {}, 400
    yield "updateAutomation", "PUT", own, whole, 200
    yield "updateAutomation", "PUT", own, {"name": " "}, 400
    yield "updateAutomation", "PUT", other, whole, 403
    yield "updateAutomation", "PUT", f"{AUTOMATIONS}/unknown", whole, 404
    for action, operation, body in [
        ("change-owner", "automationChangeOwner", {"userId": sandbox.users[0].id}),
        ("change-space", "automationChangeSpace", {"spaceId": ""}),
        ("disable", "disableAutomation", None),
        ("enable", "enableAutomation", None),
    ]:
        yield operation, "POST", f"{own}/actions/{action}", body, 204
        yield operation, "POST", f"{own}/actions/{action}?x=1", body, 400
        yield operation, "POST", f"{AUTOMATIONS}/unknown/actions/{action}", body, 404
    yield "deleteAutomation", "DELETE", own, None, 204
    yield "deleteAutomation", "DELETE", own, None, 404


def test_every_answer_obeys_the_spec(strict: Sandbox, strict_admin: httpx.Client) -> None:
    met = set()
    for operation, method, path, body, status in calls(strict):
        response = strict_admin.request(method, path, json=body)
        assert response.status_code == status, (operation, path, response.text)
        assert_obeys(response, operation)
        entry = strict.ledger[-1]
        assert (entry.operation, entry.tier) == (operation, 1 if method == "GET" else 2)
        assert entry.connection_id is None or path.startswith(LIST), path
        met.add((operation, status))
    for operation, method, path, body, _ in {call[0]: call for call in calls(strict)}.values():
        for status in sorted({500, 503} & {int(each) for each in OPERATIONS[operation]["responses"]}):
            strict.fail(Fault(operation, status=status))
            response = strict_admin.request(method, path, json=body)
            assert response.status_code == status
            assert_obeys(response, operation)
            met.add((operation, status))
        response = strict_admin.request(method, path, json=body, headers={"Authorization": "Bearer wrong"})
        assert response.status_code == 401
        assert_obeys(response, operation)
        met.add((operation, 401))
    # 403 where the spec documents it and an administrator does not meet it.
    forbidden = {"getAutomationConnections", "getAutomationConnection", "checkAutomationConnection"}
    forbidden |= {"getAutomationConnectors", "getAutomationConnector", "getAutomations", "getAutomation"}
    forbidden |= {"getUsers", "getUserById", "getMe", "getSpaces", "getSpaceById", "createAutomation"}
    forbidden |= {"deleteAutomation", "enableAutomation", "disableAutomation"}
    forbidden |= {"automationChangeOwner", "automationChangeSpace"}
    # Nothing says when the service finds that an update of an automation conflicts.
    unmet = {*((operation, 403) for operation in forbidden), ("updateAutomation", 409)}
    for operation, method, path, body, _ in {call[0]: call for call in calls(strict)}.values():
        for status in {status for name, status in unmet if name == operation}:
            strict.fail(Fault(operation, status=status))
            assert_obeys(strict_admin.request(method, path, json=body), operation)
            met.add((operation, status))
    documented = {(name, int(status)) for name, entry in OPERATIONS.items() for status in entry["responses"]}
    assert met == documented


def test_documents_have_the_fields_of_the_spec(strict: Sandbox, strict_admin: httpx.Client) -> None:
    bot = machine(strict)

    def names(base: str, ids: list[str]) -> set[str]:
        return {name for id in ids for name in strict_admin.get(f"{base}/{id}", headers=bot).json()}

    common = {"id", "name", "ownerId", "spaceId", "createdAt", "updatedAt"}
    assert names(LIST, [item["id"] for item in strict.snapshot()]) == {
        *common, "error", "params", "redirect", "connectorId", "isConnected", "oauthAccountName",
    }  # fmt: skip
    assert names(CONNECTORS, [connector.id for connector in strict.connectors]) == {
        "id", "name", "params", "billable", "description", "hasWebhooks", "connectDocumentation",
    }  # fmt: skip
    assert names(AUTOMATIONS, [automation.id for automation in strict.automations]) == {
        *common, "state", "runMode", "lastRunAt", "workspace", "description", "connectorIds", "lastRunStatus",
        "executionToken", "maxConcurrentRuns", "schedules",
    }  # fmt: skip
    connector = strict_admin.get(f"{CONNECTORS}/{strict.connectors[0].id}").json()
    assert set(connector["params"][0]) == {
        "id", "name", "description", "exampleValue", "fieldType", "optional", "options", "setting",
    }  # fmt: skip


def test_pages_at_both_ends_have_links_without_href(strict_admin: httpx.Client) -> None:
    document = strict_admin.get(f'{LIST}?filter=name eq "no such name"').json()
    assert document == {"data": [], "links": {"next": {}, "prev": {}}}


def answers(quirks: bool | Collection[str]) -> dict[str, Any]:
    with Sandbox(40, quirks=quirks) as sandbox, client(sandbox) as admin:
        items = sandbox.snapshot()
        first = next(item["id"] for item in items if item["createdAt"] == FIRST_CREATED)
        personal = next(item["id"] for item in items if not item["spaceId"])
        idle = next(automation.id for automation in sandbox.automations if not automation.last_run_at)
        refused = admin.get(f"{LIST}/no-such-id").json()
        return {
            "list": admin.get(LIST, params={"limit": 200, "listAll": "true"}).json(),
            "detail": admin.get(f"{LIST}/{first}").json(),
            "personal": admin.get(f"{LIST}/{personal}").json(),
            "check": admin.post(f"{LIST}/{first}/actions/check").json(),
            # Each refusal has a trace id of its own.
            "error": {**refused, "traceId": type(refused["traceId"]).__name__},
            "connectors": admin.get(CONNECTORS).json(),
            "connector": admin.get(f"{CONNECTORS}/{sandbox.connectors[0].id}").json(),
            "automations": admin.get(AUTOMATIONS).json(),
            "automation": admin.get(f"{AUTOMATIONS}/{idle}", headers=machine(sandbox)).json(),
        }


SCHEMAS = {
    "list": "AutomationConnectionsList",
    "detail": "AutomationConnectionDetailObject",
    "personal": "AutomationConnectionDetailObject",
    "check": "AutomationConnectionCheckObject",
    "error": "ErrorResponse",
    "connectors": "AutomationConnectorsList",
    "connector": "AutomationConnectorDetail",
    "automations": "AutomationList",
    "automation": "AutomationDetailResponseObject",
}
FIRST_CREATED = Sandbox(1).snapshot()[0]["createdAt"]


@pytest.fixture(scope="module")
def clean() -> dict[str, Any]:
    return answers(False)


def test_the_default_quirks(clean: dict[str, Any]) -> None:
    sent = answers(True)
    assert answers(DEFAULT_QUIRKS) == sent
    detail = sent["detail"]
    assert {param["isOptional"] for param in detail["params"]} == {"true", "false"}
    assert detail["error"] == []
    assert [param["meta"] for param in detail["params"]][:2] == [[], {}]
    assert detail["oauthAccountName"] is None
    assert detail["redirect"] is None
    assert sent["list"]["links"] == {"next": {"href": None}, "prev": {"href": None}}
    assert set(sent["check"]) == {"connected", "is_connected"}
    assert "data" not in detail
    assert {param["optional"] for param in sent["connector"]["params"]} == {"true", "false"}
    assert sent["connector"]["connectDocumentation"] is None
    assert sent["automation"] == {**clean["automation"], "lastRunAt": None, "lastRun": None}
    for name in ("connectors", "automations"):
        assert sent[name]["links"] == {"next": {"href": None}, "prev": {"href": None}}


def test_no_quirks(clean: dict[str, Any]) -> None:
    assert {param["isOptional"] for param in clean["detail"]["params"]} == {True, False}
    assert clean["detail"]["error"] == {}
    assert {"oauthAccountName", "redirect"}.isdisjoint(clean["detail"])
    assert {param["optional"] for param in clean["connector"]["params"]} == {True, False}
    assert "connectDocumentation" not in clean["connector"]
    assert "lastRunAt" not in clean["automation"]
    for name in ("connectors", "automations"):
        assert clean[name]["links"] == {"next": {}, "prev": {}}


def test_each_quirk_alone_changes_something_and_only_its_own(clean: dict[str, Any]) -> None:
    for name, quirk in QUIRKS.items():
        sent = answers([name])
        assert {SCHEMAS[part] for part in clean if sent[part] != clean[part]} == quirk.schemas, name
    # A single one needs no list.
    assert answers(name) == sent


def test_quirks_that_must_be_named(clean: dict[str, Any]) -> None:
    sent = answers(["wrapped-in-data", "check-spelling", "unreadable-value"])
    for name in ("detail", "connector", "automation"):
        assert set(sent[name]) == {"data"}
    assert sent["check"] == {"isConnected": clean["check"]["is_connected"]}
    assert sent["detail"]["data"]["createdAt"] == "0000-00-00T00:00:00.000000Z"
    unreadable = [item for item in sent["list"]["data"] if item["createdAt"].startswith("0000")]
    assert [item["id"] for item in unreadable] == [clean["detail"]["id"]]
