"""Full disks, folders that can't be written, and files that are not what they were."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from admin.backup.archives import but_for_times, names_in
from admin.crash.killing import POSSIBLE, Killing
from qlik_automation_connections import BadRequestError, Tenant
from qlik_automation_connections.admin._backup.archive import Archive
from qlik_automation_connections.admin._backup.job import backup
from qlik_automation_connections.admin._errors import JobError
from qlik_automation_connections.admin._progress import Progress
from qlik_automation_connections.sandbox import Fault, Sandbox
from sampling import few


class Stopped(Exception):
    """Ends a backup where no page is whole."""


def stop_after(tenant: Tenant, path: Path, connections: int, **options: Any) -> None:
    """Leaves what a backup leaves that was stopped."""

    def stop(progress: Progress) -> None:
        if progress.done == connections:
            raise Stopped

    with pytest.raises(Stopped):
        backup(tenant, path, page_size=5, on_progress=stop, **options)


@pytest.mark.skipif(not POSSIBLE, reason="this system can't fork")
@pytest.mark.parametrize(("most_bytes", "kept"), few([(5_000, True), (0, False), (100, False), (20_000, True)], 2))
def test_where_a_file_may_not_grow_what_was_read_is_kept_and_no_archive(
    sandbox: Sandbox, killing: Killing, path: Path, most_bytes: int, kept: bool
) -> None:
    arguments = {"url": sandbox.url, "api_key": sandbox.api_key, "path": str(path), "list_all": True, "page_size": 4}
    ended = killing.run("admin.backup.crashing:write_little", {**arguments, "most_bytes": most_bytes})
    assert ended.error is not None
    assert ended.error.startswith("JobError: ")
    assert "can't be written: File too large." in ended.error
    assert names_in(path.parent) == ({"backup.ndjson.partial"} if kept else set())
    ended = killing.run("admin.backup.crashing:write", arguments)
    assert ended.error is None
    assert (ended.result["resumed"] > 0) is kept
    assert Archive(path).verify().connections == 23


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_folder_that_can_not_be_written_is_said_before_anything_is_sent(
    sandbox: Sandbox, tenant: Tenant, tmp_path: Path
) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    places = [tmp_path / "no such folder" / "backup.ndjson"]
    if os.geteuid() != 0:
        places.append(folder / "backup.ndjson")
    for place in places:
        with pytest.raises(JobError, match="can't be opened"):
            backup(tenant, place)
    assert (names_in(tmp_path), names_in(folder), len(sandbox.ledger.snapshot())) == ({"locked"}, set(), 0)


def test_what_is_in_the_way_is_said_before_anything_is_sent(sandbox: Sandbox, tenant: Tenant, path: Path) -> None:
    for name in ["backup.ndjson", "backup.values.ndjson", "backup.ndjson.partial"]:
        for overwrite in [False, True]:
            (path.parent / name).mkdir()
            with pytest.raises(JobError):
                backup(tenant, path, overwrite=overwrite)
            assert (names_in(path.parent), len(sandbox.ledger.snapshot())) == ({name}, 0), name
            (path.parent / name).rmdir()
    other = path.with_name("backup.ndjson.partial")
    other.write_text("mine", encoding="utf-8")
    with pytest.raises(JobError, match="is not a backup"):
        backup(tenant, path)
    assert other.read_text(encoding="utf-8") == "mine"
    assert (names_in(path.parent), len(sandbox.ledger.snapshot())) == ({other.name}, 0)


def test_what_is_left_of_a_first_page_is_begun_anew(tenant: Tenant, path: Path) -> None:
    for left in [b"", b'{"for', b'{"format": "qlik-automation-connections/backup", "versi']:
        path.with_name("backup.ndjson.partial").write_bytes(left)
        assert backup(tenant, path, overwrite=True).resumed == 0, left
        Archive(path).verify()


def test_a_partial_of_another_selection_is_refused_with_advice(sandbox: Sandbox, tenant: Tenant, path: Path) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"list_all": False}, "list_all True instead of False"),
        ({"filter": 'name pr'}, "filter None instead of 'name pr'"),
        ({"list_all": False, "ids": ["a"]}, "ids None instead of 1"),
    ]  # fmt: skip
    stop_after(tenant, path, 7, list_all=True)
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    sandbox.ledger.clear()
    for options, said in cases:
        with pytest.raises(JobError) as caught:
            backup(tenant, path, **{"list_all": True, **options})
        assert said in str(caught.value), said
        assert "choose another file" in str(caught.value), said
    assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == before
    assert len(sandbox.ledger.snapshot()) == 0


def test_a_partial_of_other_ids_or_another_tenant_is_refused(tenant: Tenant, sandbox: Sandbox, path: Path) -> None:
    ids = [item["id"] for item in sandbox.snapshot()]
    stop_after(tenant, path, 7, ids=ids)
    with pytest.raises(JobError, match="ids_sha256"):
        backup(tenant, path, ids=ids[::-1])
    with (
        Sandbox(connections=3, name="production") as other,
        Tenant(other.url, api_key=other.api_key) as elsewhere,
        pytest.raises(JobError, match=f"tenant '{tenant.url}' instead of '{other.url}'"),
    ):
        backup(elsewhere, path, ids=ids)
    assert backup(tenant, path, ids=ids).resumed == 7


@pytest.mark.parametrize("kept", few([3, 0, 6]))
def test_what_of_a_partial_is_damaged_is_read_again(tenant: Tenant, path: Path, kept: int) -> None:
    backup(tenant, path.with_name("whole"), list_all=True)
    stop_after(tenant, path, 7, list_all=True)
    partial = path.with_name("backup.ndjson.partial")
    parts = partial.read_bytes().splitlines(keepends=True)
    line = parts[kept + 1]
    edited = line.replace(b'"name"', b'"nome"', 1)
    for damaged in (edited, line[:40], b"x" + line, bytes(len(line))):
        partial.write_bytes(b"".join([*parts[: kept + 1], damaged, *parts[kept + 2 :]]))
        report = backup(tenant, path, list_all=True, overwrite=True)
        assert (report.resumed, report.connections) == (kept, 23), damaged
        assert but_for_times(path) == but_for_times(path.with_name("whole")), damaged


def test_resumed_it_lists_again_and_reads_only_what_is_left(sandbox: Sandbox, tenant: Tenant, path: Path) -> None:
    stop_after(tenant, path, 12, list_all=True)
    sandbox.ledger.clear()
    with Tenant(sandbox.url, api_key=sandbox.api_key) as other:
        new = other.connections.create(connector_id=sandbox.connectors[0].id, name="made since").id
    report = backup(tenant, path, list_all=True)
    assert (report.resumed, report.connections) == (12, 24)
    reads = [entry.path for entry in sandbox.ledger.snapshot() if entry.operation == "getAutomationConnection"]
    assert len(reads) == 12
    assert new in {record.id for record in Archive(path).records()}


def test_a_list_that_is_refused_with_400_at_its_beginning_is_no_cursor(
    sandbox: Sandbox, tenant: Tenant, path: Path
) -> None:
    with pytest.raises(BadRequestError):
        backup(tenant, path, filter="no such field eq 1")
    assert len(sandbox.ledger.snapshot()) == 1


def test_what_could_not_be_read_before_is_in_the_report_of_the_last_run(
    sandbox: Sandbox, tenant: Tenant, path: Path
) -> None:
    sandbox.fail(Fault("getAutomationConnection", status=403, after=2))
    stop_after(tenant, path, 7, list_all=True)
    report = backup(tenant, path, list_all=True)
    assert (report.connections, report.unread_total, len(report.unread), report.resumed) == (22, 1, 1, 7)
    assert report.unread == tuple(Archive(path).unread())
