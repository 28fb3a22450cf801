"""Commands that change something: dry runs, consent, what is sent, and what is told when only a part of it works."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from cli.invoking import At
from qlik_automation_connections._cli import connections
from qlik_automation_connections.sandbox import Fault

DELETE = "deleteAutomationConnection"
SCHEMA = Draft202012Validator(
    json.loads((Path(__file__).parents[2] / "docs/schemas/bulk-report.schema.json").read_text(encoding="utf-8"))
)


@pytest.fixture
def changes(at: At) -> dict[str, list[str]]:
    """A command of each kind that would change something."""
    ids = at.ids[:2]
    user = at.sandbox.users[1].id
    return {
        "create": ["create", "--connector", at.sandbox.connectors[0].id, "--name", "made"],
        "update": ["update", ids[0], "--name", "renamed"],
        "change-owner": ["change-owner", *ids, "--to", user],
        "change-space": ["change-space", *ids, "--personal"],
        "delete": ["delete", *ids, "--forced"],
    }


def test_a_dry_run_says_what_would_be_done_and_changes_nothing(at: At, changes: dict[str, list[str]]) -> None:
    before = at.sandbox.snapshot(secrets=True)
    for kind, arguments in changes.items():
        for yes in ([], ["--yes"]):
            result = at(*arguments, "--dry-run", *yes)
            assert result.exit_code == 0
            assert result.stderr.endswith("Dry run: nothing was changed.\n")
            assert (arguments[1] if kind != "create" else "made") in result.stderr
    assert at.changes() == []
    assert at.sandbox.snapshot(secrets=True) == before


def test_without_yes_and_without_a_terminal_nothing_is_changed(at: At, changes: dict[str, list[str]]) -> None:
    before = at.sandbox.snapshot(secrets=True)
    for arguments in changes.values():
        result = at(*arguments, stdin="y\n")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "Not an interactive terminal; pass --yes to continue, or --dry-run." in result.stderr
    assert at.changes() == []
    assert at.sandbox.snapshot(secrets=True) == before


def test_with_yes_it_is_done(at: At, changes: dict[str, list[str]]) -> None:
    before = {item["id"] for item in at.sandbox.snapshot()}
    for kind, arguments in changes.items():
        result = at(*arguments, "--yes")
        assert result.exit_code == 0, result.output
        after = {item["id"]: item for item in at.sandbox.snapshot()}
        if kind == "create":
            assert [item["name"] for id, item in after.items() if id not in before] == ["made"]
        elif kind == "delete":
            assert before - after.keys() == set(arguments[1:3])
            assert result.stdout == "2 connections deleted.\n"
        elif kind == "update":
            assert after[arguments[1]]["name"] == "renamed"
        else:
            field, value = ("ownerId", at.sandbox.users[1].id) if kind == "change-owner" else ("spaceId", "")
            assert {after[id][field] for id in arguments[1:3]} == {value}


def test_what_many_changes_came_to_in_json(at: At) -> None:
    ids = at.ids[:3]
    dry = at.json("delete", *ids, "--dry-run")
    assert (dry["done"], dry["failed"], dry["left"], dry["is_complete"]) == ([], [], ids, False)
    none = at.json("delete", "--filter", 'name eq "nobody has it"', "--yes")
    assert (none["done"], none["failed"], none["left"], none["is_complete"]) == ([], [], [], True)
    report = at.json("delete", *ids, "nobody", "--forced", "--yes", code=5)
    assert sorted(report["done"]) == sorted(ids)
    assert [failed["id"] for failed in report["failed"]] == ["nobody"]
    assert "404 Not Found" in report["failed"][0]["error"]
    assert report["left"] == []
    for document in (dry, none, report):
        SCHEMA.validate(document)


def test_a_change_that_was_stopped_resumes_from_its_journal(at: At, tmp_path: Path) -> None:
    to, journal = at.sandbox.users[3].id, str(tmp_path / "journal")
    change = ("change-owner", *at.ids[:6], "--to", to, "--yes", "--json", "--journal", journal)
    at.sandbox.fail(Fault("automationConnectionChangeOwner", status=401, times=None, after=3))
    stopped = at(*change)
    assert stopped.exit_code == 3
    done = json.loads(stopped.stdout)["done"]
    assert 0 < len(done) < 6
    at.sandbox.faults.clear()
    at.sandbox.ledger.clear()
    resumed = at.json(*change)
    assert (resumed["done"], resumed["resumed"], resumed["left"]) == (at.ids[:6], len(done), [])
    asked = {entry.connection_id for entry in at.sandbox.ledger.select(operation="automationConnectionChangeOwner")}
    assert asked == set(at.ids[:6]) - set(done)
    # A torn line is done again, and a file whose header is torn is a new one.
    content = Path(journal).read_bytes()
    for kept, known in ((len(content) - 3, 5), (40, 0), (0, 0)):
        Path(journal).write_bytes(content[:kept])
        assert at.json(*change)["resumed"] == known
    other = at("change-owner", at.ids[0], "--to", at.sandbox.users[2].id, "--yes", "--journal", journal)
    assert other.exit_code != 0
    assert f"to '{to}' instead of" in " ".join(other.stderr.split())


def test_what_failed_has_a_line_for_each_and_an_exit_code(at: At) -> None:
    assert at("delete", "nobody", "--yes").exit_code == 4
    assert at("delete", "nobody", "nothing", "--yes").exit_code == 1
    result = at("delete", "--all", "--yes")
    in_use, managed = at.sandbox.in_use, [item for item in at.sandbox.snapshot() if "61a87510" in item["connectorId"]]
    assert result.exit_code == 5
    assert len(at.sandbox.snapshot()) == len(in_use) + len(managed)
    for id in in_use:
        assert result.stderr.count(f"Could not delete connection '{id}': 400 Bad Request") == 1
    failed = len(in_use) + len(managed)
    assert result.stdout == f"{12 - failed} connections deleted, {failed} failed.\n"


def test_a_sign_in_that_ends_in_the_middle_tells_what_was_done(at: At) -> None:
    at.sandbox.fail(Fault(DELETE, status=401, times=None, after=4))
    result = at("delete", "--all", "--forced", "--yes", "--json")
    report = json.loads(result.stdout)
    assert result.exit_code == 3
    assert result.stderr.splitlines()[-1].startswith("Error: ")
    assert "401 Unauthorized" in result.stderr
    done = {entry.connection_id for entry in at.sandbox.ledger.select(operation=DELETE, processed=True)}
    assert set(report["done"]) == done
    assert {item["id"] for item in at.sandbox.snapshot()} == set(report["left"]) | {
        item["id"] for item in report["failed"]
    }
    words = at("delete", *at.ids, "--forced", "--yes")
    assert words.exit_code == 3
    assert "0 connections deleted" in words.stdout
    assert len(set(words.stderr.splitlines())) == len(words.stderr.splitlines())


def test_a_creation_without_an_answer_says_how_to_look_and_is_sent_once(at: At) -> None:
    at.sandbox.fail(Fault("createAutomationConnection", kind="reset-after-processing", times=None))
    result = at("create", "--connector", at.sandbox.connectors[0].id, "--name", "once", "--yes")
    assert result.exit_code == 6
    assert "once" in result.stderr
    assert at.sandbox.ledger.count(operation="createAutomationConnection") == 1


def test_values_from_files_keep_all_but_the_end_of_the_line(at: At, tmp_path: Path) -> None:
    (tmp_path / "value").write_bytes("\ufeff  two words \n".encode())
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "all.json").write_text('{"port": "25", "host": "from the document"}')
    result = at(
        "create", "--connector", at.sandbox.connectors[0].id, "--name", "made", "--yes",
        "--params-file", str(tmp_path / "all.json"), "--param-env", "host=HOST",
        "--param-file", f"password={tmp_path / 'value'}", "--param-file", f"from={tmp_path / 'empty'}",
        HOST="from = the environment",
    )  # fmt: skip
    assert result.exit_code == 0
    made = next(item for item in at.sandbox.snapshot(secrets=True) if item["name"] == "made")
    values = {param["name"]: param["value"] for param in made["params"]}
    assert values == {"port": "25", "host": "from = the environment", "password": "  two words ", "from": ""} | {
        name: values[name] for name in values.keys() - {"port", "host", "password", "from"}
    }


class TestConsent:
    """Connections that a person must consent to."""

    @pytest.fixture(autouse=True)
    def quickly(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(connections, "_POLL_SECONDS", 0.02)

    @pytest.fixture
    def waiting(self, at: At) -> str:
        """One that waits for it."""
        result = at("create", "--connector", at.sandbox.connectors[2].id, "--name", "oauth", "--yes", "--json")
        shown = json.loads(result.stdout)
        assert shown["is_connected"] is False
        assert shown["redirect"] in result.stderr
        assert "open this address in a browser and consent" in result.stderr
        return str(shown["id"])

    def test_wait_ends_when_a_person_has_consented(self, at: At, waiting: str) -> None:
        at.sandbox.ledger.clear()

        def consent_later() -> None:
            while at.sandbox.ledger.count(operation="getAutomationConnection") < 3:
                time.sleep(0.005)
            at.sandbox.consent(waiting, account="ada@example.org")

        person = threading.Thread(target=consent_later)
        person.start()
        result = at("get", waiting, "--wait")
        person.join()
        assert result.exit_code == 0
        assert "Connected  yes" in result.stdout
        assert "ada@example.org" in result.stdout
        assert "Waiting up to 600 seconds until it is connected" in result.stderr
        again = at("get", waiting, "--wait")
        assert (again.exit_code, again.stderr) == (0, "")

    def test_patience_ends_and_says_how_to_wait_on(self, at: At, waiting: str) -> None:
        result = at("get", waiting, "--wait", "--patience", "0.1", "--json")
        assert result.exit_code == 1
        assert f"To wait longer: qac get {waiting} --wait" in result.stderr
        assert json.loads(result.stdout)["id"] == waiting

    def test_what_was_created_is_told_though_the_waiting_came_to_nothing(self, at: At) -> None:
        arguments = ["create", "--connector", at.sandbox.connectors[2].id, "--wait", "--yes", "--json"]
        result = at(*arguments, "--patience", "0")
        assert result.exit_code == 1
        assert json.loads(result.stdout)["id"] in result.stderr
        at.sandbox.fail(Fault("getAutomationConnection", status=403, times=None))
        result = at(*arguments)
        assert result.exit_code == 1
        assert json.loads(result.stdout)["id"] in result.stderr

    def test_it_is_said_where_consent_is_given_whatever_is_in_the_address(self, at: At, waiting: str) -> None:
        result = at("get", waiting)
        assert f"https://consent.example.com/oauth/authorize?state={waiting}" in result.stderr
        assert "http" not in result.stdout
        body = {"id": waiting, "isConnected": False, "redirect": "https://x\x1b[2J\nforged", "name": "x"}
        at.sandbox.fail(Fault("getAutomationConnection", status=200, body=body))
        result = at("get", waiting)
        assert "https://x\\x1b[2J\\nforged" in result.stderr
        assert "\x1b" not in result.output
