"""What a diagnosis says of a tenant: of sandboxes with each quirk, of hostile answers, and never a value."""

from __future__ import annotations

import base64
import json
import ssl
import time
from collections import Counter
from collections.abc import Callable
from email.utils import formatdate
from functools import partial
from typing import Any

import httpx
import pytest

from qlik_automation_connections import QUIRKS, OAuthClient, Tenant
from qlik_automation_connections.admin import Diagnosis, diagnose
from qlik_automation_connections.sandbox import DEFAULT_QUIRKS, Fault, Sandbox
from sampling import few

LIST = "/api/workflows/automation-connections"
URL = "https://acme.eu.qlikcloud.com"
Answer = Callable[[httpx.Request], httpx.Response]


def shown(sandbox: Sandbox, **options: Any) -> Diagnosis:
    with Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        return diagnose(tenant, **{"check": True, "list_all": True, "most": 40, **options})


def fields(found: Diagnosis) -> set[tuple[str, str]]:
    return {(row.name, field) for row in found.quirks for field in row.fields}


def words(found: Diagnosis) -> dict[str, str]:
    return {row.name: row.result for row in found.quirks}


def facts(found: Diagnosis) -> dict[str, str]:
    return {row.name: row.result for row in found.facts}


def observed(found: Diagnosis) -> dict[str, tuple[str, str]]:
    return {row.name: (row.result, row.detail) for row in found.observations}


def rights(found: Diagnosis) -> dict[str, str]:
    return {row.name: row.result for row in found.rights}


def answering(answer: Answer, **options: Any) -> Tenant:
    http = httpx.Client(transport=httpx.MockTransport(answer))
    return Tenant(URL, **{"api_key": "a-made-up-key", "pacing": "off", "http_client": http, **options})


@pytest.fixture(scope="module")
def clean() -> Diagnosis:
    with Sandbox(40, quirks=False) as sandbox:
        return shown(sandbox)


def test_a_tenant_that_obeys_the_spec_leaves_out_and_nothing_else(clean: Diagnosis) -> None:
    # An automation in a personal space has an empty spaceId in any case.
    found = {name for name, field in fields(clean) if not field.endswith("spaceId")}
    assert found == {"null-values", "link-without-page"}
    assert set(words(clean).values()) == {"seen", "not seen"}
    assert clean.asked == {"pages": 1, "listed": 40, "connections": 40, "checks": 40, "automations": 1}
    assert (clean.failed, clean.problems) == ({}, 0)
    assert {name: result for name, result in facts(clean).items() if result != "holds"} == {
        "users-of-others": "unknown"
    }
    assert Diagnosis.from_dict(clean.to_dict()) == clean


@pytest.mark.parametrize("name", few([quirk.name for quirk in QUIRKS], 2))
def test_a_quirk_that_is_switched_on_is_seen(name: str, clean: Diagnosis) -> None:
    with Sandbox(40, quirks=[name]) as sandbox:
        found = shown(sandbox)
    # Others' forms leave out what the documented one has, or add to it.
    assert {quirk for quirk, _ in fields(found) - fields(clean)} <= {name, "null-values", "unknown-field"}
    assert words(found)[name] == "seen"


def test_the_default_ones_are_seen() -> None:
    with Sandbox(40) as sandbox:
        found = words(shown(sandbox))
    assert {name for name, word in found.items() if word == "seen"} >= {*DEFAULT_QUIRKS, "link-without-page"}


def test_nothing_is_changed_and_only_gets_are_sent_unless_told_otherwise() -> None:
    with Sandbox(40) as sandbox:
        before = sandbox.snapshot(secrets=True)
        found = shown(sandbox, most=7, check=False, list_all=False)
        assert {entry.method for entry in sandbox.ledger} == {"GET"}
        assert found.requests == len(sandbox.ledger)
        assert words(found)["check-spelling"] == "unknown"
        sandbox.ledger.clear()
        shown(sandbox, most=7)
        posts = Counter(entry.operation for entry in sandbox.ledger if entry.method != "GET")
        assert posts == {"checkAutomationConnection": 7}
        assert sandbox.snapshot(secrets=True) == before


def test_details_are_of_as_many_connectors_as_there_are() -> None:
    with Sandbox(100) as sandbox:
        shown(sandbox, most=len(sandbox.connectors), check=False)
        of = {item["id"]: item["connectorId"] for item in sandbox.snapshot()}
        read = [entry.connection_id for entry in sandbox.ledger if entry.operation == "getAutomationConnection"]
    assert {of[id or ""] for id in read if id in of} == set(of.values())


def test_an_empty_tenant_can_tell_little() -> None:
    with Sandbox(0) as sandbox:
        found = shown(sandbox)
    assert words(found)["boolean-spelling"] == "unknown"
    assert words(found)["link-without-page"] == "seen"
    assert facts(found)["exact-filter"] == facts(found)["next-page"] == facts(found)["timestamps"] == "unknown"
    assert facts(found)["unknown-id"] == "holds"


def test_of_a_list_that_is_not_read_to_its_end_its_end_cannot_be_told() -> None:
    with Sandbox(650, quirks=False) as sandbox:
        found = shown(sandbox, most=1, check=False)
    assert (found.asked["pages"], found.asked["listed"]) == (3, 600)


def test_a_detail_that_cannot_be_read_is_counted() -> None:
    with Sandbox(40) as sandbox:
        sandbox.fail(Fault("getAutomationConnection", status=403, times=2, after=12))
        found = shown(sandbox, check=False)
    assert found.failed == {"status 403": 2}
    assert found.asked["connections"] == 38


def test_who_is_no_administrator_may_read_less() -> None:
    with Sandbox(40) as sandbox, Tenant(sandbox.url, api_key=sandbox.user_api_key) as tenant:
        found = diagnose(tenant)
        assert rights(found)["own connections"] == rights(found)["own user"] == "allowed"
        assert rights(found)["everyone's connections"] == rights(found)["everyone's automations"] == "refused"
        assert facts(found)["roles"] == facts(found)["users-of-others"] == "holds"
        # It has the right after all, whatever its roles say.
        sandbox.fail(Fault("getAutomationConnections", status=200, body={"data": []}, times=1, after=1))
        assert facts(diagnose(tenant))["roles"] == "does not hold"


def test_a_machine_is_no_user() -> None:
    with Sandbox(40) as sandbox:
        client = OAuthClient(sandbox.client_id, sandbox.client_secret)
        with Tenant(sandbox.url, auth=client) as tenant:
            found = diagnose(tenant, most=3)
    assert observed(found)["sign-in"] == ("ok", "OAuth client")
    assert rights(found)["own user"] != "allowed"
    assert facts(found)["roles"] == "unknown"


def test_a_fact_may_not_hold() -> None:
    cases: list[tuple[str, dict[str, Any], str]] = [
        ("getAutomationConnection", {"status": 403}, "unknown-id"),
        ("getAutomationConnection", {"status": 404, "body": {}}, "error-body"),
    ]
    for operation, answer, fact in cases:
        with Sandbox(3) as sandbox:
            sandbox.fail(Fault(operation, times=None, **answer))
            found = shown(sandbox, check=False)
        assert facts(found)[fact] == "does not hold", fact


def test_facts_of_another_service() -> None:
    """One that ignores filters and limits, sends whole seconds, and shows secrets."""
    items = [{"id": f"c{number}", "name": f"name {number}", "createdAt": "2025-03-04T08:15:30Z"} for number in range(2)]
    params = [{"name": "password", "value": "********"}, {"name": "token", "value": "in clear"}]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == LIST:
            href = None if "cursor" in request.url.params else f"{URL}{LIST}?cursor=next"
            return httpx.Response(200, json={"data": items, "links": {"next": {"href": href}}})
        if request.url.path.startswith(LIST):
            return httpx.Response(200, json={**items[0], "id": request.url.path.split("/")[-1], "params": params})
        return httpx.Response(500)

    found = diagnose(answering(answer, retries=0))
    wrong = {name for name, result in facts(found).items() if result == "does not hold"}
    assert wrong >= {"unknown-id", "exact-filter", "cursor-scope", "timestamps", "secrets-read-back"}
    detail = next(fact.detail for fact in found.facts if fact.name == "secrets-read-back")
    assert detail == "2 masked, 2 something else"


def test_tls_clock_limits_and_the_key() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        headers = {
            "date": formatdate(time.time() - 90, usegmt=True),
            "RateLimit-Limit": "1000",
            "ratelimit-remaining": "999 of acme",
            "deprecation": "@1",
        }
        return httpx.Response(429, headers={**headers, "retry-after": "0"})

    claims = base64.urlsafe_b64encode(json.dumps({"exp": time.time() - 86_400}).encode()).decode().rstrip("=")
    with pytest.warns(DeprecationWarning, match="the service announces"):
        found = diagnose(answering(answer, api_key=f"x.{claims}.y"))
    seen = observed(found)
    assert seen["clock"] == ("problem", "90 s ahead of the service")
    assert seen["sign-in"] == ("problem", "API key, expired by what it says itself")
    assert seen["TLS"] == ("unknown", "no connection to look at")
    assert seen["address"][1].startswith("https, region eu of qlikcloud.com")
    assert seen["limits"][0] == "problem"
    assert "ratelimit-limit: 1000, ratelimit-remaining: not a number, retry-after: 0;" in seen["limits"][1]


def test_a_tenant_that_can_not_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(error: Exception, request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("acme") from error

    monkeypatch.setattr("qlik_automation_connections._exchange.drivers.time.sleep", lambda seconds: None)
    for error, said in [
        (OSError("acme.eu.qlikcloud.com: name not known"), "no connection"),
        (ssl.SSLCertVerificationError("acme"), "certificate not trusted"),
    ]:
        found = diagnose(answering(partial(unreachable, error)))
        assert observed(found)["address"] == ("problem", f"https, region eu of qlikcloud.com; {said}")
        assert observed(found)["sign-in"][0] == "unknown"
        assert (found.rights, found.quirks, found.facts) == ([], [], [])
        assert "acme" not in json.dumps(found.to_dict())


def test_a_sign_in_that_is_refused() -> None:
    with Sandbox(1) as sandbox:
        for auth in ({"api_key": "wrong"}, {"auth": OAuthClient(sandbox.client_id, "wrong")}):
            with Tenant(sandbox.url, **auth) as tenant:
                found = diagnose(tenant)
            assert observed(found)["sign-in"][0] == "problem"
            assert "refused: status 401" in observed(found)["sign-in"][1]
            assert found.rights == []


def test_a_site_that_is_no_tenant() -> None:
    found = diagnose(answering(lambda request: httpx.Response(200, html="<p>acme</p>")))
    assert observed(found)["address"][1].endswith("responds, but not as a tenant does")
    assert set(rights(found).values()) == {"unknown"}


CANARY = "c4n4ry-0f3b9a52"
KEYED = {CANARY: CANARY, "9e107d9d372bb682": CANARY, "two words": CANARY, "x" * 60: CANARY}
HOSTILE: list[Any] = [
    {"id": CANARY, "name": [CANARY], "error": CANARY, "params": {CANARY: CANARY}, **KEYED},
    {"id": CANARY, "error": {CANARY: CANARY}, "params": [{"meta": {CANARY: CANARY}, "value": {CANARY: 1}}]},
    {"data": {"id": CANARY, **KEYED}, "createdAt": CANARY, "params": [CANARY, {"order": CANARY, **KEYED}]},
    {"id": CANARY, "assignedRoles": [{"name": CANARY}], "status": CANARY, "connectorIds": [CANARY]},
]


def test_no_value_and_no_name_gets_into_it() -> None:
    def answer(document: Any, request: httpx.Request) -> httpx.Response:
        headers = {"ratelimit-limit": CANARY, "retry-after": "0", "date": CANARY, CANARY: CANARY, "location": CANARY}
        if request.url.path.endswith("/me"):
            return httpx.Response(301, headers={**headers, "location": f"/api/v1/users/{CANARY}"})
        if request.url.path.endswith(("connections", "automations", "users", "spaces", "connectors")):
            return httpx.Response(200, headers=headers, json={"data": [document, {"id": CANARY}], "links": {CANARY: 1}})
        return httpx.Response(200, headers=headers, json=document)

    for document in HOSTILE:
        found = diagnose(answering(partial(answer, document), retries=0), most=3)
        text = json.dumps(found.to_dict())
        for part in (CANARY, "9e107d9d", "two words", "xxx", "acme"):
            assert part not in text, document


def test_no_value_of_a_sandbox_gets_into_it() -> None:
    with Sandbox(40, quirks=[quirk.name for quirk in QUIRKS]) as sandbox:
        found = shown(sandbox)
        items = sandbox.snapshot(secrets=True)
        people = {text for user in sandbox.users for text in (user.id, user.name, user.email, user.subject)}
    text = json.dumps(found.to_dict())
    names = ("id", "name", "ownerId", "spaceId", "connectorId", "createdAt", "updatedAt")
    values = {item[name] for item in items for name in names} | people
    values |= {param["value"] for item in items for param in item["params"]}
    telling = {value for value in values if len(value) > 4}
    assert len(telling) > 200
    assert not {value for value in telling if value in text}


def test_a_response_that_no_quirk_explains_is_counted() -> None:
    def answer(document: Any, request: httpx.Request) -> httpx.Response:
        content = json.dumps({"data": [{"id": "c1"}]} if request.url.path == LIST else document)
        return httpx.Response(200, text=content)

    for document in ([1], "x", {"params": [7]}):
        found = diagnose(answering(partial(answer, document), retries=0))
        assert found.failed == {"unexpected response with status 200": 1}, document
