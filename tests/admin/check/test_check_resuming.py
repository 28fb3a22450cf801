"""Checks that go on where an earlier run stopped, however that was."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

from admin.check.test_check_results import OPERATION, SCHEMA
from admin.crash.killing import POSSIBLE, Killing, points
from admin.journals import written
from qlik_automation_connections import Tenant
from qlik_automation_connections.admin import JobError, Progress, check
from qlik_automation_connections.admin._journal import JournalHeader
from qlik_automation_connections.sandbox import Fault, Sandbox


def asked(sandbox: Sandbox) -> list[str | None]:
    return [entry.connection_id for entry in sandbox.ledger.select(operation=OPERATION)]


def test_only_what_is_left_and_what_failed_is_checked_again(
    sandbox: Sandbox, quick: Tenant, ids: list[str], tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    broken = {item["id"] for item in sandbox.snapshot() if not item["isConnected"]}
    sandbox.fail(Fault(OPERATION, status=500, after=2, times=3))
    first = check(quick, ids[:10], workers=1, journal=journal)
    failed = [item.id for item in first.failed]
    assert failed == ids[2:5]
    sandbox.ledger.clear()
    progress: list[Progress] = []
    again = check(quick, ids, workers=1, journal=journal, on_progress=progress.append)
    assert asked(sandbox) == [*failed, *ids[10:]]
    assert again.resumed == 7
    assert [item.id for item in again.checked] == ids
    assert {item.id for item in again.not_connected} == broken
    kept = sum(id in broken for id in ids[:2] + ids[5:10])
    assert progress[0] == Progress("check", 8, len(ids), kept + (failed[0] in broken))
    assert progress[-1] == Progress("check", len(ids), len(ids), len(broken))
    sandbox.ledger.clear()
    last = check(quick, reversed(ids[:20]), journal=journal)
    assert (asked(sandbox), last.resumed, [item.id for item in last.checked]) == ([], 20, ids[19::-1])
    SCHEMA.validate(json.loads(json.dumps(last.to_dict())))


def noted_in(journal: Path) -> list[str]:
    """The connections that a journal has results of."""
    lines = journal.read_bytes().split(b"\n")[1:-1]
    return [json.loads(line)["id"] for line in lines]


@pytest.mark.skipif(not POSSIBLE, reason="needs fork")
def test_killed_at_any_request_it_checks_nothing_twice_but_what_it_had_not_noted(
    sandbox: Sandbox, ids: list[str], tmp_path: Path
) -> None:
    wanted = ids[:3]
    arguments: dict[str, Any] = {"url": sandbox.url, "key": sandbox.api_key, "ids": wanted}
    with Killing("admin.check.crashing", "qlik_automation_connections._resources._sync.connections") as killing:
        for at in points(len(wanted)):
            journal = tmp_path / f"{at.number}-{at.when}"
            arguments["journal"] = str(journal)
            sandbox.ledger.clear()
            assert killing.run("admin.check.crashing:check_all", arguments, at=at).killed
            answered = wanted[: at.number - 1 + (at.when == "after")]
            assert asked(sandbox) == answered
            noted = noted_in(journal)
            # In this order, but for what was answered and had not been noted yet.
            assert noted == answered[: len(noted)]
            sandbox.ledger.clear()
            ended = killing.run("admin.check.crashing:check_all", arguments)
            assert ended.error is None
            assert asked(sandbox) == wanted[len(noted) :]
            assert ended.result["summary"]["resumed"] == len(noted)
            assert [item["id"] for item in ended.result["checked"]] == wanted


def entry(**changes: Any) -> dict[str, Any]:
    whole = {"id": "c-1", "connected": True, "seconds": 0.1, "error": None, "status_code": None, "name": None}
    return {**whole, "unreachable": False, **changes}


def test_a_journal_of_other_entries_is_refused(sandbox: Sandbox, quick: Tenant, ids: list[str], tmp_path: Path) -> None:
    cases: list[dict[str, Any]] = [
        {}, {"id": "c-1"}, entry(id=None), entry(id=["x"]), entry(id={}), entry(connected="yes"), entry(connected=1),
        entry(seconds="1"), entry(seconds=None), entry(error=5), entry(status_code="404"), entry(more=1),
    ]  # fmt: skip
    for damaged in cases:
        path = tmp_path / "journal"
        before = written(path, entry(), damaged, tenant=sandbox.url)
        with pytest.raises(JobError, match="line 3"):
            check(quick, ids, journal=path)
        assert path.read_bytes() == before, damaged
        assert len(sandbox.ledger) == 0, damaged


def test_a_full_disk_ends_it_and_what_is_noted_counts(
    sandbox: Sandbox, quick: Tenant, ids: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal"
    check(quick, ids[:1], journal=path)
    room = 3

    def full(_: int) -> None:
        nonlocal room
        room -= 1
        if room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(JobError, match="can't be written"):
            check(quick, ids, workers=2, journal=path)
    first = asked(sandbox)
    assert len(first) < len(ids)
    sandbox.ledger.clear()
    report = check(quick, ids, journal=path)
    assert 1 < report.resumed <= len(first)
    assert len(asked(sandbox)) == len(ids) - report.resumed
    assert len(report.checked) == len(ids)


def test_the_journal_holds_nothing_but_what_is_documented(quick: Tenant, ids: list[str], tmp_path: Path) -> None:
    check(quick, ids, journal=tmp_path / "journal")
    header, *noted = map(json.loads, (tmp_path / "journal").read_text(encoding="utf-8").splitlines())
    assert JournalHeader.from_dict(header) == JournalHeader("check", quick.url)
    assert (header["ids"], header.keys()) == (ids, JournalHeader("check", quick.url).to_dict().keys())
    assert sorted(item["id"] for item in noted) == sorted(ids)
    assert {tuple(item) for item in noted} == {tuple(entry())}
