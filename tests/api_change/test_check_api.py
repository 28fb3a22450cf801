"""The command, on small repositories: which verdict, which complaint, which exit code."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import check_api
from api_change import user_code

TENANT = "overlays/qlik_automation_connections/_tenant.py"
THING = "generated/qlik_automation_connections_api/thing.py"
SPEC = "spec/openapi.yaml"
Check = Callable[..., tuple[int, dict[str, Any]]]


def test_nothing_changed(released: Any, check: Check) -> None:
    code, found = check(released)
    assert (code, found["verdict"], found["reasons"], found["problems"]) == (0, "none", [], [])
    assert (found["base"], found["baseVersion"]) == ("v0.3.0", "0.3.0")


@pytest.fixture
def without_user_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves mypy out, which takes seconds and has tests of its own."""
    monkeypatch.setattr(user_code, "compare", lambda old, new: ())


@pytest.mark.usefixtures("without_user_code")
@pytest.mark.parametrize(
    ("name", "old", "new", "verdict", "required"),
    [
        (TENANT, '"""Lists."""', '"""Lists things."""', "patch", "0.3.1"),
        (SPEC, "summary: List", "summary: List things", "patch", "0.3.1"),
        (SPEC, "enum: [name, id]", "enum: [name, id, age]", "minor", "0.3.1"),
        (TENANT, "sort: str | None = None", "sort: str | None = None, limit: int = 5", "minor", "0.3.1"),
        (THING, "    parts:", "    age: int | None = None\n    parts:", "minor", "0.3.1"),
        (TENANT, "sort: str | None = None", "order: str | None = None", "major", "0.4.0"),
        (TENANT, "-> list[str]", "-> tuple[str]", "major", "0.4.0"),
        (TENANT, "def close", "def shut", "major", "0.4.0"),
        (SPEC, "name: {type: string}", "name: {type: integer}", "major", "0.4.0"),
    ],
)
def test_the_verdict_and_the_version_it_asks_for(
    released: Any, check: Check, name: str, old: str, new: str, verdict: str, required: str
) -> None:
    released.edit(name, old, new)
    code, found = check(released)
    assert (found["verdict"], found["requiredVersion"]) == (verdict, required)
    assert code == 1
    assert len(found["problems"]) == 2  # neither the version nor the changelog says so yet
    kind, entry = ("Changed", "**Breaking**: it") if verdict == "major" else ("Added", "It")
    released.enter(kind, entry, required)
    code, found = check(released)
    assert (code, found["problems"], found["verdict"]) == (0, [], verdict)


@pytest.mark.usefixtures("without_user_code")
def test_each_reason_names_its_place(released: Any, check: Check) -> None:
    released.edit(TENANT, "*, timeout: float = 5", "*, seconds: float = 5")
    _, found = check(released)
    assert {(each["level"], each["source"], each["where"]) for each in found["reasons"]} >= {
        ("major", "python", "Tenant.__init__"),
        ("minor", "python", "Tenant.__init__(seconds)"),
    }


def test_the_old_examples_are_checked_against_the_new_package(released: Any, check: Check) -> None:
    # To griffe this is an annotation like another, and what was one word of the old example is none of the new ones.
    released.edit(TENANT, "sort: str | None = None", "sort: bytes | None = None")
    _, found = check(released)
    told = [each for each in found["reasons"] if each["source"] == "user code"]
    assert [each["where"] for each in told] == ["README.md:6"]
    assert "arg-type" in told[0]["change"]


def test_what_was_wrong_in_the_old_examples_before_is_no_reason(unreleased: Any, check: Check) -> None:
    unreleased.edit("README.md", 'sort="name"', "sort=5")
    unreleased.commit("v0.3.1")
    unreleased.edit(TENANT, '"""Lists."""', '"""Lists things."""')
    _, found = check(unreleased)
    assert found["verdict"] == "patch"


def test_the_old_tests_that_are_users_code_are_checked_too(unreleased: Any, check: Check) -> None:
    tests = unreleased.folder / "tests" / "typing"
    tests.mkdir(parents=True)
    (tests / "user_code.py").write_text(
        "from qlik_automation_connections import Tenant\n\nTenant('x').close()\n", encoding="utf-8"
    )
    inner = "from qlik_automation_connections._tenant import _Base\n\n_Base('x').close()\n"
    (tests / "test_inner.py").write_text(inner, encoding="utf-8")
    unreleased.commit("v0.3.0")
    unreleased.edit(TENANT, "def close", "def shut")
    _, found = check(unreleased)
    assert [each["where"] for each in found["reasons"] if each["source"] == "user code"] == [
        "tests/typing/user_code.py:3"
    ]


def test_the_newest_version_is_the_last_release_and_other_tags_are_none(released: Any, check: Check) -> None:
    for tag in ("v0.10.0", "v0.9.0", "vision"):
        released.git("tag", tag)
    assert check(released)[1]["base"] == "v0.10.0"


@pytest.mark.usefixtures("without_user_code")
def test_a_base_can_be_named(unreleased: Any, check: Check) -> None:
    unreleased.edit(TENANT, "def count", "def number")
    unreleased.edit("overlays/qlik_automation_connections/__init__.py", "count as count", "number as number")
    unreleased.commit()
    code, found = check(unreleased, "--base", "HEAD~1")
    assert (code, found["base"], found["verdict"]) == (1, "HEAD~1", "major")
    assert ("count", "was removed") in {(each["where"], each["change"]) for each in found["reasons"]}


def test_before_the_first_release_only_the_changelog_is_looked_at(
    unreleased: Any, check: Check, capsys: pytest.CaptureFixture[str]
) -> None:
    file = unreleased.folder / "CHANGELOG.md"
    file.write_text("# Changelog\n\n## Unreleased\n", encoding="utf-8")
    code, found = check(unreleased)
    assert (code, found["base"], found["verdict"]) == (1, None, "none")
    assert "has no entry" in found["problems"][0]
    unreleased.enter("Added", "All")
    assert check(unreleased)[0] == 0
    assert check_api.main(["--root", str(unreleased.folder)]) == 0
    assert "no release yet" in capsys.readouterr().out


@pytest.mark.usefixtures("without_user_code")
def test_the_text_says_each_reason_on_a_line(released: Any, capsys: pytest.CaptureFixture[str]) -> None:
    released.edit(SPEC, "enum: [name, id]", "enum: [name, id, age]")
    assert check_api.main(["--root", str(released.folder)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "minor  spec: getThings(sort): value 'age' was added"
    assert lines[1].startswith("minor: since v0.3.0 (0.3.0); the next version is 0.3.1")
    assert all(line.startswith("problem: ") for line in lines[2:])


def test_what_can_not_be_compared_ends_with_two(released: Any, check: Check) -> None:
    code, found = check(released, "--base", "no-such-thing")
    assert code == 2
    assert "no-such-thing" in found["error"]
    released.edit(SPEC, "paths:", "path:")
    code, found = check(released)
    assert code == 2
    assert "no OpenAPI" in found["error"]


def test_files_without_git_can_not_be_compared(files: Any, check: Check) -> None:
    code, found = check(files)
    assert code == 2
    assert "no git checkout" in found["error"]


def test_a_shallow_clone_without_tags_can_not_be_compared(unreleased: Any, check: Check, tmp_path: Path) -> None:
    unreleased.commit()
    source = f"file://{unreleased.folder.as_posix()}"
    unreleased.git("clone", "--quiet", "--depth", "1", source, str(tmp_path / "shallow"))
    code, found = check(type(unreleased)(tmp_path / "shallow"))
    assert code == 2
    assert "git fetch --unshallow --tags" in found["error"]


def test_without_git_the_check_says_so(released: Any, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    code, found = check(released)
    assert code == 2
    assert "git is not installed" in found["error"]


def test_the_comparison_leaves_the_checkout_as_it_is(released: Any, check: Check) -> None:
    released.edit(TENANT, "def close", "def shut")
    git = shutil.which("git") or "git"
    asked = [git, "-C", str(released.folder), "status", "--porcelain", "--ignored"]
    before = subprocess.run(asked, capture_output=True, check=True).stdout
    check(released)
    assert subprocess.run(asked, capture_output=True, check=True).stdout == before
    worktrees = subprocess.run([git, "-C", str(released.folder), "worktree", "list"], capture_output=True, check=True)
    assert len(worktrees.stdout.splitlines()) == 1


def test_it_runs_as_a_script(released: Any) -> None:
    script = Path(check_api.__file__)
    done = subprocess.run(
        [sys.executable, str(script), "--root", str(released.folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "nothing changed since v0.3.0 (0.3.0)\n"
