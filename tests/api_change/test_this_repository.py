"""Changes planted into a clone of this repository, its code generated anew: what a release with them would be."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import check_api
from api_change import user_code
from api_change.reasons import Level, Reason, highest

ROOT = Path(__file__).resolve().parents[2]
CONNECTIONS = "overlays/qlik_automation_connections/_resources/_sync/connections.py"
SCHEMAS = ("components", "schemas")
DETAIL = (*SCHEMAS, "AutomationConnectionDetailObject", "properties")
Spec = dict[str, Any]


def git(folder: Path, *arguments: str) -> None:
    subprocess.run([shutil.which("git") or "git", "-C", str(folder), *arguments], check=True, capture_output=True)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of HEAD, as a release that was made."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("these are not the files of a git checkout")
    clone = tmp_path_factory.mktemp("release") / "clone"
    git(ROOT, "clone", "--quiet", "--no-hardlinks", str(ROOT), str(clone))
    return clone


@pytest.fixture
def checkout(release: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy to plant changes in."""
    copy = tmp_path / "checkout"
    shutil.copytree(release, copy, ignore=shutil.ignore_patterns(".git"))
    yield copy
    shutil.rmtree(copy)


@pytest.fixture
def without_user_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves mypy out, which takes long over all examples and tests."""
    monkeypatch.setattr(user_code, "compare", lambda old, new: ())


def plant(checkout: Path, change: Callable[[Spec], Any]) -> None:
    """Changes the spec and writes what is generated from it."""
    file = checkout / "spec" / "openapi.yaml"
    spec = yaml.safe_load(file.read_text(encoding="utf-8"))
    change(spec)
    file.write_text(yaml.safe_dump(spec, sort_keys=False), encoding="utf-8")
    command = [sys.executable, str(checkout / "scripts" / "generate.py")]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def edit(checkout: Path, old: str, new: str, count: int = -1) -> None:
    for file in (checkout / CONNECTIONS, checkout / CONNECTIONS.replace("_sync", "_async")):
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, count), encoding="utf-8")


def part(spec: Spec, path: tuple[str, ...]) -> Spec:
    for key in path:
        spec = spec[key]
    return spec


def told(reasons: list[Reason], level: Level) -> set[tuple[str, str]]:
    return {(reason.source, reason.where) for reason in reasons if reason.level is level}


@pytest.mark.usefixtures("without_user_code")
def test_nothing_planted_is_no_change(release: Path, checkout: Path) -> None:
    assert check_api.changes(release, checkout) == []


@pytest.mark.usefixtures("without_user_code")
def test_a_new_optional_field_is_minor(release: Path, checkout: Path) -> None:
    # First of all fields, so that all others move: their order counts for nobody.
    def first(spec: Spec) -> None:
        fields = part(spec, DETAIL)
        part(spec, DETAIL[:-1])["properties"] = {"note": {"type": "string", "description": "A note."}, **fields}

    plant(checkout, first)
    reasons = check_api.changes(release, checkout)
    assert highest(reasons) is Level.MINOR
    assert told(reasons, Level.MINOR) == {
        ("python", "Connection.__init__(note)"),
        ("python", "Connection.note"),
        ("spec", "AutomationConnectionDetailObject.note"),
    }


@pytest.mark.usefixtures("without_user_code")
def test_a_removed_field_is_major(release: Path, checkout: Path) -> None:
    plant(checkout, lambda spec: part(spec, DETAIL).pop("oauthAccountName"))
    reasons = check_api.changes(release, checkout)
    assert highest(reasons) is Level.MAJOR
    assert told(reasons, Level.MAJOR) >= {
        ("python", "Connection.oauth_account_name"),
        ("spec", "AutomationConnectionDetailObject.oauthAccountName"),
    }


@pytest.mark.usefixtures("without_user_code")
def test_one_more_value_that_a_request_may_have_is_minor(release: Path, checkout: Path) -> None:
    def more(spec: Spec) -> None:
        listed = spec["paths"]["/api/workflows/automation-connections"]["get"]["parameters"]
        next(each for each in listed if each["name"] == "sort")["schema"]["enum"].append("ownerId")

    plant(checkout, more)
    reasons = check_api.changes(release, checkout)
    assert highest(reasons) is Level.MINOR
    assert told(reasons, Level.MINOR) >= {("spec", "getAutomationConnections(sort)"), ("python", "Sort")}


@pytest.mark.usefixtures("without_user_code")
def test_one_more_value_that_an_answer_may_have_is_major(release: Path, checkout: Path, tmp_path: Path) -> None:
    field = (*SCHEMAS, "AutomationConnectionParamObject", "properties", "fieldType")
    before = tmp_path / "before"
    shutil.copytree(checkout, before)
    plant(before, lambda spec: part(spec, field).update(enum=["string", "text"]))
    plant(checkout, lambda spec: part(spec, field).update(enum=["string", "text", "number"]))
    reasons = check_api.changes(before, checkout)
    assert highest(reasons) is Level.MAJOR
    assert ("spec", "AutomationConnectionParamObject.fieldType") in told(reasons, Level.MAJOR)


@pytest.mark.usefixtures("without_user_code")
def test_a_docstring_is_a_patch(release: Path, checkout: Path) -> None:
    edit(checkout, '"""', '"""Differently: ', 1)
    reasons = check_api.changes(release, checkout)
    both = f"{CONNECTIONS.replace('_sync', '_async')} and 1 more"
    assert [(reason.level, reason.where) for reason in reasons] == [(Level.PATCH, both)]


@pytest.mark.usefixtures("without_user_code")
def test_a_new_optional_parameter_is_minor(release: Path, checkout: Path) -> None:
    edit(checkout, "forced: bool = False", "forced: bool = False, quietly: bool = False")
    reasons = check_api.changes(release, checkout)
    assert highest(reasons) is Level.MINOR
    assert told(reasons, Level.MINOR) == {
        ("python", "AsyncConnections.delete(quietly)"),
        ("python", "Connections.delete(quietly)"),
    }


def test_a_renamed_parameter_is_major_and_breaks_the_old_examples(release: Path, checkout: Path) -> None:
    edit(checkout, "forced: bool = False", "force: bool = False")
    reasons = check_api.changes(release, checkout)
    assert highest(reasons) is Level.MAJOR
    broken = told(reasons, Level.MAJOR)
    assert {("python", "AsyncConnections.delete"), ("python", "Connections.delete")} <= broken
    places = {where.partition(":")[0] for source, where in broken if source == "user code"}
    assert "tests/typing/user_code.py" in places
