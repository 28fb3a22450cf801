"""`qac doctor`: what it prints, and how it ends."""

from __future__ import annotations

import pytest

from cli.invoking import At, invoke
from cli.test_json_documents import held_to_its_schema
from qlik_automation_connections import QUIRKS
from qlik_automation_connections.sandbox import Sandbox


def test_it_prints_every_quirk_and_fact_and_nothing_of_the_tenant(at: At) -> None:
    result = at("doctor", "--all", "--max", "4")
    assert (result.exit_code, result.stderr) == (0, "")
    assert [quirk.name for quirk in QUIRKS if quirk.name not in result.stdout] == []
    for line in ("own connections", "Quirks (connections: 12 listed, 4 read)", "An unknown id gets the status 404."):
        assert line in result.stdout
    for telling in (at.sandbox.url, at.sandbox.api_key, *at.ids, *(user.name for user in at.sandbox.users)):
        assert telling not in result.stdout
    assert at.changes() == []


def test_its_json_is_a_document_also_of_a_sandbox(at: At) -> None:
    assert invoke("doctor", "--sandbox", "--max", "1").exit_code == 0
    document = at.json("doctor", "--check", "--max", "2")
    assert held_to_its_schema(document) == "doctor"
    assert document["problems"] == 0
    assert document["asked"]["checks"] == 2


@pytest.mark.usefixtures("without_waiting")
def test_it_says_why_nothing_can_be_read(at: At) -> None:
    for variables, code, said in (
        ({"QLIK_API_KEY": "wrong"}, 3, "refused: status 401"),
        ({"QLIK_TENANT_URL": "http://127.0.0.1:9"}, 6, "http, this machine; no connection"),
        ({"QLIK_TENANT_URL": ""}, 2, "No tenant given"),
    ):
        result = at("doctor", **variables)
        assert result.exit_code == code
        assert said in result.output
        assert "Quirks" not in result.output


def test_a_problem_is_an_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qlik_automation_connections.admin._doctor.wire._MOST_SECONDS_APART", -1)
    with Sandbox(1) as sandbox:
        result = At(sandbox)("doctor")
    assert result.exit_code == 1
    assert "clock" in result.stdout


@pytest.mark.usefixtures("printing_to_a_terminal")
def test_names_are_whole_in_a_terminal(at: At) -> None:
    lines = at("doctor", "--all", "--max", "2", COLUMNS="70", TERM="xterm", NO_COLOR="1").stdout.splitlines()
    for name in (*(quirk.name for quirk in QUIRKS), "an automation of somebody else"):
        assert any(line.startswith(f"{name} ") for line in lines), name
