"""`qac restore`, as users run it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli.invoking import QAC, At, environment
from qlik_automation_connections import Tenant
from qlik_automation_connections._cli.group import qac
from qlik_automation_connections.admin import read_id_map
from qlik_automation_connections.admin._id_map import IdMapFile
from qlik_automation_connections.admin._restore import creating
from qlik_automation_connections.sandbox import Fault, Sandbox
from sampling import few

from .archives import archive_of, values_of
from .conftest import Run
from .state import described

CREATE = "createAutomationConnection"


@pytest.fixture
def template(development: Sandbox, tmp_path: Path) -> Path:
    """The template of values, filled in; one line names a variable."""
    lines = [
        {"connection": id, "name": None, "connector": None, "param": param, "field_type": None, "optional": False}
        | ({"value": None, "env": "SECRET"} if value == "pretend-2" else {"value": value})
        for (id, param), value in values_of(development).items()
    ]
    path = tmp_path / "values.ndjson"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def journal_path(archive: Path, sandbox: Sandbox) -> Path:
    host = sandbox.url.removeprefix("http://").replace(":", "-")
    return archive.with_name(f"{archive.name}.{host}.journal")


def test_restores_all_with_mappings_and_values(
    run: Run, archive: Path, mappings: list[str], template: Path, development: Sandbox, production: Sandbox
) -> None:
    result = run(archive, *mappings, "--values", template, "--yes", SECRET="pretend-2")
    assert result.exit_code == 0, result.output
    assert described(production, development) == described(development)
    assert "To create: 12; to update: 0; to skip: 0; to be decided: 0." in result.stdout
    assert "12 created." in result.stdout
    assert "https://consent.example.com" in result.stdout
    assert "Enter its missing params: password" in result.stdout
    journal = journal_path(archive, production)
    ids = read_id_map(journal.with_name(f"{journal.name}.id-map.json"))
    assert len(ids) == 12
    # No value is printed or written, but where it came from.
    assert "pretend-" not in result.output + journal.read_text(encoding="utf-8")
    # A second time nothing is done: the map of ids that the first one wrote tells what is what.
    before = production.snapshot(secrets=True)
    result = run(archive, "--all")
    assert result.exit_code == 0, result.output
    assert "to skip: 12" in result.stdout
    assert production.snapshot(secrets=True) == before


def test_a_dry_run_changes_nothing(run: Run, archive: Path, production: Sandbox, tmp_path: Path) -> None:
    result = run(archive, "--all", "--dry-run")
    assert result.exit_code == 0
    assert "nothing was changed" in result.stderr
    assert "create" in result.stdout
    assert {entry.method for entry in production.ledger} == {"GET"}
    assert [path.name for path in tmp_path.iterdir()] == ["backup.ndjson"]
    result = run(archive, "--all", "--dry-run", "--json")
    assert json.loads(result.stdout)["summary"]["create"] == 12
    # Nobody is there to be asked.
    result = run(archive, "--all")
    assert (result.exit_code, "--yes" in result.stderr) == (2, True)
    assert not production.snapshot()


def test_a_plan_is_written_edited_and_carried_out(run: Run, archive: Path, production: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    assert run(archive, "--all", "--yes", "--journal", tmp_path / "first").exit_code == 0
    # Owners are not mapped, and this journal knows of nothing: all is a question.
    result = run(archive, "--all", "--yes", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["summary"]["asked"] == 12
    result = run(archive, "--all", "--plan", file)
    assert result.exit_code == 0
    assert "to be decided: 12" in result.stdout
    plan = json.loads(file.read_text(encoding="utf-8"))
    for step in plan["steps"]:
        step.update(action="skip", target_id=step["candidates"][0]["id"])
    plan["steps"][0].update(action="create", name="A new one")
    plan["steps"][1].update(action="ask", target_id=None)
    ids = {step["target_id"] for step in plan["steps"] if step["action"] == "skip"}
    assert len(ids) == 10
    file.write_text(json.dumps(plan), encoding="utf-8")
    result = run(archive, "--apply-plan", file, "--yes", "--json")
    assert result.exit_code == 5
    assert json.loads(result.stdout)["summary"] == {
        "created": 1, "adopted": 0, "updated": 0, "skipped": 10, "asked": 1, "failed": 0, "left": 0,
    }  # fmt: skip
    assert "--apply-plan" in result.stderr
    assert len(production.snapshot()) == 13
    again = run(archive, "--all", "--plan", file)
    assert again.exit_code == 1
    assert "already exists" in again.stderr


def test_a_plan_belongs_to_its_backup(
    run: Run, archive: Path, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    file = tmp_path / "plan.json"
    assert run(archive, "--all", "--plan", file).exit_code == 0
    other = archive_of(development, tmp_path / "other.ndjson", ids=[development.snapshot()[0]["id"]])
    result = run(other, "--apply-plan", file, "--yes")
    assert (result.exit_code, "another backup" in result.stderr) == (1, True)
    assert not production.snapshot()


def test_what_failed_is_told_and_tried_again(run: Run, archive: Path, production: Sandbox) -> None:
    production.fail(Fault(CREATE, status=403, after=2, times=3))
    result = run(archive, "--all", "--yes")
    assert result.exit_code == 5
    assert "9 created, 3 failed." in result.stdout
    assert "Failed:" in result.stdout
    assert "to retry what failed" in result.stderr
    result = run(archive, "--all", "--yes")
    assert result.exit_code == 0
    assert "Resuming the run in the journal" in result.stderr
    assert "12 created." in result.stdout
    assert len(production.snapshot()) == 12


def test_nothing_but_failures_is_a_failure(run: Run, archive: Path, production: Sandbox) -> None:
    production.fail(Fault(CREATE, status=403, times=None))
    assert run(archive, "--all", "--yes").exit_code == 1


def test_a_refused_sign_in_and_a_tenant_that_is_not_there_have_codes_of_their_own(
    run: Run, archive: Path, production: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The pauses between tries.
    monkeypatch.setattr("qlik_automation_connections._exchange.retry.random.uniform", lambda least, most: 0.0)
    assert run(archive, "--yes", QLIK_API_KEY="wrong").exit_code == 3
    production.fail(Fault(CREATE, status=401, after=5, times=None))
    result = run(archive, "--all", "--yes")
    assert result.exit_code == 3
    assert "Run the same command to resume" in result.stderr
    production.close()
    assert run(archive, "--yes", "--timeout", "1").exit_code == 6


def test_wrong_usage_is_told_before_anything_is_changed(
    run: Run, archive: Path, production: Sandbox, tmp_path: Path
) -> None:
    files = {"list": '["a"]', "personal": '{"a": null}', "text": "a = b"}
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    paths = {name: tmp_path / name for name in (*files, "missing")}
    for options, said in (
        ("--apply-plan p --all", "leave out"),
        ("--apply-plan p --existing skip", "leave out"),
        ("--plan p --prompt", "--plan changes nothing"),
        ("--plan p --journal j", "--plan changes nothing"),
        ("--prompt --yes", "an interactive terminal"),
        ("--owners {missing}", "can't be read"),
        ("--owners {list}", "JSON object"),
        ("--owners {personal}", "has no new user for"),
        ("--spaces {text}", "not valid JSON (line 1)"),
        ("--connectors {missing}", "can't be read"),
        ("--id-map {list}", "flat JSON object"),
        ("--existing overwrite", "overwrite"),
    ):
        result = run(archive, *(option.format(**paths) for option in options.split()))
        assert (result.exit_code, said in result.stderr) == (2, True), result.output
    assert not production.snapshot()


def test_values_that_can_not_be_read_show_nothing(run: Run, archive: Path, tmp_path: Path) -> None:
    path = tmp_path / "values.ndjson"
    path.write_text('{"connection": "a", "param": "p", "value": ["mark-1f3a"]}\n', encoding="utf-8")
    result = run(archive, "--values", path, "--yes")
    assert result.exit_code == 1
    assert "line 1" in result.stderr
    assert "mark-1f3a" not in result.output


def test_personal_spaces_connectors_and_existing(
    run: Run, archive: Path, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    (tmp_path / "s.json").write_text(json.dumps({space.id: None for space in development.spaces}), encoding="utf-8")
    (tmp_path / "c.json").write_text(json.dumps([development.connectors[0].id]), encoding="utf-8")
    options = ["--all", "--spaces", tmp_path / "s.json", "--connectors", tmp_path / "c.json", "--existing", "skip"]
    result = run(archive, *options, "--yes")
    assert result.exit_code == 0
    assert {item["connectorId"] for item in production.snapshot()} == {development.connectors[0].id}
    assert {item["spaceId"] for item in production.snapshot()} == {""}
    assert "has no connector" in result.stdout


def test_a_pretend_tenant_leaves_no_files(archive: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(qac, ["restore", str(archive), "--sandbox", "--all", "--yes", "--json"])
    # It is full of connections of the same names, so that some are a question.
    assert result.exit_code == 5, result.output
    assert json.loads(result.stdout)["summary"]["created"] > 0
    assert [path.name for path in tmp_path.iterdir()] == ["backup.ndjson"]


@contextmanager
def started(sandbox: Sandbox, *arguments: str | Path, **options: Any) -> Iterator[subprocess.Popen[str]]:
    """The command in a process of its own, which does not outlive the block."""
    command = [*QAC, "restore", *map(str, arguments)]
    with subprocess.Popen(command, env=environment(**At(sandbox).environment), encoding="utf-8", **options) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
@pytest.mark.parametrize(("number", "code"), few([(signal.SIGINT, 130), (signal.SIGTERM, 143)]))
def test_stopped_it_says_how_to_go_on_and_does(
    run: Run,
    archive: Path,
    production: Sandbox,
    number: signal.Signals,
    code: int,
) -> None:
    slow = production.fail(Fault(CREATE, kind="delay", seconds=0.3, after=3, times=None))
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with started(production, archive, "--all", "--yes", **pipes) as process:
        while not slow.struck:
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert process.returncode == code, err
    assert "Run the same command to resume" in err
    assert "left." in out
    production.faults.clear()
    made = production.ledger.count(operation=CREATE)
    assert 4 <= made < 12
    result = run(archive, "--all", "--yes")
    assert result.exit_code == 0
    assert "12 created." in result.stdout
    assert len(production.snapshot()) == 12


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="a terminal is needed")
def test_missing_values_are_asked_for_without_echo(archive: Path, development: Sandbox, production: Sandbox) -> None:
    mail = [item["id"] for item in development.snapshot() if item["connectorId"] == development.connectors[0].id][:1]
    archive_of(development, archive, ids=mail)
    import termios

    master, slave = os.openpty()
    terminal = {"stdin": slave, "stdout": slave, "stderr": slave, "start_new_session": True}
    with started(production, archive, "--all", "--prompt", **terminal) as process:
        os.close(slave)
        answers = [("[y/N]", "y"), ("host of", "smtp.example"), ("username of", ""), ("password of", "typed secret")]
        seen = b""
        for question, answer in answers:
            while question.encode() not in seen:
                seen += os.read(master, 4096)
            # What is typed before the echo is off is thrown away.
            while question != "[y/N]" and termios.tcgetattr(master)[3] & termios.ECHO:
                time.sleep(0.005)
            seen = b""
            os.write(master, f"{answer}\n".encode())
        shown = b""
        try:
            while chunk := os.read(master, 4096):
                shown += chunk
        except OSError:  # the other side is closed
            pass
        os.close(master)
        assert process.wait(timeout=30) == 0
    assert b"typed secret" not in shown
    (found,) = production.snapshot(secrets=True)
    values = {param["name"]: param["value"] for param in found["params"]}
    assert (values["host"], values["username"], values["password"]) == ("smtp.example", "", "typed secret")
    assert "username" in shown.decode()


def _cut_off(run: Run, archive: Path, mappings: list[str], production: Sandbox) -> Path:
    """A journal of a run that was killed right after a creation was processed, beside the id map as it was then."""
    assert run(archive, *mappings, "--yes").exit_code == 0
    journal = journal_path(archive, production)
    lines = journal.read_text(encoding="utf-8").splitlines(keepends=True)
    third = [number for number, line in enumerate(lines) if '"creating"' in line][2]
    journal.write_text("".join(lines[: third + 1]), encoding="utf-8")
    ids = journal.with_name(f"{journal.name}.id-map.json")
    created = [json.loads(line) for line in lines[:third] if '"created"' in line and '"adopted"' in line]
    known = {entry["id"]: entry["new_id"] for entry in created}
    of_third = json.loads(lines[third])["id"]
    keep = {*known.values(), read_id_map(ids)[of_third]}
    with Tenant(production.url, api_key=production.api_key) as tenant:
        for item in production.snapshot():
            if item["id"] not in keep:
                tenant.connections.delete(item["id"], forced=True)
    ids.write_text("{}", encoding="utf-8")
    return journal


def test_no_other_journal_is_begun_while_one_was_cut_off(
    run: Run, archive: Path, mappings: list[str], development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    journal = _cut_off(run, archive, mappings, production)
    moved = tmp_path / "moved"
    for others in (
        ["--journal", str(tmp_path / "j2"), "--yes"],
        ["--journal", str(tmp_path / "j2"), "--id-map", f"{journal}.id-map.json", "--yes"],
        ["--plan", str(tmp_path / "p.json")],
    ):
        result = run(archive, *mappings, *others)
        assert result.exit_code == 1
        assert f"--journal {journal}" in result.stderr
    # By the name of the id map, too.
    journal.rename(moved)
    moved.with_name("moved.id-map.json").write_text("{}", encoding="utf-8")
    result = run(archive, *mappings, "--id-map", f"{moved}.id-map.json", "--yes")
    assert (result.exit_code, f"--journal {moved}" in result.stderr) == (1, True)
    assert production.ledger.count(operation=CREATE) == 12
    # Finished, it is no obstacle, and the new one knows what it created.
    assert run(archive, *mappings, "--journal", moved, "--yes").exit_code == 0
    assert described(production)
    for more in (["--id-map", f"{moved}.id-map.json"], []):
        result = run(archive, *mappings, "--journal", tmp_path / f"j{len(more)}", *more, "--yes")
        assert result.exit_code == 0, result.output
    assert len(production.snapshot()) == 12


def test_a_file_that_is_no_journal_is_none_by_the_name_of_an_id_map(
    run: Run, archive: Path, mappings: list[str], tmp_path: Path
) -> None:
    ids = archive.with_name(f"{archive.name}.id-map.json")
    ids.write_text("{}", encoding="utf-8")
    assert run(archive, *mappings, "--id-map", ids, "--dry-run").exit_code == 0


def test_a_user_without_the_right_to_all_may_run_it_as_often_as_they_like(
    run: Run, archive: Path, mappings: list[str], production: Sandbox
) -> None:
    own = [option for option in mappings if option != "--all"]
    for _ in range(3):
        result = run(archive, *own, "--yes", QLIK_API_KEY=production.user_api_key)
        assert result.exit_code == 0, result.output
    assert production.ledger.count(operation=CREATE) == 12


def test_it_says_for_what_it_waits_and_adopts_what_arrives(
    run: Run, archive: Path, mappings: list[str], production: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(creating, "longest_way", lambda tenant: timedelta(hours=1))
    production.fail(Fault(CREATE, kind="reset-after-processing", after=3))
    # The list does not show it for a while.
    unseen: dict[str, Any] = {"status": 200, "body": {"data": [], "links": {}}}
    production.fail(Fault("getAutomationConnections", after=5, times=creating.LOOKS, **unseen))
    monkeypatch.setattr(creating, "LOOKS_EVERY", 0.0)
    assert run(archive, *mappings, "--yes").exit_code == 5
    production.fail(Fault("getAutomationConnections", times=creating.LOOKS_LATER + 2, **unseen))
    result = run(archive, *mappings, "--yes")
    assert result.exit_code == 0, result.output
    assert "may still be in flight" in result.stderr
    assert production.ledger.count(operation=CREATE) == 12


def test_the_id_map_of_another_tenant_is_refused(run: Run, archive: Path, tmp_path: Path) -> None:
    path = tmp_path / "ids.json"
    IdMapFile("https://elsewhere.example", "https://old.example", {"old": "new"}).write(path)
    result = run(archive, "--all", "--yes", "--id-map", path)
    assert result.exit_code != 0
    assert "is the id map of https://elsewhere.example" in " ".join(result.stderr.split())
