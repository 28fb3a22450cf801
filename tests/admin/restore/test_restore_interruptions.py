"""Restores that are ended: by somebody, by the tenant, or by a journal that is not theirs."""

from __future__ import annotations

import threading

import pytest

from qlik_automation_connections import APIConnectionError, AuthenticationError
from qlik_automation_connections.admin import read_id_map
from qlik_automation_connections.admin._apply import apply
from qlik_automation_connections.admin._errors import JobError
from qlik_automation_connections.admin._progress import Progress
from qlik_automation_connections.admin._restore.plan import RestorePlan
from qlik_automation_connections.sandbox import Fault, Sandbox

from .scene import Opener, Scene

CREATE = "createAutomationConnection"


def test_a_journal_of_something_else_is_refused(scene: Scene, at: Opener) -> None:
    plan = scene.planned(2)
    scene.apply(plan, check=False)
    scene.target.ledger.clear()
    other = RestorePlan.from_dict({**plan.to_dict(), "archive": "another"})
    with pytest.raises(JobError, match=r"archive .* instead of"):
        scene.apply(other)
    with Sandbox(connections=0) as another:
        elsewhere = RestorePlan.from_dict({**plan.to_dict(), "tenant": another.url})
        with pytest.raises(JobError, match=r"tenant .* instead of"):
            apply(at(another), elsewhere, journal=scene.journal)
    for content in (
        b"no journal\n",
        b'{"format": "qlik-automation-connections/journal", "version": 1, "job": "check"}\n',
    ):
        (scene.folder / "other").write_bytes(content)
        with pytest.raises(JobError):
            apply(scene.tenant, plan, journal=scene.folder / "other")
    header = scene.journal.read_bytes().split(b"\n")[0]
    for line in (b'{"event": "created"}', b'{"no": "event"}', b'{"event": "plan", "plan": {}}'):
        (scene.folder / "other").write_bytes(header + b"\n" + line + b"\n")
        with pytest.raises(JobError, match="damaged"):
            apply(scene.tenant, plan, journal=scene.folder / "other")
    assert not scene.target.ledger


def test_a_torn_last_line_of_the_journal_is_no_hindrance(scene: Scene) -> None:
    plan = scene.planned()
    scene.apply(plan, check=False)
    lines = scene.journal.read_bytes().splitlines(keepends=True)
    # Without the last line the end of the run is missing, without the one before it that of the last step, too.
    for lost in (1, 2):
        scene.journal.write_bytes(b"".join(lines[:-lost]) + lines[-lost][:7])
        report = scene.apply(plan, check=False)
        assert (report.is_complete, report.resumed, report.summary["created"]) == (True, True, 6)
        assert scene.journal.read_bytes().splitlines(keepends=True)[-1] == lines[-1]
    assert scene.created == 6
    assert scene.found() == scene.wanted()


def test_cancelled_between_two_steps_it_says_what_is_left_and_goes_on_later(scene: Scene) -> None:
    cancel = threading.Event()
    plan = scene.planned()

    def stop_after_two(progress: Progress) -> None:
        if progress.done == 2:
            cancel.set()

    report = scene.apply(plan, on_progress=stop_after_two, cancel=cancel)
    assert (report.cancelled, report.is_complete) == (True, False)
    assert [step.outcome for step in report.steps] == ["created", "created", *["left"] * 4]
    assert scene.target.ledger.count(operation="checkAutomationConnection") == 0
    ids = read_id_map(scene.folder / "journal.id-map.json")
    assert len(ids) == 2
    report = scene.apply(plan)
    assert (report.is_complete, report.resumed, report.cancelled) == (True, True, False)
    assert scene.found() == scene.wanted()


def test_cancelled_while_it_waits_it_ends_soon_and_goes_on_later(scene: Scene) -> None:
    cancel = threading.Event()
    plan = scene.planned()
    # Refused before it was done, so it is tried again, after a minute.
    fault = scene.target.fail(Fault(CREATE, status=429, retry_after=50, after=1, times=1))

    def stop() -> None:
        while not fault.struck:
            cancel.wait(0.01)
        cancel.set()

    watching = threading.Thread(target=stop)
    watching.start()
    report = scene.apply(plan, cancel=cancel)
    watching.join()
    assert [step.outcome for step in report.steps] == ["created", *["left"] * 5]
    assert report.cancelled


def test_a_refused_sign_in_ends_it_and_the_next_run_goes_on(scene: Scene) -> None:
    plan = scene.planned()
    scene.target.fail(Fault(CREATE, status=401, after=3, times=None))
    with pytest.raises(AuthenticationError):
        scene.apply(plan)
    assert scene.created == 4
    assert len(read_id_map(scene.folder / "journal.id-map.json")) == 3
    scene.target.faults.clear()
    assert scene.apply(plan).is_complete
    assert scene.found() == scene.wanted()


def test_an_outage_ends_it_before_the_last_step(scene: Scene) -> None:
    plan = scene.planned()
    scene.target.close()
    told: list[Progress] = []
    with pytest.raises(APIConnectionError):
        scene.apply(plan, on_progress=told.append)
    assert len(told) < 6


def test_an_outage_while_checking_leaves_the_report(scene: Scene) -> None:
    plan = scene.planned()
    scene.target.fail(Fault("checkAutomationConnection", status=401, times=None))
    report = scene.apply(plan)
    assert report.is_complete
    assert report.unchecked is not None
    assert "401" in report.unchecked
    scene.target.faults[:] = [Fault("checkAutomationConnection", status=403, times=2)]
    report = scene.apply(plan)
    assert report.unchecked is None
    assert sum("could not be checked" in note for step in report.steps for note in step.notes) == 2
