"""`qac check`: what is selected, what is said, exit codes, and going on after an end in the middle."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from admin.journals import written
from cli.invoking import At
from qlik_automation_connections._cli.check import new_journal
from qlik_automation_connections.sandbox import Fault

CHECK = "checkAutomationConnection"


def working(at: At) -> list[str]:
    return [id for id in at.ids if id not in at.broken]


def checked(at: At) -> list[str]:
    return sorted(str(entry.connection_id) for entry in at.sandbox.ledger.select(operation=CHECK))


def test_every_way_to_select(at: At, tmp_path: Path) -> None:
    ids = working(at)[:3]
    owner = next(item["ownerId"] for item in at.sandbox.snapshot() if item["ownerId"] != at.sandbox.users[0].id)
    of_owner = sorted(item["id"] for item in at.sandbox.snapshot() if item["ownerId"] == owner)
    mine = sorted(item["id"] for item in at.sandbox.snapshot() if item["ownerId"] == at.sandbox.users[0].id)
    lines = "".join(f"{id}\n" for id in ids)
    (tmp_path / "ids").write_text(lines)
    listed = at("list", "--all", "--csv", "--owner", owner).stdout
    for arguments, stdin, wanted in (
        ([*ids, ids[0]], None, ids),
        (["--ids-file", str(tmp_path / "ids")], None, ids),
        (["-"], lines, ids),
        (["--ids-file", "-"], json.dumps(ids), ids),
        ([ids[0], "-"], f"{ids[1]}\n", ids[:2]),
        (["-"], listed, of_owner),
        (["--owner", owner], None, of_owner),
        (["--filter", f'ownerId eq "{owner}"', "--all"], None, of_owner),
        (["--filter", f'ownerId eq "{at.sandbox.users[0].id}"'], None, mine),
        (["--all"], None, at.ids),
    ):
        at.sandbox.ledger.clear()
        result = at("check", *arguments, stdin=stdin)
        assert result.exit_code in (0, 1), result.output
        assert checked(at) == sorted(wanted), arguments


def test_exit_codes_and_what_is_said_where_none_is_broken(at: At) -> None:
    fine = at("check", *working(at)[:2])
    assert (fine.exit_code, fine.stdout.splitlines()[0]) == (0, "All are connected.")
    assert at("check", working(at)[0], at.broken[0]).exit_code == 1
    assert at("check", working(at)[0], "nobody").exit_code == 5
    assert at("check", "nobody").exit_code == 4
    assert at("check", "nobody", "nothing").exit_code == 1
    nothing = at("check", "--filter", 'name eq "nobody has it"')
    assert (nothing.exit_code, nothing.stdout.splitlines()[0]) == (0, "Nothing was checked.")


def test_an_answer_that_is_none_is_no_unreachable_tenant(at: At) -> None:
    for body in ("<html>", "{}"):
        at.sandbox.fail(Fault(CHECK, status=200, body=body))
        assert at("check", working(at)[0]).exit_code == 1


def test_the_table_shows_what_is_broken_and_a_summary(at: At) -> None:
    result = at("check", "--all", "--every")
    assert result.stdout.count("\n") == 1 + 12 + 2
    result = at("check", "--all")
    rows = result.stdout.splitlines()[1:-2]
    assert [row.split()[-1] for row in rows] == at.broken
    assert all(" NO " in row for row in rows)
    assert result.stdout.endswith(
        f"\n\n12 checked: {len(working(at))} connected, {len(at.broken)} not connected, 0 could not be checked.\n"
    )
    assert result.stderr == ""


def test_forms_for_programs(at: At) -> None:
    document = at.json("check", "--all", code=1)["checked"]
    lines = [json.loads(line) for line in at("check", "--all", "--ndjson").stdout.splitlines()]
    printed = at("check", "--all", "--csv")
    assert (printed.exit_code, printed.stderr) == (1, "")
    headings = "id,name,connected,seconds,error,status_code\n"
    assert printed.stdout.startswith(headings)
    for rows in (document, lines, list(csv.DictReader(io.StringIO(printed.stdout)))):
        assert [row["id"] for row in rows] == at.ids
        assert [str(row["connected"]).lower() for row in rows] == [str(id in working(at)).lower() for id in at.ids]
        assert all(float(row["seconds"]) >= 0 for row in rows)
    nothing = ["check", "--filter", 'name eq "nobody has it"']
    assert at.json(*nothing)["checked"] == []
    assert at(*nothing, "--ndjson").stdout == ""
    assert at(*nothing, "--csv").stdout == headings


def test_a_sign_in_that_ends_in_the_middle_tells_how_far_it_came_and_goes_on(at: At) -> None:
    fault = at.sandbox.fail(Fault(CHECK, status=401, times=None, after=5))
    result = at("check", "--all", "--workers", "1")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "401 Unauthorized" in result.stderr
    assert "\n5 of 12 had been checked. Stopped. To resume: qac check --resume, with" in result.stderr
    at.sandbox.faults.remove(fault)
    summary = at.json("check", "--resume", code=1)["summary"]
    assert (summary["checked"], summary["resumed"]) == (12, 5)


def test_what_could_not_be_checked_is_not_the_end_and_is_checked_again_on_resuming(at: At, tmp_path: Path) -> None:
    journal = str(tmp_path / "journal of mine")
    at.sandbox.fail(Fault(CHECK, status=403, times=3))
    rows = at.json("check", "--all", "--workers", "1", "--journal", journal, code=5)["checked"]
    assert [row["status_code"] for row in rows] == [403] * 3 + [None] * 9
    assert all("403 Forbidden" in row["error"] for row in rows[:3])
    summary = at.json("check", "--journal", journal, "--resume", code=1)["summary"]
    assert (summary["checked"], summary["resumed"], summary["failed"]) == (12, 9, 0)
    assert at("check", "--all", "--journal", journal).exit_code == 2


def test_nothing_is_kept_of_a_check_that_ended_or_of_a_sandbox_of_the_command(at: At, tmp_path: Path) -> None:
    at("check", "--sandbox", "--all", "--filter", 'name eq "SMTP"')
    assert not (tmp_path / "config").exists()
    for selected in ("--all", ".."):
        at("check", selected)
        assert list((tmp_path / "config" / "qac" / "checks").iterdir()) == []


def test_killed_at_its_first_write_it_can_be_begun_again(at: At, tmp_path: Path) -> None:
    for left in (b"", b'{"format": "qlik-automation-connections/journal", "version": 1, "job": "che'):
        journal = tmp_path / "journal"
        journal.write_bytes(left)
        nothing = at("check", "--resume", "--journal", str(journal))
        assert (nothing.exit_code, "does not hold a stopped check" in nothing.stderr) == (2, True)
        assert at("check", at.ids[0], "--journal", str(journal)).exit_code in (0, 1)
        again = at("check", at.ids[0], "--journal", str(journal))
        assert (again.exit_code, "--resume" in again.stderr) == (2, True)
        assert at("check", "--resume", "--journal", str(journal)).exit_code in (0, 1)


def test_another_check_leaves_a_stopped_one_to_go_on_with(at: At) -> None:
    stopped = new_journal()
    assert stopped is not None
    written(stopped, tenant=at.sandbox.url, ids=at.ids[:3])
    assert at("check", at.ids[0]).exit_code in (0, 1)
    resumed = at.json("check", "--resume", code=1)
    assert [item["id"] for item in resumed["checked"]] == at.ids[:3]
