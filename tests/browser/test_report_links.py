"""What the page of an audit begins with, the addresses of its views, and the use of its keys."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.audit_of import MADE_AT, audit, connection, finding, many
from browser.conftest import Opened
from browser.reading import choose, row_ids, sort, status, write
from qlik_automation_connections.admin._audit.changes import KINDS


def test_the_most_urgent_findings_come_first_with_owners_and_names_that_lead_to_rows(opened: Opened) -> None:
    rows = [connection(f"c{n}", f"Mail {n}", owner_id=f"u{n % 7}", owner=f"Owner {n % 7}") for n in range(20)]
    findings = [finding(f"c{n}", "personal-space", severity="notice") for n in range(20)]
    findings += [finding(f"c{n}", "duplicate", severity="warning") for n in range(10)]
    findings += [finding(f"c{n}") for n in (0, 7, 14, 1, 2, 3, 4, 5, 6)]
    broke = [{"id": "c6", "name": "Mail 6"}]
    changes = {"since": MADE_AT.isoformat(), **{kind: [] for kind in KINDS}, "broke": broke}
    page = opened(audit(rows, findings, changes=changes))
    assert page.locator("h2").all_text_contents()[:4] == ["What to do", "What changed", "Figures", "Connections"]
    tasks = page.locator(".task h3").all_text_contents()
    assert tasks == ["Not connected: 9 connections", "Duplicate: 10 connections"]
    first = page.locator(".task").first
    assert first.locator(".tag").text_content() == "1 since the last audit"
    owners = [" ".join(line.split()) for line in first.locator(".owners li").all_text_contents()]
    assert owners[:2] == ["Owner 6 1 Mail 6", "Owner 0 3 Mail 0, Mail 7, Mail 14"]
    assert owners[-1] == "2 other owners 2"
    assert "Personal space: 20 connections" in (page.locator(".notices").text_content() or "")
    first.get_by_role("link", name="Owner 0").click()
    expect(page.locator("#status")).to_have_text("3 of 20 connections")
    assert sorted(row_ids(page)) == ["c0", "c14", "c7"]
    expect(page.locator("#connections-title")).to_be_focused()
    first.get_by_role("link", name="Mail 14").click()
    expect(page.locator("#status")).to_have_text("1 of 20 connections")
    page.go_back()
    expect(page.locator("#status")).to_have_text("3 of 20 connections")
    first.get_by_role("link", name="Not connected: 9").click()
    expect(page.locator("#status")).to_have_text("9 of 20 connections")


def test_a_view_has_an_address_that_survives_a_reload(opened: Opened) -> None:
    report = many(120)
    owner = report["connections"][7]["owner_id"]
    page = opened(report)
    choose(page, "state", "Not connected")
    sort(page, "name")
    assert page.evaluate("location.hash") == "#state=not-connected&sort=name"
    write(page, "team 1")
    shown, said = row_ids(page), status(page)
    assert page.evaluate("location.hash") == "#text=team+1&state=not-connected&sort=name"
    page.reload()
    assert (row_ids(page), status(page)) == (shown, said)
    assert page.locator("#filter-text").input_value() == "team 1"
    page.locator("#reset").click()
    assert page.evaluate("location.hash") == "#sort=name"
    mailed = opened(report, f"#state=not-connected&owner={owner}")
    wanted = {r["id"] for r in report["connections"] if r["owner_id"] == owner and r["is_connected"] is False}
    assert set(row_ids(mailed)) == wanted
    expect(mailed.locator("#connections-title")).to_be_focused()
    assert mailed.locator("#connections").evaluate("one => one.getBoundingClientRect().top") < 900


def test_an_address_of_something_else_is_no_error(opened: Opened) -> None:
    report = many(60)
    gone = opened(report, "#owner=gone")
    assert (row_ids(gone), status(gone)) == ([], "0 of 60 connections")
    assert status(opened(report, "#sort=-constructor&nothing=1")) == "60 of 60 connections"
    page = opened(report, "#state=not-connected")
    said = status(page)
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    assert status(page) == said


def test_ids_can_be_copied(opened: Opened) -> None:
    page = opened(audit([connection("c0", "A"), connection("c1", "B", is_connected=False), connection("c2", "C")]))
    page.context.grant_permissions(["clipboard-read"])
    page.locator("td[data-label=Id] button").first.click()
    expect(page.locator("#copied")).to_have_text("Copied c0.")
    assert page.evaluate("navigator.clipboard.readText()") == "c0"
    choose(page, "state", "Connected")
    page.locator("#copy-ids").click()
    expect(page.locator("#copied")).to_have_text("Copied 2 ids.")
    assert page.evaluate("navigator.clipboard.readText()") == "c0\nc2"


def test_a_row_opens_the_sentences_of_its_findings(opened: Opened) -> None:
    findings = [finding("c", "untouched", "It is old."), finding("c", "duplicate", "It is double.")]
    page = opened(audit([connection("c", "A")], findings))
    cell = page.locator("td[data-label=Findings]")
    assert cell.locator(".said").first.is_hidden()
    cell.locator("summary").click()
    assert cell.locator(".said").all_text_contents() == ["It is old.", "It is double."]


@pytest.mark.exhaustive
def test_a_finding_about_no_listed_connection_is_counted(opened: Opened) -> None:
    page = opened(audit([connection("c")], [finding("elsewhere")]))
    assert page.locator(".task h3").text_content() == "Not connected: 1 connection"
    assert page.locator(".owners li").count() == 0


def test_changes_name_what_was_and_what_is(opened: Opened) -> None:
    def change(id: str, name: str | None, **fields: Any) -> dict[str, Any]:
        return {"id": id, "name": name, **fields}

    changes = {
        "since": "2026-10-01T00:00:00+00:00",
        "appeared": [change("c0", "A"), change("c1", None)],
        "vanished": [change("gone", "Old")],
        "renamed": [change("c0", "A", before="Z", after="A")],
        "changed_owner": [change("c0", "A", before="u-1", after="u-2")],
        "changed_space": [change("c0", "A", before=None, after="Team")],
        "broke": [change("c1", None)],
        "mended": [],
        "before": {"made_at": "2026-10-01T00:00:00+00:00", "connections": 1200, "not_connected": 0, "findings": 3},
    }
    page = opened(audit([connection("c0", "A"), connection("c1")], changes=changes))

    def items(kind: str) -> list[str]:
        return page.locator(f"[data-changes={kind}] li").all_text_contents()

    assert items("appeared") == ["A", "c1"]
    assert items("vanished") == ["Old gone"]
    assert items("renamed") == ["A: Z → A"]
    assert items("changed_owner") == ["A: Ada → u-2"]
    assert items("changed_space") == ["A: Personal space → Team"]
    assert items("broke") == ["c1: Connected → Not connected"]
    figures = page.locator("#changes dd").all_text_contents()
    assert figures == ["1,200 → 2 -1,198", "0 → 0 unchanged", "3 → 0 -3"]
    assert "None: connected again." in (page.locator("#changes").text_content() or "")
    page.locator("[data-changes=appeared] a").nth(1).click()
    expect(page.locator("#status")).to_have_text("1 of 2 connections")
    assert row_ids(page) == ["c1"]
    assert page.locator("[data-changes=vanished] a").count() == 0


def reach(page: Page, selector: str) -> None:
    """Presses Tab until the focus is there."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def test_everything_works_by_keys_alone(opened: Opened) -> None:
    page = opened(many(20))
    reach(page, ".task a")
    page.keyboard.press("Enter")
    expect(page.locator("#connections-title")).to_be_focused()
    page.locator("#reset").click()
    page.evaluate("document.activeElement.blur()")
    reach(page, ".skip")
    assert page.evaluate("document.activeElement.getBoundingClientRect().left >= 0")
    page.keyboard.press("Enter")
    reach(page, "#filter-text")
    page.keyboard.type("slack")
    expect(page.locator("#status")).not_to_have_text("20 of 20 connections")
    reach(page, "#filter-state")
    page.keyboard.press("ArrowDown")
    assert page.locator("#filter-state").input_value() != ""
    reach(page, "#reset")
    page.keyboard.press("Space")
    assert status(page) == "20 of 20 connections"
    reach(page, "[data-sort=name]")
    page.keyboard.press("Enter")
    assert page.locator("th:has([data-sort=name])").get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Space")
    assert page.locator("th:has([data-sort=name])").get_attribute("aria-sort") == "descending"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    reach(page, "#table summary")
    page.keyboard.press("Enter")
    expect(page.locator("#table details[open]")).to_have_count(1)
    reach(page, "td[data-label=Id] button")
    page.keyboard.press("Enter")
    expect(page.locator("#copied")).not_to_be_empty()


@pytest.mark.exhaustive
def test_the_button_that_turns_pages_keeps_the_focus_at_the_end(opened: Opened) -> None:
    page = opened(many(60))
    page.locator("[data-page=next]").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.page") == "next"
    assert page.locator("[data-page=next]").get_attribute("aria-disabled") == "true"


def test_names_and_roles_for_a_screen_reader_on_any_screen(opened: Opened) -> None:
    page = opened(many(60), width=375)
    table = page.get_by_role("table", name="All connections")
    assert table.get_by_role("columnheader").count() == 9
    assert table.get_by_role("rowheader").count() == 50
    assert page.get_by_role("status").all_text_contents() == ["60 of 60 connections", ""]
    assert page.get_by_role("searchbox", name="Text", exact=True).count() == 1
    for label in ("Connector", "Owner", "Space", "State", "Finding", "Last change", "Rows per page"):
        assert page.get_by_role("combobox", name=label, exact=True).count() == 1, label
    assert page.get_by_role("img", name="State: connected").count() == 1
    assert page.get_by_role("navigation", name="Pages of the table").count() == 1
    unnamed = "all => all.filter(one => !(one.textContent.trim() || one.getAttribute('aria-label'))).length"
    assert page.locator("button, a").evaluate_all(unnamed) == 0
    assert page.locator("[id]").evaluate_all("all => all.length - new Set(all.map(one => one.id)).size") == 0
