"""Reports and plans as rows for data frames, and in notebooks."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd  # type: ignore[import-untyped]
import polars as pl

from qlik_automation_connections import Tenant
from qlik_automation_connections.admin import RestorePlan, audit, check
from qlik_automation_connections.admin._bulk import BulkReport
from qlik_automation_connections.sandbox import Sandbox

PLAIN = (str, bool, int, float, datetime, type(None))


def test_an_audit_and_a_check_have_a_row_for_each_connection() -> None:
    with Sandbox(connections=12) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        report = audit(tenant, list_all=True)
        checked = check(tenant, [row["id"] for row in report.rows()[:2] if isinstance(row["id"], str)])
    rows = report.rows()
    assert len(rows) == len(report.connections) == 12
    assert all(isinstance(value, PLAIN) for row in rows for value in row.values())
    first = report.connections[0]
    codes = ", ".join(finding.code for finding in report.findings if finding.connection_id == first.id)
    assert (rows[0]["owner_id"], rows[0]["findings"]) == (first.owner_id, codes)
    assert isinstance(pd.DataFrame(rows)["updated_at"].dtype, pd.DatetimeTZDtype)
    assert pl.DataFrame(rows, infer_schema_length=None)["updated_at"].dtype == pl.Datetime("us", "UTC")
    assert repr(report).startswith(f"<AuditReport of {sandbox.url}: connections=12, connected=")
    assert "\n" not in repr(report)
    created = rows[0]["created_at"]
    assert isinstance(created, datetime)
    assert created.tzinfo is UTC
    assert [row["id"] for row in checked.rows()] == [row["id"] for row in rows[:2]]
    assert repr(checked).startswith(f"<CheckReport of {sandbox.url}: checked=2")


def test_tables_are_escaped_and_cut_off() -> None:
    report = BulkReport("https://<b>.example", "delete", None, done=[f"<i>{number}" for number in range(1_000)])
    shown = report._repr_html_()
    assert "<b>" not in shown
    assert "<i>" not in shown
    assert "&lt;i&gt;19<" in shown
    assert "&lt;i&gt;20<" not in shown
    assert "and 980 more" in shown


def test_a_plan_without_steps_is_empty() -> None:
    plan = RestorePlan("https://a.example", "https://b.example", "sum", list_all=True, steps=[])
    assert repr(plan) == "<RestorePlan of https://a.example: empty>"
    assert plan._repr_html_().count("<tr>") == 1
