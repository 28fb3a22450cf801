"""Values that are given when their connections exist already."""

from __future__ import annotations

from pathlib import Path

from qlik_automation_connections.admin._apply import apply
from qlik_automation_connections.admin._restore.plan import RestorePlan
from qlik_automation_connections.admin._restore.planning import plan_restore
from qlik_automation_connections.sandbox import Fault, Sandbox

from .archives import archive_of, values_of, write_archive
from .conftest import Opener
from .picking import mail
from .state import described, state

CREATE = "createAutomationConnection"
UPDATE = "updateAutomationConnection"


def _plan(at: Opener, source: Sandbox, target: Sandbox, folder: Path) -> RestorePlan:
    return plan_restore(at(target), archive_of(source, folder / "a.ndjson"), list_all=True)


def _values(sandbox: Sandbox) -> list[object]:
    return sorted(item[4] for item in described(sandbox))


def test_a_plan_that_was_carried_out_without_values_is_run_again_with_them(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    plan = _plan(at, development, production, tmp_path)
    given = values_of(development)
    assert apply(at(production), plan, journal=tmp_path / "j").summary["created"] == 20
    report = apply(at(production), plan, journal=tmp_path / "j", values=given)
    assert report.repeated
    assert report.summary["updated"] == len({id for id, _ in given})
    assert _values(production) == sorted(item[4] for item in described(development))
    # Each is set once: nothing is sent for it the next time, and what was set is not "left to people".
    before, sent = state(production), production.ledger.count(operation=UPDATE)
    report = apply(at(production), plan, journal=tmp_path / "j", values=given)
    assert (state(production), production.ledger.count(operation=UPDATE)) == (before, sent)
    assert report.is_complete


def test_what_was_created_with_its_values_is_not_set_again(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    plan = _plan(at, development, production, tmp_path)
    for _ in range(2):
        assert apply(at(production), plan, journal=tmp_path / "j", values=values_of(development)).is_complete
    assert production.ledger.count(operation=UPDATE) == 0


def test_values_that_come_with_the_second_run_of_an_unfinished_plan_are_set(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    plan = _plan(at, development, production, tmp_path)
    production.fail(Fault(CREATE, status=403, after=10, times=1))
    assert apply(at(production), plan, journal=tmp_path / "j").summary["failed"] == 1
    report = apply(at(production), plan, journal=tmp_path / "j", values=values_of(development))
    assert report.resumed
    assert report.is_complete
    assert _values(production) == sorted(item[4] for item in described(development))


def test_values_come_with_a_new_plan_of_the_same_journal(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    plan = _plan(at, development, production, tmp_path)
    assert apply(at(production), plan, journal=tmp_path / "j").is_complete
    # Made without the map of ids, it means to create all again, which the journal knows better.
    plan.notes.append("Another one.")
    assert apply(at(production), plan, journal=tmp_path / "j", values=values_of(development)).is_complete
    assert len(production.snapshot()) == 20
    assert _values(production) == sorted(item[4] for item in described(development))


def test_a_value_that_is_given_later_and_refused_fails_its_step_and_is_set_by_the_next_run(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    one = mail(development)
    tenant = at(production)
    plan = plan_restore(tenant, write_archive(tmp_path / "a.ndjson", [one]), list_all=True)
    assert apply(tenant, plan, journal=tmp_path / "j").is_complete
    production.fail(Fault(UPDATE, status=403, times=1))
    good, bad = ({(one["id"], "host"): host} for host in ("smtp.example", "sandbox-error"))
    assert not apply(tenant, plan, journal=tmp_path / "j", values=good).is_complete
    assert not apply(tenant, plan, journal=tmp_path / "j", values=bad).is_complete
    report = apply(tenant, plan, journal=tmp_path / "j", values=good)
    assert report.is_complete
    (found,) = production.snapshot(secrets=True)
    assert next(param["value"] for param in found["params"] if param["name"] == "host") == "smtp.example"
    assert not found["error"]


def test_a_plan_that_is_gone_on_with_says_which_values_it_does_not_set(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    one, *others = development.snapshot()[:3]
    plan = plan_restore(at(production), write_archive(tmp_path / "a.ndjson", [one, *others]), list_all=True)
    plan.steps[0].action = "skip"
    production.fail(Fault(CREATE, status=403, times=1))
    apply(at(production), plan, journal=tmp_path / "j")
    report = apply(at(production), plan, journal=tmp_path / "j", values={(one["id"], "host"): "mark-77a1"})
    assert report.resumed
    assert [note for note in report.notes if "Values for 1 connection are not set" in note]
    assert "mark-77a1" not in str(report.to_dict())
