"""What the page of an audit prints: a summary of a few sheets, and the table if it is asked for."""

import io
from datetime import timedelta

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from browser.audit_of import MADE_AT, audit, connection, finding, many
from browser.conftest import Opened
from browser.reading import choose, row_ids
from qlik_automation_connections.admin._audit.changes import KINDS
from sampling import few

HEADINGS = ["Name", "Connector", "Owner", "Space", "State", "Created", "Updated", "Findings", "Id"]


def printed(page: Page) -> list[str]:
    """The text of each sheet, its spaces made single."""
    pdf = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    return [" ".join(sheet.extract_text().split()) for sheet in pdf.pages]


@pytest.mark.parametrize("size", few([20, 500]))
def test_print_is_a_summary_of_at_most_three_sheets(opened: Opened, size: int) -> None:
    report = many(10 * size)
    named = [{"id": f"x{n}", "name": "many words " * (2 * size)} for n in range(size)]
    values = dict.fromkeys(("before", "after"), "w" * (20 * size))
    changes = {
        kind: [{**each, **values} for each in named] if kind.startswith(("renamed", "changed")) else named
        for kind in KINDS
    }
    before = {"made_at": MADE_AT.isoformat(), "connections": 1, "not_connected": 2, "findings": 3}
    earlier = [
        audit([connection("c")], made_at=(MADE_AT - timedelta(days=days)).isoformat()) for days in range(1, size // 5)
    ]
    page = opened({**report, "changes": {**changes, "since": MADE_AT.isoformat(), "before": before}}, history=earlier)
    sheets = printed(page)
    assert 2 <= len(sheets) <= 3
    assert "What to do" in sheets[0]
    assert sheets[0].index("Not connected: ") < sheets[0].index("Personal space: ")
    text = " ".join(sheets)
    for said in (f"1 → {10 * size:,}", f"and {size - 4} more", f"Trend of {size // 5} audits", "Last change", "Spaces"):
        assert said in text, said
    assert "Rows per page" not in text
    assert min(map(len, sheets)) > 200  # none is nearly empty


def test_the_table_is_printed_if_asked_for_with_its_headings_on_each_sheet(opened: Opened) -> None:
    report = many(60)
    page = opened(report, colours="dark")
    choose(page, "state", "Connected")
    before = row_ids(page)
    summary = printed(page)
    wanted = [row for row in report["connections"] if row["is_connected"]]
    page.locator("#print-table").check()
    sheets = printed(page)
    assert sheets[: len(summary) - 1] == [
        sheet.replace(f"/ {len(summary)}", f"/ {len(sheets)}") for sheet in summary[:-1]
    ]
    table = [sheet for sheet in sheets if " ".join(HEADINGS) in sheet]
    assert len(table) > 1
    assert table == sheets[len(sheets) - len(table) :]
    assert f"{len(wanted)} of 60 connections. Filtered by state “Connected”." in table[0]
    ids = "".join(table).replace(" ", "")
    assert all(row["id"] in ids for row in wanted)
    assert row_ids(page) == before


@pytest.mark.exhaustive
def test_print_states_its_bound(opened: Opened) -> None:
    page = opened(audit([connection(f"c{n}") for n in range(2050)], [finding("c0")]))
    page.locator("#print-table").check()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#table tbody tr").count() == 2000
    assert "Only the first 2,000 are printed." in (page.locator("#print-note").text_content() or "")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#table tbody tr").count() == 50
