"""`qac remap`, as users run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qlik_automation_connections._cli.group import qac

from .exports import MAP, NEW, OLD, OTHER, TOKEN, automation, dumped

UNKNOWN = "33333333-aaaa-4bbb-8ccc-000000000003"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "id-map.json").write_text(json.dumps(MAP), encoding="utf-8")
    folder = tmp_path / "exports"
    folder.mkdir()
    text = dumped(automation(OLD, UNKNOWN, "{$.x}", executionToken=TOKEN, description=f"see {OTHER}"))
    (folder / "mail.json").write_text(text, encoding="utf-8")
    return folder


def with_map(*arguments: str) -> Result:
    return CliRunner().invoke(qac, ["remap", "exports", "--id-map", "id-map.json", *arguments])


def test_a_dry_run_says_so_and_names_what_is_left(folder: Path) -> None:
    before = (folder / "mail.json").read_bytes()
    result = with_map("--diff")
    assert result.exit_code == 0, result.output
    assert "Dry run" in result.stderr
    assert (folder / "mail.json").read_bytes() == before
    assert f'+            "value": "{NEW}",' in result.stdout
    table = result.stdout[result.stdout.index("References") :]
    assert f"no new id for {UNKNOWN}" in table
    assert f"text mentions {OTHER}" in table
    assert "expression" in table
    assert TOKEN not in result.output


def test_check_fails_until_there_is_nothing_to_do(folder: Path) -> None:
    before = (folder / "mail.json").read_bytes()
    assert with_map("--check").exit_code == 1
    assert (folder / "mail.json").read_bytes() == before
    (folder / "mail.json").write_text(dumped(automation(NEW)), encoding="utf-8")
    assert with_map("--check").exit_code == 0
    (folder / "mail.json").write_text(dumped(automation(UNKNOWN)), encoding="utf-8")
    assert with_map("--check").exit_code == 1


def test_a_token_that_is_left_is_said_and_fails_the_check(folder: Path) -> None:
    text = dumped(automation(NEW, extra={"executionToken": TOKEN}))
    (folder / "mail.json").write_text(text, encoding="utf-8")
    result = with_map("--check")
    assert result.exit_code == 1
    assert "an executionToken that does not belong to an automation" in result.stdout
    (folder / "mail.json").write_text(dumped({"x": {"executionToken": TOKEN}}), encoding="utf-8")
    for arguments in (["--check"], ["--output", "out"], []):
        result = with_map(*arguments)
        assert result.exit_code == 1, arguments
        assert "remove the token by hand" in " ".join(result.stdout.split())
        assert TOKEN not in result.output


def test_writes_into_a_folder_and_prints_json(folder: Path) -> None:
    result = with_map("--output", "out", "--json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert (report["mode"], report["summary"]["replaced"], report["summary"]["tokens_stripped"]) == ("output", 1, 1)
    assert "diff" not in report["files"][0]
    assert TOKEN not in (folder.parent / "out" / "mail.json").read_text(encoding="utf-8")
    (file,) = json.loads(with_map("--json", "--diff").stdout)["files"]
    assert f'-            "value": "{OLD}"' in file["diff"]


def test_exit_codes_tell_failures_from_those_in_part(folder: Path) -> None:
    (folder / "bad.json").write_text("{", encoding="utf-8")
    assert with_map().exit_code == 1
    result = with_map("--output", "out")
    assert result.exit_code == 5
    assert "line 1, column 2" in result.stdout
    (folder / "mail.json").unlink()
    assert with_map("--output", "out").exit_code == 1


def test_in_place_needs_somebody_to_ask_or_yes(folder: Path) -> None:
    before = (folder / "mail.json").read_bytes()
    assert with_map("--in-place").exit_code == 2
    assert (folder / "mail.json").read_bytes() == before
    result = with_map("--in-place", "--yes")
    assert result.exit_code == 0, result.output
    assert OLD not in (folder / "mail.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("answer", [True, False])
def test_in_place_does_what_was_answered(folder: Path, monkeypatch: pytest.MonkeyPatch, answer: bool) -> None:
    questions: list[str] = []

    def confirm(what: str, *, dry_run: bool, yes: bool) -> bool:
        questions.append(what)
        if not answer:
            raise KeyboardInterrupt
        return True

    monkeypatch.setattr("qlik_automation_connections._cli.remap.is_interactive", lambda: True)
    monkeypatch.setattr("qlik_automation_connections._cli.remap.confirmed", confirm)
    before = (folder / "mail.json").read_text(encoding="utf-8")
    result = with_map("--in-place")
    assert questions == ["Rewrite 1 file"]
    assert (result.exit_code == 0) is answer
    assert ((folder / "mail.json").read_text(encoding="utf-8") == before) is not answer


def test_wrong_usage_is_said(folder: Path) -> None:
    for arguments in [
        ["--check", "--output", "out"],
        ["--check", "--in-place"],
        ["--yes"],
        ["--overwrite"],
        ["--in-place", "--yes", "--output", "out"],
        ["nowhere.json"],
    ]:
        assert with_map(*arguments).exit_code == 2, arguments
        assert not (folder.parent / "out").exists(), arguments
    (folder.parent / "id-map.json").write_text("[]", encoding="utf-8")
    result = with_map()
    assert result.exit_code == 2
    assert "id-map.json must be a flat JSON object" in " ".join(result.stderr.split())


def test_a_long_list_is_cut_and_says_so(folder: Path) -> None:
    (folder / "mail.json").write_text(dumped(automation(*([UNKNOWN] * 60))), encoding="utf-8")
    assert "And 10 more" in with_map().stdout
