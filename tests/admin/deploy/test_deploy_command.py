"""`qac deploy`: what it shows, asks, and ends with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.invoking import At
from qlik_automation_connections.sandbox import Fault, Sandbox

from .scene import described, state

MAIL = "Check Mail (SMTP) 23"


@pytest.fixture
def at(production: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> At:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "300")
    return At(production, machine=True)


@pytest.fixture
def backup(source: Path, tmp_path: Path) -> str:
    (tmp_path / "backup.ndjson").write_bytes(source.read_bytes())
    return "backup.ndjson"


def test_it_shows_its_plan_deploys_and_has_nothing_to_do_then(
    at: At, development: Sandbox, production: Sandbox, backup: str
) -> None:
    ended = at("deploy", backup, "--all", "--dry-run")
    assert (ended.exit_code, at.changes()) == (0, [])
    assert "Automations to create: 7; to update: 0; to skip: 0; to be decided: 0." in ended.output
    assert MAIL in ended.output
    assert "Dry run: nothing was changed." in ended.output
    assert not list(Path().glob("*.journal"))
    ended = at("deploy", backup, "--all", "--yes")
    assert ended.exit_code == 0, ended.output
    assert "Automations: 7 created." in ended.output
    assert "execution token" in ended.output
    assert described(production) == described(development)
    before = state(production)
    ended = at("deploy", backup, "--all")
    assert ended.exit_code == 0, ended.output
    assert "Automations: 7 skipped." in ended.output
    assert state(production) == before


def test_a_check_ends_with_1_until_it_is_deployed(at: At, production: Sandbox, backup: str) -> None:
    assert at("deploy", backup, "--all", "--check").exit_code == 1
    assert at("deploy", backup, "--all", "--yes", "--only", MAIL).exit_code == 0
    assert at("deploy", backup, "--all", "--check", "--only", MAIL).exit_code == 0
    found = next(each for each in production.automations if each.name == MAIL)
    found.workspace = {**found.workspace, "blocks": []}
    ended = at("deploy", backup, "--all", "--check", "--only", MAIL, "--diff")
    assert ended.exit_code == 1
    assert "differs in workspace (Start, Mail (SMTP)" in ended.output
    assert '+   "displayName": "Start",' in ended.output
    assert at.json("deploy", backup, "--all", "--check", "--only", MAIL, code=1)["is_in_sync"] is False


def test_a_plan_is_written_edited_and_applied(at: At, production: Sandbox, backup: str) -> None:
    assert at("deploy", backup, "--all", "--plan", "plan.json").exit_code == 0
    plan = json.loads(Path("plan.json").read_text(encoding="utf-8"))
    for step in plan["steps"]:
        step["action"] = "create" if step["name"] == MAIL else "skip"
    Path("plan.json").write_text(json.dumps(plan), encoding="utf-8")
    assert at("deploy", backup, "--apply-plan", "plan.json", "--yes").exit_code == 0
    assert [each.name for each in production.automations] == [MAIL]
    assert at("deploy", backup, "--apply-plan", "plan.json", "--all").exit_code == 2


def test_it_resumes_and_undoes(at: At, production: Sandbox, backup: str) -> None:
    production.fail(Fault("updateAutomation", kind="status", status=500, times=9))
    ended = at("deploy", backup, "--all", "--yes")
    assert ended.exit_code == 5, ended.output
    assert "Run the same command to retry what failed." in ended.output
    production.faults.clear()
    ended = at("deploy", backup, "--all", "--yes")
    assert ended.exit_code == 0, ended.output
    assert "Resuming the run" in ended.output
    (undo,) = Path().glob("*.undo.ndjson")
    assert at("deploy", "--undo", str(undo), "--dry-run").exit_code == 0
    ended = at("deploy", "--undo", str(undo), "--yes")
    assert ended.exit_code == 0, ended.output
    assert state(production) == []


def test_an_interrupted_deployment_of_an_earlier_content_is_finished_first(
    at: At, production: Sandbox, backup: str, development: Sandbox
) -> None:
    production.fail(Fault("createAutomation", kind="reset", times=1))
    assert at("deploy", backup, "--all", "--yes", "--only", MAIL).exit_code in (1, 5, 6)
    assert At(development, machine=True)("backup", backup, "--all", "--automations", "--overwrite").exit_code == 0
    ended = at("deploy", backup, "--all", "--yes")
    assert ended.exit_code == 1
    assert "interrupted deployment of an earlier content" in ended.output


def test_wrong_usage(at: At) -> None:
    for arguments in ((), ("x", "--undo", "y"), ("x", "--check", "--values", "y"), ("x", "--check", "--plan", "y")):
        assert at("deploy", *arguments).exit_code == 2, arguments
    assert not list(at.sandbox.ledger)


def test_without_a_second_sign_in_it_says_what_is_missing(at: At, production: Sandbox, backup: str) -> None:
    ended = At(production)("deploy", backup, "--all", "--dry-run")
    assert ended.exit_code == 0
    assert "--automations-context" in ended.output
    assert "the caller may only write their own" in ended.output
