"""Plans that can't be made, or are made of what is not as documented."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from qlik_automation_connections import BadRequestError, ConfigurationError, PermissionDeniedError
from qlik_automation_connections.admin._errors import JobCancelled, JobError
from qlik_automation_connections.admin._progress import Progress
from qlik_automation_connections.admin._restore.plan import RestorePlan
from qlik_automation_connections.admin._restore.planning import plan_restore
from qlik_automation_connections.sandbox import Fault, Sandbox

from .archives import archive_of, owners, spaces, values_of, write_archive
from .picking import mail, only
from .scene import Opener, Scene


def test_a_damaged_archive_is_refused(scene: Scene) -> None:
    archive = scene.archive
    lines = archive.read_text(encoding="utf-8").splitlines(keepends=True)
    archive.write_text("".join(lines[:5] + lines[6:]), encoding="utf-8", newline="")
    with pytest.raises(JobError, match="damaged"):
        scene.plan()
    archive.write_text("".join(lines[:-1]), encoding="utf-8", newline="")
    with pytest.raises(JobError, match="manifest"):
        scene.plan()
    with pytest.raises(JobError, match="can't be read"):
        plan_restore(scene.tenant, scene.folder / "none.ndjson")
    one, other = mail(scene.source), scene.source.snapshot()[0]
    twice = write_archive(scene.folder / "twice.ndjson", [one, other, one])
    with pytest.raises(ConfigurationError, match="twice"):
        plan_restore(scene.tenant, twice, list_all=True)


def test_arguments_that_make_no_sense_are_refused(scene: Scene) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"existing": "overwrite"}, "existing must be"),
        ({"ids": "abc"}, "not one string"),
        ({"connectors": "abc"}, "not one string"),
        ({"owners": {"a": ""}}, "owners"),
        ({"owners": {"a": None}}, "owners"),
        ({"spaces": {"a": 5}}, "spaces"),
        ({"values": {"a": "b"}}, "not such a pair"),
        ({"values": {("a", "p"): 5}}, "int"),
        ({"values": ["a"]}, "list"),
    ]
    for arguments, said in wrong:
        with pytest.raises(ConfigurationError, match=said):
            plan_restore(scene.tenant, scene.archive, **arguments)
    assert not scene.target.ledger


def test_a_list_that_is_refused_ends_the_plan(scene: Scene) -> None:
    with pytest.raises(PermissionDeniedError):
        plan_restore(scene.at(key=scene.target.user_api_key), scene.archive, list_all=True)
    scene.target.fail(Fault("getAutomationConnections", status=400))
    with pytest.raises(BadRequestError):
        scene.plan()


def test_a_target_that_can_not_be_read_closely_is_a_note(twins: Scene) -> None:
    one = mail(twins.source)
    twins.target.fail(Fault("getAutomationConnection", status=403, times=None))
    step = only(twins.plan(twins.archived(one), values={(one["id"], "password"): "new one"}, **twins.mappings))
    assert step.action == "skip"
    assert any("can't be read" in note for note in step.notes)


def test_progress_is_told_and_a_cancelled_plan_ends(scene: Scene) -> None:
    told: list[Progress] = []
    scene.plan(on_progress=told.append)
    assert told[-1] == Progress("restore plan", 12, 12)
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(JobCancelled):
        scene.plan(cancel=cancel)


def test_a_tenant_with_every_quirk_is_planned_the_same(at: Opener, development: Sandbox, tmp_path: Path) -> None:
    archive = archive_of(development, tmp_path / "a.ndjson")
    plans = []
    for quirks in (False, ("boolean-spelling", "null-values", "empty-object-as-list", "wrapped-in-data")):
        with Sandbox(connections=12, name="production", quirks=quirks) as twin:
            plan = plan_restore(
                at(twin), archive, list_all=True, values=values_of(development),
                owners=owners(development, twin), spaces=spaces(development, twin),
            )  # fmt: skip
            plan.tenant = ""
            plans.append(plan)
    assert plans[0] == plans[1]
    assert plans[0].summary["update"] > 3


def test_an_answer_in_quirky_form_may_be_archived(scene: Scene) -> None:
    with Sandbox(connections=12, quirks=("boolean-spelling", "null-values", "empty-object-as-list")) as quirky:
        with httpx.Client(trust_env=False, verify=False, headers={"Authorization": f"Bearer {quirky.api_key}"}) as raw:
            path = f"{quirky.url}/api/workflows/automation-connections"
            documents = [raw.get(f"{path}/{found['id']}").json() for found in quirky.snapshot()]
        plan = scene.plan(scene.archived(*documents))
        plain = plan_restore(scene.tenant, archive_of(quirky, scene.folder / "b.ndjson"), list_all=True)
    assert plan.steps == plain.steps


def test_a_document_that_can_not_be_understood_is_left_out_and_the_others_are_planned(scene: Scene) -> None:
    documents = scene.source.snapshot()
    one = documents[3]
    params: list[object] = ["host=a", {"host": None, "name": None}, {"data": [{"name": "host"}]}, [1, "x", None], 1234]
    for wrong in params:
        documents[3] = {**one, "params": wrong}
        plan = scene.plan(scene.archived(*documents), values={(one["id"], "host"): "mark-77a1"})
        step = plan.steps[3]
        assert (step.action, step.reason, step.id) == ("skip", "incomplete", one["id"])
        assert (step.name, step.connector_id) == (one["name"], one["connectorId"])
        assert "line 5 can't be parsed" in step.sentence
        assert plan.summary["create"] == 11
        assert any("1 connection can't be understood" in note for note in plan.notes)
        assert RestorePlan.from_dict(plan.to_dict()) == plan


def test_what_can_not_be_understood_still_has_its_id(twins: Scene) -> None:
    """No other connection of the archive is taken for the one that the map of ids names for it."""
    one, other = (item["id"] for item in twins.source.snapshot()[:2])
    documents = [{**twins.source.snapshot()[0], "params": "x"}, twins.source.snapshot()[1]]
    target = twins.target.snapshot()[1]["id"]
    archive = twins.archived(*documents)
    plan = twins.plan(archive, id_map={one: target, other: target})
    assert [(step.action, step.reason) for step in plan.steps] == [("skip", "incomplete"), ("ask", "claimed-twice")]
