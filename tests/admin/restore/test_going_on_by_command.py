"""What `qac restore` says and refuses where there is a journal, or a plan, of an earlier run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qlik_automation_connections.admin._errors import JobError
from qlik_automation_connections.admin._id_map import IdMapFile
from qlik_automation_connections.sandbox import Fault, Sandbox

from .archives import archive_of, values_of, write_archive
from .conftest import Run
from .state import described

CREATE = "createAutomationConnection"


def _template(sandbox: Sandbox, path: Path) -> Path:
    lines = [{"connection": id, "param": param, "value": value} for (id, param), value in values_of(sandbox).items()]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


def test_values_that_come_with_the_second_run_of_a_plan_are_set(
    run: Run, archive: Path, development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.json"
    assert run(archive, "--all", "--plan", plan).exit_code == 0
    assert run(archive, "--apply-plan", plan, "--yes").exit_code == 0
    values = _template(development, tmp_path / "values")
    result = run(archive, "--apply-plan", plan, "--yes", "--values", values)
    assert result.exit_code == 0, result.output
    assert "updated" in result.stdout
    # The archive's tenant has no passwords.
    assert "Enter its missing params: password" in result.stdout
    assert "Check its params" not in result.stdout
    assert sorted(item[4] for item in described(production)) == sorted(item[4] for item in described(development))


def test_a_plan_from_its_file_says_which_values_it_does_not_set(
    run: Run, archive: Path, development: Sandbox, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.json"
    assert run(archive, "--all", "--yes").exit_code == 0
    assert run(archive, "--all", "--plan", plan).exit_code == 0
    result = run(archive, "--apply-plan", plan, "--yes", "--values", _template(development, tmp_path / "values"))
    assert "connections are not set: the plan doesn't name their params" in result.stderr


def test_a_wrong_owner_is_corrected_by_another_plan(
    run: Run, archive: Path, mappings: list[str], development: Sandbox, production: Sandbox, tmp_path: Path
) -> None:
    file = tmp_path / "owners.json"
    good = json.loads(file.read_text(encoding="utf-8"))
    owner = next(item["ownerId"] for item in development.snapshot() if item["ownerId"] != development.users[0].id)
    file.write_text(json.dumps({**good, owner: "nobody"}), encoding="utf-8")
    first = run(archive, *mappings, "--yes", "--journal", tmp_path / "j")
    assert first.exit_code == 5
    file.write_text(json.dumps(good), encoding="utf-8")
    again = run(archive, *mappings, "--yes", "--journal", tmp_path / "j")
    assert again.exit_code == 5
    assert "Ignored because the plan already exists: --owners, --spaces." in again.stderr
    for result in (first, again):
        assert "without later corrections to owners, spaces or ids" in result.stderr
        assert f"--id-map {tmp_path / 'j.id-map.json'}" in result.stderr
    # As it says.
    result = run(
        archive, *mappings, "--yes", "--journal", tmp_path / "j2", "--id-map", tmp_path / "j.id-map.json"
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert [item[:4] for item in described(production)] == [item[:4] for item in described(development)]


def test_while_a_creation_is_open_no_new_plan_is_recommended(
    run: Run, archive: Path, production: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qlik_automation_connections._exchange.retry.random.uniform", lambda least, most: 0.0)
    production.fail(Fault(CREATE, status=500, times=1))
    result = run(archive, "--all", "--yes")
    assert result.exit_code == 5
    assert "first rerun the command until the outcome of each create is known" in result.stderr
    assert "--id-map " not in result.stderr


@pytest.mark.parametrize("finished", [True, False])
def test_a_journal_of_another_backup_is_refused_before_the_plan_is_shown(
    run: Run, archive: Path, development: Sandbox, production: Sandbox, finished: bool
) -> None:
    if not finished:
        production.fail(Fault(CREATE, status=403))
    assert run(archive, "--all", "--yes").exit_code == (0 if finished else 5)
    made = production.ledger.count(operation=CREATE)
    archive_of(development, archive, ids=[development.snapshot()[0]["id"]])
    result = run(archive, "--all", "--yes")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "with archive" in result.stderr
    assert "the same command" not in result.stderr
    assert production.ledger.count(operation=CREATE) == made


def test_a_journal_of_another_tenant_is_refused_before_the_plan_is_shown(
    run: Run, archive: Path, tmp_path: Path
) -> None:
    assert run(archive, "--all", "--yes", "--journal", tmp_path / "j").exit_code == 0
    with Sandbox(connections=0, name="other") as other:
        there = {"QLIK_TENANT_URL": other.url, "QLIK_API_KEY": other.api_key}
        result = run(archive, "--all", "--yes", "--journal", tmp_path / "j", **there)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "with tenant" in result.stderr
        assert "the same command" not in result.stderr
        assert not other.snapshot()


def test_where_nothing_was_noted_nothing_is_to_be_gone_on_with(
    run: Run, archive: Path, production: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise JobError("No space left on device.")

    monkeypatch.setattr(IdMapFile, "write", full)
    result = run(archive, "--all", "--yes")
    assert result.exit_code == 1
    assert "No space left" in result.stderr
    assert "the same command" not in result.stderr
    assert not production.snapshot()


def test_a_note_is_said_once(run: Run, archive: Path) -> None:
    result = run(archive, "--yes")
    assert result.exit_code == 0
    assert result.stderr.count("The backup has all users' connections") == 1
    result = run(archive, "--yes", "--journal", archive.with_name("j"), "--json")
    assert result.stderr.count("The backup has all users' connections") == 1


def test_a_plan_of_what_the_backup_does_not_hold_is_refused(
    run: Run, archive: Path, production: Sandbox, tmp_path: Path
) -> None:
    file = tmp_path / "plan.json"
    assert run(archive, "--all", "--plan", file).exit_code == 0
    plan = json.loads(file.read_text(encoding="utf-8"))
    plan["steps"][3]["id"] = "somebody-elses"
    file.write_text(json.dumps(plan), encoding="utf-8")
    result = run(archive, "--apply-plan", file, "--yes")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "step 4" in result.stderr
    assert "somebody-elses" in result.stderr
    assert not production.snapshot()


def test_what_can_not_be_understood_is_left_out_and_said(
    run: Run, archive: Path, development: Sandbox, production: Sandbox
) -> None:
    documents = development.snapshot()
    documents[0]["params"] = "host=a"
    write_archive(archive, documents)
    result = run(archive, "--all", "--yes")
    assert result.exit_code == 0, result.output
    assert "Restore it by hand: " in result.stdout
    assert result.stderr.count("The backup's data of 1 connection can't be understood") == 1
    assert len(production.snapshot()) == 11
