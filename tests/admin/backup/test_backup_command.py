"""`qac backup`, in a process of its own where signals or exit codes matter."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from admin.backup.archives import names_in
from qlik_automation_connections._cli.group import qac
from qlik_automation_connections.admin._backup.archive import Archive
from qlik_automation_connections.sandbox import Fault, Sandbox
from sampling import few


@pytest.fixture
def in_sandbox(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """A sandbox that the environment names, in a folder of its own."""
    for name in [name for name in os.environ if name.startswith("QLIK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("QLIK_TENANT_URL", sandbox.url)
    monkeypatch.setenv("QLIK_API_KEY", sandbox.api_key)
    monkeypatch.chdir(tmp_path)
    return sandbox


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(qac, ["backup", *arguments], input=given)


def test_it_writes_verifies_and_shows(in_sandbox: Sandbox) -> None:
    ended = run("mine.ndjson", "--all")
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert ended.stdout.startswith("23 connections in mine.ndjson.\n")
    assert "mine.values.ndjson" in ended.stdout
    ended = run("verify", "mine.ndjson")
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert ended.stdout.startswith(f"mine.ndjson is intact: 23 connections of {in_sandbox.url}.\n")
    assert Archive("mine.ndjson").verify().sha256 in ended.stdout
    ended = run("show", "mine.ndjson")
    assert ended.exit_code == 0
    rows = ended.stdout.splitlines()
    assert rows[0].split() == ["Name", "Connector", "Owner", "Space", "Changed", "Params", "Id"]
    assert [row.split()[-1] for row in rows[1:-2]] == [item["id"] for item in in_sandbox.snapshot()]
    assert rows[-1].startswith("23 of 23 connections, from ")


def test_options_may_come_first(in_sandbox: Sandbox) -> None:
    ended = run("--all", "--no-values", "--workers", "2", "mine.ndjson", "--json")
    assert ended.exit_code == 0
    report = json.loads(ended.stdout)
    assert (report["connections"], report["values_template"], report["is_complete"]) == (23, None, True)
    assert names_in(Path()) == {"mine.ndjson"}


def test_selections_are_those_of_the_options(in_sandbox: Sandbox) -> None:
    ids = [item["id"] for item in in_sandbox.snapshot()][3:6]
    assert run("named", "--ids-file", "-", given="\n".join(ids)).exit_code == 0
    assert [record.id for record in Archive("named").records()] == ids
    assert run("filtered", "--all", "--filter", 'name sw "M"', "--values", "to-fill-in").exit_code == 0
    found = [record.connection.name or "" for record in Archive("filtered").records()]
    assert found
    assert all(name.startswith("M") for name in found)
    assert Path("to-fill-in").exists()


def test_shown_in_other_forms(in_sandbox: Sandbox) -> None:
    run("mine.ndjson", "--all")
    expected = [item["id"] for item in in_sandbox.snapshot()]
    as_json = json.loads(run("show", "mine.ndjson", "--json").stdout)
    as_lines = [json.loads(line) for line in run("show", "mine.ndjson", "--ndjson").stdout.splitlines()]
    assert as_json == as_lines
    assert [item["id"] for item in as_json] == expected
    assert {item["params"] for item in as_json} == {len(item["params"]) for item in in_sandbox.snapshot()}
    some = next(item["name"] for item in in_sandbox.snapshot() if item["name"].isascii())
    for item in json.loads(run("show", "mine.ndjson", "--name", some.upper(), "--json").stdout):
        assert some.lower() in item["name"].lower()
    assert json.loads(run("show", "mine.ndjson", "--name", "nothing is called this", "--json").stdout) == []
    document = json.loads(run("show", "mine.ndjson", "--id", expected[4]).stdout)
    assert document == list(Archive("mine.ndjson").records())[4].document


def test_names_stand_in_place_of_ids(in_sandbox: Sandbox) -> None:
    run("mine.ndjson", "--all")
    names = {**{user.id: user.name for user in in_sandbox.users}, **{one.id: one.name for one in in_sandbox.connectors}}
    Path("names.json").write_text(json.dumps(names), encoding="utf-8")
    ended = run("show", "mine.ndjson", "--names", "names.json")
    assert "Ada Admin" in ended.stdout
    assert in_sandbox.users[0].id not in ended.stdout


def test_what_could_not_be_read_is_exit_code_5(in_sandbox: Sandbox) -> None:
    in_sandbox.fail(Fault("getAutomationConnection", status=403))
    ended = run("mine.ndjson", "--all")
    assert ended.exit_code == 5
    assert "1 connection could not be read:\n" in ended.stdout
    assert "The caller may not read it (status 403" in ended.stdout
    assert run("verify", "mine.ndjson").exit_code == 0
    (unread,) = Archive("mine.ndjson").unread()
    assert unread.id is not None
    ended = run("show", "mine.ndjson", "--id", unread.id)
    assert ended.exit_code == 4
    assert "The caller may not read it" in ended.stderr
    assert "22 of 22 connections (1 could not be read)" in run("show", "mine.ndjson").stdout


def test_a_damaged_archive_is_exit_code_1(in_sandbox: Sandbox) -> None:
    run("mine.ndjson", "--all")
    content = Path("mine.ndjson").read_bytes()
    Path("mine.ndjson").write_bytes(content.replace(b'"name": "', b'"name": "x', 1))
    for arguments in (["verify"], ["show"], ["show", "--json"], ["show", "--id", "none"]):
        ended = run(arguments[0], "mine.ndjson", *arguments[1:])
        assert ended.exit_code == 1, arguments
        assert "mine.ndjson, line 2: the document does not match its checksum" in ended.stderr


def test_what_is_wrong_is_said(in_sandbox: Sandbox) -> None:
    for arguments, code, said in [
        (["mine.ndjson"], 1, "already exists"),
        (["verify", "none"], 1, "none can't be read"),
        (["show", "mine.ndjson"], 1, "Not a backup"),
        (["show", "mine.ndjson", "--id", "a", "--name", "b"], 2, "Pass only one of"),
        (["other", "--values", "x", "--no-values"], 2, "Pass only one of"),
        (["other", "--ids-file", "x", "--all"], 2, "not both"),
        (["--all"], 2, "Missing argument 'FILE'"),
        (["other", "--nonsense"], 2, "Usage: qac backup [OPTIONS] FILE\n"),
        (["other", "--filter", "nonsense"], 1, "400"),
        (["verify"], 2, "Missing argument 'FILE'"),
    ]:
        Path("mine.ndjson").write_text("mine", encoding="utf-8")
        ended = run(*arguments)
        assert ended.exit_code == code, ended.output
        assert said in ended.stderr, arguments
        assert names_in(Path()) == {"mine.ndjson"}, arguments
    assert run("mine.ndjson", "--overwrite").exit_code == 0
    assert run("verify", "mine.ndjson").exit_code == 0


def test_help_says_what_can_be_done() -> None:
    for command in [[], ["verify"], ["show"]]:
        ended = run(*command, "--help")
        assert ended.exit_code == 0, command
        if not command:
            assert "--overwrite" in ended.stdout, command
            assert "verify" in ended.stdout, command
            assert "  write" not in ended.stdout, command


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signals")
@pytest.mark.parametrize(("number", "code"), few([(signal.SIGINT, 130), (signal.SIGTERM, 143)]))
def test_stopped_with_a_signal_it_goes_on_later(in_sandbox: Sandbox, number: signal.Signals, code: int) -> None:
    in_sandbox.fail(Fault("getAutomationConnection", "delay", seconds=0.2, times=None))
    command = [sys.executable, "-m", "qlik_automation_connections", "backup", "mine.ndjson", "--all"]
    process = subprocess.Popen([*command, "--workers", "2"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not in_sandbox.ledger.count(operation="getAutomationConnection"):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(number)
    output, error = process.communicate(timeout=30)
    assert (process.returncode, output) == (code, "")
    assert "Run the same command to resume where it stopped." in error
    assert not Path("mine.ndjson").exists()
    in_sandbox.faults.clear()
    assert run("mine.ndjson", "--all").exit_code == 0
