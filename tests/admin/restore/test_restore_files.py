"""Files that can't be written: it is said before anything is sent, and nothing is lost later."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from admin.crash.killing import POSSIBLE, Killing
from admin.journals import opened
from qlik_automation_connections.admin import read_id_map
from qlik_automation_connections.admin._apply import apply
from qlik_automation_connections.admin._errors import JobError
from qlik_automation_connections.admin._restore.plan import RestorePlan
from qlik_automation_connections.admin._restore.planning import plan_restore
from qlik_automation_connections.sandbox import Sandbox
from sampling import few

from .archives import archive_of
from .conftest import Run
from .scene import Opener
from .state import described

forks = pytest.mark.skipif(not POSSIBLE, reason="this system can't fork")


@pytest.fixture
def plan(at: Opener, development: Sandbox, production: Sandbox, tmp_path: Path) -> RestorePlan:
    plan = plan_restore(at(production), archive_of(development, tmp_path / "a.ndjson"), list_all=True)
    production.ledger.clear()
    return plan


@pytest.fixture(scope="module")
def killing() -> Iterator[Killing]:
    with Killing("admin.restore.crashing", "qlik_automation_connections.admin._restore.applying") as running:
        yield running


def test_files_are_for_their_owner_alone(at: Opener, production: Sandbox, plan: RestorePlan, tmp_path: Path) -> None:
    report = apply(at(production), plan, journal=tmp_path / "journal")
    if os.name == "posix":
        for path in (report.journal, report.id_map):
            assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


def test_a_place_that_can_not_be_is_said_before_anything_is_sent(
    at: Opener, production: Sandbox, plan: RestorePlan, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    for place in ("missing/file", "a.ndjson/file", "folder"):
        for which in ("journal", "id_map_path"):
            files: dict[str, Any] = {"journal": tmp_path / "journal", which: tmp_path / place}
            with pytest.raises(JobError, match=str(tmp_path / place).replace("\\", ".")):
                apply(at(production), plan, **files)
    assert not production.ledger


def test_a_file_that_is_no_id_map_stays_as_it_is(
    at: Opener, production: Sandbox, plan: RestorePlan, tmp_path: Path
) -> None:
    path = tmp_path / "notes.json"
    path.write_text('["not", "ids"]', encoding="utf-8")
    with pytest.raises(JobError, match="another file for the id map"):
        apply(at(production), plan, journal=tmp_path / "journal", id_map_path=path)
    assert path.read_text(encoding="utf-8") == '["not", "ids"]'
    assert not production.ledger


def test_a_journal_that_another_process_works_with_is_refused(
    at: Opener, production: Sandbox, plan: RestorePlan, tmp_path: Path
) -> None:
    with opened(tmp_path / "journal", "restore")[0], pytest.raises(JobError, match="Another process"):
        apply(at(production), plan, journal=tmp_path / "journal")
    assert not production.ledger


@forks
def test_a_folder_that_is_not_ours_is_said_before_anything_is_sent(
    killing: Killing, production: Sandbox, plan: RestorePlan, tmp_path: Path
) -> None:
    closed, open_ = tmp_path / "closed", tmp_path / "open"
    for folder, mode in ((closed, 0o555), (open_, 0o777)):
        folder.mkdir()
        folder.chmod(mode)
    for parent in (tmp_path, *tmp_path.parents[:2]):
        parent.chmod(0o755)
    for which in ("journal", "id_map"):
        files = {"journal": str(open_ / "journal"), "id_map": str(open_ / "ids.json"), which: str(closed / "file")}
        arguments = {"url": production.url, "key": production.api_key, "plan": plan.to_dict(), **files}
        error = killing.run("admin.restore.crashing:apply_as_nobody", arguments).error or ""
        assert error.startswith("JobError")
        assert "ermission denied" in error
    assert not production.ledger


@forks
def test_a_full_disk_is_said_and_what_was_done_until_then_is_gone_on_with(
    at: Opener, killing: Killing, production: Sandbox, plan: RestorePlan, tmp_path: Path
) -> None:
    journal, id_map = tmp_path / "journal", tmp_path / "ids.json"
    whole = len(json.dumps(plan.to_dict(), ensure_ascii=False).encode())
    arguments: dict[str, Any] = {"url": production.url, "key": production.api_key, "plan": plan.to_dict()}

    def run(room: int, journal: Path = journal) -> str | None:
        files = {"journal": str(journal), "id_map": str(id_map), "bytes_left": room}
        return killing.run("admin.restore.crashing:apply_in_little_room", {**arguments, **files}).error

    # Not even the id map finds room, or not the plan: nothing is sent.
    for room in (1, 100, whole):
        assert (error := run(room, tmp_path / f"journal-{room}"))
        assert error.startswith("JobError")
        assert "can't be written" in error
        assert not production.ledger
    # Room for a few steps more each time.
    for room in range(whole + 700, whole + 3000, 450):
        error = run(room)
        assert error is None or "can't be written" in error
    assert 0 < production.ledger.count(operation="createAutomationConnection") < 12
    report = apply(at(production), plan, journal=journal, id_map_path=id_map)
    assert report.is_complete
    assert production.ledger.count(operation="createAutomationConnection") == 12
    assert len(described(production)) == 12
    assert len(read_id_map(id_map)) == 12


def test_a_plan_with_something_that_can_not_be_sent_is_refused_before_anything_is(
    at: Opener, production: Sandbox, plan: RestorePlan, tmp_path: Path
) -> None:
    edits: list[dict[str, Any]] = [
        {"owner_id": ".."},
        {"space_id": "s\x00"},
        {"action": "update", "target_id": ".."},
        {"action": "update", "target_id": None},
        {"name": "\udcff"},
    ]
    for edit in edits:
        step = evolve(plan.steps[-1], **edit)
        with pytest.raises(JobError, match=rf"steps\[{len(plan.steps) - 1}\]"):
            apply(at(production), evolve(plan, steps=[*plan.steps[:-1], step]), journal=tmp_path / "journal")
    assert not production.ledger
    assert not (tmp_path / "journal").exists()


def test_a_finished_plan_that_is_made_again_in_other_words_is_the_finished_one(
    at: Opener, production: Sandbox, plan: RestorePlan, tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    assert not apply(at(production), plan, journal=journal).repeated
    document = plan.to_dict()
    document["notes"] = ["As a later release says it."]
    for step in document["steps"]:
        step.update(sentence="Not there.", notes=["Reworded."])
    report = apply(at(production), RestorePlan.from_dict(document), journal=journal, check=False)
    assert report.repeated
    assert not any("unfinished plan" in note for note in report.notes)
    assert production.ledger.count(operation="createAutomationConnection") == 12
    # What it does counts, not what it says.
    document["steps"][0]["name"] = "Another name"
    assert not apply(at(production), RestorePlan.from_dict(document), journal=journal, check=False).repeated


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are of POSIX")
@pytest.mark.parametrize("option", few(["", "--apply-plan", "--values", "--journal", "--id-map"], 2))
def test_a_pipe_is_refused_by_the_command_instead_of_waited_for(
    run: Run, archive: Path, production: Sandbox, tmp_path: Path, option: str
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    result = run(*([archive, option, pipe] if option else [pipe]), "--yes")
    assert result.exit_code in (1, 2)
    assert "ot a regular file" in result.stderr
    assert not any(entry.method != "GET" for entry in production.ledger)
