"""One odd id in a list from the service: it is told, it is not asked for, and it stops nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.invoking import At
from qlik_automation_connections.sandbox import Fault, Sandbox
from sampling import few

pytestmark = pytest.mark.filterwarnings("ignore:.* without an id:qlik_automation_connections.UnreadableValueWarning")

ODD: list[Any] = ["..", ".", " ", "a\nb", "\x1b[2J", "", None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[At]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    with Sandbox(connections=12) as sandbox:
        yield At(sandbox, machine=True)


@pytest.fixture(params=few(ODD), ids=repr)
def good(at: At, request: pytest.FixtureRequest) -> list[str]:
    """Ids of connections that are listed after an odd one."""
    mail = [item for item in at.sandbox.snapshot() if item["connectorId"] == at.sandbox.connectors[0].id]
    listed = [{"id": request.param, "name": "Odd", "ownerId": at.sandbox.users[0].id}, *mail]
    documents = [{key: item[key] for key in item if key != "params"} for item in listed]
    body = {"data": documents, "links": {"next": {"href": None}}}
    at.sandbox.fail(Fault("getAutomationConnections", status=200, body=body, times=None))
    return [item["id"] for item in mail]


def is_told(text: str) -> bool:
    return "not valid" in text or "The list has no id for 'Odd', so it was left out." in text


def of_one(at: At) -> set[str]:
    """The paths of single connections that were asked for."""
    return {entry.path.split("/")[4] for entry in at.sandbox.ledger if "/automation-connections/" in entry.path}


def test_a_check_of_all(at: At, good: list[str]) -> None:
    result = at("check", "--all", "--json")
    assert result.exit_code in (1, 5)
    checked = json.loads(result.stdout)["checked"]
    assert [item["id"] for item in checked][:-1] == good
    assert checked[-1]["connected"] is None
    assert is_told(checked[-1]["error"])
    assert "\x1b" not in at("check", "--all").output
    assert of_one(at) == set(good)


def test_usage_of_all(at: At, good: list[str]) -> None:
    result = at("usage", "--all", "--json")
    assert (result.exit_code, list(json.loads(result.stdout)["answers"])) == (5, good)
    assert is_told(result.stderr)
    assert of_one(at) == set(good)


def test_a_deletion_of_all(at: At, good: list[str]) -> None:
    document = at.json("delete", "--all", "--forced", "--yes", code=5)
    assert document["done"] == good
    assert [is_told(failed["error"]) for failed in document["failed"]] == [True]
    assert of_one(at) == set(good)


def test_an_audit_and_its_page(at: At, good: list[str]) -> None:
    result = at("audit", "--all", "--html", "audit.html", "--json")
    audited, page = json.loads(result.stdout), Path("audit.html").read_text(encoding="utf-8")
    assert len(audited["connections"]) + len(audited["left_out"]) == len(good) + 1
    if audited["left_out"]:
        assert (result.exit_code, audited["left_out"]) == (5, ["Odd"])
        for told in (result.stderr, page):
            assert "Left out because the list has no id for them: 1 connection." in told
    else:
        assert result.exit_code == 0
        assert "Odd" in page


def test_a_backup(at: At, good: list[str]) -> None:
    result = at("backup", "all.ndjson", "--all")
    assert result.exit_code in (1, 5)
    assert at("backup", "verify", "all.ndjson").exit_code in (0, 1, 5)
    assert of_one(at) == set(good)


def test_a_handover(at: At, good: list[str]) -> None:
    old, new = at.sandbox.users[0].id, at.sandbox.users[1].id
    result = at("handover", "--from", old, "--to", new, "--yes", "--journal", "handover.journal")
    assert result.exit_code == 0, result.output
    assert of_one(at) <= set(good)
    mine = {item["id"] for item in at.sandbox.snapshot() if item["id"] in good and item["ownerId"] == new}
    assert mine


def test_a_list(at: At, good: list[str]) -> None:
    for form in ("--json", "--csv", "--ndjson"):
        result = at("list", "--all", form)
        assert result.exit_code == 0
        assert all(id in result.stdout for id in good)
