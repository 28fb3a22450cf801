"""The folder that keeps audits."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from qlik_automation_connections.admin import AuditReport
from qlik_automation_connections.admin._audit import history


def report(day: int) -> AuditReport:
    return AuditReport("https://acme.eu.qlikcloud.com", datetime(2026, 11, day, 2, tzinfo=UTC), True, 365, None, [], [])


def test_audits_of_the_same_second_are_all_kept(tmp_path: Path) -> None:
    kept = [history.keep(report(1), tmp_path).name for _ in range(3)]
    assert kept == ["2026-11-01T02-00-00Z.json", "2026-11-01T02-00-00Z-1.json", "2026-11-01T02-00-00Z-2.json"]


def test_only_the_latest_audits_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "LONGEST", 3)
    for day in range(1, 9):
        history.keep(report(day), tmp_path)
    found = history.read_folder(tmp_path, report(9), lambda _: None)
    assert [str(each["made_at"])[8:10] for each in found] == ["08", "07", "06"]
    days = [figures.made_at.day for figures in history.trend_of(report(9), [*found, report(1)])]
    assert days == [7, 8, 9]
