"""Restores that are ended: by somebody, by the tenant, or by a journal that is not theirs."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from qlik_automation_connections import APIConnectionError, AuthenticationError
from qlik_automation_connections.admin import read_id_map
from qlik_automation_connections.admin._apply import apply
from qlik_automation_connections.admin._errors import JobError
from qlik_automation_connections.admin._progress import Progress
from qlik_automation_connections.admin._restore.plan import RestorePlan
from qlik_automation_connections.sandbox import Fault, Sandbox

from .conftest import Opener
from .small_plans import found, planned, wanted

CREATE = "createAutomationConnection"


def test_a_journal_of_something_else_is_refused(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant = at(production)
    plan = planned(tenant, development, production, tmp_path, 2)
    apply(tenant, plan, journal=tmp_path / "journal", check=False)
    production.ledger.clear()
    other = RestorePlan.from_dict({**plan.to_dict(), "archive": "another"})
    with pytest.raises(JobError, match=r"archive .* instead of"):
        apply(tenant, other, journal=tmp_path / "journal")
    with Sandbox(connections=0) as another:
        elsewhere = RestorePlan.from_dict({**plan.to_dict(), "tenant": another.url})
        with pytest.raises(JobError, match=r"tenant .* instead of"):
            apply(at(another), elsewhere, journal=tmp_path / "journal")
    for content in (
        b"no journal\n",
        b'{"format": "qlik-automation-connections/journal", "version": 1, "job": "check"}\n',
    ):
        (tmp_path / "other").write_bytes(content)
        with pytest.raises(JobError):
            apply(tenant, plan, journal=tmp_path / "other")
    header = (tmp_path / "journal").read_bytes().split(b"\n")[0]
    for line in (b'{"event": "created"}', b'{"no": "event"}', b'{"event": "plan", "plan": {}}'):
        (tmp_path / "other").write_bytes(header + b"\n" + line + b"\n")
        with pytest.raises(JobError, match="damaged"):
            apply(tenant, plan, journal=tmp_path / "other")
    assert not production.ledger


def test_a_torn_last_line_of_the_journal_is_no_hindrance(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant, journal = at(production), tmp_path / "journal"
    plan = planned(tenant, development, production, tmp_path)
    apply(tenant, plan, journal=journal, check=False)
    lines = journal.read_bytes().splitlines(keepends=True)
    # Without the last line the end of the run is missing, without the one before it that of the last step, too.
    for lost in (1, 2):
        journal.write_bytes(b"".join(lines[:-lost]) + lines[-lost][:7])
        report = apply(tenant, plan, journal=journal, check=False)
        assert (report.is_complete, report.resumed, report.summary["created"]) == (True, True, 6)
        assert journal.read_bytes().splitlines(keepends=True)[-1] == lines[-1]
    assert production.ledger.count(operation=CREATE) == 6
    assert found(production) == wanted(development)


def test_cancelled_between_two_steps_it_says_what_is_left_and_goes_on_later(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant, cancel = at(production), threading.Event()
    plan = planned(tenant, development, production, tmp_path)

    def stop_after_two(progress: Progress) -> None:
        if progress.done == 2:
            cancel.set()

    report = apply(tenant, plan, journal=tmp_path / "journal", on_progress=stop_after_two, cancel=cancel)
    assert (report.cancelled, report.is_complete) == (True, False)
    assert [step.outcome for step in report.steps] == ["created", "created", *["left"] * 4]
    assert production.ledger.count(operation="checkAutomationConnection") == 0
    ids = read_id_map(tmp_path / "journal.id-map.json")
    assert len(ids) == 2
    report = apply(tenant, plan, journal=tmp_path / "journal")
    assert (report.is_complete, report.resumed, report.cancelled) == (True, True, False)
    assert found(production) == wanted(development)


def test_cancelled_while_it_waits_it_ends_soon_and_goes_on_later(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant, cancel = at(production), threading.Event()
    plan = planned(tenant, development, production, tmp_path)
    # Refused before it was done, so it is tried again, after a minute.
    fault = production.fail(Fault(CREATE, status=429, retry_after=50, after=1, times=1))

    def stop() -> None:
        while not fault.struck:
            cancel.wait(0.01)
        cancel.set()

    watching = threading.Thread(target=stop)
    watching.start()
    report = apply(tenant, plan, journal=tmp_path / "journal", cancel=cancel)
    watching.join()
    assert [step.outcome for step in report.steps] == ["created", *["left"] * 5]
    assert report.cancelled


def test_a_refused_sign_in_ends_it_and_the_next_run_goes_on(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant = at(production)
    plan = planned(tenant, development, production, tmp_path)
    production.fail(Fault(CREATE, status=401, after=3, times=None))
    with pytest.raises(AuthenticationError):
        apply(tenant, plan, journal=tmp_path / "journal")
    assert production.ledger.count(operation=CREATE) == 4
    assert len(read_id_map(tmp_path / "journal.id-map.json")) == 3
    production.faults.clear()
    assert apply(tenant, plan, journal=tmp_path / "journal").is_complete
    assert found(production) == wanted(development)


def test_an_outage_ends_it_before_the_last_step(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant = at(production)
    plan = planned(tenant, development, production, tmp_path)
    production.close()
    told: list[Progress] = []
    with pytest.raises(APIConnectionError):
        apply(tenant, plan, journal=tmp_path / "journal", on_progress=told.append)
    assert len(told) < 6


def test_an_outage_while_checking_leaves_the_report(
    at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    tenant = at(production)
    plan = planned(tenant, development, production, tmp_path)
    production.fail(Fault("checkAutomationConnection", status=401, times=None))
    report = apply(tenant, plan, journal=tmp_path / "journal")
    assert report.is_complete
    assert report.unchecked is not None
    assert "401" in report.unchecked
    production.faults[:] = [Fault("checkAutomationConnection", status=403, times=2)]
    report = apply(tenant, plan, journal=tmp_path / "journal")
    assert report.unchecked is None
    assert sum("could not be checked" in note for step in report.steps for note in step.notes) == 2
