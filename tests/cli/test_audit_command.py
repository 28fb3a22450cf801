"""`qac audit`: what is found, in each form, compared with earlier, and written as a page."""

from __future__ import annotations

import csv
import io
import json
import stat
import sys
from pathlib import Path

from cli.invoking import At
from qlik_automation_connections import Tenant
from qlik_automation_connections.admin import AuditChanges, AuditReport
from qlik_automation_connections.sandbox import Fault, Sandbox


def test_the_table_shows_errors_and_warnings_with_ids_and_counts(at: At) -> None:
    result = at("audit", "--all")
    assert (result.exit_code, result.stderr) == (0, "")
    rows = result.stdout.split("\n\n")[0].splitlines()
    assert rows[0].split() == ["Name", "Connector", "Owner", "Space", "Changed", "Connected", "Findings", "Id"]
    assert set(at.broken) <= {row.split()[-1] for row in rows[1:]}
    assert all(" NO " in row and "not-connected" in row for row in rows[1:] if row.split()[-1] in at.broken)
    assert f"12 connections: {12 - len(at.broken)} connected, {len(at.broken)} not, 0 unknown" in result.stdout
    for heading in ("Connector ", "Owner ", "Space ", "Changed "):
        assert f"\n\n{heading}" in result.stdout
    every = at("audit", "--all", "--every").stdout.split("\n\n")[0].splitlines()
    assert [row.split()[-1] for row in every[1:]] == at.ids


def test_rows_for_programs_are_all_connections(at: At) -> None:
    lines = at("audit", "--all", "--ndjson").stdout.splitlines()
    table = csv.DictReader(io.StringIO(at("audit", "--all", "--csv").stdout))
    for rows in ([json.loads(line) for line in lines], [{**row, "findings": row["findings"].split()} for row in table]):
        assert [row["id"] for row in rows] == at.ids
        assert [row["id"] for row in rows if "not-connected" in row["findings"]] == at.broken


def test_nothing_at_all_in_each_form() -> None:
    with Sandbox(connections=0) as sandbox:
        at = At(sandbox)
        assert at("audit", "--all").stdout.startswith("No connection has an error or a warning.\n\n0 connections: ")
        assert at.json("audit", "--all")["connections"] == []
        assert at("audit", "--all", "--ndjson").stdout == ""
        heading = at("audit", "--all", "--csv").stdout
        assert at("list", "--all").stdout == "Nothing was found.\n"
        assert at.json("list", "--all") == []
        assert at("list", "--all", "--ndjson").stdout == ""
        listed = at("list", "--all", "--csv").stdout
    with Sandbox(connections=1) as sandbox:
        assert "1 connection: " in At(sandbox)("audit", "--all").stdout
        # The same headings as where there is something.
        assert At(sandbox)("audit", "--all", "--csv").stdout.splitlines(keepends=True)[0] == heading
        assert At(sandbox)("list", "--all", "--csv").stdout.splitlines(keepends=True)[0] == listed


def test_fail_on_fails_on_what_it_names_alone(at: At) -> None:
    result = at("audit", "--all", "--fail-on", "not-connected", "--fail-on", "unknown-timestamp", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["summary"]["connections"] == 12
    assert result.stderr == f"Findings that match --fail-on: {len(at.broken)} not-connected.\n"
    assert at("audit", "--all", "--fail-on", "unknown-timestamp").exit_code == 0


def test_active_users_from_a_file(at: At, tmp_path: Path) -> None:
    (tmp_path / "active").write_text("\n".join(user.id for user in at.sandbox.users[1:]))
    report = at.json("audit", "--all", "--active-users", str(tmp_path / "active"))
    inactive = [finding["connection_id"] for finding in report["findings"] if finding["code"] == "inactive-owner"]
    owned = [item["id"] for item in at.sandbox.snapshot() if item["ownerId"] == at.sandbox.users[0].id]
    assert inactive == owned
    # As Qlik's command line lists users: those who left are there too.
    users = [{"id": user.id, "status": "active" if n else "disabled"} for n, user in enumerate(at.sandbox.users)]
    (tmp_path / "users.json").write_text(json.dumps(users), encoding="utf-8")
    again = at.json("audit", "--all", "--active-users", str(tmp_path / "users.json"))
    assert again["findings"] == report["findings"]


def test_what_changed_since_an_earlier_audit(at: At, tmp_path: Path) -> None:
    old = tmp_path / "old.json"
    old.write_text(at("audit", "--all", "--json").stdout, encoding="utf-8-sig")
    gone, renamed = at.ids[0], at.ids[1]
    with Tenant(at.sandbox.url, api_key=at.sandbox.api_key) as tenant:
        tenant.connections.delete(gone, forced=True)
        tenant.connections.update(renamed, name="\x1b[31mnew\nname")
    shown = at("audit", "--all", "--since", str(old)).stdout
    assert "      1 vanished: " in shown
    assert "      1 renamed: \\x1b[31mnew\\nname\n" in shown
    assert "      0 appeared\n" in shown
    assert "\x1b" not in shown
    changes = at.json("audit", "--all", "--since", str(old))["changes"]
    assert [item["id"] for item in changes["vanished"]] == [gone]
    assert [item["id"] for item in changes["renamed"]] == [renamed]


def test_the_page_is_written_for_its_owner_and_replaces_nothing_unasked(at: At, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    result = at("audit", "--all", "--html", str(page))
    assert (result.exit_code, result.stderr) == (0, f"Report: {page}\n")
    assert page.read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html")
    if sys.platform != "win32":
        assert stat.S_IMODE(page.stat().st_mode) == 0o600
    page.write_text("mine")
    assert at("audit", "--all", "--html", str(page)).exit_code == 2
    assert page.read_text() == "mine"
    assert at("audit", "--all", "--html", str(page), "--overwrite").exit_code == 0
    assert page.read_text(encoding="utf-8") != "mine"


def test_the_history_keeps_each_audit_and_draws_the_trend_of_those_alike(at: At, tmp_path: Path) -> None:
    folder, page = tmp_path / "audits", tmp_path / "report.html"
    result = at("audit", "--all", "--history", str(folder))
    (first,) = folder.iterdir()
    assert (result.exit_code, result.stderr) == (0, f"History: {first}\n")
    before = AuditReport.read(first)
    made_at = before.made_at
    assert (before.summary["connections"], before.changes) == (12, None)
    if sys.platform != "win32":
        assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, first)] == [0o700, 0o600]
    document = json.loads(first.read_text(encoding="utf-8"))
    for name, other in {
        "2026-01-01T02-00-00Z": {
            "made_at": "2026-01-01T02:00:00Z",
            "summary": document["summary"] | {"connections": 7},
        },
        "2026-01-02T02-00-00Z": {"made_at": "2026-01-02T02:00:00Z", "tenant": "https://other.eu.qlikcloud.com"},
        "2026-01-03T02-00-00Z": {"made_at": "2026-01-03T02:00:00Z", "list_all": False},
        "2026-01-04T02-00-00Z": {"made_at": "2026-01-04T02:00:00Z", "filter": 'name eq "SMTP"'},
        "2026-01-05T02-00-00Z": {"made_at": "2026-01-05T02:00:00Z", "summary": None},
    }.items():
        (folder / f"{name}.json").write_text(json.dumps({**document, **other}))
    (folder / "torn.json").write_text("{")
    (folder / "list.json").write_text("[]")
    (folder / "notes.txt").write_text("mine")
    result = at("audit", "--all", "--history", str(folder), "--html", str(page))
    assert result.exit_code == 0
    skipped = [line for line in result.stderr.splitlines() if line.startswith("--history: skipped ")]
    assert len(skipped) == 3
    assert all(any(name in line for line in skipped) for name in ("torn.json", "list.json", "2026-01-05"))
    text = page.read_text(encoding="utf-8")
    assert "Trend of 3 audits, 2026-01-01 to " in text
    assert "<b>Connections</b> 7 → 12" in text
    # It is compared with the latest one in the folder, and says so.
    assert f"Since {made_at:%Y-%m-%d %H:%M}" in result.stdout
    assert "<p>Nothing changed.</p>" in text
    assert AuditReport.read(max(folder.glob("2*.json"), key=lambda path: path.stem)).changes == AuditChanges(
        made_at, before=before.figures
    )
    assert len([path for path in folder.iterdir() if path.name > "2026-01-06"]) == 5


def test_an_audit_that_fails_in_the_middle_prints_nothing_and_writes_no_page(tmp_path: Path) -> None:
    with Sandbox(connections=250) as sandbox:
        sandbox.fail(Fault("getAutomationConnections", status=403, times=None, after=1))
        result = At(sandbox)("audit", "--all", "--html", str(tmp_path / "x.html"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert list(tmp_path.iterdir()) == []
