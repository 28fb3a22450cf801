"""What a plan says, before anything is changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from qlik_automation_connections import ConfigurationError
from qlik_automation_connections.admin._restore.plan import RestoreStep
from qlik_automation_connections.admin._restore.planning import plan_restore
from qlik_automation_connections.sandbox import Sandbox

from .archives import archive_of, owners, spaces, values_of, write_archive
from .picking import item, mail, only
from .scene import Opener, Scene
from .state import state

MANAGED = "61a87510-c7a3-11ea-95da-0fb0c241e75c"


def test_into_an_empty_tenant_all_is_created(scene: Scene) -> None:
    plan = scene.plan()
    assert plan.summary == {"create": 12, "update": 0, "skip": 0, "ask": 0}
    assert [step.id for step in plan.steps] == [found["id"] for found in scene.source.snapshot()]
    assert {step.reason for step in plan.steps} == {"missing"}
    assert {entry.method for entry in scene.target.ledger} == {"GET"}


def test_what_a_plan_asks_changes_nothing(twins: Scene) -> None:
    before = state(twins.target)
    twins.plan(values=values_of(twins.source), owners=owners(twins.source, twins.target))
    assert {entry.method for entry in twins.target.ledger} == {"GET"}
    assert state(twins.target) == before


def test_what_has_the_same_name_connector_owner_and_space_exists(twins: Scene) -> None:
    plan = twins.plan(**twins.mappings)
    assert plan.summary["skip"] == 12
    assert {step.reason for step in plan.steps} == {"exists", "needs-consent"}
    by_name = {(found["name"], found["connectorId"]): found["id"] for found in twins.target.snapshot()}
    assert all(step.target_id == by_name[step.name, step.connector_id] for step in plan.steps)


def test_where_one_of_the_four_differs_it_is_another_one(twins: Scene) -> None:
    one = mail(twins.source)
    for other in (
        {"name": "Another"},
        {"connectorId": twins.source.connectors[1].id},
        {"ownerId": twins.source.users[0].id},
        {"spaceId": ""},
    ):
        assert only(twins.plan(twins.archived({**one, **other}), **twins.mappings)).action == "create", other
    assert only(twins.plan(twins.archived(one), **twins.mappings)).action == "skip"


def test_within_one_tenant_ids_owners_and_spaces_are_the_same(at: Opener, tmp_path: Path) -> None:
    with Sandbox(connections=12) as sandbox:
        tenant = at(sandbox)
        lost, renamed = mail(sandbox), item(sandbox, connectorId=sandbox.connectors[1].id)
        archive = archive_of(sandbox, tmp_path / "a.ndjson", tenant=sandbox.url.upper() + "/")
        tenant.connections.delete(lost["id"], forced=True)
        tenant.connections.update(renamed["id"], name="Renamed")
        tenant.connections.change_owner(renamed["id"], user_id=sandbox.users[7].id)
        plan = plan_restore(tenant, archive, list_all=True)
        steps = {step.id: step for step in plan.steps}
        assert plan.summary == {"create": 1, "update": 1, "skip": 10, "ask": 0}
        assert (steps[lost["id"]].owner_id, steps[lost["id"]].space_id) == (lost["ownerId"], lost["spaceId"])
        assert not any("mapped" in note for step in plan.steps for note in step.notes)
        assert steps[renamed["id"]].changes == ["name", "owner"]
        assert steps[renamed["id"]].target_id == renamed["id"]
        assert steps[renamed["id"]].name == renamed["name"]


def test_what_is_not_mapped_is_said(scene: Scene) -> None:
    one = mail(scene.source)
    step = only(scene.plan(scene.archived(one)))
    assert (step.owner_id, step.space_id) == (None, None)
    assert any(one["ownerId"] in note and "caller" in note for note in step.notes)
    assert any(one["spaceId"] in note and "personal" in note for note in step.notes)


def test_a_space_may_be_mapped_to_a_personal_one(scene: Scene) -> None:
    one = mail(scene.source)
    for personal in (None, ""):
        step = only(scene.plan(scene.archived(one), spaces={one["spaceId"]: personal}))
        assert step.space_id == ""
        assert not any(one["spaceId"] in note for note in step.notes)


def test_an_owner_that_nobody_mapped_is_never_guessed(twins: Scene) -> None:
    one = mail(twins.source)
    step = only(twins.plan(twins.archived(one), spaces=spaces(twins.source, twins.target)))
    assert (step.action, step.reason, step.target_id) == ("ask", "owner-unmapped", None)
    assert [candidate.id for candidate in step.candidates] == [item(twins.target, name=one["name"])["id"]]


def test_the_map_of_ids_goes_first(twins: Scene) -> None:
    one = mail(twins.source)
    other = next(
        found
        for found in twins.target.snapshot()
        if found["connectorId"] == one["connectorId"] and found["name"] != one["name"]
    )
    step = only(twins.plan(twins.archived(one), id_map={one["id"]: other["id"]}, **twins.mappings))
    assert (step.action, step.target_id) == ("update", other["id"])
    assert "name" in step.changes


def test_an_entry_of_the_map_that_is_gone_is_passed_over(twins: Scene) -> None:
    one = mail(twins.source)
    step = only(twins.plan(twins.archived(one), id_map={one["id"]: "gone"}, **twins.mappings))
    assert (step.action, step.reason) == ("skip", "exists")
    assert any("gone" in note for note in step.notes)


def test_a_map_that_leads_to_another_connector_is_a_question(twins: Scene) -> None:
    one = mail(twins.source)
    wrong = item(twins.target, connectorId=twins.source.connectors[1].id)
    step = only(twins.plan(twins.archived(one), id_map={one["id"]: wrong["id"]}))
    assert (step.action, step.reason) == ("ask", "other-connector")


def test_two_candidates_are_a_question(twins: Scene) -> None:
    one = mail(twins.source)
    first = item(twins.target, name=one["name"])
    second = twins.tenant.connections.create(
        connector_id=one["connectorId"], name=one["name"], space_id=first["spaceId"] or None
    ).id
    assert second is not None
    twins.tenant.connections.change_owner(second, user_id=first["ownerId"])
    step = only(twins.plan(twins.archived(one), **twins.mappings))
    assert (step.action, step.reason, step.target_id) == ("ask", "ambiguous", None)
    assert {candidate.id for candidate in step.candidates} == {first["id"], second}
    assert "create" in step.sentence


def test_two_of_the_archive_that_match_one_are_questions(twins: Scene) -> None:
    one = mail(twins.source)
    archive = twins.archived(one, {**one, "id": "twin"})
    plan = twins.plan(archive, **twins.mappings)
    assert [(step.action, step.reason) for step in plan.steps] == [("ask", "claimed-twice")] * 2
    target = item(twins.target, name=one["name"])["id"]
    plan = twins.plan(archive, id_map={"twin": target, one["id"]: target}, **twins.mappings)
    assert [(step.action, step.reason) for step in plan.steps] == [("ask", "claimed-twice")] * 2
    # Once it is known which one is which, the other one is new.
    plan = twins.plan(archive, id_map={"twin": target}, **twins.mappings)
    assert [(step.action, step.target_id) for step in plan.steps] == [("create", None), ("skip", target)]


def test_what_the_service_manages_and_connectors_that_are_unknown_are_skipped(scene: Scene) -> None:
    one = mail(scene.source)
    documents = [{**one, "id": "managed", "connectorId": MANAGED, "params": []}, one, {**one, "id": "none"}]
    documents[2]["connectorId"] = None
    archive = scene.archived(*documents)
    plan = scene.plan(archive, connectors=["another", MANAGED])
    assert [(step.action, step.reason) for step in plan.steps] == [
        ("skip", "managed"),
        ("skip", "connector-unknown"),
        ("skip", "incomplete"),
    ]
    plan = scene.plan(archive, connectors=[one["connectorId"]])
    assert [step.action for step in plan.steps] == ["skip", "create", "skip"]


def test_one_that_waits_for_consent_is_skipped_with_its_link(twins: Scene) -> None:
    slack = twins.source.connectors[2].id
    one = item(twins.source, connectorId=slack)
    made = twins.tenant.connections.create(connector_id=slack, name="Waiting")
    archive = twins.archived({**one, "name": "Waiting"})
    id_map = {one["id"]: made.id}
    step = only(twins.plan(archive, id_map=id_map))
    assert (step.action, step.reason, step.link) == ("skip", "needs-consent", made.redirect)
    twins.target.consent(made.id)
    step = only(twins.plan(archive, id_map=id_map))
    assert (step.action, step.reason, step.link) == ("skip", "exists", None)


def test_details_are_read_only_where_they_are_needed(twins: Scene) -> None:
    one = mail(twins.source)
    twins.plan(values={(one["id"], "password"): "new one"}, **twins.mappings)
    read = {entry.connection_id for entry in twins.target.ledger.select(operation="getAutomationConnection")}
    assert item(twins.target, name=one["name"], connectorId=one["connectorId"])["id"] in read
    oauth = {found["id"] for found in twins.target.snapshot() if not found["isConnected"] and "redirect" in found}
    assert len(read - oauth) == 1


def test_values_make_an_update_of_what_they_change(twins: Scene) -> None:
    one = mail(twins.source)
    host = next(param["value"] for param in item(twins.target, name=one["name"])["params"] if param["name"] == "host")

    def planned(existing: str = "update", **values: str) -> RestoreStep:
        given = {(one["id"], name): value for name, value in values.items()}
        return only(twins.plan(twins.archived(one), values=given, existing=existing, **twins.mappings))

    assert planned(host=host).action == "skip"
    assert planned(host="elsewhere.example").params == ["host"]
    # What a secret is set to can't be compared.
    assert (planned(password="x" * 9).action, planned(password="x" * 9).changes) == ("update", ["params"])
    assert planned(password="").params == ["password"]
    assert planned("skip", password="x" * 9).action == "skip"
    step = planned(nonsense="some value")
    assert step.action == "skip"
    assert any("nonsense" in note for note in step.notes)


def test_required_params_without_a_value_are_named(scene: Scene) -> None:
    one = mail(scene.source)
    step = only(scene.plan(scene.archived(one), values={(one["id"], "host"): "h.example"}))
    assert step.params == ["host", "port", "username", "password", "from", "encryption"]
    assert step.without_value == ["username", "password"]
    assert any("password" in note for note in step.notes)


def test_a_selection_is_planned_alone(scene: Scene) -> None:
    ids = [found["id"] for found in scene.source.snapshot()[3:6]]
    plan = scene.plan(ids=ids[::-1])
    assert [step.id for step in plan.steps] == ids
    with pytest.raises(ConfigurationError, match="does not contain nobody"):
        plan_restore(scene.tenant, scene.archive, ids=["nobody"])


def test_what_the_backup_could_not_read_is_said(scene: Scene) -> None:
    archive = write_archive(scene.folder / "a.ndjson", scene.source.snapshot(), unread=["x", "y"])
    plan = scene.plan(archive, values={("stranger", "p"): "v"})
    assert plan.unread == 2
    assert any("2 connections" in note for note in plan.notes)
    assert any("given for 1 connection not in the archive" in note for note in plan.notes)


def test_a_backup_of_everybody_is_best_restored_among_everybody(scene: Scene) -> None:
    assert any("others own" in note for note in plan_restore(scene.tenant, scene.archive).notes)
    assert scene.plan().notes == []
