"""Forms for issues, hooks for commits, and marks on generated files."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any, Final

import yaml

from qlik_automation_connections_api.operations import OPERATIONS

ROOT: Final = Path(__file__).resolve().parents[2]
FORMS: Final = sorted(file for file in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if file.stem != "config")
KINDS: Final = {"markdown", "input", "textarea", "dropdown", "checkboxes"}


def read(file: Path) -> Any:
    return yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def test_a_form_is_one_that_the_forge_shows() -> None:
    assert FORMS
    for file in FORMS:
        form = read(file)
        assert {"name", "description", "body"} <= set(form) <= {"name", "description", "body", "labels", "title"}, file
        asked = [part for part in form["body"] if part["type"] != "markdown"]
        assert {part["type"] for part in form["body"]} <= KINDS, file
        assert len({part["id"] for part in asked}) == len(asked) > 0, file
        assert len({part["attributes"]["label"] for part in asked}) == len(asked), file
        for part in asked:
            options = part["attributes"].get("options")
            assert (options is not None) == (part["type"] in ("dropdown", "checkboxes")), (file, part["id"])
            if part["type"] == "dropdown":
                assert len(set(options)) == len(options), (file, part["id"])
                assert all(isinstance(option, str) for option in options), (file, part["id"])


def test_a_report_names_the_operation_and_is_warned_of_secrets() -> None:
    for name in ("bug", "quirk"):
        form = read(ROOT / ".github" / "ISSUE_TEMPLATE" / f"{name}.yml")
        parts = {part.get("id"): part for part in form["body"]}
        assert set(OPERATIONS) | {"oauthToken"} <= set(parts["operation"]["attributes"]["options"]), name
        assert parts["secrets"]["attributes"]["options"][0]["required"] is True, name
        assert "secrets" in form["body"][0]["attributes"]["value"], name


def test_hooks_run_what_is_there_and_look_at_files_that_are() -> None:
    (repository,) = read(ROOT / ".pre-commit-config.yaml")["repos"]
    # Nothing is fetched: each tool is that of the project's own environment, in its one version.
    assert repository["repo"] == "local"
    tracked = [
        file.relative_to(ROOT).as_posix()
        for folder in ("overlays", "generated", "scripts", "spec", "tests", ".github")
        for file in (ROOT / folder).rglob("*")
        if file.is_file()
    ] + ["pyproject.toml", ".pre-commit-config.yaml"]
    for hook in repository["hooks"]:
        for named in re.findall(r"\b(?:scripts|tests)/[\w/]+\.(?:py|sh)\b", hook["entry"]):
            assert (ROOT / named).is_file(), named
        if "files" in hook:
            assert any(re.search(hook["files"], name) for name in tracked), hook["id"]


def test_generated_files_are_marked(tmp_path: Path) -> None:
    pages = ("benchmarks.md", "commands.md", "faults.md", "pacing.svg", "quirks.md")
    generated = ["generated/qlik_automation_connections_api/operations.py", "tests/strict/models.py"]
    generated += [f"docs/{page}" for page in pages]
    written = ["docs/schemas/audit.schema.json", "overlays/qlik_automation_connections/_tenant.py"]
    # In a repository of its own: the checkout may be none.
    (tmp_path / ".gitattributes").write_bytes((ROOT / ".gitattributes").read_bytes())
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    command = ["git", "-C", str(tmp_path), "check-attr", "linguist-generated", "eol", "--", *generated, *written]
    said = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    marks = {**dict.fromkeys(generated, "true"), **dict.fromkeys(written, "unspecified")}
    expected = [(f"{file}: linguist-generated: {mark}", f"{file}: eol: lf") for file, mark in marks.items()]
    assert said.splitlines() == [line for pair in expected for line in pair]
