"""A restore from one tenant into another: what comes of it, and what is left to people."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qlik_automation_connections import ConfigurationError
from qlik_automation_connections.admin import read_id_map
from qlik_automation_connections.admin._apply import apply
from qlik_automation_connections.admin._errors import JobError
from qlik_automation_connections.admin._id_map import IdMapFile
from qlik_automation_connections.admin._progress import Progress
from qlik_automation_connections.admin._restore.plan import RestorePlan
from qlik_automation_connections.admin._restore.planning import plan_restore
from qlik_automation_connections.sandbox import Fault, Sandbox

from .archives import archive_of, owners, values_of
from .picking import mail
from .scene import Opener, Scene
from .state import described, state


def test_all_of_a_tenant_comes_to_be_in_another_with_owners_spaces_and_secrets(scene: Scene) -> None:
    values = values_of(scene.source)
    told: list[Progress] = []
    plan = scene.plan(values=values, **scene.mappings)
    report = scene.apply(plan, values=values, on_progress=told.append)
    assert report.is_complete
    assert report.summary["created"] == 12
    assert described(scene.target, scene.source) == described(scene.source)
    assert [step.id for step in report.steps] == [step.id for step in plan.steps]
    assert scene.id_map == {step.id: step.new_id for step in report.steps}
    assert Progress("restore", 12, 12) in told
    assert told[-1] == Progress("check", 12, 12)
    assert json.loads(json.dumps(report.to_dict()))["summary"]["created"] == 12


def test_the_report_says_what_is_left_to_people(scene: Scene) -> None:
    plan = scene.plan(**scene.mappings)
    report = scene.apply(plan)
    now = {item["id"]: item for item in scene.target.snapshot()}
    oauth = {connector.id for connector in scene.source.connectors if connector.oauth}
    for step in report.steps:
        found = now[step.new_id or ""]
        assert step.connected is found["isConnected"] is False
        to_do = step.to_do or ""
        if step.connector_id in oauth:
            assert (step.link, "browser" in to_do) == (found["redirect"], True)
        else:
            assert to_do.startswith("Enter its missing params")
    assert report.for_people == report.steps


def test_what_works_needs_nobody(scene: Scene) -> None:
    values = values_of(scene.source)
    plan = scene.plan(**scene.mappings)
    # Planned without values, applied with them.
    report = scene.apply(plan, values=values)
    working = [step for step in report.steps if step.connected]
    assert len(working) > 3
    assert all(step.to_do is None and step.link is None for step in working)
    assert all(step.to_do for step in report.steps if not step.connected)


def test_a_second_restore_changes_nothing(scene: Scene) -> None:
    plan = scene.plan(**scene.mappings)
    report = scene.apply(plan, check=False)
    assert scene.target.ledger.count(operation="checkAutomationConnection") == 0
    assert {step.connected for step in report.steps} == {None}
    before = scene.target.snapshot(secrets=True)
    scene.target.ledger.clear()

    report = scene.apply(plan, check=False)
    assert report.repeated
    assert report.summary["created"] == 12
    assert len(scene.target.ledger) == 0

    anew = scene.plan(**scene.mappings)
    assert anew.summary["skip"] == 12
    for number, journal in enumerate((scene.journal, scene.folder / "another")):
        report = apply(scene.tenant, anew, journal=journal, check=False)
        assert (report.is_complete, report.repeated, report.resumed) == (True, False, False), number
        assert report.summary["skipped"] == 12
    assert read_id_map(scene.folder / "another.id-map.json") == scene.id_map
    assert {entry.method for entry in scene.target.ledger} == {"GET"}
    assert scene.target.snapshot(secrets=True) == before


def test_with_the_map_of_ids_a_second_restore_finds_all_without_any_other_mapping(scene: Scene) -> None:
    scene.apply(scene.plan(), check=False)
    assert scene.plan().summary["ask"] == 12
    plan = scene.plan(id_map=scene.id_map)
    assert plan.summary["skip"] == 12


def test_what_differs_is_brought_back(at: Opener, tmp_path: Path) -> None:
    with Sandbox(connections=12) as sandbox:
        tenant = at(sandbox)
        before, values = state(sandbox), values_of(sandbox)
        archive = archive_of(sandbox, tmp_path / "a.ndjson", tenant=sandbox.url)
        mails = [item for item in sandbox.snapshot() if item["connectorId"] == sandbox.connectors[0].id]
        for number, item in enumerate(mails):
            tenant.connections.update(item["id"], name=f"other {number}", params={"password": "x", "host": "y"})
            tenant.connections.change_owner(item["id"], user_id=sandbox.users[number].id)
            tenant.connections.change_space(item["id"], space_id=sandbox.spaces[number % 6].id)
        complete = {item["id"] for item in mails if values.get((item["id"], "password"))}
        plan = plan_restore(tenant, archive, list_all=True, values=values)
        report = apply(tenant, plan, journal=tmp_path / "journal", values=values)
        assert report.is_complete
        assert report.summary["updated"] >= len(mails)
        after = {item["id"]: item for item in state(sandbox)}
        for item in before:
            whole = item["id"] in complete or item["connectorId"] != sandbox.connectors[0].id
            names = item if whole else ("name", "ownerId", "spaceId")
            assert {name: after[item["id"]][name] for name in names} == {name: item[name] for name in names}


def test_an_owner_and_a_space_that_nobody_mapped_stay_as_they_are(scene: Scene) -> None:
    one = next(item for item in scene.source.snapshot() if item["spaceId"])
    made = scene.tenant.connections.create(
        connector_id=one["connectorId"], name="Old name", space_id=scene.target.spaces[3].id
    )
    scene.tenant.connections.change_owner(made.id, user_id=scene.target.users[4].id)
    plan = scene.plan(scene.archived(one), id_map={one["id"]: made.id})
    scene.apply(plan)
    (found,) = scene.target.snapshot()
    assert found["name"] == one["name"]
    assert (found["ownerId"], found["spaceId"]) == (scene.target.users[4].id, scene.target.spaces[3].id)


def test_an_ordinary_user_restores_what_is_theirs_and_hands_it_over(scene: Scene) -> None:
    tenant = scene.at(key=scene.target.user_api_key)
    plan = plan_restore(tenant, scene.archive, **scene.mappings)
    report = apply(tenant, plan, journal=scene.journal)
    assert report.is_complete
    assert {item[2] for item in described(scene.target)} == {item[2] for item in described(scene.source)}
    handed_over = [step for step in report.steps if "can no longer see it" in step.sentence]
    assert len(handed_over) > 10
    assert all(step.connected is None for step in handed_over)


def test_questions_are_answered_by_editing_the_plan(scene: Scene) -> None:
    one = next(item for item in scene.source.snapshot() if item["params"] and item["spaceId"] == "")
    made = [scene.tenant.connections.create(connector_id=one["connectorId"], name=one["name"]).id for _ in range(2)]
    archive = scene.archived(
        *({**one, "id": f"archived-{n}", "params": [{**p, "n": n} for p in one["params"]]} for n in range(3))
    )
    values = {(f"archived-{n}", one["params"][0]["name"]): f"value {n}" for n in range(3)}
    plan = scene.plan(archive, values=values)
    assert plan.summary["ask"] == 3
    report = scene.apply(plan, values=values)
    assert report.is_complete
    assert [step.outcome for step in report.asked] == ["asked"] * 3
    assert all(step.to_do and "target_id" in step.to_do for step in report.asked)
    assert len(scene.target.snapshot()) == 2

    document = json.loads(json.dumps(plan.to_dict()))
    document["steps"][0].update(action="update", target_id=made[1])
    document["steps"][1].update(action="skip", target_id=made[0])
    document["steps"][2].update(action="create")
    # The same journal: its first run is finished.
    report = scene.apply(RestorePlan.from_dict(document), values=values)
    assert [step.outcome for step in report.steps] == ["updated", "skipped", "created"]
    found = {item["id"]: item["params"][0]["value"] for item in scene.target.snapshot(secrets=True)}
    assert found[made[1] or ""] == "value 0"
    assert found[made[0] or ""] == ""
    assert sorted(found.values()) == ["", "value 0", "value 2"]
    assert scene.id_map["archived-1"] == made[0]


def test_a_param_that_is_taken_out_of_the_plan_is_not_set(scene: Scene) -> None:
    one = mail(scene.source)
    values = {(one["id"], name): f"given {name}" for name in ("host", "username", "password")}
    plan = scene.plan(scene.archived(one), values=values)
    plan.steps[0].params.remove("password")
    scene.apply(plan, values=values)
    (found,) = scene.target.snapshot(secrets=True)
    by_name = {param["name"]: param["value"] for param in found["params"]}
    assert (by_name["host"], by_name["username"], by_name["password"]) == ("given host", "given username", "")


def test_what_the_service_says_of_a_created_connection_is_of_a_length_to_be_read(scene: Scene) -> None:
    one = mail(scene.source)
    plan = scene.plan(scene.archived(one))
    scene.target.fail(
        Fault("createAutomationConnection", status=201, body={**one, "error": {"message": "long " * 10_000}})
    )
    (failed,) = scene.apply(plan).failed
    assert "long long" in failed.sentence
    assert len(failed.sentence) < 2_200


def test_a_connection_that_is_created_with_an_error_counts_as_failed_and_is_mended_by_the_next_run(
    scene: Scene,
) -> None:
    one = mail(scene.source)
    wrong = {(one["id"], name): "sandbox-error" for name in ("host", "username", "password")}
    plan = scene.plan(scene.archived(one), values=wrong, **scene.mappings)
    report = scene.apply(plan, values=wrong)
    (failed,) = report.failed
    assert not report.is_complete
    assert "has an error" in failed.sentence
    assert "refused the settings" in failed.sentence
    assert failed.new_id == scene.target.snapshot()[0]["id"]
    assert scene.id_map == {one["id"]: failed.new_id}
    # Nothing better to say: it stays as it is, and is not created again.
    report = scene.apply(plan, values=wrong)
    assert (report.resumed, len(report.failed), len(scene.target.snapshot())) == (True, 1, 1)
    right = dict.fromkeys(wrong, "right value")
    report = scene.apply(plan, values=right)
    assert report.is_complete
    assert report.steps[0].connected is True
    (found,) = scene.target.snapshot()
    assert found["ownerId"] == owners(scene.source, scene.target)[one["ownerId"]]


def test_a_plan_is_for_its_tenant(scene: Scene, at: Opener) -> None:
    plan = scene.plan()
    with Sandbox(connections=0) as another:
        with pytest.raises(ConfigurationError, match="is for the tenant"):
            apply(at(another), plan, journal=scene.journal)
        assert not another.ledger
    assert not scene.journal.exists()


def test_what_belongs_to_another_job_is_refused(scene: Scene) -> None:
    plan = scene.plan()
    with pytest.raises(ConfigurationError, match="undo"):
        apply(scene.tenant, plan, journal=scene.folder / "j", undo=scene.folder / "u")  # type: ignore[call-overload]
    with pytest.raises(ConfigurationError, match="RestorePlan, a DeployPlan or a HandoverPlan"):
        apply(scene.tenant, {}, journal=scene.folder / "j")  # type: ignore[call-overload]
    with pytest.raises(ConfigurationError, match="different files"):
        apply(scene.tenant, plan, journal=scene.folder / "j", id_map_path=scene.folder / "j")
    with pytest.raises(ConfigurationError, match="pairs"):
        apply(scene.tenant, plan, journal=scene.folder / "j", values={"a": "b"})  # type: ignore[dict-item]


def test_an_id_map_that_is_there_keeps_what_it_holds(scene: Scene) -> None:
    path = scene.folder / "ids.json"
    path.write_text('{"other": "one"}', encoding="utf-8")
    report = scene.apply(scene.planned(1), id_map_path=path)
    assert read_id_map(path, tenant=scene.tenant.url) == {"other": "one", report.steps[0].id: report.steps[0].new_id}


def test_an_id_map_of_another_tenant_is_refused_and_stays_as_it_is(scene: Scene) -> None:
    path = scene.folder / "ids.json"
    IdMapFile("https://elsewhere.example", "https://old.example", {"old": "new"}).write(path)
    before = path.read_bytes()
    assert read_id_map(path) == {"old": "new"}
    with pytest.raises(ConfigurationError, match=r"of https://elsewhere\.example, not of"):
        read_id_map(path, tenant=scene.tenant.url)
    plan = scene.plan()
    scene.target.ledger.clear()
    with pytest.raises(JobError, match=r"of https://elsewhere\.example, not of"):
        scene.apply(plan, id_map_path=path)
    assert not scene.target.ledger
    assert (path.read_bytes(), scene.journal.exists()) == (before, False)
