"""How checks end before all are done: refused, unreachable, cancelled, interrupted, or by an exception."""

from __future__ import annotations

import json
import signal
import sys
import threading
from pathlib import Path

import pytest

from admin.check.test_check_results import OPERATION, SCHEMA
from admin.threads import meanwhile, wait_for
from core.scripted import Reply, Script, reply
from core.scripted import tenant as scripted
from qlik_automation_connections import (
    APIConnectionError,
    AuthenticationError,
    ConfigurationError,
    Pacing,
    Retry,
    RetryPolicy,
    Tenant,
)
from qlik_automation_connections.admin import CheckedConnection, check
from qlik_automation_connections.sandbox import Fault, Sandbox


class Odd(Exception):
    """What no check expects."""


def test_a_refused_sign_in_ends_it_all(sandbox: Sandbox, ids: list[str]) -> None:
    with Tenant(sandbox.url, api_key="wrong") as tenant, pytest.raises(AuthenticationError):
        check(tenant, ids, workers=4)
    assert 1 <= len(sandbox.ledger) <= 4


def test_a_sign_in_that_is_refused_in_the_middle_keeps_what_was_found(
    sandbox: Sandbox, quick: Tenant, ids: list[str], tmp_path: Path
) -> None:
    sandbox.fail(Fault(OPERATION, status=401, after=10, times=None))
    found: list[CheckedConnection] = []
    with pytest.raises(AuthenticationError):
        check(quick, ids, workers=4, journal=tmp_path / "journal", on_result=found.append)
    assert len([item for item in found if item.error is None]) == 10
    sandbox.faults.clear()
    asked = len(sandbox.ledger)
    report = check(quick, ids, journal=tmp_path / "journal")
    assert report.resumed == 10
    assert len(sandbox.ledger) - asked == len(ids) - 10
    assert report.failed == []


def test_a_cancelled_check_says_what_is_left(sandbox: Sandbox, quick: Tenant, ids: list[str]) -> None:
    cancel = threading.Event()
    found: list[str] = []

    def on_result(item: CheckedConnection) -> None:
        found.append(item.id)
        if len(found) == 5:
            cancel.set()

    report = check(quick, ids, workers=2, cancel=cancel, on_result=on_result)
    done = [item.id for item in report.checked]
    assert done == [id for id in ids if id in found]
    assert report.left == [id for id in ids if id not in found]
    assert 5 <= len(done) <= 5 + 8
    assert sandbox.ledger.count(operation=OPERATION) == len(done)
    assert not report.is_complete
    SCHEMA.validate(json.loads(json.dumps(report.to_dict())))


def test_cancelled_before_it_begins_it_sends_nothing(sandbox: Sandbox, quick: Tenant, ids: list[str]) -> None:
    cancel = threading.Event()
    cancel.set()
    report = check(quick, ids, cancel=cancel)
    assert (report.checked, report.left, len(sandbox.ledger)) == ([], ids, 0)


def test_cancelling_ends_waits_between_tries_of_an_hour() -> None:
    cancel, waiting = threading.Event(), threading.Barrier(5)
    script = Script(Reply(503, b"", {"Retry-After": "3000"}))

    def on_retry(_: Retry) -> None:
        waiting.wait(30)

    policy = RetryPolicy(max_retry_after=3600, max_total=3600, on_retry=on_retry)

    def stop() -> None:
        waiting.wait(30)
        cancel.set()

    with meanwhile(stop):
        report = check(scripted(script, retries=policy), ["a", "b", "c", "d", "e"], workers=4, cancel=cancel)
    assert (report.checked, report.left) == ([], ["a", "b", "c", "d", "e"])
    assert len(script.requests) == 4


def test_what_was_sent_is_waited_for_and_counts(sandbox: Sandbox, quick: Tenant, ids: list[str]) -> None:
    sandbox.fail(Fault(OPERATION, kind="delay", seconds=0.3, times=None))
    cancel = threading.Event()

    def stop() -> None:
        while len(sandbox.ledger) < 4:
            threading.Event().wait(0.005)
        cancel.set()

    with meanwhile(stop):
        report = check(quick, ids, workers=4, cancel=cancel)
    assert len(report.checked) == sandbox.ledger.count(operation=OPERATION) == 4


@pytest.mark.skipif(sys.platform == "win32", reason="there, no signal can be sent to a thread")
def test_ctrl_c_is_raised_and_ends_waits(tmp_path: Path) -> None:
    waiting = threading.Event()
    script = Script(reply(200, {"connected": True}))
    tenant = scripted(script, pacing=Pacing(window=3600, on_wait=lambda _: waiting.set()))
    ids = [str(number) for number in range(600)]

    def interrupt() -> None:
        wait_for(waiting)
        # The main thread has taken what was answered when the last is noted.
        while (tmp_path / "journal").read_bytes().count(b"\n") < 501:
            threading.Event().wait(0.005)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    with meanwhile(interrupt), pytest.raises(KeyboardInterrupt):
        check(tenant, ids, journal=tmp_path / "journal")
    again = check(scripted(script, pacing="off"), ids, journal=tmp_path / "journal")
    assert (again.resumed, len(again.connected)) == (500, 600)


@pytest.mark.parametrize("where", ["on_result", "on_progress"])
def test_an_exception_of_the_caller_ends_it_and_the_result_is_kept(
    where: str, sandbox: Sandbox, quick: Tenant, ids: list[str], tmp_path: Path
) -> None:
    def fail(_: object) -> None:
        raise Odd

    with pytest.raises(Odd):
        check(quick, ids, workers=2, journal=tmp_path / "journal", **{where: fail})  # type: ignore[arg-type]
    assert len(sandbox.ledger) <= 8
    assert check(quick, ids, journal=tmp_path / "journal").resumed == 1


def test_a_tenant_that_is_closed_meanwhile_ends_it(sandbox: Sandbox, quick: Tenant, ids: list[str]) -> None:
    with pytest.raises((ConfigurationError, APIConnectionError)):
        check(quick, ids, workers=2, on_result=lambda _: quick.close())
    assert len(sandbox.ledger) < len(ids)
