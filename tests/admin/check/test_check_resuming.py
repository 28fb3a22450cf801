"""Checks that go on where an earlier run stopped, however that was."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from admin.check.test_check_results import OPERATION, SCHEMA
from admin.crash.killing import POSSIBLE, Killing, points
from admin.journals import opened, written
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
    wanted = ids[:4]
    arguments: dict[str, Any] = {"url": sandbox.url, "key": sandbox.api_key, "ids": wanted}
    with Killing("admin.check.crashing") as killing:
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


@pytest.mark.parametrize(
    "damaged",
    [
        {}, {"id": "c-1"}, entry(id=None), entry(id=["x"]), entry(id={}), entry(connected="yes"), entry(connected=1),
        entry(seconds="1"), entry(seconds=None), entry(error=5), entry(status_code="404"), entry(more=1),
    ],
)  # fmt: skip
def test_a_journal_of_other_entries_is_refused(
    sandbox: Sandbox, quick: Tenant, ids: list[str], tmp_path: Path, damaged: dict[str, Any]
) -> None:
    path = tmp_path / "journal"
    before = written(path, entry(), damaged, tenant=sandbox.url)
    with pytest.raises(JobError, match="line 3"):
        check(quick, ids, journal=path)
    assert path.read_bytes() == before
    assert len(sandbox.ledger) == 0


def test_a_journal_of_another_tenant_or_job_is_refused(
    sandbox: Sandbox, quick: Tenant, ids: list[str], tmp_path: Path
) -> None:
    other, backup, foreign = tmp_path / "other", tmp_path / "backup", tmp_path / "report.json"
    written(other)
    written(backup, job="restore", tenant=sandbox.url)
    # A report that somebody kept in one line, named by mistake.
    foreign.write_text(json.dumps(check(quick, ids[:1]).to_dict()), encoding="utf-8")
    sandbox.ledger.clear()
    for path, words in (
        (other, "tenant 'https://acme.example' instead of"),
        (backup, "job 'restore'"),
        (foreign, "not a journal"),
    ):
        before = path.read_bytes()
        with pytest.raises(JobError, match=words):
            check(quick, ids, journal=path)
        assert path.read_bytes() == before
    assert len(sandbox.ledger) == 0


def test_a_torn_last_line_is_checked_again(sandbox: Sandbox, quick: Tenant, ids: list[str], tmp_path: Path) -> None:
    path = tmp_path / "journal"
    check(quick, ids[:5], workers=1, journal=path)
    path.write_bytes(path.read_bytes()[:-20])
    sandbox.ledger.clear()
    report = check(quick, ids[:5], journal=path)
    assert (asked(sandbox), report.resumed) == ([ids[4]], 4)


def test_a_journal_that_another_process_works_with_is_refused(
    sandbox: Sandbox, quick: Tenant, ids: list[str], tmp_path: Path
) -> None:
    with opened(tmp_path / "journal", tenant=sandbox.url)[0], pytest.raises(JobError, match="Another process"):
        check(quick, ids, journal=tmp_path / "journal")
    assert len(sandbox.ledger) == 0
    check(quick, ids[:1], journal=tmp_path / "journal")


FULL = """
import resource, sys
from pathlib import Path
from qlik_automation_connections import Tenant
from qlik_automation_connections.admin import JobError, check
url, key, journal, *ids = sys.argv[1:]
with Tenant(url, api_key=key) as tenant:
    check(tenant, ids[:1], journal=journal)
    room = Path(journal).stat().st_size + 300
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    try:
        check(tenant, ids, workers=2, journal=journal)
    except JobError as error:
        print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of that kind")
def test_a_full_disk_ends_it_and_what_is_noted_counts(
    sandbox: Sandbox, quick: Tenant, ids: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "journal"
    command = [sys.executable, "-c", FULL, sandbox.url, sandbox.api_key, str(path), *ids]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert "can't be written" in done.stdout, done.stderr
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
