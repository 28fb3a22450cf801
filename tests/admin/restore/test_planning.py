"""What a plan says, before anything is changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qlik_automation_connections import ConfigurationError
from qlik_automation_connections.admin._restore.plan import RestoreStep
from qlik_automation_connections.admin._restore.planning import plan_restore
from qlik_automation_connections.sandbox import Sandbox

from .archives import archive_of, owners, spaces, values_of, write_archive
from .conftest import Opener
from .picking import item, mail, only
from .state import state

MANAGED = "61a87510-c7a3-11ea-95da-0fb0c241e75c"


def test_into_an_empty_tenant_all_is_created(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    archive = archive_of(development, tmp_path / "a.ndjson")
    plan = plan_restore(at(production), archive, list_all=True)
    assert plan.summary == {"create": 20, "update": 0, "skip": 0, "ask": 0}
    assert [step.id for step in plan.steps] == [found["id"] for found in development.snapshot()]
    assert {step.reason for step in plan.steps} == {"missing"}
    assert {entry.method for entry in production.ledger} == {"GET"}


def test_what_a_plan_asks_changes_nothing(at: Opener, development: Sandbox, twin: Sandbox, tmp_path: Path) -> None:
    before = state(twin)
    archive = archive_of(development, tmp_path / "a.ndjson")
    plan_restore(at(twin), archive, list_all=True, values=values_of(development), owners=owners(development, twin))
    assert {entry.method for entry in twin.ledger} == {"GET"}
    assert state(twin) == before


def test_what_has_the_same_name_connector_owner_and_space_exists(
    at: Opener, development: Sandbox, twin: Sandbox, tmp_path: Path
) -> None:
    archive = archive_of(development, tmp_path / "a.ndjson")
    plan = plan_restore(
        at(twin), archive, list_all=True, owners=owners(development, twin), spaces=spaces(development, twin)
    )
    assert plan.summary["skip"] == 20
    assert {step.reason for step in plan.steps} == {"exists", "needs-consent"}
    by_name = {(found["name"], found["connectorId"]): found["id"] for found in twin.snapshot()}
    assert all(step.target_id == by_name[step.name, step.connector_id] for step in plan.steps)


@pytest.mark.parametrize("other", ["name", "connectorId", "ownerId", "spaceId"])
def test_where_one_of_the_four_differs_it_is_another_one(
    at: Opener, development: Sandbox, twin: Sandbox, tmp_path: Path, other: str
) -> None:
    one = mail(development)
    changed = {
        "name": "Another", "connectorId": development.connectors[1].id, "ownerId": development.users[0].id,
        "spaceId": "",
    }[other]  # fmt: skip
    archive = write_archive(tmp_path / "a.ndjson", [{**one, other: changed}])
    mappings: dict[str, Any] = {"owners": owners(development, twin), "spaces": spaces(development, twin)}
    assert only(plan_restore(at(twin), archive, list_all=True, **mappings)).action == "create"
    archive = write_archive(tmp_path / "b.ndjson", [one])
    assert only(plan_restore(at(twin), archive, list_all=True, **mappings)).action == "skip"


def test_within_one_tenant_ids_owners_and_spaces_are_the_same(at: Opener, tmp_path: Path) -> None:
    with Sandbox(connections=20) as sandbox:
        tenant = at(sandbox)
        lost, renamed = mail(sandbox), item(sandbox, connectorId=sandbox.connectors[1].id)
        archive = archive_of(sandbox, tmp_path / "a.ndjson", tenant=sandbox.url.upper() + "/")
        tenant.connections.delete(lost["id"], forced=True)
        tenant.connections.update(renamed["id"], name="Renamed")
        tenant.connections.change_owner(renamed["id"], user_id=sandbox.users[7].id)
        plan = plan_restore(tenant, archive, list_all=True)
        steps = {step.id: step for step in plan.steps}
        assert plan.summary == {"create": 1, "update": 1, "skip": 18, "ask": 0}
        assert (steps[lost["id"]].owner_id, steps[lost["id"]].space_id) == (lost["ownerId"], lost["spaceId"])
        assert not any("mapped" in note for step in plan.steps for note in step.notes)
        assert steps[renamed["id"]].changes == ["name", "owner"]
        assert steps[renamed["id"]].target_id == renamed["id"]
        assert steps[renamed["id"]].name == renamed["name"]


def test_what_is_not_mapped_is_said(at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path) -> None:
    one = mail(development)
    archive = write_archive(tmp_path / "a.ndjson", [one])
    step = only(plan_restore(at(production), archive, list_all=True))
    assert (step.owner_id, step.space_id) == (None, None)
    assert any(one["ownerId"] in note and "caller" in note for note in step.notes)
    assert any(one["spaceId"] in note and "personal" in note for note in step.notes)


@pytest.mark.parametrize("personal", [None, ""])
def test_a_space_may_be_mapped_to_a_personal_one(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path, personal: str | None
) -> None:
    one = mail(development)
    archive = write_archive(tmp_path / "a.ndjson", [one])
    step = only(plan_restore(at(production), archive, list_all=True, spaces={one["spaceId"]: personal}))
    assert step.space_id == ""
    assert not any(one["spaceId"] in note for note in step.notes)


def test_an_owner_that_nobody_mapped_is_never_guessed(
    at: Opener, development: Sandbox, twin: Sandbox, tmp_path: Path
) -> None:
    one = mail(development)
    archive = write_archive(tmp_path / "a.ndjson", [one])
    step = only(plan_restore(at(twin), archive, list_all=True, spaces=spaces(development, twin)))
    assert (step.action, step.reason, step.target_id) == ("ask", "owner-unmapped", None)
    assert [candidate.id for candidate in step.candidates] == [item(twin, name=one["name"])["id"]]


def test_the_map_of_ids_goes_first(at: Opener, development: Sandbox, twin: Sandbox, tmp_path: Path) -> None:
    one = mail(development)
    archive = write_archive(tmp_path / "a.ndjson", [one])
    other = next(
        found
        for found in twin.snapshot()
        if found["connectorId"] == one["connectorId"] and found["name"] != one["name"]
    )
    step = only(
        plan_restore(
            at(twin), archive, list_all=True, id_map={one["id"]: other["id"]},
            owners=owners(development, twin), spaces=spaces(development, twin),
        )
    )  # fmt: skip
    assert (step.action, step.target_id) == ("update", other["id"])
    assert "name" in step.changes


def test_an_entry_of_the_map_that_is_gone_is_passed_over(
    at: Opener, development: Sandbox, twin: Sandbox, tmp_path: Path
) -> None:
    one = mail(development)
    archive = write_archive(tmp_path / "a.ndjson", [one])
    step = only(
        plan_restore(
            at(twin), archive, list_all=True, id_map={one["id"]: "gone"},
            owners=owners(development, twin), spaces=spaces(development, twin),
        )
    )  # fmt: skip
    assert (step.action, step.reason) == ("skip", "exists")
    assert any("gone" in note for note in step.notes)


def test_a_map_that_leads_to_another_connector_is_a_question(
    at: Opener, development: Sandbox, twin: Sandbox, tmp_path: Path
) -> None:
    one = mail(development)
    wrong = item(twin, connectorId=development.connectors[1].id)
    archive = write_archive(tmp_path / "a.ndjson", [one])
    step = only(plan_restore(at(twin), archive, list_all=True, id_map={one["id"]: wrong["id"]}))
    assert (step.action, step.reason) == ("ask", "other-connector")


def test_two_candidates_are_a_question(at: Opener, development: Sandbox, twin: Sandbox, tmp_path: Path) -> None:
    one = mail(development)
    first = item(twin, name=one["name"])
    tenant = at(twin)
    second = tenant.connections.create(
        connector_id=one["connectorId"], name=one["name"], space_id=first["spaceId"] or None
    ).id
    assert second is not None
    tenant.connections.change_owner(second, user_id=first["ownerId"])
    archive = write_archive(tmp_path / "a.ndjson", [one])
    step = only(
        plan_restore(tenant, archive, list_all=True, owners=owners(development, twin), spaces=spaces(development, twin))
    )
    assert (step.action, step.reason, step.target_id) == ("ask", "ambiguous", None)
    assert {candidate.id for candidate in step.candidates} == {first["id"], second}
    assert "create" in step.sentence


def test_two_of_the_archive_that_match_one_are_questions(
    at: Opener, development: Sandbox, twin: Sandbox, tmp_path: Path
) -> None:
    one = mail(development)
    archive = write_archive(tmp_path / "a.ndjson", [one, {**one, "id": "twin"}])
    mappings: dict[str, Any] = {"owners": owners(development, twin), "spaces": spaces(development, twin)}
    plan = plan_restore(at(twin), archive, list_all=True, **mappings)
    assert [(step.action, step.reason) for step in plan.steps] == [("ask", "claimed-twice")] * 2
    target = item(twin, name=one["name"])["id"]
    plan = plan_restore(at(twin), archive, list_all=True, id_map={"twin": target, one["id"]: target}, **mappings)
    assert [(step.action, step.reason) for step in plan.steps] == [("ask", "claimed-twice")] * 2
    # Once it is known which one is which, the other one is new.
    plan = plan_restore(at(twin), archive, list_all=True, id_map={"twin": target}, **mappings)
    assert [(step.action, step.target_id) for step in plan.steps] == [("create", None), ("skip", target)]


def test_what_the_service_manages_and_connectors_that_are_unknown_are_skipped(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    one = mail(development)
    documents = [{**one, "id": "managed", "connectorId": MANAGED, "params": []}, one, {**one, "id": "none"}]
    documents[2]["connectorId"] = None
    archive = write_archive(tmp_path / "a.ndjson", documents)
    plan = plan_restore(at(production), archive, list_all=True, connectors=["another", MANAGED])
    assert [(step.action, step.reason) for step in plan.steps] == [
        ("skip", "managed"), ("skip", "connector-unknown"), ("skip", "incomplete"),
    ]  # fmt: skip
    plan = plan_restore(at(production), archive, list_all=True, connectors=[one["connectorId"]])
    assert [step.action for step in plan.steps] == ["skip", "create", "skip"]


def test_one_that_waits_for_consent_is_skipped_with_its_link(
    at: Opener, development: Sandbox, twin: Sandbox, tmp_path: Path
) -> None:
    tenant = at(twin)
    slack = development.connectors[2].id
    one = item(development, connectorId=slack)
    made = tenant.connections.create(connector_id=slack, name="Waiting")
    archive = write_archive(tmp_path / "a.ndjson", [{**one, "name": "Waiting"}])
    id_map = {one["id"]: made.id}
    step = only(plan_restore(tenant, archive, list_all=True, id_map=id_map))
    assert (step.action, step.reason, step.link) == ("skip", "needs-consent", made.redirect)
    twin.consent(made.id)
    step = only(plan_restore(tenant, archive, list_all=True, id_map=id_map))
    assert (step.action, step.reason, step.link) == ("skip", "exists", None)


def test_details_are_read_only_where_they_are_needed(
    at: Opener, development: Sandbox, twin: Sandbox, tmp_path: Path
) -> None:
    one = mail(development)
    archive = archive_of(development, tmp_path / "a.ndjson")
    plan_restore(
        at(twin), archive, list_all=True, values={(one["id"], "password"): "new one"},
        owners=owners(development, twin), spaces=spaces(development, twin),
    )  # fmt: skip
    read = {entry.connection_id for entry in twin.ledger.select(operation="getAutomationConnection")}
    assert item(twin, name=one["name"], connectorId=one["connectorId"])["id"] in read
    oauth = {found["id"] for found in twin.snapshot() if not found["isConnected"] and "redirect" in found}
    assert len(read - oauth) == 1


def test_values_make_an_update_of_what_they_change(
    at: Opener, development: Sandbox, twin: Sandbox, tmp_path: Path
) -> None:
    one = mail(development)
    archive = write_archive(tmp_path / "a.ndjson", [one])
    host = next(param["value"] for param in item(twin, name=one["name"])["params"] if param["name"] == "host")
    mappings: dict[str, Any] = {"owners": owners(development, twin), "spaces": spaces(development, twin)}

    def planned(existing: str = "update", **values: str) -> RestoreStep:
        given = {(one["id"], name): value for name, value in values.items()}
        return only(plan_restore(at(twin), archive, list_all=True, values=given, existing=existing, **mappings))  # type: ignore[arg-type]

    assert planned(host=host).action == "skip"
    assert planned(host="elsewhere.example").params == ["host"]
    # What a secret is set to can't be compared.
    assert (planned(password="x" * 9).action, planned(password="x" * 9).changes) == ("update", ["params"])
    assert planned(password="").params == ["password"]
    assert planned("skip", password="x" * 9).action == "skip"
    step = planned(nonsense="some value")
    assert step.action == "skip"
    assert any("nonsense" in note for note in step.notes)


def test_required_params_without_a_value_are_named(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    one = mail(development)
    archive = write_archive(tmp_path / "a.ndjson", [one])
    step = only(plan_restore(at(production), archive, list_all=True, values={(one["id"], "host"): "h.example"}))
    assert step.params == ["host", "port", "username", "password", "from", "encryption"]
    assert step.without_value == ["username", "password"]
    assert any("password" in note for note in step.notes)


def test_a_selection_is_planned_alone(at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path) -> None:
    archive = archive_of(development, tmp_path / "a.ndjson")
    ids = [found["id"] for found in development.snapshot()[3:6]]
    plan = plan_restore(at(production), archive, list_all=True, ids=ids[::-1])
    assert [step.id for step in plan.steps] == ids
    with pytest.raises(ConfigurationError, match="does not contain nobody"):
        plan_restore(at(production), archive, ids=["nobody"])


def test_what_the_backup_could_not_read_is_said(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    archive = write_archive(tmp_path / "a.ndjson", development.snapshot(), unread=["x", "y"])
    plan = plan_restore(at(production), archive, list_all=True, values={("stranger", "p"): "v"})
    assert plan.unread == 2
    assert any("2 connections" in note for note in plan.notes)
    assert any("given for 1 connection not in the archive" in note for note in plan.notes)


def test_a_backup_of_everybody_is_best_restored_among_everybody(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    archive = archive_of(development, tmp_path / "a.ndjson")
    assert any("others own" in note for note in plan_restore(at(production), archive).notes)
    assert plan_restore(at(production), archive, list_all=True).notes == []
