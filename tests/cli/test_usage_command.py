"""`qac usage`, and what deletions and handovers say of automations before they change anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.invoking import At, invoke
from qlik_automation_connections.sandbox import Fault, Sandbox


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[At]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    with Sandbox(connections=60) as sandbox:
        yield At(sandbox)


def automations_of(sandbox: Sandbox, id: str) -> dict[str, str]:
    return {item.id: item.name for item in sandbox.automations if id in item.connection_ids}


def test_it_lists_the_automations_that_use_a_connection(at: At) -> None:
    id = at.sandbox.in_use[0]
    expected = automations_of(at.sandbox, id)
    assert expected
    assert {user["id"]: user["name"] for user in at.json("usage", id)["users"][id]} == expected
    table = at("usage", id)
    assert table.exit_code == 0
    assert all(name in table.stdout for name in expected.values())
    assert at("usage", id, "--csv").stdout.count("\n") == len(expected) + 1


def test_nobody_uses_it(at: At) -> None:
    unused = next(item["id"] for item in at.sandbox.snapshot() if item["id"] not in at.sandbox.in_use)
    result = at("usage", unused)
    assert (result.exit_code, result.stdout) == (0, "No automation uses them.\n")
    assert at.json("usage", unused)["users"] == {unused: []}


def test_who_may_not_see_all_is_told_so(at: At) -> None:
    mine = [item["id"] for item in at.sandbox.snapshot() if item["ownerId"] == at.sandbox.users[1].id]
    result = at("usage", *mine, QLIK_API_KEY=at.sandbox.user_api_key)
    assert result.exit_code == 0
    assert "Only your own automations were searched" in result.stderr


def test_an_automation_that_can_not_be_read_is_named(at: At) -> None:
    at.sandbox.fail(Fault("getAutomation", status=404, times=None))
    result = at("usage", at.sandbox.in_use[0])
    assert result.exit_code == 5
    assert "could not be read" in result.stderr


def test_a_deletion_warns_before_it_changes_anything(at: At) -> None:
    id = at.sandbox.in_use[0]
    name = next(iter(automations_of(at.sandbox, id).values()))
    result = at("delete", id, "--dry-run")
    assert result.exit_code == 0
    assert "Used by" in result.stderr
    assert name in result.stderr
    assert at.changes() == []
    at.sandbox.ledger.clear()
    assert "Used by" not in at("delete", id, "--dry-run", "--no-usage").stderr
    assert at.sandbox.ledger.count(operation="getAutomations") == 0


def test_a_deletion_goes_on_where_automations_are_not_shown(at: At) -> None:
    at.sandbox.fail(Fault("getAutomations", status=404, times=None))
    unused = next(
        item["id"]
        for item in at.sandbox.snapshot()
        if item["id"] not in at.sandbox.in_use and item["connectorId"] == at.sandbox.connectors[0].id
    )
    result = at("delete", unused, "--yes")
    assert result.exit_code == 0
    assert "Can't tell which automations use them" in result.stderr
    assert unused not in {item["id"] for item in at.sandbox.snapshot()}


def test_the_plan_of_a_handover_shows_it(at: At) -> None:
    used = at.sandbox.in_use[0]
    owner = next(item["ownerId"] for item in at.sandbox.snapshot() if item["id"] == used)
    other = next(user.id for user in at.sandbox.users if user.id != owner)
    arguments = ("handover", "--from", owner, "--to", other, "--dry-run", "--json")
    assert "Used by" in at(*arguments).stdout
    assert "Used by" not in at(*arguments, "--no-usage").stdout


def test_it_can_be_tried_without_a_tenant() -> None:
    result = invoke("usage", "--all", "--sandbox")
    assert result.exit_code == 0
    assert "Automation" in result.stdout


def test_what_is_not_there_is_not_passed_over(at: At) -> None:
    result = at("usage", "nope")
    assert result.exit_code == 4
    assert "the connection does not exist" in result.stderr


def test_that_nobody_uses_it_is_not_said_of_automations_that_could_not_be_read(at: At) -> None:
    at.sandbox.fail(Fault("getAutomation", status=404, times=None))
    assert at("usage", at.sandbox.in_use[0]).stdout == "No automation that could be read uses them.\n"


def test_a_failed_look_up_does_not_stop_a_deletion(at: At) -> None:
    at.sandbox.fail(Fault("getAutomations", status=500, times=None))
    result = at("delete", at.sandbox.in_use[0], "--forced", "--yes")
    assert result.exit_code == 0
    assert "Can't tell which automations use them" in result.stderr


def test_what_the_service_manages_is_left_out_of_a_deletion_that_a_list_finds(at: At) -> None:
    managed = {connector.id for connector in at.sandbox.connectors if connector.managed}
    result = at("delete", "--all", "--forced", "--yes", "--no-usage")
    assert result.exit_code == 0
    assert "Left out because the service manages them" in result.stderr
    assert {item["connectorId"] for item in at.sandbox.snapshot()} == managed
