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
from .conftest import Opener
from .picking import mail, only


def test_a_damaged_archive_is_refused(at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path) -> None:
    archive = archive_of(development, tmp_path / "a.ndjson")
    lines = archive.read_text(encoding="utf-8").splitlines(keepends=True)
    archive.write_text("".join(lines[:5] + lines[6:]), encoding="utf-8", newline="")
    with pytest.raises(JobError, match="damaged"):
        plan_restore(at(production), archive, list_all=True)
    archive.write_text("".join(lines[:-1]), encoding="utf-8", newline="")
    with pytest.raises(JobError, match="manifest"):
        plan_restore(at(production), archive, list_all=True)
    with pytest.raises(JobError, match="can't be read"):
        plan_restore(at(production), tmp_path / "none.ndjson")
    one, other = mail(development), development.snapshot()[0]
    twice = write_archive(tmp_path / "twice.ndjson", [one, other, one])
    with pytest.raises(ConfigurationError, match="twice"):
        plan_restore(at(production), twice, list_all=True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"existing": "overwrite"}, "existing must be"),
        ({"ids": "abc"}, "not one string"),
        ({"connectors": "abc"}, "not one string"),
        ({"owners": {"a": ""}}, "owners"),
        ({"owners": {"a": None}}, "owners"),
        ({"spaces": {"a": 5}}, "spaces"),
        ({"values": {"a": "b"}}, "not such a pair"),
        ({"values": {("a", "p"): 5}}, "int"),
        ({"values": ["a"]}, "list"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path, arguments: dict[str, Any], said: str
) -> None:
    archive = archive_of(development, tmp_path / "a.ndjson")
    with pytest.raises(ConfigurationError, match=said):
        plan_restore(at(production), archive, **arguments)
    assert not production.ledger


def test_a_list_that_is_refused_ends_the_plan(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    archive = archive_of(development, tmp_path / "a.ndjson")
    with pytest.raises(PermissionDeniedError):
        plan_restore(at(production, key=production.user_api_key), archive, list_all=True)
    production.fail(Fault("getAutomationConnections", status=400))
    with pytest.raises(BadRequestError):
        plan_restore(at(production), archive, list_all=True)


def test_a_target_that_can_not_be_read_closely_is_a_note(
    at: Opener, development: Sandbox, twin: Sandbox, tmp_path: Path
) -> None:
    one = mail(development)
    archive = write_archive(tmp_path / "a.ndjson", [one])
    twin.fail(Fault("getAutomationConnection", status=403, times=None))
    step = only(
        plan_restore(
            at(twin), archive, list_all=True, values={(one["id"], "password"): "new one"},
            owners=owners(development, twin), spaces=spaces(development, twin),
        )
    )  # fmt: skip
    assert step.action == "skip"
    assert any("can't be read" in note for note in step.notes)


def test_progress_is_told_and_a_cancelled_plan_ends(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    archive = archive_of(development, tmp_path / "a.ndjson")
    told: list[Progress] = []
    plan_restore(at(production), archive, list_all=True, on_progress=told.append)
    assert told[-1] == Progress("restore plan", 20, 20)
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(JobCancelled):
        plan_restore(at(production), archive, list_all=True, cancel=cancel)


def test_a_tenant_with_every_quirk_is_planned_the_same(at: Opener, development: Sandbox, tmp_path: Path) -> None:
    archive = archive_of(development, tmp_path / "a.ndjson")
    plans = []
    for quirks in (False, ("boolean-spelling", "null-values", "empty-object-as-list", "wrapped-in-data")):
        with Sandbox(connections=20, name="production", quirks=quirks) as twin:
            plan = plan_restore(
                at(twin), archive, list_all=True, values=values_of(development),
                owners=owners(development, twin), spaces=spaces(development, twin),
            )  # fmt: skip
            plan.tenant = ""
            plans.append(plan)
    assert plans[0] == plans[1]
    assert plans[0].summary["update"] > 5


def test_an_answer_in_quirky_form_may_be_archived(at: Opener, production: Sandbox, tmp_path: Path) -> None:
    with Sandbox(connections=20, quirks=("boolean-spelling", "null-values", "empty-object-as-list")) as quirky:
        with httpx.Client(trust_env=False, verify=False, headers={"Authorization": f"Bearer {quirky.api_key}"}) as raw:
            path = f"{quirky.url}/api/workflows/automation-connections"
            documents = [raw.get(f"{path}/{found['id']}").json() for found in quirky.snapshot()]
        plan = plan_restore(at(production), write_archive(tmp_path / "a.ndjson", documents), list_all=True)
        plain = plan_restore(at(production), archive_of(quirky, tmp_path / "b.ndjson"), list_all=True)
    assert plan.steps == plain.steps


@pytest.mark.parametrize(
    "params",
    ["host=a", {"host": None, "name": None}, {"data": [{"name": "host"}]}, [1, "x", None], 12345678],
)
def test_a_document_that_can_not_be_understood_is_left_out_and_the_others_are_planned(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path, params: object
) -> None:
    documents = development.snapshot()
    documents[3] = {**documents[3], "params": params}
    archive = write_archive(tmp_path / "a.ndjson", documents)
    plan = plan_restore(at(production), archive, list_all=True, values={(documents[3]["id"], "host"): "mark-77a1"})
    step = plan.steps[3]
    assert (step.action, step.reason, step.id) == ("skip", "incomplete", documents[3]["id"])
    assert (step.name, step.connector_id) == (documents[3]["name"], documents[3]["connectorId"])
    assert "line 5 can't be parsed" in step.sentence
    assert plan.summary["create"] == 19
    assert any("1 connection can't be understood" in note for note in plan.notes)
    assert RestorePlan.from_dict(plan.to_dict()) == plan


def test_what_can_not_be_understood_still_has_its_id(
    at: Opener, development: Sandbox, twin: Sandbox, tmp_path: Path
) -> None:
    """No other connection of the archive is taken for the one that the map of ids names for it."""
    one, other = (item["id"] for item in development.snapshot()[:2])
    documents = [{**development.snapshot()[0], "params": "x"}, development.snapshot()[1]]
    target = twin.snapshot()[1]["id"]
    archive = write_archive(tmp_path / "a.ndjson", documents)
    plan = plan_restore(at(twin), archive, list_all=True, id_map={one: target, other: target})
    assert [(step.action, step.reason) for step in plan.steps] == [("skip", "incomplete"), ("ask", "claimed-twice")]
