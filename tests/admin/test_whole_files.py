"""Files that are there as a whole or not at all, locks of files, and names in files."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qlik_automation_connections import ConfigurationError
from qlik_automation_connections.admin import Archive, HandoverPlan, Names, RestorePlan, read_id_map, read_values
from qlik_automation_connections.admin._errors import JobError
from qlik_automation_connections.admin._file_lock import lock
from qlik_automation_connections.admin._files import refuse_existing, whole_file, write_text
from qlik_automation_connections.admin._handover.plan import write_undo
from qlik_automation_connections.admin._journal import Journal, JournalHeader, header_of

POSIX = os.name == "posix"


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_file_appears_when_the_block_has_ended(tmp_path: Path) -> None:
    path = tmp_path / "report"
    with whole_file(path) as file:
        file.write(b"content")
        assert not path.exists()
    assert path.read_bytes() == b"content"
    assert names_in(tmp_path) == ["report"]


def test_an_exception_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_bytes(b"before")

    def fail_halfway(error: BaseException) -> None:
        with whole_file(path, overwrite=True) as file:
            file.write(b"half")
            raise error

    for error in (ValueError("x"), KeyboardInterrupt(), SystemExit(1)):
        with pytest.raises(type(error)):
            fail_halfway(error)
        assert path.read_bytes() == b"before", error
        assert names_in(tmp_path) == ["report"], error


def test_a_disk_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report"
    path.write_bytes(b"before")

    def broken(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for step in ("replace", "fsync"):
        with monkeypatch.context() as patched:
            patched.setattr(os, step, broken)
            with pytest.raises(JobError, match="can't be written"), whole_file(path, overwrite=True) as file:
                file.write(b"half")
        assert path.read_bytes() == b"before", step
        assert names_in(tmp_path) == ["report"], step


def test_what_is_there_is_refused_before_the_block_and_after_it(tmp_path: Path) -> None:
    path = tmp_path / "report"
    with pytest.raises(JobError, match="already exists"), whole_file(path):
        path.write_bytes(b"of somebody else, meanwhile")
    assert path.read_bytes() == b"of somebody else, meanwhile"
    assert names_in(tmp_path) == ["report"]
    with pytest.raises(JobError, match="already exists"), whole_file(path):
        raise AssertionError("the block must not run")
    with pytest.raises(JobError, match="already exists"):
        refuse_existing(path, overwrite=False)
    refuse_existing(path, overwrite=True)


def test_folders_and_places_that_are_none_are_errors_of_the_job(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "folder", tmp_path / "none" / "report", tmp_path / ("x" * 400)):
        with pytest.raises(JobError):
            write_text(path, "content", overwrite=True)
    assert names_in(tmp_path) == ["folder"]


def test_a_name_may_be_as_long_as_one_can_be(tmp_path: Path) -> None:
    for name in ("x" * 250, "é" * 120):
        write_text(tmp_path / name, "content")
        assert (tmp_path / name).read_text(encoding="utf-8") == "content"


@pytest.mark.skipif(not POSIX, reason="no permissions of that kind")
def test_only_its_owner_can_read_it_unless_told_otherwise(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_text(tmp_path / "private", "")
        write_text(tmp_path / "public", "", mode=0o644)
        (tmp_path / "open").write_text("", encoding="utf-8")
        write_text(tmp_path / "open", "", overwrite=True)
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"private": 0o600, "public": 0o644, "open": 0o600}


@pytest.mark.skipif(not POSIX, reason="links need a permission there")
def test_a_link_is_replaced_and_what_it_leads_to_is_left(tmp_path: Path) -> None:
    target, link, dangling = tmp_path / "target", tmp_path / "link", tmp_path / "dangling"
    target.write_text("before", encoding="utf-8")
    link.symlink_to(target)
    dangling.symlink_to(tmp_path / "nowhere")
    for path in (link, dangling):
        with pytest.raises(JobError, match="already exists"):
            write_text(path, "new")
        write_text(path, "new", overwrite=True)
        assert not path.is_symlink()
    assert target.read_text(encoding="utf-8") == "before"
    assert names_in(tmp_path) == ["dangling", "link", "target"]
    # Half a surrogate pair is written as JSON has it.
    text = json.dumps({"name": "a\ud800é"}, ensure_ascii=False)
    write_text(tmp_path / "report", text)
    assert json.loads((tmp_path / "report").read_text(encoding="utf-8")) == {"name": "a\ud800é"}


LOCK = """
import sys
from qlik_automation_connections.admin._file_lock import lock
with open(sys.argv[1], "r+b", buffering=0) as file:
    print(lock(file), file.tell(), flush=True)
    sys.stdin.read()
"""


def test_a_lock_keeps_other_processes_out_until_its_process_ends(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"content")
    command = [sys.executable, "-c", LOCK, str(path)]
    with path.open("r+b", buffering=0) as file:
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == "True 0\n"
            assert lock(file) is False
            other.kill()
            other.wait(30)
        file.seek(3)
        assert lock(file) is True
        assert (file.tell(), path.read_bytes()) == (3, b"content")
        done = subprocess.run(command, input="", capture_output=True, text=True, timeout=30)
        assert done.stdout == "False 0\n"


@pytest.mark.skipif(not POSIX, reason="what Windows does not have is not asked")
def test_a_system_without_locks_is_not_taken_for_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    def without(*_: Any) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", without)
    with (tmp_path / "file").open("w+b", buffering=0) as file, pytest.raises(JobError, match="can't be locked"):
        lock(file)


texts = st.text(max_size=10)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(texts, texts), st.dictionaries(texts, texts), st.booleans())
def test_names_read_back(tmp_path: Path, users: dict[str, str], spaces: dict[str, str], bom: bool) -> None:
    path = tmp_path / "names.json"
    document = {"users": users, "spaces": spaces}
    path.write_text(json.dumps(document), encoding="utf-8-sig" if bom else "utf-8")
    assert Names.read(path) == Names(users=users, spaces=spaces)


def test_one_table_serves_for_all_kinds(tmp_path: Path) -> None:
    path = tmp_path / "names.json"
    path.write_text('{"u-1": "Ada"}', encoding="utf-8")
    assert Names.read(path) == Names({"u-1": "Ada"}, {"u-1": "Ada"}, {"u-1": "Ada"})
    path.write_text("{}", encoding="utf-8")
    assert Names.read(path) == Names()


def test_names_that_are_none_are_refused(tmp_path: Path) -> None:
    cases = [
        b"", b"nothing", b"[]", b"1", b"null", b'{"users": "Ada"}', b'{"users": null}', b'{"users": {"u": 1}}',
        b'{"users": {}, "teams": {}}', b'{"u": null}', b"\xff\xfe", b"[" * 100_000, b'{"a": {"b": "c"}}',
    ]  # fmt: skip
    path = tmp_path / "names.json"
    for content in cases:
        path.write_bytes(content)
        with pytest.raises(JobError) as caught:
            Names.read(path)
        assert str(path) in str(caught.value), content
    path.write_text('{"users": {"u-1": "Ada"}, "teams": {}}', encoding="utf-8")
    with pytest.raises(JobError, match="users, spaces, connectors only"):
        Names.read(path)
    for missing in (tmp_path / "none", tmp_path):
        with pytest.raises(JobError, match="can't be read"):
            Names.read(missing)


def test_of_names_that_both_know_the_others_count() -> None:
    known = Names({"a": "1", "b": "2"}, {"s": "1"}, {})
    assert known.updated(Names({"b": "3"}, {}, {"k": "4"})) == Names({"a": "1", "b": "3"}, {"s": "1"}, {"k": "4"})


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are of POSIX")
def test_a_pipe_or_a_device_is_never_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for overwrite in (True, False):
        with pytest.raises(JobError, match="not a regular file"), whole_file(pipe, overwrite=overwrite) as file:
            file.write(b"x")
        assert stat.S_ISFIFO(os.lstat(pipe).st_mode), overwrite


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are of POSIX")
def test_a_pipe_or_an_endless_device_is_refused_instead_of_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    readers: list[Callable[[Path], object]] = [
        Archive,
        read_values,
        read_id_map,
        RestorePlan.read,
        HandoverPlan.read,
        lambda path: header_of(path, JournalHeader),
    ]
    for read in readers:
        for path in (pipe, Path("/dev/zero")):
            with pytest.raises((JobError, ConfigurationError), match="Not a regular file"):
                read(path)


@pytest.mark.skipif(not POSIX, reason="Windows has no handles of folders to flush")
def test_a_new_name_is_on_disk_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a machine that loses power forgets the file, whose content it has."""
    flushed: list[tuple[int, list[str]]] = []
    flush = os.fsync

    def noting(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            flushed.append((os.fstat(descriptor).st_ino, names_in(tmp_path)))
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", noting)
    folder = tmp_path.stat().st_ino
    write_text(tmp_path / "report", "content")
    assert flushed == [(folder, ["report"])]
    with Journal(tmp_path / "journal", JournalHeader("check", "https://t"), lambda _: None) as journal:
        assert flushed[1:] == [(folder, ["journal", "report"])]
        journal.move(tmp_path / "moved")
        assert flushed[2:] == [(folder, ["moved", "report"])]
    with Journal(tmp_path / "moved", JournalHeader("check", "https://t"), lambda _: None):
        assert len(flushed) == 3, "a name that was there needs nothing"


@pytest.mark.skipif(not POSIX, reason="links need a permission there")
def test_links_beside_an_output_are_not_followed(tmp_path: Path) -> None:
    others = tmp_path / "others"
    others.write_text("of somebody else", encoding="utf-8")
    for name in ("journal", "b.ndjson.partial"):
        (tmp_path / name).symlink_to(others)
        with pytest.raises(JobError, match="can't be opened"):
            Journal(tmp_path / name, JournalHeader("check", "https://t"), lambda _: None)
    (tmp_path / "report.partial").symlink_to(others)
    with (
        pytest.raises(JobError, match="can't be written"),
        whole_file(tmp_path / "report", partial=tmp_path / "report.partial"),
    ):
        raise AssertionError("the block must not run")
    plan = HandoverPlan("https://t", "a", "b")
    write_undo(tmp_path / "undo.json", plan)
    (tmp_path / "linked.json").symlink_to(tmp_path / "undo.json")
    with pytest.raises(JobError, match="already exists"):
        write_undo(tmp_path / "linked.json", plan)
    assert others.read_text(encoding="utf-8") == "of somebody else"
