"""Which files are read, where they are written to, and what happens where one fails."""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from qlik_automation_connections import ConfigurationError
from qlik_automation_connections.admin._errors import JobCancelled
from qlik_automation_connections.admin._id_map import SharedTarget, read_id_map
from qlik_automation_connections.admin._progress import Progress
from qlik_automation_connections.admin._remap.job import remap
from qlik_automation_connections.admin._remap.report import RemapReport

from .exports import MAP, NEW, OLD, OTHER, TOKEN, automation, dumped

CHANGED = dumped(automation(OLD, executionToken=TOKEN))
AFTER = dumped(automation(NEW))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.json").write_text(CHANGED, encoding="utf-8")
    (folder / "sub" / "b.JSON").write_text(dumped(automation(None)), encoding="utf-8")
    (folder / "sub" / "c.json").write_text("{ }", encoding="utf-8")
    (folder / "notes.txt").write_text(OLD, encoding="utf-8")
    return folder


def statuses(report: RemapReport) -> dict[str, str]:
    return {file.name: file.status for file in report.files}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


ALL = {"a.json": "changed", "sub/b.JSON": "unchanged", "sub/c.json": "no-automation"}


def test_a_dry_run_writes_nothing(folder: Path) -> None:
    before = contents(folder.parent)
    report = remap(folder, MAP)
    assert (report.mode, statuses(report)) == ("dry-run", ALL)
    assert contents(folder.parent) == before
    assert not report.is_complete


def test_the_output_is_whole_and_the_originals_stay(folder: Path) -> None:
    before = contents(folder)
    output = folder.parent / "deep" / "output"
    report = remap(folder, MAP, output=output)
    assert statuses(report) == ALL
    assert contents(folder) == before
    assert contents(output) == {
        "a.json": AFTER.encode(),
        **{name: before[name] for name in ("sub/b.JSON", "sub/c.json")},
    }
    assert [file.written for file in report.files] == [str(output / name) for name in ALL]


def test_what_is_there_already_is_not_overwritten_unless_told(folder: Path) -> None:
    output = folder.parent / "output"
    remap(folder, MAP, output=output)
    (output / "a.json").write_text("other", encoding="utf-8")
    report = remap(folder, MAP, output=output)
    assert statuses(report) == {**ALL, "a.json": "failed"}
    assert "already exists" in str(report.files[0].error)
    assert (output / "a.json").read_text(encoding="utf-8") == "other"
    assert report.summary.written == 2
    assert statuses(remap(folder, MAP, output=output, overwrite=True)) == ALL
    assert (output / "a.json").read_text(encoding="utf-8") == AFTER


def test_an_output_below_the_folder_is_not_read_again(folder: Path) -> None:
    remap(folder, MAP, output=folder / "output")
    report = remap(folder, MAP, output=folder / "output")
    assert statuses(report) == ALL
    assert not (folder / "output" / "output").exists()


def test_in_place_writes_what_changes_and_keeps_its_mode(folder: Path) -> None:
    before = contents(folder)
    (folder / "a.json").chmod(0o640)
    mode = stat.S_IMODE((folder / "a.json").stat().st_mode)
    untouched = (folder / "sub" / "c.json").stat().st_mtime_ns
    report = remap(folder, MAP, in_place=True)
    assert contents(folder) == {**before, "a.json": AFTER.encode()}
    assert stat.S_IMODE((folder / "a.json").stat().st_mode) == mode
    assert (folder / "sub" / "c.json").stat().st_mtime_ns == untouched
    assert [file.written for file in report.files] == [str(folder / "a.json"), None, None]


def test_several_files_and_folders(folder: Path) -> None:
    other = folder.parent / "other.export"
    other.write_text(CHANGED, encoding="utf-8")
    report = remap([other, folder / "sub", folder / "sub" / "c.json"], MAP)
    assert statuses(report) == {"other.export": "changed", "b.JSON": "unchanged", "c.json": "no-automation"}


def test_files_that_cannot_be_read_are_reported_and_the_others_done(folder: Path) -> None:
    broken: dict[str, tuple[bytes, str]] = {
        "1.json": (b'{"a":\n 1 1}', "line 2, column 4"),
        "2.json": (b'{"a":"\xc3\xa9",\n"\xe9"}', "line 2, column 2"),
        "3.json": ("\ufeff{".encode("utf-16-le") + b"\x00", "UTF-16-LE at line 1, column 2"),
        "4.json": (b"", "line 1, column 1"),
        "5.json": (b"[" * 100_000, "deeper"),
    }
    for name, (content, _) in broken.items():
        (folder / name).write_bytes(content)
    output = folder.parent / "output"
    report = remap(folder, MAP, output=output)
    assert statuses(report) == {**dict.fromkeys(broken, "failed"), **ALL}
    for file in report.files[:5]:
        assert broken[file.name][1] in str(file.error)
        assert not (output / file.name).exists()
    assert (report.summary.failed, report.summary.written) == (5, 3)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_links_in_a_folder_are_not_followed(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.json").write_text(CHANGED, encoding="utf-8")
    (folder / "link.json").symlink_to(outside / "x.json")
    (folder / "linked").symlink_to(outside)
    report = remap(folder, MAP, in_place=True)
    assert statuses(report) == ALL
    assert sorted(report.not_followed) == [str(folder / "link.json"), str(folder / "linked")]
    assert (outside / "x.json").read_text(encoding="utf-8") == CHANGED
    assert statuses(remap(folder / "link.json", MAP, in_place=True)) == {"link.json": "changed"}
    assert (folder / "link.json").is_symlink()
    assert (outside / "x.json").read_text(encoding="utf-8") == AFTER


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_links_in_the_output_are_not_followed(folder: Path, tmp_path: Path) -> None:
    outside, output = tmp_path / "outside", tmp_path / "output"
    remap(folder, MAP, output=output)
    # One link to what would be written, one to something else, one to a folder.
    outside.mkdir()
    shutil.move(output / "a.json", outside)
    (folder / "d.json").write_text(CHANGED, encoding="utf-8")
    (outside / "d.json").write_text("of somebody else", encoding="utf-8")
    shutil.rmtree(output / "sub")
    before = contents(outside)
    (output / "sub").symlink_to(outside)
    for name in ("a.json", "d.json"):
        (output / name).symlink_to(outside / name)
    report = remap(folder, MAP, output=output, overwrite=True)
    assert statuses(report) == {
        "a.json": "changed",
        "d.json": "changed",
        "sub/b.JSON": "failed",
        "sub/c.json": "failed",
    }
    assert "is a symbolic link, which is not followed" in str(report.files[-1].error)
    assert contents(outside) == before
    assert not any((output / name).is_symlink() for name in ("a.json", "d.json"))


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes with names there")
def test_a_pipe_is_refused_rather_than_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.json")
    report = remap(folder, MAP)
    assert statuses(report) == {**ALL, "pipe.json": "failed"}
    assert "Not a regular file" in str(report.files[1].error)


@pytest.mark.parametrize("in_place", [True, False])
@pytest.mark.parametrize("operation", ["fsync", "replace"])
def test_a_write_that_fails_leaves_all_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch, operation: str, in_place: bool
) -> None:
    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    before = contents(folder.parent)
    monkeypatch.setattr(os, operation, fail)
    report = remap(folder, MAP, in_place=True) if in_place else remap(folder, MAP, output=folder.parent / "output")
    assert contents(folder.parent) == before
    assert report.files[0].status == "failed"
    assert "No space left on device" in str(report.files[0].error)
    assert report.summary.written == 0
    assert report.summary.replaced == 0


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="nothing is read-only to it")
def test_read_only_folders_and_files_are_refused(folder: Path) -> None:
    folder.chmod(0o500)
    try:
        report = remap(folder, MAP, in_place=True)
        assert "can't be written" in str(report.files[0].error)
    finally:
        folder.chmod(0o700)
    (folder / "a.json").chmod(0o400)
    assert "read-only" in str(remap(folder, MAP, in_place=True).files[0].error)
    assert (folder / "a.json").read_text(encoding="utf-8") == CHANGED


def test_wrong_arguments_are_refused_before_anything_is_written(folder: Path) -> None:
    before = contents(folder.parent)
    (empty := folder.parent / "empty").mkdir()
    wrong: list[tuple[str, Any, dict[str, Any]]] = [
        ("not both", folder, {"output": empty, "in_place": True}),
        ("overwrite has no effect", folder, {"overwrite": True}),
        ("is not a folder", folder, {"output": folder / "a.json"}),
        ("would overwrite", folder, {"output": folder}),
        ("would overwrite", folder / "sub" / "c.json", {"output": folder / "sub"}),
        ("both be written to a.json", [folder, folder / "sub" / ".." / "a.json", empty / "a.json"], {"output": "o"}),
        ("does not exist", folder / "none.json", {}),
        ("no [*].json", empty, {}),
        ("no [*].json", [], {}),
    ]
    for reason, paths, options in wrong:
        if "both be" in reason:
            (empty / "a.json").write_text("{}", encoding="utf-8")
        with pytest.raises(ConfigurationError, match=reason):
            remap(paths, MAP, **options)
        (empty / "a.json").unlink(missing_ok=True)
    assert contents(folder.parent) == before


def test_wrong_maps_are_refused(folder: Path) -> None:
    cases: list[Any] = [{"": "a"}, {"a": ""}, {"a": " "}, {"a": None}, {1: "a"}, [("a", "b")], "text"]
    for ids in cases:
        with pytest.raises(ConfigurationError, match="id map"):
            remap(folder, ids, in_place=True)
        assert (folder / "a.json").read_text(encoding="utf-8") == CHANGED, ids


def test_a_map_that_is_not_one_to_one_is_noted(folder: Path) -> None:
    assert remap(folder, {OLD: NEW, OTHER: NEW, "x": "x"}).not_one_to_one == (SharedTarget(NEW, (OLD, OTHER)),)
    assert remap(folder, {OLD: OTHER, OTHER: OLD}).not_one_to_one == ()


def test_reads_a_map_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "id-map.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(MAP).encode())
    assert read_id_map(path) == MAP
    path.write_text('{"a":"b","a":"b"}', encoding="utf-8")
    assert read_id_map(path) == {"a": "b"}


def test_refuses_a_file_that_is_no_map(tmp_path: Path) -> None:
    for content, reason in [
        (b'{"a":', "line 1, column 6"),
        (b"[]", "must be a flat JSON object"),
        (b'{"a":1}', "not a string"),
        (b'{"a":{"b":"c"}}', "not a string"),
        (b'{"a":"b","a":"c"}', "twice"),
        (b'{"":"c"}', "empty"),
        (b'{"\xff":"c"}', "UTF-8"),
        (b"[" * 100_000, "nested deeper"),
    ]:
        path = tmp_path / "id-map.json"
        path.write_bytes(content)
        with pytest.raises(ConfigurationError, match=reason) as caught:
            read_id_map(path)
        assert str(path) in str(caught.value), content
        path.unlink()
        with pytest.raises(ConfigurationError, match="can't be read"):
            read_id_map(path)


def test_tells_how_far_it_is_and_ends_where_it_is_told(folder: Path) -> None:
    (folder / "0.json").write_text("{", encoding="utf-8")
    seen: list[Progress] = []
    cancel = threading.Event()

    def note(progress: Progress) -> None:
        seen.append(progress)
        if progress.done == 2:
            cancel.set()

    with pytest.raises(JobCancelled):
        remap(folder, MAP, in_place=True, on_progress=note, cancel=cancel)
    assert seen == [Progress("remap", done, 4, min(done, 1)) for done in (0, 1, 2)]
    assert (folder / "a.json").read_text(encoding="utf-8") == AFTER


def test_the_report_is_plain_data(folder: Path) -> None:
    (folder / "bad.json").write_text("{", encoding="utf-8")
    report = remap(folder, {**MAP, "x": NEW})
    document: dict[str, Any] = json.loads(json.dumps(report.to_dict()))
    assert document == report.to_dict()
    counted = {name: count for name, count in document["summary"].items() if count}
    assert counted == {
        "files": 4, "changed": 1, "unchanged": 1, "no_automation": 1, "failed": 1, "replaced": 1, "tokens_stripped": 1
    }  # fmt: skip
    assert document["not_one_to_one"] == [{"new": NEW, "old": [OLD, "x"]}]
    (replaced,) = document["files"][0]["replaced"]
    assert (replaced["old"], replaced["new"], replaced["line"]) == (OLD, NEW, 16)


@pytest.mark.exhaustive
def test_time_grows_with_the_length_and_no_faster(folder: Path) -> None:
    # Quadratic work on any of these would take hours.
    many = {f"id-{number:06}": f"new-{number:06}" for number in range(20_000)}
    blocks = automation(*many)["workspace"]["blocks"]
    text = json.dumps(
        {
            "blocks": blocks,
            "note": " ".join(many),
            "code": '\\"\n' * 500_000 + "executionToken",
            "deep": [" " * 500_000] * 9,
        }
    )
    (folder / "a.json").write_text(text, encoding="utf-8")
    file = remap(folder / "a.json", many, in_place=True).files[0]
    assert (len(file.replaced), len(file.mentions)) == (20_000, 20_000)
    assert file.diff.count("\n") == 2 + 3 * 20_000
