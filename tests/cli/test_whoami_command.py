"""`qac whoami`: which tenant, signed in how, as whom, and what that allows."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path

import pytest

from cli.invoking import At, client_of, invoke, machine_of
from qlik_automation_connections import ApiKey
from qlik_automation_connections.sandbox import Fault


def test_an_administrator(at: At) -> None:
    admin = at.sandbox.users[0]
    assert at("whoami").stdout.splitlines() == [
        f"Tenant     {at.sandbox.url}",
        "Sign-in    API key",
        f"User       {admin.name} <{admin.email}>",
        f"Id         {admin.id}",
        "Status     active",
        "Roles      TenantAdmin",
        "--all      works",
    ]
    assert at.changes() == []


def test_somebody_else_by_a_context(at: At, tmp_path: Path) -> None:
    contexts = {"me": {"server": at.sandbox.url, "headers": {"Authorization": f"Bearer {at.sandbox.user_api_key}"}}}
    (tmp_path / "contexts.yml").write_text(json.dumps({"contexts": contexts, "current-context": "me"}))
    result = invoke("whoami", "--json", QLIK_CLI_USER_HOME_DIR=str(tmp_path))
    assert json.loads(result.stdout) == {
        "tenant": at.sandbox.url,
        "context": "me",
        "sign_in": "API key",
        "key_expires_at": None,
        "id": at.sandbox.users[1].id,
        "name": at.sandbox.users[1].name,
        "email": at.sandbox.users[1].email,
        "status": "active",
        "roles": ["AutomationCreator"],
        "lists_all": False,
        "automations_sign_in": None,
    }
    shown = invoke("whoami", QLIK_CLI_USER_HOME_DIR=str(tmp_path)).stdout
    assert "Context    me\n" in shown
    assert "--all      is refused: it takes the role TenantAdmin or AnalyticsAdmin" in shown


def test_a_client_is_no_user_unless_it_acts_as_one(at: At) -> None:
    client = client_of(at.sandbox)
    itself = at("whoami", QLIK_API_KEY="", **client)
    assert (itself.exit_code, itself.stderr) == (0, "")
    assert "User       the client itself, not a user\n" in itself.stdout
    assert "--all      unknown" in itself.stdout
    user = at.sandbox.users[1]
    acting = at("whoami", "--as-user", user.id, **client).stdout
    assert "Sign-in    OAuth client as a user\n" in acting
    assert f"User       {user.name}" in acting
    assert "Automations  OAuth client\n" in at("whoami", **machine_of(at.sandbox)).stdout


def test_a_key_that_says_when_it_expires(at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    for days, said in ((9.5, "UTC, 9 more days\n"), (-1, "API key, expired on ")):
        expires = int(time.time() + days * 86_400)
        claims = base64.urlsafe_b64encode(json.dumps({"exp": expires}).encode()).decode().rstrip("=")
        moment = ApiKey(f"x.{claims}.y").expires_at
        assert moment is not None
        assert moment.timestamp() == expires
        with monkeypatch.context() as patched:
            patched.setattr(ApiKey, "expires_at", moment)
            assert said in at("whoami").stdout
            assert at.json("whoami")["key_expires_at"] == moment.isoformat()
    for key in ("x", "x.y.z", "a.e30.c", "a.eyJleHAiOiAieCJ9.c", "a.eyJleHAiOiAxZTk5fQ.c", "a.WzFd.c"):
        assert ApiKey(key).expires_at is None, key


@pytest.mark.usefixtures("without_waiting")
def test_a_service_that_does_not_say_who(at: At) -> None:
    at.sandbox.fail(Fault("getMe", status=403, times=None))
    result = at("whoami")
    assert result.exit_code == 0
    assert "User       unknown" in result.stdout
    assert "The service does not say who you are" in result.stderr
    assert at("whoami", QLIK_API_KEY="wrong").exit_code == 3
    at.sandbox.faults[:] = [Fault("getMe", status=500, times=None)]
    assert at("whoami").exit_code == 1
