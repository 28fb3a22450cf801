"""Contexts: which one a command uses, and what is shown of them."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from cli.invoking import At, invoke
from qlik_automation_connections._cli.exit_codes import Failed
from qlik_automation_connections._cli.group import qac
from qlik_automation_connections._cli.inputs import read_secret_of
from qlik_automation_connections.sandbox import Sandbox

SECRETS = ("secret-4711", "key-4711", "p4ssword")


def jwt(**claims: object) -> str:
    return f"key-4711.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}.key-4711"


@pytest.fixture
def home(at: At, tmp_path: Path) -> str:
    contexts = {
        "admin": {"server": at.sandbox.url, "headers": {"Authorization": f"Bearer {at.sandbox.api_key}"}},
        "user": {"server": at.sandbox.url, "headers": {"Authorization": f"Bearer {at.sandbox.user_api_key}"}},
        "bot": {
            "server": "https://a.example.com",
            "oauth-client-id": "c1",
            "oauth-client-secret": "secret-4711",
            "comment": "\x1b[2J",
        },
        "jwt": {"server": "https://b.example.com", "headers": {"Authorization": f"Bearer {jwt(exp=1_800_000_000)}"}},
        "password": {"server": "https://me:p4ssword@b.example.com", "insecure": True},
        "7": None,
    }
    document = {"current-context": "user", "contexts": contexts}
    (tmp_path / "contexts.yml").write_text(json.dumps(document), encoding="utf-8")
    return str(tmp_path)


def who(sandbox: Sandbox) -> list[str]:
    """The keys that signed in, by name."""
    names = {f"user:{sandbox.users[0].id}": "admin", f"user:{sandbox.users[1].id}": "user"}
    found = {names[str(entry.principal)] for entry in sandbox.ledger if entry.principal}
    sandbox.ledger.clear()
    return sorted(found)


def test_the_current_context_is_used_where_nothing_else_names_a_tenant(at: At, home: str) -> None:
    result = invoke("list", "--json", QLIK_CLI_USER_HOME_DIR=home)
    assert result.exit_code == 0, result.output
    assert result.stderr == f"Using the current context, user: {at.sandbox.url}\n"
    assert who(at.sandbox) == ["user"]
    # A key without a tenant is never sent to the tenant of a context.
    result = invoke("list", QLIK_CLI_USER_HOME_DIR=home, QLIK_API_KEY=at.sandbox.api_key)
    assert "QLIK_API_KEY is not used" in result.stderr
    assert who(at.sandbox) == ["user"]


def test_the_order_is_options_then_a_named_context_then_variables(at: At, home: str, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(at.sandbox.user_api_key)
    elsewhere = {"QLIK_TENANT_URL": "http://127.0.0.1:9", "QLIK_API_KEY": "x"}
    here = {"QLIK_TENANT_URL": at.sandbox.url, "QLIK_API_KEY": at.sandbox.api_key}
    for options, variables, used in (
        (["--tenant", at.sandbox.url, "--api-key-file", str(key)], {**elsewhere, "QLIK_CONTEXT": "bot"}, "user"),
        (["--context", "admin"], {**elsewhere, "QLIK_CONTEXT": "bot"}, "admin"),
        ([], {**elsewhere, "QLIK_CONTEXT": " admin "}, "admin"),
        ([], here, "admin"),
        # The same tenant, written in another way.
        (["--tenant", f"{at.sandbox.url}/"], here, "admin"),
    ):
        result = invoke("list", *options, QLIK_CLI_USER_HOME_DIR=home, **variables)
        assert (result.exit_code, result.stderr) == (0, ""), result.output
        assert who(at.sandbox) == [used]


def test_a_tenant_of_one_is_never_combined_with_a_key_of_another(at: At, home: str) -> None:
    other = ["--tenant", "https://b.example.com"]
    for options, variables, said in (
        (other, {"QLIK_API_KEY": "x"}, "QLIK_API_KEY is for the tenant of QLIK_TENANT"),
        (other, {"QLIK_OAUTH_CLIENT_ID": "x"}, "The API key is missing"),
        ([*other, "--client-id", "x"], {"QLIK_OAUTH_CLIENT_SECRET": "x"}, "is missing"),
        (["--client-id", "x"], {"QLIK_CONTEXT": "user"}, "QLIK_CONTEXT already sets the tenant and the sign-in"),
        (["--client-id", "x"], {"QLIK_TENANT_URL": ""}, "No tenant given"),
        ([], {"QLIK_CONTEXT": "nobody"}, "has no context 'nobody'"),
        (["--context", "user", *other], {}, "--context already sets the tenant"),
    ):
        given = {"QLIK_TENANT_URL": at.sandbox.url, **variables}
        result = invoke("list", *options, QLIK_CLI_USER_HOME_DIR=home, **given)
        assert (result.exit_code, said in result.stderr) == (2, True), result.output
    assert len(at.sandbox.ledger) == 0


def test_an_automations_client_of_the_environment_is_for_its_own_tenant(at: At, home: str) -> None:
    with Sandbox(connections=3) as other:
        machine = {"QLIK_AUTOMATIONS_OAUTH_CLIENT_ID": "x", "QLIK_AUTOMATIONS_OAUTH_CLIENT_SECRET": "s"}
        result = at("usage", at.ids[0], "--tenant", other.url, "--api-key", other.api_key, **machine)
        assert result.exit_code != 3, result.output
        assert "oauthToken" not in {entry.operation for entry in other.ledger}


def test_without_a_current_context_the_others_are_named(tmp_path: Path) -> None:
    (tmp_path / "contexts.yml").write_text("contexts: {prod: {}, test: {}}")
    result = invoke("list", QLIK_CLI_USER_HOME_DIR=str(tmp_path))
    assert result.exit_code == 2
    assert "No tenant given" in result.stderr
    assert "Contexts: prod, test;" in result.stderr


def test_a_sandbox_ignores_contexts(home: str) -> None:
    result = invoke("list", "--sandbox", "--max", "1", QLIK_CLI_USER_HOME_DIR=home, QLIK_CONTEXT="bot")
    assert (result.exit_code, result.stderr) == (0, "")


def test_ls_and_show_have_no_secrets(at: At, home: str) -> None:
    shown = ""
    for arguments in (["ls"], ["ls", "--json"], ["ls", "--csv"], *(["show", name] for name in ("bot", "jwt", "7"))):
        result = invoke("context", *arguments, QLIK_CLI_USER_HOME_DIR=home)
        assert (result.exit_code, result.stderr) == (0, "")
        shown += result.stdout
    for secret in (*SECRETS, at.sandbox.api_key, at.sandbox.user_api_key):
        assert secret not in shown
    assert "\\x1b[2J" in shown
    assert "Expires    2027-01-15 08:00 UTC" in shown
    assert "lacks `server`" in shown
    rows = json.loads(invoke("context", "ls", "--json", QLIK_CLI_USER_HOME_DIR=home).stdout)
    assert {row["name"]: (row["current"], row["sign_in"]) for row in rows} == {
        "admin": (False, "API key"),
        "user": (True, "API key"),
        "bot": (False, "OAuth client"),
        "jwt": (False, "API key"),
        "password": (False, None),
        "7": (False, None),
    }
    password = next(row for row in rows if row["name"] == "password")
    assert (password["tenant"], password["insecure"]) == ("", True)
    assert "user name or password" in password["problem"]


def test_show_is_about_the_one_that_commands_use(home: str) -> None:
    def shown(*arguments: str, **variables: str) -> str:
        return invoke("context", "show", *arguments, QLIK_CLI_USER_HOME_DIR=home, **variables).stdout.split("\n")[0]

    assert shown() == "Name       user (the current one)"
    assert shown(QLIK_CONTEXT="bot") == "Name       bot"
    assert shown("admin", QLIK_CONTEXT="bot") == "Name       admin"
    listed = invoke("context", "ls", QLIK_CLI_USER_HOME_DIR=home, QLIK_CONTEXT="bot")
    assert "QLIK_CONTEXT is set to bot" in listed.stderr
    missing = invoke("context", "show", "nobody", QLIK_CLI_USER_HOME_DIR=home)
    assert missing.exit_code == 4
    assert "There is no context nobody. Contexts: admin, user, bot" in missing.stderr


def test_without_a_file_there_are_none() -> None:
    assert "has no contexts" in invoke("context", "ls").stdout
    assert invoke("context", "ls", "--json").stdout == "[]\n"
    assert invoke("context", "show").exit_code == 4


def test_names_of_contexts_complete(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QLIK_CLI_USER_HOME_DIR", home)
    for words, begun, name in (
        (["list", "--context"], "a", "admin"),
        (["list", "--automations-context"], "b", "bot"),
        (["context", "show"], "u", "user"),
    ):
        [found] = ShellComplete(qac, {}, "qac", "_QAC_COMPLETE").get_completions(words, begun)
        assert (found.type, found.value) == ("plain", name)


KEY = "the-k3y-that-is-printed"


@pytest.fixture
def program(tmp_path: Path) -> str:
    """A program that prints what its arguments say."""
    path = tmp_path / "vault"
    path.write_text(
        "#!/bin/sh\ncase $1 in\n"
        'read) printf "%s\\n" "$KEY";;\nnothing) echo;;\nfail) printf "%s" "$KEY"; exit 3;;\n'
        'bytes) printf "\\377\\376%s" "$KEY";;\nslow) printf "%s" "$KEY"; exec sleep 30;;\nstdin) cat;;\nesac\n'
    )
    path.chmod(0o755)
    return str(path)


needs_sh = pytest.mark.skipif(os.name == "nt", reason="the program is a shell script")


@needs_sh
def test_a_command_prints_the_key_which_is_shown_nowhere(at: At, program: str) -> None:
    tenant = ["--tenant", at.sandbox.url]
    result = invoke("list", *tenant, "--api-key-command", f"'{program}' read", KEY=at.sandbox.user_api_key)
    assert (result.exit_code, result.stderr) == (0, "")
    assert who(at.sandbox) == ["user"]
    for key, code in ((KEY, 3), (f"two words {KEY}", 2)):
        result = at("list", "-v", "--api-key-command", f"{program} read", KEY=key)
        assert (result.exit_code, KEY in result.output) == (code, False)
    twice = at("list", "--api-key-command", f"{program} read", "--api-key-file", "x", KEY=KEY)
    assert "Pass only one of" in twice.stderr
    # What is piped to qac is not the command's.
    piped = invoke("check", "-", *tenant, "--api-key-command", f"{program} stdin", stdin=at.ids[0])
    assert "printed nothing" in piped.stderr


@needs_sh
def test_a_command_that_prints_no_key(at: At, program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qlik_automation_connections._cli.inputs._COMMAND_SECONDS", 0.3)
    for command, said in (
        (f"{program} fail", f"{program} ended with exit code 3."),
        (f"{program} nothing", f"{program} printed nothing."),
        (f"{program} bytes", f"{program} did not print text in UTF-8."),
        (f"{program} slow", f"{program} did not end within 0.3 seconds."),
        (f"no-such-program read {KEY}", "no-such-program can't be run: No such file or directory."),
        (f"'{program}", "--api-key-command: no closing quotation."),
        ("", "--api-key-command is empty."),
    ):
        result = at("list", "-v", "--api-key-command", command, KEY=KEY)
        assert (result.exit_code, said in result.stderr) == (2, True), result.output
        assert KEY not in result.output
    assert len(at.sandbox.ledger) == 0


@needs_sh
def test_tracebacks_do_not_show_what_was_printed(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qlik_automation_connections._cli.inputs._COMMAND_SECONDS", 0.3)
    monkeypatch.setenv("KEY", KEY)
    for word in ("fail", "bytes", "slow"):
        with pytest.raises(Failed) as caught:
            read_secret_of(f"{program} {word}", "--api-key-command")
        assert (caught.value.__cause__, caught.value.__context__) == (None, None)
        shown = [repr(frame.frame.f_locals) for frame in caught.traceback[1:]]
        assert KEY not in "".join(shown), word
