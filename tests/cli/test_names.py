"""Names on the screen, and names that options take."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.invoking import At
from qlik_automation_connections.sandbox import Fault, Sandbox

LOOK_UPS = ("getUsers", "getUserById", "getSpaces", "getSpaceById", "getAutomationConnectors", "getAutomationConnector")


@pytest.fixture(scope="module")
def module_sandbox() -> Iterator[Sandbox]:
    with Sandbox(60) as sandbox:
        yield sandbox


@pytest.fixture
def at(module_sandbox: Sandbox) -> At:
    module_sandbox.ledger.clear()
    module_sandbox.faults.clear()
    return At(module_sandbox)


def test_a_table_shows_names_and_asks_once(at: At) -> None:
    sandbox = at.sandbox
    shown = at("list", "--all").stdout
    for item in sandbox.snapshot():
        assert item["ownerId"] not in shown
        assert item["connectorId"] not in shown
    assert {user.name for user in sandbox.users if user.name in shown} == {user.name for user in sandbox.users}
    assert [sandbox.ledger.count(operation=name) for name in LOOK_UPS] == [1, 0, 1, 0, 1, 0]
    # Lines that stream have names too.
    rows = [json.loads(line) for line in at("list", "--all", "--ndjson").stdout.splitlines()]
    assert len(rows) == 60
    assert all(row["owner"] and row["connector"] for row in rows)
    assert all(row["space"] for row in rows if row["space_id"])


def test_ids_are_shown_instead_and_nothing_is_asked(at: At) -> None:
    shown = at("list", "--all", "--ids").stdout
    assert all(item["ownerId"] in shown and item["connectorId"] in shown for item in at.sandbox.snapshot())
    assert sum(at.sandbox.ledger.count(operation=name) for name in LOOK_UPS) == 0
    audited = at("audit", "--all", "--ids", "--every").stdout
    assert at.sandbox.users[11].id in audited
    assert at.sandbox.users[11].name not in audited
    assert "inactive-owner" in audited


def test_a_file_of_names_wins(at: At, tmp_path: Path) -> None:
    file = tmp_path / "names.json"
    file.write_text(json.dumps({at.sandbox.users[0].id: "The boss"}), encoding="utf-8")
    rows = at.json("list", "--all", "--names", str(file))
    assert {row["owner"] for row in rows if row["owner_id"] == at.sandbox.users[0].id} == {"The boss"}
    assert all(row["owner"] for row in rows)
    assert "The boss" in at("audit", "--all", "--every", "--names", str(file)).stdout


def test_a_look_up_that_fails_is_said_once_and_fails_nothing(at: At) -> None:
    sandbox = at.sandbox
    for name in LOOK_UPS:
        sandbox.fail(Fault(name, status=403, times=None))
    for command in (
        ["list", "--all"],
        ["list", "--all", "--ndjson"],
        ["audit", "--all"],
        ["get", at.ids[0]],
        ["handover", "--dry-run", "--from", sandbox.users[0].id, "--to", sandbox.users[2].id],
    ):
        result = at(*command)
        assert result.exit_code == 0, result.output
        assert result.stderr.count("Some ids are shown without names") == 1
        assert "403 Forbidden" in result.stderr


def test_options_take_names_and_addresses(at: At) -> None:
    user, space, connector = at.sandbox.users[3], at.sandbox.spaces[0], at.sandbox.connectors[0]
    for given in (user.id, user.name, user.name.upper(), user.email):
        assert {row["owner_id"] for row in at.json("list", "--all", "--owner", given)} == {user.id}
    assert {row["space_id"] for row in at.json("list", "--all", "--space", space.name.lower())} == {space.id}
    assert {row["space_id"] for row in at.json("list", "--all", "--space", "")} == {None}
    assert {row["connector_id"] for row in at.json("list", "--all", "--connector", connector.name)} == {connector.id}
    checked = at.json("check", "--owner", user.email)
    assert len(checked["checked"]) == len(at.json("list", "--all", "--owner", user.id))


def test_changes_take_names(at: At) -> None:
    sandbox = at.sandbox
    id = next(item["id"] for item in sandbox.snapshot() if item["connectorId"] == sandbox.connectors[0].id)

    def held() -> dict[str, object]:
        return next(item for item in sandbox.snapshot() if item["id"] == id)

    assert at("change-owner", id, "--to", sandbox.users[5].name, "--yes").exit_code == 0
    assert at("change-space", id, "--to", sandbox.spaces[1].name, "--yes").exit_code == 0
    assert (held()["ownerId"], held()["spaceId"]) == (sandbox.users[5].id, sandbox.spaces[1].id)
    people = ("--from", sandbox.users[5].email, "--to", sandbox.users[6].name)
    plan = at.json("handover", *people, "--space", "Finance", "--dry-run")
    assert (plan["from_owner"], plan["to_owner"]) == (sandbox.users[5].id, sandbox.users[6].id)
    assert {step["to_space"] for step in plan["steps"] if step["action"] == "move"} == {sandbox.spaces[0].id}
    made = at.json("create", "--connector", "http", "--space", "sales", "--yes")
    assert (made["connector"], made["space"]) == ("HTTP", "Sales")


def test_a_name_that_nobody_has_lists_who_there_is(at: At) -> None:
    for option, given, said in (
        ("--owner", "Kavya", "--owner: no user has the id or name 'Kavya'. Did you mean:"),
        ("--owner", "zzzz", "There are:"),
        ("--space", "Financ", "Finance"),
        ("--connector", "smtp", "Mail (SMTP)"),
    ):
        result = at("list", "--all", option, given)
        assert (result.exit_code, result.stdout) == (4, "")
        assert said in result.stderr
    assert at.sandbox.ledger.count(operation="getAutomationConnections") == 0


def test_a_name_that_two_have_lists_both(at: At) -> None:
    sandbox = at.sandbox
    twin = next(user for user in sandbox.users if user.name != sandbox.users[2].name)
    before = twin.name
    object.__setattr__(twin, "name", sandbox.users[2].name)
    try:
        result = at("list", "--all", "--owner", sandbox.users[2].name)
    finally:
        object.__setattr__(twin, "name", before)
    assert result.exit_code == 2
    assert "2 users are called" in result.stderr
    assert f"{twin.id}  {sandbox.users[2].name}, {twin.email}" in result.stderr


def test_what_can_not_be_looked_up_is_taken_for_an_id(at: At) -> None:
    for name in LOOK_UPS:
        at.sandbox.fail(Fault(name, status=403, times=None))
    result = at("list", "--all", "--owner", "somebody", "--space", "x", "--connector", "y")
    assert result.exit_code == 0
    assert result.stderr.count("is taken for an id") == 3


def test_connectors_users_and_spaces_are_listed(at: At) -> None:
    sandbox = at.sandbox
    assert {row["id"]: row["name"] for row in at.json("users")} == {user.id: user.name for user in sandbox.users}
    (left,) = at.json("users", "--status", "disabled")
    assert (left["email"], left["roles"]) == ("kavya.rao@example.com", ["AutomationCreator"])
    assert [row["name"] for row in at.json("users", "--filter", 'name co "ada"')] == ["Ada Admin"]
    assert [row["name"] for row in at.json("spaces")] == sorted(space.name for space in sandbox.spaces)
    assert {row["owner"] for row in at.json("spaces", "--name", "s", "--type", "shared")} == {"Ada Admin"}
    assert [row["id"] for row in at.json("connectors", "--name", "HTTP")] == [sandbox.connectors[4].id]
    for command in ("users", "spaces", "connectors"):
        assert at(command).stdout.splitlines()[0].startswith("Name ")
        assert at(command).stdout.splitlines()[-1].endswith(f" {command}.")
        assert at(command, "--csv").stdout.startswith("id,name,")
