"""Faults on demand: what the client meets, and what was done nevertheless."""

import time
from typing import Any

import httpx
import pytest

from qlik_automation_connections.sandbox import Fault, Sandbox
from sandbox.conftest import SIZE, client

LIST = "/api/workflows/automation-connections"


def create(admin: httpx.Client, sandbox: Sandbox) -> httpx.Response:
    return admin.post(LIST, json={"connectorId": sandbox.connectors[0].id})


def test_a_status_is_answered_in_the_documented_form(admin: httpx.Client, sandbox: Sandbox) -> None:
    for status in [400, 409, 500, 503, 520]:
        sandbox.fail(Fault(status=status, retry_after=2))
        response = create(admin, sandbox)
        assert response.status_code == status, status
        assert response.headers["retry-after"] == "2", status
        assert response.json()["errors"][0]["code"] == f"AC-{status}", status
        entry = sandbox.ledger[-1]
        assert (entry.status, entry.processed, entry.refused) == (status, False, False), status
        assert entry.trace_id == response.json()["traceId"], status
    assert len(sandbox.snapshot()) == SIZE
    assert create(admin, sandbox).status_code == 201


def test_a_429_and_html_as_a_proxy_sends_it(admin: httpx.Client, sandbox: Sandbox) -> None:
    sandbox.fail(Fault(status=429, retry_after="Mon, 23 Nov 2026 00:00:00 GMT"))
    response = admin.get(LIST)
    assert response.json()["errors"][0]["code"] == "HTTP-429"
    assert response.headers["retry-after"] == "Mon, 23 Nov 2026 00:00:00 GMT"
    assert sandbox.ledger[-1].refused
    sandbox.fail(Fault(kind="html"))
    response = admin.get(LIST)
    assert (response.status_code, response.headers["content-type"]) == (502, "text/html")
    assert "<html>" in response.text


def test_an_own_body_and_own_headers(admin: httpx.Client, sandbox: Sandbox) -> None:
    cases: list[tuple[Any, bytes]] = [
        (b"\xff", b"\xff"),
        ("plain", b"plain"),
        ({"status": "500"}, b'{"status": "500"}'),
    ]
    for body, text in cases:
        sandbox.fail(Fault(status=200, body=body, headers={"content-type": "text/plain"}, retry_after=1.5))
        response = admin.get(LIST)
        assert response.content == text, body
        assert (response.headers["content-type"], response.headers["retry-after"]) == ("text/plain", "1.5"), body


@pytest.mark.parametrize(("kind", "made"), [("reset", 0), ("reset-after-processing", 1)])
def test_a_reset_drops_the_connection(admin: httpx.Client, sandbox: Sandbox, kind: Any, made: int) -> None:
    sandbox.fail(Fault(kind=kind))
    with pytest.raises(httpx.ReadError):
        create(admin, sandbox)
    assert len(sandbox.snapshot()) == SIZE + made
    entry = sandbox.ledger[-1]
    assert (entry.status, entry.processed) == (None, bool(made))
    assert create(admin, sandbox).status_code == 201


def test_a_truncated_answer_was_processed(admin: httpx.Client, sandbox: Sandbox) -> None:
    sandbox.fail(Fault(kind="truncate"))
    with pytest.raises(httpx.RemoteProtocolError, match="complete"):
        create(admin, sandbox)
    assert len(sandbox.snapshot()) == SIZE + 1
    assert sandbox.ledger[-1].processed
    sandbox.fail(Fault(kind="truncate", operation="deleteAutomationConnection"))
    with pytest.raises(httpx.ReadError):
        admin.delete(f"{LIST}/{sandbox.in_use[0]}?forced=true")
    assert len(sandbox.snapshot()) == SIZE
    assert (sandbox.ledger[-1].status, sandbox.ledger[-1].processed) == (None, True)


def test_a_delayed_answer_was_processed_before(admin: httpx.Client, sandbox: Sandbox) -> None:
    sandbox.fail(Fault(kind="delay", seconds=0.15, times=2))
    begin = time.perf_counter()
    assert create(admin, sandbox).status_code == 201
    assert time.perf_counter() - begin >= 0.15
    with pytest.raises(httpx.ReadTimeout):
        admin.post(LIST, json={"connectorId": sandbox.connectors[0].id}, timeout=0.05)
    assert sandbox.ledger[-1].processed
    assert len(sandbox.snapshot()) == SIZE + 2


def test_rules_strike_by_operation_count_and_offset(admin: httpx.Client, sandbox: Sandbox) -> None:
    fault = sandbox.fail(Fault("getAutomationConnections", status=503, after=1, times=2))
    identifier = sandbox.snapshot()[0]["id"]
    statuses = []
    for _ in range(5):
        assert admin.get(f"{LIST}/{identifier}").status_code == 200
        statuses.append(admin.get(LIST).status_code)
    assert statuses == [200, 503, 503, 200, 200]
    assert fault.struck == 2
    # The list of rules can be changed meanwhile.
    sandbox.fail(Fault(status=503, times=None))
    assert [admin.get(LIST).status_code for _ in range(3)] == [503] * 3
    sandbox.faults.clear()
    assert admin.get(LIST).status_code == 200


def test_a_share_of_the_requests_fails_and_the_same_ones_in_every_run() -> None:
    runs = []
    for _ in range(2):
        with Sandbox(1, faults=[Fault(probability=0.3, times=None)]) as sandbox, client(sandbox) as admin:
            runs.append([admin.get(LIST).status_code for _ in range(60)])
    assert runs[0] == runs[1]
    assert 9 <= runs[0].count(500) <= 27


def test_the_token_endpoint_can_fail(sandbox: Sandbox) -> None:
    sandbox.fail(Fault("oauthToken", status=503))
    body = {"grant_type": "client_credentials", "client_id": sandbox.client_id, "client_secret": sandbox.client_secret}
    with client(sandbox, "") as stranger:
        assert [stranger.post("/oauth/token", json=body).status_code for _ in range(2)] == [503, 200]


def test_a_wrong_key_uses_no_fault_up(admin: httpx.Client, sandbox: Sandbox) -> None:
    sandbox.fail(Fault(status=503))
    assert admin.get(LIST, headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert admin.get(LIST).status_code == 503


def test_wrong_rules_are_refused(sandbox: Sandbox) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"kind": "explode"}, "truncate"),
        ({"status": 100}, "between 200 and 599"),
        ({"status": 600}, "between 200 and 599"),
        ({"times": -1}, "times"),
        ({"after": -1}, "after"),
        ({"seconds": -0.1}, "seconds"),
        ({"probability": 0}, "probability"),
        ({"probability": 1.1}, "probability"),
    ]
    for arguments, said in cases:
        with pytest.raises(ValueError, match=said):
            Fault(**arguments)
    with pytest.raises(ValueError, match="getAutomationConnections"):
        sandbox.fail(Fault("getConnections"))
    with pytest.raises(ValueError, match="getAutomationConnections"):
        Sandbox(faults=[Fault("getConnections")]).start()
