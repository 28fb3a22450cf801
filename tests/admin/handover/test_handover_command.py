"""`qac handover`: what it shows and asks, what it leaves behind, and what it ends with."""

from __future__ import annotations

import copy
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from admin.handover.scene import CHANGES, Scene, changes, state
from admin.journals import opened
from cli.invoking import QAC, At, environment
from qlik_automation_connections.admin._errors import JobError
from qlik_automation_connections.admin._handover.plan import HandoverPlan
from qlik_automation_connections.admin._journal import Journal
from qlik_automation_connections.sandbox import Fault

Run = Callable[..., Result]


@pytest.fixture
def run(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(scene.folder)
    monkeypatch.setenv("COLUMNS", "300")
    return partial(At(scene.sandbox), "handover")


@pytest.fixture
def people(scene: Scene) -> tuple[str, ...]:
    return ("--from", scene.old, "--to", scene.new)


def files(scene: Scene) -> list[str]:
    return sorted(path.name for path in scene.folder.iterdir())


def test_a_dry_run_shows_the_plan_and_changes_nothing(scene: Scene, run: Run, people: tuple[str, ...]) -> None:
    before = state(scene.sandbox)
    done = run(*people, "--space", scene.space, "--dry-run")
    assert done.exit_code == 0, done.output
    for item in scene.of(scene.old):
        assert item["id"] in done.stdout
    assert "personal -> Sales" in done.stdout
    assert "Dry run" in done.stderr
    plan = HandoverPlan.from_dict(json.loads(run(*people, "--personal", "--dry-run", "--json").stdout))
    assert (plan.space, len(plan.moves)) == ("personal", len(scene.of(scene.old)))
    assert state(scene.sandbox) == before
    assert files(scene) == []


def test_it_asks_somebody_who_is_there(scene: Scene, run: Run, people: tuple[str, ...]) -> None:
    before = state(scene.sandbox)
    done = run(*people)
    assert done.exit_code == 2
    assert "--yes" in done.stderr
    assert state(scene.sandbox) == before
    assert files(scene) == []


def test_all_is_handed_over_and_brought_back(scene: Scene, run: Run, people: tuple[str, ...]) -> None:
    before = state(scene.sandbox)
    total = len(scene.of(scene.old))
    done = run(*people, "--space", scene.space, "--yes")
    assert done.exit_code == 0, done.output
    assert f"{total} handed over" in done.stdout
    assert scene.of(scene.old) == []
    (undo,) = (name for name in files(scene) if name.endswith(".undo.json"))
    assert f"qac handover --undo {undo}" in done.stderr

    again = run(*people, "--space", scene.space, "--yes")
    assert again.exit_code == 0
    assert "owns no connections any more: the journal" in again.stderr

    back = run("--undo", undo, "--yes", "--json")
    assert back.exit_code == 0, back.output
    assert json.loads(back.stdout)["summary"]["moved"] == total
    assert state(scene.sandbox) == before

    once_more = run(*people, "--yes")
    assert once_more.exit_code == 0, "a finished journal is not in the way"
    assert scene.of(scene.old) == []


def test_failures_are_told_and_the_same_command_goes_on(scene: Scene, run: Run, people: tuple[str, ...]) -> None:
    failing = scene.of(scene.old)[1]
    scene.sandbox.fail(Fault(CHANGES[0], status=403, after=1))
    first = run(*people, "--yes")
    assert first.exit_code == 5
    assert failing["id"] in first.stderr
    assert "This failure was injected" in first.stderr
    assert "1 failed" in first.stdout
    second = run(*people, "--yes")
    assert second.exit_code == 0
    assert "Resuming the run" in second.stderr
    assert scene.of(scene.old) == []
    assert f"{changes(scene.sandbox)} handed over" in second.stdout


def test_when_all_fails_it_ends_with_1_and_when_only_the_spaces_fail_with_5(
    scene: Scene, run: Run, people: tuple[str, ...]
) -> None:
    done = run("--from", scene.old, "--to", 24 * "a", "--yes")
    assert done.exit_code == 1
    assert "matches no user of this tenant" in done.stderr
    total = len(scene.of(scene.old))
    done = run(*people, "--space", 24 * "b", "--yes")
    assert done.exit_code == 5
    assert f"{total} failed, {total} of these with a new owner but not their new space" in done.stdout
    assert done.stderr.count("Its owner was changed, but not its space: ") == total
    assert scene.of(scene.old) == []


def test_a_full_disk_says_how_to_go_on_and_how_to_undo(
    scene: Scene, run: Run, people: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(scene.sandbox)
    note = Journal.note

    def full(journal: Journal[Any], entry: dict[str, Any], **options: bool) -> None:
        if changes(scene.sandbox) == 2:
            raise JobError(f"The journal {journal.path} can't be written: No space left on device.")
        note(journal, entry, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "note", full)
        done = run(*people, "--journal", "mine", "--yes")
    assert done.exit_code == 1
    told = " ".join(done.stderr.split())
    assert "No space left on device." in told
    assert "The journal mine has the progress so far" in told
    assert "The undo file mine.undo.json reverts" in told
    assert run("--undo", "mine.undo.json", "--yes").exit_code == 0
    assert state(scene.sandbox) == before
    assert run(*people, "--journal", "mine", "--yes").exit_code == 0
    assert scene.of(scene.old) == []


def test_an_undo_file_that_can_not_be_applied_is_refused_before_it_is_shown(
    scene: Scene, run: Run, people: tuple[str, ...]
) -> None:
    plan = json.loads(run(*people, "--dry-run", "--json").stdout)
    undo = HandoverPlan.from_dict(plan).undo().to_dict()
    for change, code, said in (
        ({"tenant": "https://elsewhere.example"}, 2, "elsewhere.example"),
        ({"id": ".."}, 1, "steps[0]: id is '..'"),
        ({"id": "a\nb"}, 1, "control character"),
        ({"to_owner": "."}, 1, "steps[0]: to_owner is"),
        ({"to_space": "\x00"}, 1, "steps[0]: to_space contains"),
    ):
        document: Any = copy.deepcopy(undo)
        (document if "tenant" in change else document["steps"][0]).update(change)
        Path("edited").write_text(json.dumps(document), encoding="utf-8")
        for option in ("--dry-run", "--yes"):
            done = run("--undo", "edited", option)
            assert (done.exit_code, done.stdout) == (code, ""), change
            assert said in " ".join(done.stderr.split())
    assert changes(scene.sandbox) == 0


def test_a_refused_sign_in_says_how_to_go_on(scene: Scene, run: Run, people: tuple[str, ...]) -> None:
    scene.sandbox.fail(Fault(CHANGES[0], status=401, after=1))
    done = run(*people, "--yes")
    assert (done.exit_code, "--undo" in done.stderr) == (3, True)
    assert run(*people, "--yes").exit_code == 0
    assert scene.of(scene.old) == []


def test_a_selection_is_handed_over_alone(scene: Scene, run: Run, people: tuple[str, ...]) -> None:
    first, second, third = scene.of(scene.old)[:3]
    ids = scene.folder / "ids.txt"
    ids.write_text(f"{first['id']}\n{second['id']}\n", encoding="utf-8")
    done = run(*people, third["id"], "--ids-file", str(ids), "--yes")
    assert done.exit_code == 0, done.output
    assert {scene.held(item["id"])[0] for item in (first, second, third)} == {scene.new}
    assert changes(scene.sandbox) == 3


def test_what_was_asked_for_and_is_somebody_elses_is_told(scene: Scene, run: Run, people: tuple[str, ...]) -> None:
    theirs, mine = scene.of(scene.other)[0]["id"], scene.of(scene.old)[0]["id"]
    for ids, code in (([theirs], 1), ([theirs, mine], 5)):
        done = run(*people, *ids, "--yes")
        assert done.exit_code == code, done.output
        assert "another user" in done.stdout
    assert scene.held(theirs)[0] == scene.other


def test_a_filter_narrows_it(scene: Scene, run: Run, people: tuple[str, ...]) -> None:
    one = scene.of(scene.old)[0]
    done = run(*people, "--filter", f'connectorId eq "{one["connectorId"]}"', "--yes", "--json")
    assert done.exit_code == 0
    assert {step["connector_id"] for step in json.loads(done.stdout)["steps"]} == {one["connectorId"]}


def test_files_are_where_they_are_wanted(scene: Scene, run: Run, people: tuple[str, ...]) -> None:
    done = run(*people, "--journal", "mine", "--undo-file", "back", "--yes")
    assert done.exit_code == 0
    assert files(scene) == ["back", "mine"]
    assert run("--undo", "back", "--yes").exit_code == 0
    assert files(scene) == ["back", "back.journal", "back.undo.json", "mine"]


def test_a_journal_that_is_in_use_or_of_another_handover_is_told(
    scene: Scene, run: Run, people: tuple[str, ...]
) -> None:
    with opened(Path("mine"), "handover")[0]:
        in_use = run(*people, "--journal", "mine", "--yes")
    assert in_use.exit_code == 1
    assert "Another process" in in_use.stderr
    assert changes(scene.sandbox) == 0
    Path("mine").unlink()
    scene.sandbox.fail(Fault(CHANGES[0], status=403))
    assert run(*people, "--journal", "mine", "--yes").exit_code == 5
    other = run(*people, "--personal", "--journal", "mine", "--yes")
    assert other.exit_code == 1
    assert "space 'keep' instead of 'personal'" in " ".join(other.stderr.split())


def test_a_file_that_is_no_undo_file_is_refused(scene: Scene, run: Run, people: tuple[str, ...]) -> None:
    plan = run(*people, "--dry-run", "--json").stdout
    for content in (plan, "{}", "nothing"):
        Path("file").write_text(content, encoding="utf-8")
        done = run("--undo", "file", "--yes")
        assert done.exit_code in (1, 2)
        assert "file" in done.stderr
    assert changes(scene.sandbox) == 0


def test_wrong_usage_is_refused_before_anything_is_sent(scene: Scene, run: Run) -> None:
    for arguments in (
        (),
        ("--from", "a"),
        ("--to", "b"),
        ("--undo", "file", "--from", "a"),
        ("--undo", "file", "--personal"),
        ("--undo", "file", "some-id"),
        ("--from", "a", "--to", "a"),
        ("--from", "a", "--to", "b", "--space", "s", "--personal"),
    ):
        assert run(*arguments, "--yes").exit_code == 2, arguments
    assert len(scene.sandbox.ledger) == 0


def test_on_a_sandbox_of_its_own_it_leaves_no_file(scene: Scene, run: Run, people: tuple[str, ...]) -> None:
    done = run(*people, "--sandbox", "--yes")
    assert done.exit_code == 0, done.output
    assert "handed over" in done.stdout
    assert files(scene) == []
    assert len(scene.sandbox.ledger) == 0


@pytest.mark.skipif(os.name != "posix", reason="a process can't be sent Ctrl-C there")
def test_ctrl_c_ends_it_between_two_steps_and_the_same_command_goes_on(
    scene: Scene, run: Run, people: tuple[str, ...]
) -> None:
    slow = scene.sandbox.fail(Fault(CHANGES[0], kind="delay", seconds=0.3, times=None))
    total = len(scene.of(scene.old))
    process = subprocess.Popen(
        [*QAC, "handover", *people, "--yes"],
        env=environment(**At(scene.sandbox).environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    until = time.monotonic() + 30
    while changes(scene.sandbox) == 0 and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 130, told
    assert "Run the same command to resume" in told
    assert 0 < changes(scene.sandbox) < total
    scene.sandbox.faults.remove(slow)
    done = run(*people, "--yes")
    assert done.exit_code == 0
    assert f"{total} handed over" in done.stdout
    assert changes(scene.sandbox) == total, "nothing is done twice"
