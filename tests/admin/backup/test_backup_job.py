"""What a backup writes, what it says it could not read, and what it refuses."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from admin.backup.archives import LIST, lines, names_in, told_tenant
from qlik_automation_connections import (
    APIConnectionError,
    AuthenticationError,
    ConfigurationError,
    PermissionDeniedError,
    Tenant,
    UnreadableValueWarning,
)
from qlik_automation_connections.admin._backup.archive import Archive
from qlik_automation_connections.admin._backup.job import backup
from qlik_automation_connections.admin._backup.records import checksum
from qlik_automation_connections.admin._backup.scrubbing import without_secrets
from qlik_automation_connections.admin._errors import JobCancelled, JobError
from qlik_automation_connections.admin._managed import is_managed
from qlik_automation_connections.admin._progress import Progress
from qlik_automation_connections.sandbox import Fault, Sandbox
from sampling import few


def test_all_connections_are_archived_in_the_order_of_the_list(sandbox: Sandbox, tenant: Tenant, path: Path) -> None:
    report = backup(tenant, path, list_all=True, page_size=5)
    archive = Archive(path)
    assert [record.id for record in archive.records()] == [item["id"] for item in sandbox.snapshot()]
    assert (report.connections, report.unread_total, report.is_complete, report.resumed) == (23, 0, True, 0)
    summary = archive.verify()
    assert (summary.connections, summary.unread, summary.sha256) == (23, 0, report.sha256)
    assert archive.header.tenant == tenant.url
    assert archive.header.selection == {"list_all": True, "filter": None, "ids": None}
    reads = [entry for entry in sandbox.ledger.snapshot() if "connections" in entry.path]
    assert len(reads) == 5 + 23


def test_documents_are_kept_as_they_came(tenant: Tenant, path: Path) -> None:
    backup(tenant, path, list_all=True)
    for record in Archive(path).records():
        came = tenant.connections.get_json(record.id)
        assert json.dumps(record.document) == json.dumps(without_secrets(came).document)
        assert record.connection.id == record.id
        assert all("value" not in param for param in record.document["params"])


def test_odd_documents_are_kept_as_they_came(path: Path) -> None:
    document: dict[str, Any] = {
        "oauthAccountName": "ü\ud800",
        "id": "odd",
        "name": None,
        "connectorId": 5,
        "spaceId": 10**30,
        "isConnected": "No",
        "params": {"7": {"name": "password", "order": "1"}},
    }
    for sent in (document, {"data": document}):
        with told_tenant({"odd": sent}) as tenant:
            backup(tenant, path, overwrite=True)
        (record,) = Archive(path).records()
        assert json.dumps(record.document) == json.dumps(sent)
        assert [param.name for param in record.connection.params] == ["password"]


def test_only_the_selection_is_read(sandbox: Sandbox, tenant: Tenant, tmp_path: Path) -> None:
    own = [item["id"] for item in sandbox.snapshot() if item["ownerId"] == sandbox.users[0].id]
    backup(tenant, tmp_path / "own")
    assert [record.id for record in Archive(tmp_path / "own").records()] == own
    other = next(item["ownerId"] for item in sandbox.snapshot() if item["ownerId"] != sandbox.users[0].id)
    expression = f'ownerId eq "{other}"'
    backup(tenant, tmp_path / "filtered", list_all=True, filter=expression)
    filtered = Archive(tmp_path / "filtered")
    assert filtered.header.selection["filter"] == expression
    assert {record.connection.owner_id for record in filtered.records()} == {other}
    chosen = [own[2], own[0], own[2]]
    backup(tenant, tmp_path / "named", ids=iter(chosen), page_size=1)
    named = Archive(tmp_path / "named")
    assert named.header.selection == {
        "list_all": False,
        "filter": None,
        "ids": 2,
        "ids_sha256": checksum(chosen[:2]),
    }
    assert [record.id for record in named.records()] == chosen[:2]


def test_nothing_makes_an_archive_of_nothing(tenant: Tenant, path: Path) -> None:
    cases: list[dict[str, Any]] = [{"filter": 'name eq "no such name"'}, {"ids": []}]
    for selection in cases:
        assert backup(tenant, path, overwrite=True, **selection).connections == 0, selection
        assert Archive(path).verify().connections == 0, selection
        assert names_in(path.parent) == {"backup.ndjson", "backup.values.ndjson"}, selection


def test_the_template_has_a_line_for_each_param_that_may_be_set(path: Path) -> None:
    with Sandbox(connections=60) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        report = backup(tenant, path, list_all=True, page_size=5)
    assert report.values_template == str(path.with_name("backup.values.ndjson"))
    expected = [
        {
            "connection": item["id"],
            "name": item["name"],
            "connector": item["connectorId"],
            "param": param["name"],
            "field_type": param["fieldType"],
            "optional": param["isOptional"],
            "value": None,
        }
        for item in sandbox.snapshot()
        if not is_managed(item["connectorId"])
        for param in item["params"]
    ]
    assert lines(path.with_name("backup.values.ndjson")) == expected
    assert any(is_managed(item["connectorId"]) for item in sandbox.snapshot())


def test_the_template_can_be_elsewhere_or_nowhere(tenant: Tenant, path: Path) -> None:
    assert backup(tenant, path, values_template=False).values_template is None
    assert names_in(path.parent) == {"backup.ndjson"}
    elsewhere = path.with_name("to fill in")
    backup(tenant, path.with_name("second.json"), values_template=elsewhere)
    assert names_in(path.parent) == {"backup.ndjson", "second.json", "to fill in"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_files_are_for_their_owner_alone(tenant: Tenant, path: Path) -> None:
    modes: set[int] = set()

    def look(_: Progress) -> None:
        modes.update(file.stat().st_mode & 0o777 for file in path.parent.iterdir())

    before = os.umask(0)
    try:
        backup(tenant, path, page_size=2, on_progress=look)
    finally:
        os.umask(before)
    modes.update(file.stat().st_mode & 0o777 for file in path.parent.iterdir())
    assert modes == {0o600}


def test_nothing_is_overwritten_unasked(sandbox: Sandbox, tenant: Tenant, path: Path) -> None:
    template = path.with_name("backup.values.ndjson")
    for taken in (path, template):
        taken.write_text("mine", encoding="utf-8")
        with pytest.raises(JobError, match=f"{taken.name} already exists"):
            backup(tenant, path)
        assert (taken.read_text(encoding="utf-8"), names_in(path.parent)) == ("mine", {taken.name})
        taken.unlink()
    assert len(sandbox.ledger.snapshot()) == 0
    path.write_text("mine", encoding="utf-8")
    template.write_text("mine", encoding="utf-8")
    backup(tenant, path, overwrite=True)
    assert Archive(path).verify().connections > 0
    assert names_in(path.parent) == {path.name, template.name}


def test_a_file_that_appears_meanwhile_is_not_overwritten(tenant: Tenant, path: Path) -> None:
    def appear(_: Progress) -> None:
        path.write_text("mine", encoding="utf-8")

    with pytest.raises(JobError, match="already exists"):
        backup(tenant, path, on_progress=appear)
    assert path.read_text(encoding="utf-8") == "mine"
    path.unlink()
    assert backup(tenant, path).resumed > 0


def test_what_can_not_be_read_is_said(path: Path) -> None:
    documents: dict[str, Any] = {
        "good": {"id": "good", "params": []},
        "gone": 404,
        "hidden": 403,
        "failing": 503,
        "busy": 429,
        "html": b"<html>MARKED4711</html>",
        "list": b"[]",
        "other": {"id": "good"},
        "strange": {"status": "ok"},
        "error": {"errors": [{"code": "MARKED4711", "title": "no"}]},
        "huge": b'{"id": "huge", "name": 1e999}',
    }
    items: list[dict[str, Any]] = [{"id": id, "name": f"name of {id}"} for id in documents]
    items[1:1] = [{"id": None, "name": "without id"}, {"name": "the same"}, {"id": "..", "name": "up"}]
    with told_tenant(documents, items=items) as tenant, pytest.warns(UnreadableValueWarning, match="left out 2"):
        report = backup(tenant, path)
    archive = Archive(path)
    assert [record.id for record in archive.records()] == ["good"]
    assert report.unread == tuple(archive.unread())
    assert report.unread_total == archive.verify().unread == len(items) - 1
    assert not report.is_complete
    reasons = {(unread.id or unread.name): unread.reason for unread in report.unread}
    assert reasons == {
        "without id": "The list has no id for it, so it can't be read.",
        "the same": "The list has no id for it, so it can't be read.",
        "..": "Its id is not valid, so it can't be read.",
        "gone": "It is gone, or the caller can no longer see it (status 404).",
        "hidden": "The caller may not read it (status 403).",
        "failing": "The service failed (status 503).",
        "busy": "The service refused it because of too many requests (status 429).",
        "html": "The response can't be read as this connection (status 200).",
        "list": "The response can't be read as this connection (status 200).",
        "other": "The response can't be read as this connection (status 200).",
        "strange": "The response is not a connection.",
        "error": "The response can't be read as this connection (status 200).",
        "huge": "It has a value that JSON can't represent.",
    }
    assert report.unread[1].name == "name of gone"
    assert "MARKED4711" not in path.read_text(encoding="utf-8") + json.dumps(report.to_dict())


def test_a_read_that_fails_in_passing_is_tried_again(sandbox: Sandbox, path: Path) -> None:
    sandbox.fail(Fault("getAutomationConnection", status=503, retry_after=0, after=4, times=2))
    sandbox.fail(Fault("getAutomationConnection", "reset", after=9))
    with Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        assert backup(tenant, path, list_all=True).is_complete


def test_what_the_next_page_repeats_is_read_once(path: Path) -> None:
    items: list[dict[str, Any]] = [{"id": id} for id in ("a", "b", "b", "c", "c", "d", "e", "e")]
    seen: list[str] = []
    with told_tenant({id: {"id": id} for id in "abcde"}, items=items, seen=seen) as tenant:
        backup(tenant, path, page_size=2, workers=1)
    assert [record.id for record in Archive(path).records()] == list("abcde")
    assert sorted(seen) == sorted([LIST] * 4 + [f"{LIST}/{id}" for id in "abcde"])


@pytest.mark.parametrize("at", few([7, 0]))
def test_a_refused_sign_in_ends_it_and_keeps_what_was_read(
    sandbox: Sandbox, tenant: Tenant, path: Path, at: int
) -> None:
    fault = sandbox.fail(Fault("getAutomationConnection", status=401, after=at, times=None))
    with pytest.raises(AuthenticationError):
        backup(tenant, path, list_all=True, page_size=5, workers=1)
    assert not path.exists()
    sandbox.faults.remove(fault)
    report = backup(tenant, path, list_all=True)
    assert (report.connections, report.unread_total, report.resumed) == (23, 0, at)


@pytest.mark.parametrize("at", few([7, 0, 20, 22]))
def test_a_tenant_out_of_reach_ends_it_and_keeps_what_was_read(
    sandbox: Sandbox, tenant: Tenant, path: Path, at: int
) -> None:
    sandbox.fail(Fault("getAutomationConnection", "reset", after=at, times=None))
    sandbox.fail(Fault("getAutomationConnections", "reset", after=5, times=None))
    # One worker: of two, the last but one could be the one whose request comes last.
    with pytest.raises(APIConnectionError):
        backup(tenant, path, list_all=True, page_size=5, workers=1)
    assert not path.exists()
    sandbox.faults.clear()
    report = backup(tenant, path, list_all=True)
    assert (report.connections, report.unread_total, report.resumed) == (23, 0, at)


def test_a_connection_whose_read_breaks_each_time_does_not_end_it(sandbox: Sandbox, tenant: Tenant, path: Path) -> None:
    sandbox.fail(Fault("getAutomationConnection", "reset", after=22, times=None))
    report = backup(tenant, path, list_all=True, workers=2)
    assert [unread.reason for unread in report.unread] == ["The connection broke."]


def test_a_list_that_is_refused_leaves_nothing(sandbox: Sandbox, path: Path) -> None:
    with Tenant(sandbox.url, api_key=sandbox.user_api_key) as tenant, pytest.raises(PermissionDeniedError):
        backup(tenant, path, list_all=True)
    assert names_in(path.parent) == set()


def test_a_page_is_kept_where_the_list_fails_behind_it(sandbox: Sandbox, tenant: Tenant, path: Path) -> None:
    sandbox.fail(Fault("getAutomationConnections", status=403, after=2))
    with pytest.raises(PermissionDeniedError):
        backup(tenant, path, list_all=True, page_size=5)
    assert backup(tenant, path, list_all=True).resumed == 10


@pytest.mark.parametrize("at", few([11, 1, 15, 23]))
def test_it_can_be_cancelled_and_gone_on_with(sandbox: Sandbox, tenant: Tenant, path: Path, at: int) -> None:
    cancel = threading.Event()
    # Those behind it are not read yet when it is cancelled.
    slow = sandbox.fail(Fault("getAutomationConnection", "delay", seconds=0.1, after=at, times=None))

    def stop(progress: Progress) -> None:
        if progress.done == at:
            cancel.set()

    with pytest.raises(JobCancelled):
        backup(tenant, path, list_all=True, page_size=5, workers=1, on_progress=stop, cancel=cancel)
    sandbox.faults.remove(slow)
    assert not path.exists()
    with pytest.raises(JobCancelled):
        backup(tenant, path, list_all=True, cancel=cancel)
    report = backup(tenant, path, list_all=True)
    assert report.connections == 23
    # One more may have been on its way.
    assert at <= report.resumed <= at + 1
    assert [record.id for record in Archive(path).records()] == [item["id"] for item in sandbox.snapshot()]


def test_progress_is_told(sandbox: Sandbox, tenant: Tenant, path: Path) -> None:
    ids = [item["id"] for item in sandbox.snapshot()]
    cases: list[tuple[dict[str, Any], int | None]] = [({"list_all": True}, None), ({"ids": ids}, 23)]
    for options, total in cases:
        told: list[Progress] = []
        backup(tenant, path, overwrite=True, on_progress=told.append, **options)
        assert told == [Progress("backup", number, total, 0) for number in range(1, 24)], total


def test_wrong_arguments_are_refused_before_anything_is_done(sandbox: Sandbox, tenant: Tenant, path: Path) -> None:
    cases: list[dict[str, Any]] = [
        {"ids": "abc"},
        {"ids": [""]},
        {"ids": [5]},
        {"ids": ["a"], "list_all": True},
        {"ids": ["a"], "automations": True},
        {"ids": ["a"], "filter": 'name eq "x"'},
        {"workers": 0},
        {"page_size": 0},
        {"page_size": 201},
        {"list_all": "yes"},
        {"filter": 5},
        {"values_template": path},
    ]
    for arguments in cases:
        with pytest.raises(ConfigurationError):
            backup(tenant, path, **arguments)
        assert (names_in(path.parent), len(sandbox.ledger.snapshot())) == (set(), 0), arguments
    tenant.close()
    with pytest.raises(ConfigurationError, match="closed"):
        backup(tenant, path, ids=["a"])
    assert names_in(path.parent) == set()
