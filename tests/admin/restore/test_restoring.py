"""A restore from one tenant into another: what comes of it, and what is left to people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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

from .archives import archive_of, owners, spaces, values_of, write_archive
from .conftest import Opener
from .state import described, state


@pytest.fixture(params=[True, ("boolean-spelling", "null-values", "check-spelling", "wrapped-in-data")])
def quirky(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A tenant with more or fewer quirks, empty."""
    with Sandbox(connections=0, name="production", quirks=request.param) as running:
        yield running


def mappings(source: Sandbox, target: Sandbox) -> dict[str, Any]:
    return {"list_all": True, "owners": owners(source, target), "spaces": spaces(source, target)}


def id_map(journal: Path) -> dict[str, str]:
    found = read_id_map(journal.with_name(f"{journal.name}.id-map.json"))
    assert isinstance(found, dict)
    return found


def test_all_of_a_tenant_comes_to_be_in_another_with_owners_spaces_and_secrets(
    at: Opener, development: Sandbox, quirky: Sandbox, tmp_path: Path
) -> None:
    archive, tenant, values = archive_of(development, tmp_path / "a.ndjson"), at(quirky), values_of(development)
    told: list[Progress] = []
    plan = plan_restore(tenant, archive, values=values, **mappings(development, quirky))
    report = apply(tenant, plan, journal=tmp_path / "journal", values=values, on_progress=told.append)
    assert report.is_complete
    assert report.summary["created"] == 20
    assert described(quirky, development) == described(development)
    assert [step.id for step in report.steps] == [step.id for step in plan.steps]
    assert id_map(tmp_path / "journal") == {step.id: step.new_id for step in report.steps}
    assert Progress("restore", 20, 20) in told
    assert told[-1] == Progress("check", 20, 20)
    assert json.loads(json.dumps(report.to_dict()))["summary"]["created"] == 20


def test_the_report_says_what_is_left_to_people(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant = at(production)
    archive = archive_of(development, tmp_path / "a.ndjson")
    plan = plan_restore(tenant, archive, **mappings(development, production))
    report = apply(tenant, plan, journal=tmp_path / "journal")
    now = {item["id"]: item for item in production.snapshot()}
    oauth = {connector.id for connector in development.connectors if connector.oauth}
    for step in report.steps:
        found = now[step.new_id or ""]
        assert step.connected is found["isConnected"] is False
        if step.connector_id in oauth:
            assert step.link == found["redirect"]
            assert step.to_do is not None
            assert "browser" in step.to_do
        else:
            assert step.to_do is not None
            assert step.to_do.startswith("Enter its missing params")
    assert report.for_people == report.steps


def test_what_works_needs_nobody(at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path) -> None:
    tenant, values = at(production), values_of(development)
    archive = archive_of(development, tmp_path / "a.ndjson")
    plan = plan_restore(tenant, archive, **mappings(development, production))
    # Planned without values, applied with them.
    report = apply(tenant, plan, journal=tmp_path / "journal", values=values)
    working = [step for step in report.steps if step.connected]
    assert len(working) > 5
    assert all(step.to_do is None and step.link is None for step in working)
    assert all(step.to_do for step in report.steps if not step.connected)


def test_without_check_nothing_is_checked(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant = at(production)
    plan = plan_restore(tenant, archive_of(development, tmp_path / "a.ndjson"), list_all=True)
    report = apply(tenant, plan, journal=tmp_path / "journal", check=False)
    assert production.ledger.count(operation="checkAutomationConnection") == 0
    assert {step.connected for step in report.steps} == {None}


def test_a_second_restore_changes_nothing(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant = at(production)
    archive = archive_of(development, tmp_path / "a.ndjson")
    plan = plan_restore(tenant, archive, **mappings(development, production))
    apply(tenant, plan, journal=tmp_path / "journal", check=False)
    before = production.snapshot(secrets=True)
    production.ledger.clear()

    report = apply(tenant, plan, journal=tmp_path / "journal", check=False)
    assert report.repeated
    assert report.summary["created"] == 20
    assert len(production.ledger) == 0

    anew = plan_restore(tenant, archive, **mappings(development, production))
    assert anew.summary["skip"] == 20
    for number, journal in enumerate((tmp_path / "journal", tmp_path / "another")):
        report = apply(tenant, anew, journal=journal, check=False)
        assert (report.is_complete, report.repeated, report.resumed) == (True, False, False), number
        assert report.summary["skipped"] == 20
    assert id_map(tmp_path / "another") == id_map(tmp_path / "journal")
    assert {entry.method for entry in production.ledger} == {"GET"}
    assert production.snapshot(secrets=True) == before


def test_with_the_map_of_ids_a_second_restore_finds_all_without_any_other_mapping(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant = at(production)
    archive = archive_of(development, tmp_path / "a.ndjson")
    apply(tenant, plan_restore(tenant, archive, list_all=True), journal=tmp_path / "journal", check=False)
    assert plan_restore(tenant, archive, list_all=True).summary["ask"] == 20
    plan = plan_restore(tenant, archive, list_all=True, id_map=id_map(tmp_path / "journal"))
    assert plan.summary["skip"] == 20


def test_what_differs_is_brought_back(at: Opener, tmp_path: Path) -> None:
    with Sandbox(connections=20) as sandbox:
        tenant = at(sandbox)
        before, values = state(sandbox), values_of(sandbox)
        archive = archive_of(sandbox, tmp_path / "a.ndjson", tenant=sandbox.url)
        mail = [item for item in sandbox.snapshot() if item["connectorId"] == sandbox.connectors[0].id]
        for number, item in enumerate(mail):
            tenant.connections.update(item["id"], name=f"other {number}", params={"password": "x", "host": "y"})
            tenant.connections.change_owner(item["id"], user_id=sandbox.users[number].id)
            tenant.connections.change_space(item["id"], space_id=sandbox.spaces[number % 6].id)
        complete = {item["id"] for item in mail if values.get((item["id"], "password"))}
        plan = plan_restore(tenant, archive, list_all=True, values=values)
        report = apply(tenant, plan, journal=tmp_path / "journal", values=values)
        assert report.is_complete
        assert report.summary["updated"] >= len(mail)
        after = {item["id"]: item for item in state(sandbox)}
        for item in before:
            if item["id"] in complete or item["connectorId"] != sandbox.connectors[0].id:
                assert after[item["id"]] == item
            else:
                assert [after[item["id"]][name] for name in ("name", "ownerId", "spaceId")] == [
                    item[name] for name in ("name", "ownerId", "spaceId")
                ]


def test_an_owner_and_a_space_that_nobody_mapped_stay_as_they_are(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant = at(production)
    one = next(item for item in development.snapshot() if item["spaceId"])
    made = tenant.connections.create(connector_id=one["connectorId"], name="Old name", space_id=production.spaces[3].id)
    tenant.connections.change_owner(made.id, user_id=production.users[4].id)
    archive = write_archive(tmp_path / "a.ndjson", [one])
    plan = plan_restore(tenant, archive, list_all=True, id_map={one["id"]: made.id})
    apply(tenant, plan, journal=tmp_path / "journal")
    (found,) = production.snapshot()
    assert found["name"] == one["name"]
    assert (found["ownerId"], found["spaceId"]) == (production.users[4].id, production.spaces[3].id)


def test_an_ordinary_user_restores_what_is_theirs_and_hands_it_over(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant = at(production, key=production.user_api_key)
    archive = archive_of(development, tmp_path / "a.ndjson")
    plan = plan_restore(tenant, archive, owners=owners(development, production), spaces=spaces(development, production))
    report = apply(tenant, plan, journal=tmp_path / "journal")
    assert report.is_complete
    assert {item[2] for item in described(production)} == {item[2] for item in described(development)}
    handed_over = [step for step in report.steps if "can no longer see it" in step.sentence]
    assert len(handed_over) > 10
    assert all(step.connected is None for step in handed_over)


def test_questions_are_answered_by_editing_the_plan(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant = at(production)
    one = next(item for item in development.snapshot() if item["params"] and item["spaceId"] == "")
    made = [tenant.connections.create(connector_id=one["connectorId"], name=one["name"]).id for _ in range(2)]
    archive = write_archive(
        tmp_path / "a.ndjson",
        [{**one, "id": f"archived-{n}", "params": [{**p, "n": n} for p in one["params"]]} for n in range(3)],
    )
    values = {(f"archived-{n}", one["params"][0]["name"]): f"value {n}" for n in range(3)}
    plan = plan_restore(tenant, archive, list_all=True, values=values)
    assert plan.summary["ask"] == 3
    report = apply(tenant, plan, journal=tmp_path / "first", values=values)
    assert report.is_complete
    assert [step.outcome for step in report.asked] == ["asked"] * 3
    assert all(step.to_do and "target_id" in step.to_do for step in report.asked)
    assert len(production.snapshot()) == 2

    document = json.loads(json.dumps(plan.to_dict()))
    document["steps"][0].update(action="update", target_id=made[1])
    document["steps"][1].update(action="skip", target_id=made[0])
    document["steps"][2].update(action="create")
    # The same journal: its first run is finished.
    report = apply(tenant, RestorePlan.from_dict(document), journal=tmp_path / "first", values=values)
    assert [step.outcome for step in report.steps] == ["updated", "skipped", "created"]
    found = {item["id"]: item["params"][0]["value"] for item in production.snapshot(secrets=True)}
    assert found[made[1] or ""] == "value 0"
    assert found[made[0] or ""] == ""
    assert sorted(found.values()) == ["", "value 0", "value 2"]
    assert id_map(tmp_path / "first")["archived-1"] == made[0]


def test_a_param_that_is_taken_out_of_the_plan_is_not_set(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant, values = at(production), values_of(development)
    one = next(item for item in development.snapshot() if item["connectorId"] == development.connectors[0].id)
    values = {(one["id"], name): f"given {name}" for name in ("host", "username", "password")}
    plan = plan_restore(tenant, write_archive(tmp_path / "a.ndjson", [one]), list_all=True, values=values)
    plan.steps[0].params.remove("password")
    apply(tenant, plan, journal=tmp_path / "journal", values=values)
    (found,) = production.snapshot(secrets=True)
    by_name = {param["name"]: param["value"] for param in found["params"]}
    assert (by_name["host"], by_name["username"], by_name["password"]) == ("given host", "given username", "")


def test_what_the_service_says_of_a_created_connection_is_of_a_length_to_be_read(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    one = next(item for item in development.snapshot() if item["connectorId"] == development.connectors[0].id)
    archive = write_archive(tmp_path / "a.ndjson", [one])
    plan = plan_restore(at(production), archive, list_all=True)
    production.fail(
        Fault("createAutomationConnection", status=201, body={**one, "error": {"message": "long " * 10_000}})
    )
    (failed,) = apply(at(production), plan, journal=tmp_path / "journal").failed
    assert "long long" in failed.sentence
    assert len(failed.sentence) < 2_200


def test_a_connection_that_is_created_with_an_error_counts_as_failed_and_is_mended_by_the_next_run(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant = at(production)
    one = next(item for item in development.snapshot() if item["connectorId"] == development.connectors[0].id)
    wrong = {(one["id"], name): "sandbox-error" for name in ("host", "username", "password")}
    plan = plan_restore(
        tenant, write_archive(tmp_path / "a.ndjson", [one]), values=wrong, **mappings(development, production)
    )
    report = apply(tenant, plan, journal=tmp_path / "journal", values=wrong)
    (failed,) = report.failed
    assert not report.is_complete
    assert "has an error" in failed.sentence
    assert "refused the settings" in failed.sentence
    assert failed.new_id == production.snapshot()[0]["id"]
    assert id_map(tmp_path / "journal") == {one["id"]: failed.new_id}
    # Nothing better to say: it stays as it is, and is not created again.
    report = apply(tenant, plan, journal=tmp_path / "journal", values=wrong)
    assert (report.resumed, len(report.failed), len(production.snapshot())) == (True, 1, 1)
    right = dict.fromkeys(wrong, "right value")
    report = apply(tenant, plan, journal=tmp_path / "journal", values=right)
    assert report.is_complete
    assert report.steps[0].connected is True
    (found,) = production.snapshot()
    assert found["ownerId"] == owners(development, production)[one["ownerId"]]


def test_a_plan_is_for_its_tenant(at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path) -> None:
    archive = archive_of(development, tmp_path / "a.ndjson")
    plan = plan_restore(at(production), archive, list_all=True)
    with Sandbox(connections=0) as another:
        with pytest.raises(ConfigurationError, match="is for the tenant"):
            apply(at(another), plan, journal=tmp_path / "journal")
        assert not another.ledger
    assert not (tmp_path / "journal").exists()


def test_what_belongs_to_another_job_is_refused(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant = at(production)
    plan = plan_restore(tenant, archive_of(development, tmp_path / "a.ndjson"), list_all=True)
    with pytest.raises(ConfigurationError, match="undo"):
        apply(tenant, plan, journal=tmp_path / "j", undo=tmp_path / "u")  # type: ignore[call-overload]
    with pytest.raises(ConfigurationError, match="RestorePlan, a DeployPlan or a HandoverPlan"):
        apply(tenant, {}, journal=tmp_path / "j")  # type: ignore[call-overload]
    with pytest.raises(ConfigurationError, match="different files"):
        apply(tenant, plan, journal=tmp_path / "j", id_map_path=tmp_path / "j")
    with pytest.raises(ConfigurationError, match="pairs"):
        apply(tenant, plan, journal=tmp_path / "j", values={"a": "b"})  # type: ignore[dict-item]


def test_a_plan_that_contradicts_itself_is_refused_before_anything_is_sent(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant = at(production)
    plan = plan_restore(tenant, archive_of(development, tmp_path / "a.ndjson"), list_all=True)
    plan.steps[3].action = "update"
    production.ledger.clear()
    with pytest.raises(JobError, match=r"steps\[3\] .*target_id"):
        apply(tenant, plan, journal=tmp_path / "journal")
    assert not production.ledger
    assert not (tmp_path / "journal").exists()


def test_an_id_map_that_is_there_keeps_what_it_holds(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant, path = at(production), tmp_path / "ids.json"
    path.write_text('{"other": "one"}', encoding="utf-8")
    archive = archive_of(development, tmp_path / "a.ndjson", ids=[development.snapshot()[0]["id"]])
    report = apply(tenant, plan_restore(tenant, archive, list_all=True), journal=tmp_path / "journal", id_map_path=path)
    assert read_id_map(path, tenant=tenant.url) == {"other": "one", report.steps[0].id: report.steps[0].new_id}


def test_an_id_map_of_another_tenant_is_refused_and_stays_as_it_is(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant, path = at(production), tmp_path / "ids.json"
    IdMapFile("https://elsewhere.example", "https://old.example", {"old": "new"}).write(path)
    before = path.read_bytes()
    assert read_id_map(path) == {"old": "new"}
    with pytest.raises(ConfigurationError, match=r"of https://elsewhere\.example, not of"):
        read_id_map(path, tenant=tenant.url)
    plan = plan_restore(tenant, archive_of(development, tmp_path / "a.ndjson"), list_all=True)
    production.ledger.clear()
    with pytest.raises(JobError, match=r"of https://elsewhere\.example, not of"):
        apply(tenant, plan, journal=tmp_path / "journal", id_map_path=path)
    assert not production.ledger
    assert (path.read_bytes(), (tmp_path / "journal").exists()) == (before, False)
