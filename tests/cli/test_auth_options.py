"""How commands sign in: what comes before what, and that no secret is shown anywhere."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from cli.invoking import At, client_of, invoke
from qlik_automation_connections.sandbox import Fault, Sandbox

ELSEWHERE = {"QLIK_TENANT_URL": "http://127.0.0.1:9", "QLIK_API_KEY": "a-key-of-another-tenant"}
VALUE = "v4lue-th4t-nobody-may-see"


def principals(sandbox: Sandbox) -> set[str | None]:
    return {entry.principal for entry in sandbox.ledger if entry.operation != "oauthToken"}


def written(folder: Path, name: str, content: str) -> str:
    (folder / name).write_text(content, encoding="utf-8")
    return str(folder / name)


def test_the_environment_alone(at: At) -> None:
    admin, user = at.sandbox.users[:2]
    assert at("list").exit_code == 0
    assert at("list", QLIK_API_KEY=f" {at.sandbox.user_api_key}\n").exit_code == 0
    assert principals(at.sandbox) == {f"user:{admin.id}", f"user:{user.id}"}


def test_options_come_before_the_environment(at: At, tmp_path: Path) -> None:
    key = written(tmp_path, "key", f"\ufeff{at.sandbox.user_api_key}\r\n")
    result = invoke("list", "--tenant", at.sandbox.url, "--api-key-file", key, **ELSEWHERE)
    assert result.exit_code == 0, result.output
    piped = invoke(
        "list", "--tenant", at.sandbox.url, "--api-key-file", "-", stdin=at.sandbox.user_api_key, **ELSEWHERE
    )
    assert piped.exit_code == 0
    assert principals(at.sandbox) == {f"user:{at.sandbox.users[1].id}"}


def test_a_key_comes_before_a_client_unless_an_option_says_client(at: At, tmp_path: Path) -> None:
    client = client_of(at.sandbox)
    at("list", **client)
    assert principals(at.sandbox) == {f"user:{at.sandbox.users[0].id}"}
    secret = written(tmp_path, "secret", f"{at.sandbox.client_secret}\n")
    wrong = {**client, "QLIK_OAUTH_CLIENT_SECRET": "wrong"}
    for options, variables in (
        (["--client-id", at.sandbox.client_id], {**client, "QLIK_OAUTH_CLIENT_ID": "wrong"}),
        (["--client-secret-file", secret], wrong),
        ([], {**client, "QLIK_API_KEY": ""}),
    ):
        at.sandbox.ledger.clear()
        assert at("list", *options, **variables).exit_code == 0
        assert principals(at.sandbox) == {f"client:{at.sandbox.client_id}"}


def test_a_client_acts_as_a_user(at: At) -> None:
    client = client_of(at.sandbox)
    somebody = next(item["ownerId"] for item in at.sandbox.snapshot() if item["ownerId"] != at.sandbox.users[0].id)
    result = at("list", "--as-user", somebody, "--json", **client)
    assert result.exit_code == 0
    assert {item["owner_id"] for item in json.loads(result.stdout)} == {somebody}
    assert principals(at.sandbox) == {f"user:{somebody}"}
    assert at("list", "--as-user", "nobody", **client).exit_code == 3

    # By itself it may not change anything, and is told what may.
    result = at("delete", at.ids[0], "--yes", QLIK_API_KEY="", **client_of(at.sandbox))
    assert result.exit_code == 1
    assert "Use an API key or --as-user" in result.stderr


def test_every_command_can_be_tried_on_a_sandbox(at: At) -> None:
    id, user = at.ids[0], at.sandbox.users[1]
    for command in (
        ["list"],
        ["get", id],
        ["check", id],
        ["audit"],
        ["update", id, "--name", "x", "--yes"],
        ["delete", id, "--yes", "--forced"],
        ["change-owner", id, "--to", user.id, "--yes"],
        ["change-space", id, "--personal", "--yes"],
        ["usage", "--all"],
    ):
        result = at(*command, "--sandbox", **ELSEWHERE)
        assert result.exit_code == (1 if command[0] == "check" else 0), result.output
        if command[0] in ("list", "audit", "get"):
            # Its users and connectors have names.
            assert any(user.name in result.stdout for user in at.sandbox.users), command
    assert len(at.sandbox.ledger) == 0


def test_a_secret_in_an_argument_is_warned_of_and_not_repeated(at: At) -> None:
    for name, command in (
        ("--api-key", ["list", "--api-key", at.sandbox.user_api_key]),
        ("--param", ["update", at.ids[0], "--param", f"password={VALUE}", "--dry-run"]),
    ):
        result = at(*command)
        assert result.exit_code == 0
        assert result.stderr.startswith(f"Warning: {name} is visible in the process list and the shell's history")
        assert at.sandbox.user_api_key not in result.output
        assert VALUE not in result.output


def test_no_secret_is_shown_whatever_happens(at: At, tmp_path: Path) -> None:
    """Through everything that prints: answers, errors that repeat what was sent, logs, JSON and tables."""
    sandbox = at.sandbox
    key, value = written(tmp_path, "key", sandbox.api_key), written(tmp_path, "value", VALUE)
    params = written(tmp_path, "params", json.dumps({"password": VALUE}))
    smtp, id = sandbox.connectors[0].id, at.ids[0]
    told = {"errors": [{"code": "X", "title": f"bad {VALUE} {sandbox.api_key}"}]}
    repeats = [
        Fault(operation, status=400, body=told, times=None)
        for operation in ("createAutomationConnection", "updateAutomationConnection")
    ]
    repeats.append(Fault("checkAutomationConnection", status=403, body={"errors": [sandbox.api_key]}, times=None))
    signed = ["--tenant", sandbox.url, "--api-key-file", key, "-v"]
    shown = ""
    create = ["create", "--connector", smtp, "--yes"]
    update = ["update", id, "--param-file", f"host={value}", "--yes"]
    for faults, command in (
        ([], [*create, "--param-file", f"password={value}", "--json"]),
        ([], [*create, "--params-file", params]),
        ([], [*create, "--param-env", "password=VALUE", "--dry-run"]),
        ([], update),
        ([], ["get", id, "--json"]),
        (repeats, [*create, "--param-file", f"password={value}", "--json"]),
        (repeats, update),
        (repeats, ["check", id]),
        ([Fault("createAutomationConnection", kind="reset-after-processing")], [*create, "--params-file", params]),
    ):
        sandbox.faults[:] = faults
        ended = invoke(*command, *signed, VALUE=VALUE, XDG_CONFIG_HOME=str(tmp_path))
        assert "Traceback" not in ended.stderr
        assert ", try 1" in ended.stderr, "or nothing is logged"
        shown += ended.stdout + ended.stderr
    assert "400 Bad Request" in shown
    for secret in (VALUE, sandbox.api_key):
        assert secret not in shown
        assert base64.b64encode(secret.encode()).decode().rstrip("=") not in shown


def test_what_is_read_back_in_clear_is_not_shown(at: At) -> None:
    # "host" is no secret field, so the service reads it back in clear.
    id = next(item["id"] for item in at.sandbox.snapshot() if item["connectorId"] == at.sandbox.connectors[0].id)
    assert at("update", id, "--param-env", "host=VALUE", "--yes", VALUE=VALUE).exit_code == 0
    params = {param["name"]: param for param in at.sandbox.snapshot(secrets=True)[at.ids.index(id)]["params"]}
    assert params["host"]["value"] == VALUE
    for form in ([], ["--json"]):
        shown = at("get", id, *form)
        assert VALUE not in shown.output
        assert "host" in shown.stdout
    assert all("value" not in param for param in at.json("get", id)["params"])


def test_an_error_of_a_connection_does_not_repeat_its_values(at: At) -> None:
    smtp = at.sandbox.connectors[0].id
    result = at("create", "--connector", smtp, "--param-env", "host=VALUE", "--yes", VALUE="sandbox-error")
    assert result.exit_code == 1
    assert "It was created with an error" in result.stderr
    assert "The other side refused the settings." in result.stdout
    assert "sandbox-error" not in result.output


@pytest.mark.usefixtures("without_waiting")
def test_an_unreachable_tenant_and_a_refused_key_have_codes_of_their_own(at: At) -> None:
    nobody = {"QLIK_TENANT_URL": "http://127.0.0.1:9", "QLIK_API_KEY": "x"}
    for command in (["list"], ["get", "x"], ["check", "x"], ["check", "x", "y"], ["audit"], ["delete", "x", "y", "-y"]):
        result = invoke(*command, **nobody)
        assert result.exit_code == 6, command
        assert "Check the tenant's address" in result.output
        assert at(*command, QLIK_API_KEY="wrong").exit_code == 3, command
    refused = at("list", "--client-id", "x", QLIK_OAUTH_CLIENT_SECRET="wrong")
    assert refused.exit_code == 3
