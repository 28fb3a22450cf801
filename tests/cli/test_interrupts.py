"""Ctrl-C and signals in the middle of commands: a clean end, and word of how to go on."""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from admin.restore.archives import archive_of
from cli.invoking import QAC, At, environment, run_python
from qlik_automation_connections.sandbox import Fault, Sandbox
from sampling import few

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it sends POSIX signals")

CHECK = "checkAutomationConnection"
Start = Callable[..., subprocess.Popen[str]]
SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(connections=60) as sandbox:
        yield sandbox


def at(sandbox: Sandbox, config: Path) -> dict[str, str]:
    """Variables of commands at a sandbox that keep things in a folder."""
    return {**At(sandbox).environment, "XDG_CONFIG_HOME": str(config)}


@pytest.fixture
def start(sandbox: Sandbox, tmp_path: Path) -> Iterator[Start]:
    """Starts a command at the sandbox."""
    started: list[subprocess.Popen[str]] = []

    def start_with(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*QAC, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=environment(**at(sandbox, tmp_path / "config")),
        )
        started.append(process)
        return process

    yield start_with
    for process in started:
        process.kill()
        process.communicate(timeout=10)


def wait_for(sandbox: Sandbox, number: int, operation: str = CHECK) -> None:
    """Waits until so many requests came."""
    until = time.monotonic() + 20
    while sandbox.ledger.count(operation=operation) < number:
        assert time.monotonic() < until
        time.sleep(0.01)


def wait_for_lines(journal: Path, number: int) -> None:
    """Waits until so many lines are in a journal."""
    until = time.monotonic() + 20
    while journal.read_bytes().count(b"\n") < number:
        assert time.monotonic() < until
        time.sleep(0.01)


def stop_twice(process: subprocess.Popen[str]) -> None:
    """Sends the signal of Ctrl-C, and again when the first one was met."""
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    while "interrupt again" not in process.stderr.readline():
        pass
    process.send_signal(signal.SIGINT)


@pytest.mark.parametrize(("number", "code"), few(SIGNALS))
def test_a_stopped_check_tells_what_it_found_and_goes_on(
    sandbox: Sandbox, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, code: int
) -> None:
    fault = sandbox.fail(Fault(CHECK, kind="delay", seconds=0.3, times=None))
    process = start("check", "--all", "--json", "--workers", "4")
    wait_for(sandbox, 8)
    process.send_signal(number)
    output, error = process.communicate(timeout=20)
    assert process.returncode == code
    sent = sandbox.ledger.count(operation=CHECK)
    report = json.loads(output)
    # What was sent was answered, and is in the report: nothing is asked twice.
    assert report["summary"]["checked"] == sent
    assert report["summary"]["left"] == 60 - sent > 0
    assert "Traceback" not in error
    assert "interrupt again to stop now" in error
    told = re.fullmatch(
        r"Stopped\. To resume: (qac check --resume), with the same sign-in options\.", error.splitlines()[-1]
    )
    assert told is not None

    sandbox.faults.remove(fault)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    at = At(sandbox)
    summary = at.json(*shlex.split(told[1])[1:], code=1)["summary"]
    assert (summary["checked"], summary["resumed"]) == (60, sent)
    assert sandbox.ledger.count(operation=CHECK) == 60
    again = at("check", "--resume")
    assert (again.exit_code, "Nothing to resume" in again.stderr) == (2, True)


def test_a_second_signal_stops_at_once_and_loses_nothing_that_was_answered(
    sandbox: Sandbox, start: Start, tmp_path: Path
) -> None:
    sandbox.fail(Fault(CHECK, kind="delay", seconds=20, times=None, after=10))
    journal = tmp_path / "journal"
    process = start("check", "--all", "--workers", "4", "--journal", str(journal))
    wait_for(sandbox, 14)
    wait_for_lines(journal, 11)
    stop_twice(process)
    # Much sooner than the answers to what was sent.
    error = process.communicate(timeout=15)[1]
    assert process.returncode == 130
    assert "Traceback" not in error
    assert error.splitlines()[-1].startswith(f"Stopped. To resume: qac check --resume --journal {journal}, with")
    sandbox.faults.clear()
    summary = At(sandbox).json("check", "--resume", "--journal", str(journal), code=1)["summary"]
    assert (summary["checked"], summary["resumed"]) == (60, 10)


@pytest.mark.exhaustive
def test_a_killed_check_goes_on(sandbox: Sandbox, start: Start, tmp_path: Path) -> None:
    sandbox.fail(Fault(CHECK, kind="delay", seconds=0.2, times=None))
    process = start("check", "--all", "--workers", "2")
    wait_for(sandbox, 6)
    wait_for_lines(next((tmp_path / "config" / "qac" / "checks").iterdir()), 5)
    process.kill()
    process.wait(timeout=10)
    sandbox.faults.clear()
    report = json.loads(start("check", "--all", "--resume", "--json").communicate(timeout=20)[0])
    assert report["summary"]["resumed"] >= 4
    assert report["summary"]["checked"] == 60


@pytest.mark.parametrize(("command", "number", "code"), few([("list", *SIGNALS[1]), ("audit", *SIGNALS[0])]))
def test_a_command_that_waits_for_an_answer_ends_in_a_line(
    sandbox: Sandbox, start: Start, command: str, number: signal.Signals, code: int
) -> None:
    operation = "getAutomationConnections"
    sandbox.fail(Fault(operation, kind="delay", seconds=1, times=None))
    process = start(command, "--all")
    wait_for(sandbox, 1, operation)
    process.send_signal(number)
    output, error = process.communicate(timeout=20)
    assert (process.returncode, output) == (code, "")
    assert error.strip().splitlines()[-1].startswith("Stopped.")
    assert "Traceback" not in error


def test_ctrl_c_while_it_starts_is_one_line() -> None:
    source = (
        "import sys, signal, os\n"
        "class Slow:\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'click':\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Slow())\n"
        "from qlik_automation_connections._cli import main\n"
        "main()\n"
    )
    ended = run_python(source)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "\nStopped.\n")


def test_the_live_view_leaves_the_terminal_as_it_was(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.fail(Fault(CHECK, kind="delay", seconds=0.3, times=None))
    pytest.importorskip("termios")
    from cli.terminal import Terminal

    variables = at(sandbox, tmp_path)
    with Terminal("check", "--all", "--workers", "2", width=80, piped=False, several=False, **variables) as shown:
        wait_for(sandbox, 4)
        shown.interrupt()
        assert shown.end() == 130
    assert shown.text.rindex("\x1b[?25h") > shown.text.rindex("\x1b[?25l")
    # What was not asked is not called broken.
    left = 60 - sandbox.ledger.count(operation=CHECK)
    assert f"0 could not be checked. {left} were not checked." in " ".join(shown.text.split())
    assert "To resume: qac check --resume" in shown.text
    assert "Traceback" not in shown.text


@pytest.mark.parametrize("at_once", few([True, False]))
def test_a_stopped_deletion_tells_what_was_deleted(sandbox: Sandbox, start: Start, at_once: bool) -> None:
    operation = "deleteAutomationConnection"
    seconds, after = (20, 10) if at_once else (0.3, 0)
    sandbox.fail(Fault(operation, kind="delay", seconds=seconds, times=None, after=after))
    process = start("delete", "--all", "--forced", "--yes", "--json")
    wait_for(sandbox, 20, operation)
    if at_once:
        stop_twice(process)
    else:
        process.send_signal(signal.SIGINT)
    output, error = process.communicate(timeout=20)
    assert (process.returncode, "Traceback" in error) == (130, False)
    report = json.loads(output)
    managed = {connector.id for connector in sandbox.connectors if connector.managed}
    there = {item["id"] for item in sandbox.snapshot() if item["connectorId"] not in managed}
    if at_once:
        # Who is stopped at once may not have read every answer.
        assert 0 < len(report["done"]) + len(report["failed"]) <= 10
        assert not there.intersection(report["done"])
        assert "may have been changed after all" in error
    else:
        deleted = sandbox.ledger.select(operation=operation, processed=True)
        assert set(report["done"]) == {entry.connection_id for entry in deleted}
        assert set(report["left"]) | {failed["id"] for failed in report["failed"]} == there
        assert report["left"]


@pytest.mark.parametrize(("number", "code"), few(SIGNALS))
def test_whoever_does_not_wait_for_consent_is_told_how_to_wait_on(
    sandbox: Sandbox, start: Start, number: signal.Signals, code: int
) -> None:
    process = start("create", "--connector", sandbox.connectors[2].id, "--wait", "--yes", "--json")
    assert process.stderr is not None
    while not process.stderr.readline().startswith("Waiting up to"):
        pass
    process.send_signal(number)
    output, error = process.communicate(timeout=20)
    assert process.returncode == code
    id = json.loads(output)["id"]
    assert error == f"Stopped. To wait longer: qac get {id} --wait, with the same sign-in options.\n"


@pytest.mark.parametrize(("number", "code"), few(SIGNALS))
def test_a_stopped_check_after_a_restore_ends_as_any_stop(
    sandbox: Sandbox, start: Start, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    with Sandbox(connections=8, name="source") as source:
        archive = archive_of(source, tmp_path / "a.ndjson")
    sandbox.fail(Fault(CHECK, kind="delay", seconds=0.5, times=None))
    process = start("restore", str(archive), "--yes", "--json")
    wait_for(sandbox, 1)
    process.send_signal(number)
    output, error = process.communicate(timeout=20)
    assert process.returncode == code, error
    report = json.loads(output)
    # All was restored, and only its check was stopped.
    assert report["is_complete"]
    assert "cancelled before everything was checked" in report["unchecked"]
    assert error.splitlines()[-1].startswith("Stopped. Everything was restored")


STOPPED_WITH_NOTHING_LEFT = """
import os, signal
from qlik_automation_connections._cli import {module} as command, main
job = command.{job}
def stopped_at_its_end(*arguments, **options):
    done = job(*arguments, **options)
    os.kill(os.getpid(), signal.{number})
    return done
command.{job} = stopped_at_its_end
import sys
sys.argv[1:] = {arguments!r}
main()
"""
ENDS = [
    ("check", "check", ["check", "--all", "--json", "--journal", "check.journal"]),
    ("audit", "audit", ["audit", "--all", "--json"]),
    ("usage", "usage", ["usage", "--all", "--json"]),
    ("usage", "usage", ["delete", "--all", "--yes"]),
    ("backup", "backup", ["backup", "b.ndjson", "--all", "--json"]),
    ("restore", "plan_restore", ["restore", "a.ndjson", "--all", "--yes"]),
    ("restore", "apply", ["restore", "a.ndjson", "--all", "--yes", "--json"]),
    ("handover", "plan_handover", ["handover", "--from", "OLD", "--to", "NEW", "--yes"]),
    ("handover", "apply", ["handover", "--from", "OLD", "--to", "NEW", "--yes", "--json"]),
    ("remap", "remap", ["remap", ".", "--id-map", "ids.json"]),
]


@pytest.mark.parametrize(("module", "job", "arguments"), few(ENDS))
def test_a_signal_that_comes_as_a_job_ends_is_not_lost(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, job: str, arguments: list[str]
) -> None:
    number, code = SIGNALS[len(job) % 2]
    with Sandbox(connections=2, name="source") as other:
        archive_of(other, tmp_path / "a.ndjson")
    (tmp_path / "ids.json").write_text("{}", encoding="utf-8")
    old, new = (user.id for user in sandbox.users[:2])
    names = {"OLD": old, "NEW": new}
    before = sandbox.snapshot()
    source = STOPPED_WITH_NOTHING_LEFT.format(
        module=module, job=job, number=number.name, arguments=[names.get(each, each) for each in arguments]
    )
    monkeypatch.chdir(tmp_path)
    ended = run_python(source, **at(sandbox, tmp_path))
    assert ended.returncode == code, ended.stderr
    assert "Traceback" not in ended.stderr
    assert "\nStopped" in ended.stderr
    if "--json" in arguments and job not in ("audit", "usage"):
        assert json.loads(ended.stdout)
    if job.startswith("plan") or arguments[0] == "delete":
        # What was only planned is not begun.
        assert sandbox.snapshot() == before
