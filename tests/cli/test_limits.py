"""Rate limits that commands share, and what is said while they wait."""

from __future__ import annotations

import os
import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from click.testing import _NamedTextIOWrapper

from cli.invoking import At
from qlik_automation_connections import Cause, PacingWait, Retry
from qlik_automation_connections._cli.limits import WaitLines, state_folder
from qlik_automation_connections._cli.pace import Pace
from qlik_automation_connections._cli.silence import Silence
from qlik_automation_connections.pacing import _pacer as pacer
from qlik_automation_connections.sandbox import Fault

TENANT = "https://acme.example"


def places_taken(file: Path) -> int:
    """How many places of tier 2 commands have taken, as the next one will see it."""
    # As at the end of a process.
    pacer.forget()
    with closing(sqlite3.connect(file)) as connection:
        query = "SELECT sum(count) FROM place JOIN tier ON tier.id = place.tier WHERE tier.tier = 2"
        return int(connection.execute(query).fetchone()[0] or 0)


@pytest.fixture
def state() -> Path:
    """The folder for what commands share, which is the test's own."""
    return Path(os.environ["XDG_STATE_HOME"])


def test_a_users_commands_share_one_file_for_the_user_alone(at: At, state: Path) -> None:
    file = state / "qac" / "pacing.db"
    for number in (1, 2):
        assert at("check", "--all").exit_code == 1
        assert places_taken(file) == 12 * number
    if os.name != "nt":
        modes = {path.name: path.stat().st_mode & 0o777 for path in (file.parent, *file.parent.iterdir())}
        assert modes.pop("qac") == 0o700
        assert set(modes.values()) == {0o600}


def test_a_command_that_shares_nothing_leaves_no_file(at: At, state: Path) -> None:
    for option in ("--pacing=off", "--pacing=memory", "--sandbox"):
        tenant = {"QLIK_TENANT_URL": "", "QLIK_API_KEY": ""} if option == "--sandbox" else {}
        assert at("check", "--filter", 'name ne "x"', option, **tenant).exit_code in (0, 1)
        assert not state.exists(), option


def test_a_shared_file_that_cannot_be_used_costs_one_line_and_a_named_one_is_an_error(at: At, state: Path) -> None:
    state.write_text("a file where the folder should be")
    result = at("check", "--all")
    assert result.exit_code == 1
    assert "12 checked" in result.stdout
    warnings = [line for line in result.stderr.splitlines() if "rate limits" in line]
    assert len(warnings) == 1
    assert warnings[0].startswith("Warning: rate limits are not shared with your other commands: ")
    state.unlink()
    (state / "qac").mkdir(parents=True)
    file = state / "qac" / "pacing.db"
    file.write_text("not a database " * 100)
    assert "not a database" in at("list", "--all").stderr
    named = at("list", "--all", "--pacing", f"sqlite:///{file}")
    assert (named.exit_code, named.stdout) == (2, "")


def test_a_second_job_waits_says_so_once_and_nothing_fails(at: At, tmp_path: Path) -> None:
    at("list", "-v")  # whose log, which would have the waits, ends with it
    file = tmp_path / "budget.db"
    options = ("--all", "--pacing", f"sqlite:///{file}?window=4")
    first = at.json("check", *options, code=1)["summary"]
    assert places_taken(file) == 12
    with closing(sqlite3.connect(file)) as connection, connection:
        began = time.monotonic()
        # As if the first job had been larger.
        larger = "UPDATE place SET count = 500, free_at = ? WHERE free_at = (SELECT max(free_at) FROM place)"
        connection.execute(larger, [began + 1.5])
    result = at("check", *options)
    assert time.monotonic() - began > 1
    assert result.exit_code == 1
    said = f"12 checked: {first['connected']} connected, {first['not_connected']} not connected, 0 could not"
    assert said in result.stdout
    waits = [line for line in result.stderr.splitlines() if line.startswith("waiting ")]
    assert len(waits) == 1
    assert re.fullmatch(r"waiting 0:0\d for the service's limit \(tier 2\)", waits[0])


def test_a_429_is_waited_for_and_nothing_is_called_broken(at: At) -> None:
    at.sandbox.fail(Fault("checkAutomationConnection", status=429, retry_after=0.3, times=4))
    summary = at.json("check", "--all", "--pacing", "memory?window=1", code=1)["summary"]
    assert (summary["checked"], summary["failed"]) == (12, 0)
    # Nor if the wait would be too long.
    at.sandbox.fail(Fault("checkAutomationConnection", status=429, retry_after=3600, times=None))
    result = at("check", "--all")
    assert result.exit_code == 1
    assert "12 checked: 0 connected, 0 not connected, 12 could not be checked." in result.stdout
    assert "NO" not in result.stdout.split()


def test_each_longer_wait_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    lines = WaitLines()
    for seconds in (191.6, 192.0, 150.0, 220.0, 300.0):
        lines.say(PacingWait(2, seconds, TENANT))
    assert capsys.readouterr().err.splitlines() == [
        "waiting 3:12 for the service's limit (tier 2)",
        "waiting 5:00 for the service's limit (tier 2)",
    ]


def test_the_folder_is_where_the_system_keeps_state() -> None:
    for variables, windows, folder in (
        ({"XDG_STATE_HOME": "/x"}, False, Path("/x/qac")),
        ({"XDG_STATE_HOME": "relative", "LOCALAPPDATA": "/y"}, False, Path.home() / ".local/state/qac"),
        ({"XDG_STATE_HOME": "/x", "LOCALAPPDATA": "/y"}, True, Path("/y/qac")),
        ({}, True, Path.home() / "AppData/Local/qac"),
    ):
        assert state_folder(variables, windows=windows) == folder


def test_rate_and_time_left_are_true_while_a_job_waits() -> None:
    pace = Pace()
    assert (pace.waiting(4.0), pace.rate(400, 4.0), pace.left(400, 1500, 4.0)) == ("", 100.0, 11.0)
    # 1,500 requests take two windows and three bursts of 500.
    pace.wait(PacingWait(2, 298.0, TENANT), 5.0)
    for now in (5.0, 100.0, 302.0):
        assert pace.rate(500, now) == pytest.approx(500 / 303)
        assert pace.left(500, 1500, now) == pytest.approx(606 - now)
    assert pace.waiting(111.0) == "waiting 3:12 for the service's limit (tier 2)"
    assert pace.waiting(303.1) == ""
    pace.wait(PacingWait(2, 298.0, TENANT), 308.0)
    # A wait that gets longer stays the same wait, and a shorter one for the other tier doesn't hide it.
    pace.wait(PacingWait(2, 297.0, TENANT), 310.0)
    pace.wait(PacingWait(1, 2.0, TENANT), 310.0)
    assert pace.left(1000, 1500, 400.0) == pytest.approx(607 - 400, abs=2)
    assert "(tier 2)" in pace.waiting(311.0)


def test_what_is_tried_is_said_after_two_seconds_without_an_answer() -> None:
    silence = Silence(TENANT, 2.0)
    request = httpx.Request("GET", f"{TENANT}/api/v1/users?filter=x")
    began = time.monotonic()
    assert silence.line(began + 9) is None
    silence.on_request(request)
    assert silence.line(began + 1.9) is None
    said = silence.line(began + 2.1)
    assert said == f"No answer from {TENANT} for 2 s; still trying GET /api/v1/users."
    assert silence.line(began + 5) is None
    assert silence.line(began + 33) is not None
    silence.on_response(httpx.Response(200, request=request))
    assert silence.line(began + 90) is None


def test_tries_that_fail_are_one_silence_and_what_is_sent_after_them_is_another() -> None:
    silence = Silence(TENANT, 2.0)
    request = httpx.Request("GET", f"{TENANT}/api/v1/users")
    began = time.monotonic()
    silence.on_request(request)
    request.extensions["trace"]("connection.connect_tcp.failed", {})
    # Nobody said that it will be tried again.
    assert silence.line(began + 5) is None
    silence.on_retry(Retry("getUsers", None, 1, Cause.NOT_CONNECTED, 4.0))
    assert silence.line(began + 1.9) is None
    assert silence.line(began + 2.1) == f"No answer from {TENANT} for 2 s; still trying GET /api/v1/users."
    assert silence.line(began + 60) is None


def test_a_terminal_shows_a_silence_and_then_the_wait_in_the_bar(at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_NamedTextIOWrapper, "isatty", lambda stream: stream.name == "<stderr>")
    monkeypatch.setattr("qlik_automation_connections._cli.silence._PATIENCE", 0.1)
    at.sandbox.fail(Fault("getAutomationConnections", kind="delay", seconds=0.6))
    at.sandbox.fail(Fault("checkAutomationConnection", status=429, retry_after=1.5, times=1, after=6))
    options = ("--workers", "1", "--pacing", "memory?window=2")
    result = at("check", "--all", *options, COLUMNS="120", LINES="50", TERM="xterm", NO_COLOR="1")
    assert result.exit_code == 1
    lines = [line.rstrip() for line in re.split(r"[\r\n]+", re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", result.stderr))]
    path = "/api/workflows/automation-connections"
    assert f"No answer from {at.sandbox.url} for 0 s; still trying GET {path}." in lines
    waiting = [line for line in lines if line.startswith("Check ") and "waiting 0:0" in line]
    assert any(line.endswith("waiting 0:01 for the service's limit (tier 2)") for line in waiting)
    assert all(" 6/12 " in line for line in waiting)
