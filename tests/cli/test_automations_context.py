"""Commands that sign in a second time, for automations: by a context of Qlik's command line, or the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.invoking import At, invoke, machine_of

CONTEXTS = """
current-context: admin
contexts:
  admin:
    server: {url}
    headers: {{Authorization: "Bearer {key}"}}
  bot:
    server: {url}/
    oauth-client-id: {client}
    oauth-client-secret: {secret}
  elsewhere:
    server: https://other.eu.qlikcloud.com
    oauth-client-id: {client}
    oauth-client-secret: {secret}
"""


@pytest.fixture
def home(at: At, tmp_path: Path) -> str:
    sandbox = at.sandbox
    text = CONTEXTS.format(url=sandbox.url, key=sandbox.api_key, client=sandbox.client_id, secret=sandbox.client_secret)
    (tmp_path / "contexts.yml").write_text(text, encoding="utf-8")
    return str(tmp_path)


def readers(at: At) -> set[str | None]:
    """Who read automations."""
    return {entry.principal for entry in at.sandbox.ledger if entry.operation == "getAutomation"}


def test_a_context_signs_in_for_automations(at: At, home: str) -> None:
    id = at.sandbox.in_use[0]
    signed_in = [("--context", "admin"), ("--tenant", at.sandbox.url)]
    for options in signed_in:
        at.sandbox.ledger.clear()
        key = {"QLIK_API_KEY": at.sandbox.api_key} if "--tenant" in options else {}
        result = invoke("usage", id, *options, "--automations-context", "bot", QLIK_CLI_USER_HOME_DIR=home, **key)
        assert result.exit_code == 0, result.output
        assert readers(at) == {f"client:{at.sandbox.client_id}"}
        others = {entry.principal for entry in at.sandbox.ledger if entry.operation == "getAutomationConnection"}
        assert others == {f"user:{at.sandbox.users[0].id}"}


def test_the_environment_signs_in_for_automations(at: At, home: str) -> None:
    id = at.sandbox.in_use[0]
    assert at("usage", id, **machine_of(at.sandbox)).exit_code == 0
    assert readers(at) == {f"client:{at.sandbox.client_id}"}
    # A context is of another tenant, perhaps, than the one that the environment's secret is for.
    at.sandbox.ledger.clear()
    result = at("usage", id, "--context", "admin", QLIK_CLI_USER_HOME_DIR=home, **machine_of(at.sandbox))
    assert result.exit_code == 5
    assert readers(at) == {f"user:{at.sandbox.users[0].id}"}


def test_a_context_of_another_tenant_is_refused_before_its_secret_is_sent(at: At, home: str) -> None:
    id = at.sandbox.in_use[0]
    for command in (["usage", id], ["delete", id, "--dry-run"], ["list"]):
        result = at(*command, "--automations-context", "elsewhere", QLIK_CLI_USER_HOME_DIR=home)
        assert result.exit_code == 2
        assert f"is for https://other.eu.qlikcloud.com, not for {at.sandbox.url}" in result.stderr
    assert len(at.sandbox.ledger) == 0


def test_what_can_not_sign_in_is_wrong_usage(at: At, home: str) -> None:
    client_id, secret = "QLIK_AUTOMATIONS_OAUTH_CLIENT_ID", "QLIK_AUTOMATIONS_OAUTH_CLIENT_SECRET"
    for variables, options, says in (
        ({client_id: "x"}, [], secret),
        ({secret: "x"}, [], client_id),
        ({}, ["--automations-context", "nobody"], "no context 'nobody'"),
        ({}, ["--sandbox", "--automations-context", "bot"], "leave out --automations-context"),
    ):
        result = at("usage", at.sandbox.in_use[0], *options, QLIK_CLI_USER_HOME_DIR=home, **variables)
        assert (result.exit_code, says in result.stderr) == (2, True), result.stderr
    assert len(at.sandbox.ledger) == 0
