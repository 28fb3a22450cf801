"""Links between connections, findings and changes on the page of an audit, and the use of its keys."""

from typing import Any

from playwright.sync_api import Page, expect

from browser.audit_of import audit, connection, finding, many
from browser.conftest import Opened
from browser.reading import choose, row_ids, status


def active(page: Page) -> str:
    text: str = page.evaluate("document.activeElement.id")
    return text


def test_a_row_leads_to_its_finding_and_back(opened: Opened) -> None:
    rows = [connection(f"c{n}", f"Mail {n}") for n in range(300)]
    findings = [finding(f"c{n}", "untouched", f'"Mail {n}" was not updated for {n + 366} days.') for n in range(300)]
    page = opened(audit(rows, findings))
    page.locator("[data-page=last]").click()
    page.locator("#connection-299 a.tag").click()
    expect(page.locator("#finding-299")).to_be_focused()
    item = page.locator("#finding-299")
    assert item.locator(".said").text_content() == '"Mail 299" was not updated for 665 days.'
    assert "reached" in (item.get_attribute("class") or "")
    page.locator("[data-page=first]").click()
    item.get_by_role("link", name="Mail 299").click()
    expect(page.locator("#connection-299")).to_be_focused()
    page.go_back()
    expect(page.locator("#finding-299")).to_be_focused()


def test_a_finding_leads_to_a_connection_that_the_filters_hide(opened: Opened) -> None:
    page = opened(audit([connection("c0", "A"), connection("c1", "B", is_connected=False)], [finding("c1")]))
    choose(page, "state", "Connected")
    assert row_ids(page) == ["c0"]
    page.locator("#finding-0 a").click()
    expect(page.locator("#connection-1")).to_be_focused()
    assert status(page) == "2 of 2 connections"
    choose(page, "state", "Connected")
    page.locator("#finding-0 a").click()  # the same address again
    expect(page.locator("#connection-1")).to_be_focused()


def test_an_address_with_an_anchor_opens_there(opened: Opened) -> None:
    assert active(opened(many(250), "#connection-200")) == "connection-200"
    assert active(opened(many(250), "#finding-300")) == "finding-300"
    assert active(opened(many(250), "#finding-99999")) == ""


def test_every_sentence_is_shown_as_the_audit_says_it(opened: Opened) -> None:
    report = many(120)
    page = opened(report)
    shown: dict[str, str] = page.evaluate(
        """() => {
            for (const button of document.querySelectorAll(".more")) while (!button.hidden) button.click();
            return Object.fromEntries([...document.querySelectorAll("li[id^=finding]")].map((item) =>
                [item.id, item.querySelector(".said").textContent]));
        }"""
    )
    assert shown == {f"finding-{n}": entry["sentence"] for n, entry in enumerate(report["findings"])}


def test_a_finding_about_no_listed_connection_is_shown(opened: Opened) -> None:
    page = opened(audit([connection("c")], [finding("elsewhere", "untouched", "Something about 1 thing.")]))
    assert page.locator("[data-findings=untouched] h3").text_content() == "Untouched"
    assert page.locator("#finding-0").text_content() == "error Something about 1 thing."
    assert page.locator("#finding-0 a").count() == 0


def test_a_group_of_findings_filters_the_table(opened: Opened) -> None:
    page = opened(audit([connection("c0"), connection("c1")], [finding("c1"), finding("c0", "untouched")]))
    page.locator("[data-findings=untouched] .show").click()
    assert row_ids(page) == ["c0"]


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
        "broke": [],
        "mended": [],
    }
    page = opened(audit([connection("c0", "A"), connection("c1")], changes=changes))

    def items(kind: str) -> list[str]:
        return page.locator(f"[data-changes={kind}] li").all_text_contents()

    assert items("appeared") == ["A", "No name c1"]
    assert items("vanished") == ["Old gone"]
    assert items("renamed") == ["A: Z → A"]
    assert items("changed_owner") == ["A: Ada → u-2"]
    assert items("changed_space") == ["A: Personal space → Team"]
    assert "None: stopped being connected, connected again." in (page.locator("#changes").text_content() or "")
    page.locator("[data-changes=appeared] a").nth(1).click()
    expect(page.locator("#connection-1")).to_be_focused()
    assert page.locator("[data-changes=vanished] a").count() == 0


def reach(page: Page, selector: str) -> None:
    """Presses Tab until the focus is there."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def test_everything_works_by_keys_alone(opened: Opened) -> None:
    page = opened(many(120))
    reach(page, ".skip")
    assert page.evaluate("document.activeElement.getBoundingClientRect().left >= 0")
    page.keyboard.press("Enter")
    reach(page, "#filter-text")
    page.keyboard.type("slack")
    expect(page.locator("#status")).not_to_have_text("120 of 120 connections")
    reach(page, "#filter-state")
    page.keyboard.press("ArrowDown")
    assert page.locator("#filter-state").input_value() != ""
    reach(page, "#reset")
    page.keyboard.press("Space")
    assert status(page) == "120 of 120 connections"
    reach(page, "[data-sort=name]")
    page.keyboard.press("Enter")
    assert page.locator("th:has([data-sort=name])").get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Space")
    assert page.locator("th:has([data-sort=name])").get_attribute("aria-sort") == "descending"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    reach(page, "tbody a.tag")
    page.keyboard.press("Enter")
    expect(page.locator("li[id^=finding-]:focus")).to_have_count(1)
    reach(page, "li a")
    page.keyboard.press("Enter")
    expect(page.locator("tr[id^=connection-]:focus")).to_have_count(1)


def test_the_button_that_turns_pages_keeps_the_focus_at_the_end(opened: Opened) -> None:
    page = opened(many(60))
    page.locator("[data-page=next]").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.page") == "next"
    assert page.locator("[data-page=next]").get_attribute("aria-disabled") == "true"


def test_names_and_roles_for_a_screen_reader(opened: Opened) -> None:
    page = opened(many(60))
    table = page.get_by_role("table", name="All connections")
    assert table.get_by_role("columnheader").count() == 9
    assert table.get_by_role("rowheader").count() == 50
    assert page.get_by_role("status").text_content() == "60 of 60 connections"
    assert page.get_by_role("searchbox", name="Text", exact=True).count() == 1
    for label in ("Connector", "Owner", "Space", "State", "Finding", "Last update", "Rows per page"):
        assert page.get_by_role("combobox", name=label, exact=True).count() == 1, label
    assert page.get_by_role("img", name="State: connected").count() == 1
    assert page.get_by_role("navigation", name="Pages of the table").count() == 1
    unnamed = "all => all.filter(one => !(one.textContent.trim() || one.getAttribute('aria-label'))).length"
    assert page.locator("button, a").evaluate_all(unnamed) == 0
    assert page.locator("[id]").evaluate_all("all => all.length - new Set(all.map(one => one.id)).size") == 0
