"""`qac usage`, and what deletions and handovers say of automations before they change anything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.invoking import At, machine_of
from qlik_automation_connections.sandbox import Fault, Sandbox


@pytest.fixture(scope="module")
def module_sandbox() -> Iterator[Sandbox]:
    with Sandbox(connections=60) as sandbox:
        yield sandbox


@pytest.fixture
def at(module_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> At:
    """A sandbox that no test changes, except for one connection that nobody uses."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    module_sandbox.ledger.clear()
    module_sandbox.faults.clear()
    return At(module_sandbox, machine=True)


@pytest.fixture
def alone(at: At) -> At:
    """The same, with nothing but the administrator's key."""
    return At(at.sandbox)


def unused_in(sandbox: Sandbox) -> str:
    """A connection that no automation uses, and that may be deleted."""
    mail = [item["id"] for item in sandbox.snapshot() if item["connectorId"] == sandbox.connectors[0].id]
    return str(next(id for id in mail if id not in sandbox.in_use))


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
    gone = at("usage", "nope")
    assert (gone.exit_code, "the connection does not exist" in gone.stderr) == (4, True)


def test_nobody_uses_it(at: At) -> None:
    unused = unused_in(at.sandbox)
    result = at("usage", unused)
    number = len(at.sandbox.automations)
    assert (result.exit_code, result.stdout) == (0, f"No automation uses it: all {number} automations were read.\n")
    document = at.json("usage", unused)
    assert (document["users"], document["answers"], document["hint"]) == ({unused: []}, {unused: "unused"}, None)


def test_it_is_not_known_where_automations_of_others_can_not_be_read(at: At, alone: At) -> None:
    unused = unused_in(at.sandbox)
    result = alone("usage", unused)
    assert result.exit_code == 5
    assert result.stdout.startswith("Not known whether automations use it: ")
    assert "No automation" not in result.output
    assert "admin.automations" in result.stderr
    assert "--automations-context" in result.stderr
    document = alone.json("usage", unused, code=5)
    assert document["answers"] == {unused: "unknown"}
    assert "admin.automations" in document["hint"]
    some = alone("usage", "--all", "--csv")
    assert some.exit_code == 5
    assert "Not known whether automations use" in some.stderr


def test_a_block_for_files_is_found(at: At) -> None:
    connectors = {item["id"]: item["connectorId"] for item in at.sandbox.snapshot()}
    id = next(
        id for item in at.sandbox.automations for id in item.connection_ids if connectors[id] not in item.connector_ids
    )
    result = at("usage", id)
    assert result.exit_code == 0
    assert "Open file" in result.stdout


def test_who_may_not_list_all_is_told_so(at: At) -> None:
    mine = [item["id"] for item in at.sandbox.snapshot() if item["ownerId"] == at.sandbox.users[1].id]
    machine = dict.fromkeys(machine_of(at.sandbox), "")
    result = at("usage", *mine, QLIK_API_KEY=at.sandbox.user_api_key, **machine)
    assert result.exit_code == 5
    assert "only your own automations were read" in result.output
    # Everybody's automations are the machine's to list, whoever asks for connections.
    assert at("usage", *mine, QLIK_API_KEY=at.sandbox.user_api_key).exit_code == 0


def test_of_many_that_can_not_be_read_some_are_named() -> None:
    with Sandbox(connections=250) as sandbox:
        result = At(sandbox)("usage", unused_in(sandbox))
    assert result.stderr.count("The automation ") == 3
    assert " more; " in result.stderr


def test_a_deletion_gives_each_of_the_three_answers_before_it_changes_anything(at: At, alone: At) -> None:
    used, unused = at.sandbox.in_use[0], unused_in(at.sandbox)
    name = next(iter(automations_of(at.sandbox, used).values()))
    number = len(at.sandbox.automations)
    sure, unsure = at("delete", used, unused, "--dry-run", "--json"), alone("delete", unused, "--dry-run", "--json")
    assert "Used by" in sure.stderr
    assert name in sure.stderr
    assert f"No automation uses {unused}: all {number} automations were read." in sure.stderr
    assert json.loads(sure.stdout)["usage"] == {used: "used", unused: "unused"}
    assert "Not known whether automations use it" in unsure.stderr
    assert "admin.automations" in unsure.stderr
    assert json.loads(unsure.stdout)["usage"] == {unused: "unknown"}
    at.sandbox.ledger.clear()
    skipped = at("delete", used, "--dry-run", "--no-usage", "--json")
    assert "Used by" not in skipped.stderr
    assert json.loads(skipped.stdout)["usage"] == {}
    assert at.sandbox.ledger.count(operation="getAutomations") == 0
    assert at.changes() == []


def test_a_deletion_goes_on_where_automations_are_not_shown(at: At) -> None:
    at.sandbox.fail(Fault("getAutomations", status=404, times=None))
    unused = unused_in(at.sandbox)
    result = at("delete", unused, "--yes")
    assert result.exit_code == 0
    assert "Not known whether automations use them" in result.stderr
    assert unused not in {item["id"] for item in at.sandbox.snapshot()}


def test_the_plan_of_a_handover_shows_it(at: At, alone: At) -> None:
    used = at.sandbox.in_use[0]
    owner = next(item["ownerId"] for item in at.sandbox.snapshot() if item["id"] == used)
    other = next(user.id for user in at.sandbox.users if user.id != owner)
    arguments = ("handover", "--from", owner, "--to", other, "--dry-run", "--json")
    assert "Used by" in at(*arguments).stdout
    steps = at.json(*arguments[:-1])["steps"]
    assert next(step["usage"] for step in steps if step["id"] == used) == "used"
    assert "Used by" not in at(*arguments, "--no-usage").stdout
    assert "Not known whether automations use" in alone(*arguments[:-1]).stderr
    document = alone.json(*arguments[:-1])
    assert {step["usage"] for step in document["steps"] if step["action"] == "move"} <= {"used", "unknown"}
    assert any("admin.automations" in note for note in document["notes"])


def test_that_nobody_uses_it_is_not_said_of_automations_that_could_not_be_read(at: At) -> None:
    at.sandbox.fail(Fault("getAutomation", status=404, times=None))
    number = len(at.sandbox.automations)
    said = f"Not known whether automations use it: {number} of {number} automations could not be read.\n"
    result = at("usage", at.sandbox.in_use[0])
    assert (result.exit_code, result.stdout) == (5, said)
    assert "could not be read" in result.stderr


def test_what_the_service_manages_is_left_out_of_a_deletion_that_a_list_finds() -> None:
    with Sandbox(connections=60) as sandbox:
        managed = {connector.id for connector in sandbox.connectors if connector.managed}
        result = At(sandbox)("delete", "--all", "--forced", "--yes", "--no-usage")
        assert result.exit_code == 0
        assert "Left out because the service manages them" in result.stderr
        assert {item["connectorId"] for item in sandbox.snapshot()} == managed


def test_a_handover_lists_the_automations_that_will_lose_connections(at: At) -> None:
    held = {item["id"]: item for item in at.sandbox.snapshot()}
    used = next(
        held[id]
        for automation in at.sandbox.automations
        for id in automation.connection_ids
        if id in held and held[id]["ownerId"] == automation.owner_id and not held[id]["spaceId"]
    )
    losing = {each.id for each in at.sandbox.automations if used["id"] in each.connection_ids}
    other = next(user.id for user in at.sandbox.users if user.id != used["ownerId"])
    arguments = ("handover", used["id"], "--from", used["ownerId"], "--to", other, "--dry-run")
    result = at(*arguments)
    assert "will lose connections" in result.stderr
    assert all(id in result.stderr for id in losing)
    assert {each["id"] for each in at.json(*arguments)["losing"]} == losing
    kept = at(*arguments, "--space", at.sandbox.spaces[0].id)
    assert "will lose connections" not in kept.stderr
