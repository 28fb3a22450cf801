"""The token endpoint: its two grants, ends of tokens, and what a machine may do."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from qlik_automation_connections.sandbox import Sandbox
from sandbox.conftest import client

LIST = "/api/workflows/automation-connections"
IMPERSONATION = "urn:qlik:oauth:user-impersonation"


@pytest.fixture
def line(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with client(sandbox, "") as stranger:
        yield stranger


def credentials(sandbox: Sandbox) -> dict[str, Any]:
    return {"client_id": sandbox.client_id, "client_secret": sandbox.client_secret}


def machine_request(sandbox: Sandbox) -> dict[str, Any]:
    return {"grant_type": "client_credentials", **credentials(sandbox)}


def user_request(sandbox: Sandbox, field: str = "userId", value: str | None = None) -> dict[str, Any]:
    lookup = {"field": field, "value": value or sandbox.users[2].id}
    return {
        "grant_type": IMPERSONATION, "user_lookup": lookup, "scope": "user_default", **credentials(sandbox)
    }  # fmt: skip


def bearer(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def test_a_machines_token(line: httpx.Client, sandbox: Sandbox) -> None:
    answer = line.post("/oauth/token", json=machine_request(sandbox))
    document = answer.json()
    assert document["token_type"] == "bearer"
    assert document["expires_in"] == 21600
    left = datetime.fromisoformat(document["expires_at"]) - datetime.now(UTC)
    assert left.total_seconds() == pytest.approx(21600, abs=10)
    assert line.get(LIST, headers=bearer(answer)).status_code == 200


def test_a_machine_reads_everything_and_changes_nothing(line: httpx.Client, sandbox: Sandbox) -> None:
    headers = bearer(line.post("/oauth/token", json=machine_request(sandbox)))
    before = sandbox.snapshot()
    target = f"{LIST}/{before[0]['id']}"
    everything = line.get(LIST, params={"listAll": "true", "limit": "200"}, headers=headers)
    assert len(everything.json()["data"]) == 200
    assert line.get(LIST, headers=headers).json()["data"] == []
    assert line.get(target, headers=headers).status_code == 200
    assert line.post(f"{target}/actions/check", headers=headers).status_code == 200
    for method, path, body in [
        ("POST", LIST, {"connectorId": sandbox.connectors[0].id}),
        ("PUT", target, {"name": "x"}),
        ("DELETE", f"{target}?forced=true", None),
        ("POST", f"{target}/actions/change-owner", {"userId": sandbox.users[1].id}),
        ("POST", f"{target}/actions/change-space", {"spaceId": ""}),
    ]:
        assert line.request(method, path, json=body, headers=headers).status_code == 403
    assert sandbox.snapshot() == before


def test_the_client_can_be_named_in_a_form_or_by_http_basic(line: httpx.Client, sandbox: Sandbox) -> None:
    bearer(line.post("/oauth/token", data=machine_request(sandbox)))
    basic = (sandbox.client_id, sandbox.client_secret)
    bearer(line.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=basic))
    assert line.post("/oauth/token", json={"grant_type": "client_credentials"}, auth=("x", "y")).status_code == 401


def test_a_token_that_acts_as_a_user() -> None:
    with Sandbox(0) as sandbox, client(sandbox, "") as line:
        person = sandbox.users[2]
        for field, value in (("userId", person.id), ("subject", person.subject)):
            headers = bearer(line.post("/oauth/token", json=user_request(sandbox, field, value)))
            made = line.post(LIST, json={"connectorId": sandbox.connectors[0].id}, headers=headers)
            assert made.json()["ownerId"] == person.id, field
            assert line.get(LIST, params={"listAll": "true"}, headers=headers).status_code == 403, field
            assert sandbox.ledger[-1].principal == f"user:{person.id}", field


def test_a_wrong_client_is_unauthorized(line: httpx.Client, sandbox: Sandbox) -> None:
    cases: list[dict[str, Any]] = [
        {"client_id": "x"},
        {"client_secret": "x"},
        {"client_secret": None},
        {"client_id": 3},
    ]
    for change in cases:
        answer = line.post("/oauth/token", json={**machine_request(sandbox), **change})
        assert answer.status_code == 401, change
        assert answer.json()["errors"], change
        assert answer.json()["traceId"], change


def test_a_wrong_token_request_is_refused(line: httpx.Client, sandbox: Sandbox) -> None:
    cases: list[dict[str, Any]] = [
        {"grant_type": "password"},
        {"grant_type": None},
        {"scope": 3},
        {"scope": "other"},
        {"scope": None},
        {"user_lookup": None},
        {"user_lookup": "x"},
        {"user_lookup": {"field": "email", "value": "x"}},
        {"user_lookup": {"field": "userId", "value": "unknown"}},
        {"user_lookup": {"field": "userId", "value": ["x"]}},
        {"user_lookup": {"field": []}},
    ]
    for change in cases:
        assert line.post("/oauth/token", json={**user_request(sandbox), **change}).status_code == 400, change


def test_tokens_end() -> None:
    with Sandbox(1, token_lifetime=0.2) as sandbox, client(sandbox, "") as line:
        headers = bearer(line.post("/oauth/token", json=machine_request(sandbox)))
        assert line.get(LIST, headers=headers).status_code == 200
        time.sleep(0.25)
        assert line.get(LIST, headers=headers).status_code == 401


def test_tokens_can_be_revoked_and_open_no_other_sandbox(line: httpx.Client, sandbox: Sandbox) -> None:
    old = bearer(line.post("/oauth/token", json=machine_request(sandbox)))
    sandbox.revoke_tokens()
    assert line.get(LIST, headers=old).status_code == 401
    new = bearer(line.post("/oauth/token", json=machine_request(sandbox)))
    assert new != old
    assert line.get(LIST, headers=new).status_code == 200
    assert line.get(LIST, headers={"Authorization": f"Bearer {sandbox.api_key}"}).status_code == 200
    with Sandbox(1) as other, client(other, "") as stranger:
        assert stranger.get(LIST, headers=new).status_code == 401
