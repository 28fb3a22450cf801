"""The journal of a job: what is in it survives, what is not one is left alone."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from admin.journals import TENANT, opened, written
from qlik_automation_connections.admin._errors import JobError
from qlik_automation_connections.admin._journal import Journal, JournalHeader

# Half a surrogate pair, too: names of connections may hold one.
texts = st.text(st.characters(codec=None), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
entries = st.lists(st.dictionaries(texts, values, max_size=3), max_size=5)
POSIX = os.name == "posix"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries, st.data())
def test_what_was_noted_is_read_again_and_what_is_torn_is_cut_off(
    tmp_path: Path, noted: list[dict[str, Any]], data: st.DataObject
) -> None:
    path = tmp_path / "journal"
    path.unlink(missing_ok=True)
    content = written(path, *noted)
    cut = data.draw(st.integers(0, len(content)), label="cut")
    path.write_bytes(content[:cut])
    whole = content[:cut].count(b"\n")
    journal, found = opened(path)
    with journal:
        assert journal.is_new == (whole == 0)
        assert found == noted[: max(0, whole - 1)]
        journal.note({"more": 1})
    journal, found = opened(path)
    journal.close()
    assert found == [*noted[: max(0, whole - 1)], {"more": 1}]


def header(**changes: Any) -> str:
    whole = JournalHeader("check", TENANT).to_dict()
    return json.dumps({**whole, **changes})


FOREIGN = {
    "text": b"hello",
    "text in lines": b"hello\nyou\n",
    "another format, one line, no end": b'{"format": "qlik-automation-connections/audit", "version": 1}',
    "another format, a torn beginning": b'{"format": "qlik-automation-connections/jou?',
    "another object": b'{"id": "x"}\n',
    "a list": b"[1]\n",
    "a number": b"1\n",
    "null": b"null\n",
    "torn and no journal": b'{"format": 1',
    "another job": header(job="restore").encode() + b"\n",
    "another job, torn": header(job="restore").encode(),
    "a newer version": header(version=2).encode() + b"\n",
    "a line that is no object": header().encode() + b"\n1\n",
    "a damaged line": header().encode() + b'\n{"id": \n{}\n',
    "an empty line": header().encode() + b"\n\n{}\n",
    "a damaged header": b'{"format"\n' + header().encode() + b"\n",
    "no text": header().encode() + b"\n\xff\xfe\xfa\n",
    "binary": bytes(range(256)),
    "too deep": header().encode() + b"\n" + b"[" * 100_000 + b"\n",
}


def test_what_is_no_journal_of_the_job_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    for content in FOREIGN.values():
        path = tmp_path / "somebody's file"
        path.write_bytes(content)
        with pytest.raises(JobError) as caught:
            opened(path)
        assert str(path) in str(caught.value), content
        assert path.read_bytes() == content, content
        # It was let go of.
        os.rename(path, tmp_path / "moved")


def test_zeros_at_the_end_are_cut_off(tmp_path: Path) -> None:
    # What some file systems leave behind when the power fails.
    path = tmp_path / "journal"
    content = written(path, {"id": "a"})
    path.write_bytes(content + bytes(100))
    journal, found = opened(path)
    journal.close()
    assert found == [{"id": "a"}]
    assert path.read_bytes() == content


@pytest.mark.skipif(not POSIX, reason="no permissions of that kind")
def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    before = os.umask(0)
    try:
        written(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_can_not_be_opened_is_an_error_of_the_job(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none" / "journal", tmp_path / ("x" * 400)):
        with pytest.raises(JobError, match="can't be opened"):
            opened(path)


def test_a_journal_that_is_read_only_is_an_error_of_the_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "journal"
    content = written(path)
    path.chmod(0o400)
    if os.access(path, os.W_OK):  # root may write everywhere, but not on a disk that is read-only

        def read_only(*_: Any) -> int:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))

        monkeypatch.setattr(os, "open", read_only)
    with pytest.raises(JobError, match="can't be opened"):
        opened(path)
    monkeypatch.undo()
    assert path.read_bytes() == content


def test_who_has_it_keeps_others_out(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with opened(path)[0], pytest.raises(JobError, match="Another process is using"):
        opened(path)
    opened(path)[0].close()


FULL = """
import resource, sys
from qlik_automation_connections.admin._errors import JobError
from qlik_automation_connections.admin._journal import Journal, JournalHeader
with Journal(sys.argv[1], JournalHeader("check", "https://acme.example"), lambda _: None) as journal:
    journal.note({"id": "a"})
    room = 10
    size = journal._file.tell()
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + room, resource.RLIM_INFINITY))
    for _ in range(2):
        try:
            journal.note({"id": "too long for what is left"})
        except JobError as error:
            print(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    journal.note({"id": "b"})
"""


@pytest.mark.skipif(not POSIX, reason="no limits of that kind")
def test_a_full_disk_leaves_no_half_of_an_entry(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    done = subprocess.run([sys.executable, "-c", FULL, str(path)], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("can't be written") == 2
    journal, found = opened(path)
    journal.close()
    assert found == [{"id": "a"}, {"id": "b"}]


def test_an_entry_that_did_not_reach_the_disk_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "journal"
    with opened(path)[0] as journal:

        def broken(_: int) -> None:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", broken)
            with pytest.raises(JobError, match="can't be written"):
                journal.note({"id": "a"})
        journal.note({"id": "b"})
    journal, found = opened(path)
    journal.close()
    assert found == [{"id": "b"}]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries, st.data())
def test_salvaging_keeps_what_stands_before_a_damaged_entry(
    tmp_path: Path, noted: list[dict[str, Any]], data: st.DataObject
) -> None:
    path = tmp_path / "journal"
    path.unlink(missing_ok=True)
    lines = written(path, *noted, {"last": 1}).splitlines(keepends=True)
    damaged = data.draw(st.integers(1, len(lines) - 1), label="damaged")
    lines[damaged] = b"\x00" + lines[damaged][1:]
    path.write_bytes(b"".join(lines))
    with pytest.raises(JobError, match=f"line {damaged + 1}"):
        opened(path)
    found: list[dict[str, Any]] = []
    Journal(path, JournalHeader("check", TENANT), found.append, salvage=True).close()
    assert found == noted[: damaged - 1]
    assert path.read_bytes() == b"".join(lines[:damaged])


def test_a_journal_of_another_subject_is_refused_and_says_what_differs(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    written(path, subject={"archive": "a"})
    with pytest.raises(JobError, match="archive 'a' instead of 'b'"):
        opened(path, subject={"archive": "b"})
    with pytest.raises(JobError, match=f"tenant '{TENANT}' instead of 'https://other.example'"):
        opened(path, tenant="https://other.example", subject={"archive": "a"})
