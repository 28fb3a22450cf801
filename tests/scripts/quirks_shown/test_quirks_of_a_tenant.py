"""What the script says of a tenant: of sandboxes with each quirk, of hostile answers, and never a value."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

import quirks_shown
from qlik_automation_connections import QUIRKS, NotFoundError, PermissionDeniedError, Tenant
from qlik_automation_connections.sandbox import DEFAULT_QUIRKS, Fault, Sandbox

LIST = "/api/workflows/automation-connections"
URL = "https://acme.eu.qlikcloud.com"
Answer = Callable[[httpx.Request], httpx.Response]


def shown(sandbox: Sandbox, **options: Any) -> dict[str, Any]:
    with Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        # Some stand in refusals.
        with pytest.raises(NotFoundError):
            tenant.connections.get("no-such-id")
        return quirks_shown.report(quirks_shown.look(tenant, check=True, list_all=True, details=40, **options))


def fields(report: dict[str, Any]) -> set[tuple[str, str]]:
    return {(row["name"], field) for row in report["quirks"] for field in row["fields"]}


def words(report: dict[str, Any]) -> dict[str, str]:
    return {row["name"]: row["shown"] for row in report["quirks"]}


def answering(answer: Answer) -> Tenant:
    return Tenant(
        URL, api_key="key", retries=0, pacing="off", http_client=httpx.Client(transport=httpx.MockTransport(answer))
    )


@pytest.fixture(scope="module")
def clean() -> dict[str, Any]:
    with Sandbox(40, quirks=False) as sandbox:
        return shown(sandbox)


def test_a_tenant_that_obeys_the_spec_leaves_out_and_nothing_else(clean: dict[str, Any]) -> None:
    assert {name for name, _ in fields(clean)} == {"null-values", "link-without-page"}
    assert set(words(clean).values()) == {"seen", "not seen", "can't be told"}
    assert clean["asked"] == {
        "pages": 1,
        "list_ended": True,
        "connections_listed": 40,
        "connections_read": 40,
        "checks": 40,
        "failed": {},
    }


@pytest.mark.parametrize("name", [quirk.name for quirk in QUIRKS])
def test_a_quirk_that_is_switched_on_is_seen(name: str, clean: dict[str, Any]) -> None:
    with Sandbox(40, quirks=[name]) as sandbox:
        report = shown(sandbox)
    # A form of its own leaves out what the documented one has.
    assert {quirk for quirk, _ in fields(report) - fields(clean)} <= {name, "null-values"}
    assert words(report)[name] == "seen"


def test_the_default_ones_are_seen() -> None:
    with Sandbox(40) as sandbox:
        found = words(shown(sandbox))
    assert {name for name, word in found.items() if word == "seen"} == {*DEFAULT_QUIRKS, "link-without-page"}


def test_only_gets_are_sent_unless_told_otherwise() -> None:
    with Sandbox(40) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        before = sandbox.snapshot()
        found = quirks_shown.look(tenant, details=7)
        assert Counter(entry.operation for entry in sandbox.ledger) == {
            "getAutomationConnections": 1,
            "getAutomationConnection": 7,
        }
        assert words(quirks_shown.report(found))["check-spelling"] == "can't be told"
        quirks_shown.look(tenant, details=7, check=True)
        assert sum(entry.operation == "checkAutomationConnection" for entry in sandbox.ledger) == 7
        assert sandbox.snapshot() == before


def test_details_are_of_as_many_connectors_as_there_are() -> None:
    with Sandbox(100) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        quirks_shown.look(tenant, details=len(sandbox.connectors), list_all=True)
        of = {item["id"]: item["connectorId"] for item in sandbox.snapshot()}
        read = [entry.connection_id for entry in sandbox.ledger if entry.operation == "getAutomationConnection"]
    assert {of[id or ""] for id in read} == set(of.values())


def test_an_empty_tenant_can_tell_little() -> None:
    with Sandbox(0) as sandbox:
        found = words(shown(sandbox))
    assert {name for name, word in found.items() if word == "can't be told"} == {
        quirk.name for quirk in QUIRKS if quirk.name != "link-without-page"
    }


def test_of_a_list_that_is_not_read_to_its_end_its_end_cannot_be_told() -> None:
    with Sandbox(450, quirks=False) as sandbox:
        report = shown(sandbox, pages=2)
    assert report["asked"]["pages"] == 2
    assert report["asked"]["connections_listed"] == 400
    assert not report["asked"]["list_ended"]


def test_a_detail_that_cannot_be_read_is_counted() -> None:
    with Sandbox(40) as sandbox:
        sandbox.fail(Fault("getAutomationConnection", status=403, times=2, after=1))
        report = shown(sandbox)
    assert report["asked"]["failed"] == {"status 403": 2}
    assert report["asked"]["connections_read"] == 38


CANARY = "c4n4ry-0f3b9a52"
KEYED = {CANARY: CANARY, "9e107d9d372bb682": CANARY, "two words": CANARY, "x" * 60: CANARY}
HOSTILE: list[Any] = [
    {"id": CANARY, **KEYED},
    {"id": CANARY, "name": [CANARY], "error": CANARY, "params": {CANARY: CANARY}},
    {"id": CANARY, "error": {CANARY: CANARY}, "params": [{"meta": {CANARY: CANARY}, "value": {CANARY: 1}}]},
    {"id": CANARY, "createdAt": CANARY, "isConnected": CANARY, "params": [CANARY, {"order": CANARY, **KEYED}]},
    {"data": {"id": CANARY, **KEYED}},
]


@pytest.mark.parametrize("document", HOSTILE)
def test_no_value_and_no_name_gets_into_the_report(document: Any) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == LIST:
            return httpx.Response(200, json={"data": [document, {"id": CANARY}], "links": {CANARY: CANARY}})
        return httpx.Response(200, json=document)

    written = quirks_shown.report(quirks_shown.look(answering(answer)))
    for text in (json.dumps(written), quirks_shown.as_text(written)):
        for part in (CANARY, "9e107d9d", "two words", "xxx", "acme"):
            assert part not in text
    assert written["asked"]["connections_read"] or written["asked"]["failed"]


def test_no_value_of_a_sandbox_gets_into_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    with Sandbox(40, quirks=[quirk.name for quirk in QUIRKS]) as sandbox:
        report = shown(sandbox)
        items = sandbox.snapshot(secrets=True)
    text = json.dumps(report) + quirks_shown.as_text(report)
    fields = ("id", "name", "ownerId", "spaceId", "connectorId", "createdAt", "updatedAt")
    values = {item[field] for item in items for field in fields}
    values |= {param["value"] for item in items for param in item["params"]}
    telling = {value for value in values if len(value) > 4}
    assert len(telling) > 200
    assert not {value for value in telling if value in text}


@pytest.mark.parametrize("document", [[], [1], "x", None, 7, {"params": [7]}])
def test_a_response_that_no_quirk_explains_is_counted(document: Any) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        content = json.dumps({"data": [{"id": "c1"}]} if request.url.path == LIST else document)
        return httpx.Response(200, text=content)

    report = quirks_shown.report(quirks_shown.look(answering(answer)))
    assert report["asked"]["failed"] == {"UnexpectedResponseError": 1}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with Sandbox(40) as sandbox:
        monkeypatch.setenv("QLIK_API_KEY", sandbox.api_key)
        yield sandbox


def test_the_command_asks_a_tenant(environment: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    assert quirks_shown.main(["--tenant", environment.url, "--json", "--all", "--details", "3"]) == 0
    written = json.loads(capsys.readouterr().out)
    assert written["asked"]["connections_listed"] == 40
    assert written["asked"]["connections_read"] == 3


def test_the_command_asks_a_sandbox(capsys: pytest.CaptureFixture[str]) -> None:
    assert quirks_shown.main(["--sandbox"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in printed[1:]] == [quirk.name for quirk in QUIRKS]
    assert any(
        line.startswith("boolean-spelling") and "AutomationConnectionParamObject.isOptional" in line for line in printed
    )


@pytest.mark.parametrize(("status", "error"), [(403, PermissionDeniedError), (404, NotFoundError)])
def test_a_tenant_that_refuses_is_told_without_its_words(
    environment: Sandbox, status: int, error: type[Exception], capsys: pytest.CaptureFixture[str]
) -> None:
    environment.fail(Fault("getAutomationConnections", status=status))
    assert quirks_shown.main(["--tenant", environment.url]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == f"The tenant can't be asked: status {status} for its list of connections.\n"


def test_without_a_key_nothing_is_asked(
    environment: Sandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("QLIK_API_KEY")
    monkeypatch.delenv("QLIK_OAUTH_CLIENT_ID", raising=False)
    assert quirks_shown.main(["--tenant", environment.url]) == 2
    assert "QLIK_API_KEY" in capsys.readouterr().err
    assert len(environment.ledger) == 0


@pytest.mark.parametrize("arguments", [[], ["--sandbox", "--tenant", URL], ["--sandbox", "--pages", "0"]])
def test_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        quirks_shown.main(arguments)
    assert caught.value.code == 2
