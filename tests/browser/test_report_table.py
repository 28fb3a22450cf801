"""Sorting, filtering and turning pages in the table of the page of an audit."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from browser.audit_of import audit, connection, finding, many
from browser.conftest import Opened
from browser.reading import choose, row_ids, show_all, sort, status, write


def row(
    number: int,
    name: str | None,
    connector: str | None,
    owner: str | None,
    space: str | None,
    is_connected: bool | None,
    *times: str | None,
) -> dict[str, Any]:
    """A connection whose ids end in the number, and that was created and updated at these times."""
    named = {"connector": connector, "owner": owner, "space": space}
    ids = {f"{facet}_id": facet[0] + str(number) if given else None for facet, given in named.items()}
    created_at, updated_at = times
    fields = {"is_connected": is_connected, "created_at": created_at, "updated_at": updated_at}
    return connection(f"r{number}", name, **named, **ids, **fields)


ROWS = [
    row(2, "item 10", "amazon", "Zoë", None, True, "2025-01-01T00:30:00+01:00", "2026-01-01T00:00:00.500000+00:00"),
    row(1, "Item 9", "Slack", "adam", "Zeta", False, "2024-12-31T23:45:00+00:00", "2026-01-01T00:00:00+00:00"),
    row(3, "émile", "jira", "Élodie", "alpha", None, "2023-05-05T05:05:05+00:00", "2025-06-01T00:00:00+00:00"),
    row(4, None, None, None, "Özil", False, None, None),
]
FINDINGS = [finding("r2"), *[finding("r1")] * 3, *[finding("r4")] * 2]

ORDERS = [
    ("name", "r3 r1 r2 r4", "r2 r1 r3 r4"),
    ("connector", "r2 r3 r1 r4", "r1 r3 r2 r4"),
    ("owner", "r1 r3 r2 r4", "r2 r3 r1 r4"),
    ("space", "r3 r4 r2 r1", "r1 r2 r4 r3"),
    ("state", "r1 r4 r3 r2", "r2 r3 r1 r4"),
    ("created", "r3 r2 r1 r4", "r1 r2 r3 r4"),
    ("updated", "r3 r1 r2 r4", "r2 r1 r3 r4"),
    ("findings", "r3 r2 r4 r1", "r1 r4 r2 r3"),
    ("id", "r1 r2 r3 r4", "r4 r3 r2 r1"),
]


SORTED = """columns => columns.flatMap((column) => ["first", "second"].map(() => {
    const button = document.querySelector(`[data-sort=${column}]`);
    button.click();
    const ids = [...document.querySelectorAll("#table tbody td[data-label=Id]")].map((cell) => cell.textContent);
    const marked = [...document.querySelectorAll("[aria-sort]")].map((heading) => heading.ariaSort);
    return [column, ids.join(" "), button.closest("th").ariaSort, marked.length];
}))"""
"""Presses the buttons of all columns twice, and tells what each time is shown."""


def test_every_column_sorts_both_ways_and_says_so(opened: Opened) -> None:
    page = opened(audit(ROWS, FINDINGS))
    assert row_ids(page) == ["r1", "r4", "r2", "r3"]
    assert page.locator("th:has([data-sort=findings])").get_attribute("aria-sort") == "descending"
    columns = page.locator("[data-sort]").evaluate_all("buttons => buttons.map(button => button.dataset.sort)")
    assert columns == [column for column, _, _ in ORDERS]
    assert page.evaluate(SORTED, columns) == [
        [column, order, direction, 1]
        for column, *orders in ORDERS
        for order, direction in zip(orders, ("ascending", "descending"), strict=True)
    ]


REPORT = many(80)
CODES: dict[str, set[str]] = {}
for entry in REPORT["findings"]:
    CODES.setdefault(entry["connection_id"], set()).add(entry["code"])

Test = Callable[[dict[str, Any]], bool]
FILTERS: list[tuple[str, str, Test]] = [
    ("connector", "Slack", lambda row: row["connector"] == "Slack"),
    ("owner", "Jürgen Groß", lambda row: row["owner"] == "Jürgen Groß"),
    ("owner", "64f1a2b3c4d5e6f700000000", lambda row: row["owner_id"] == "64f1a2b3c4d5e6f700000000"),
    ("space", "Personal space", lambda row: row["space_id"] is None),
    ("space", "Space 12", lambda row: row["space"] == "Space 12"),
    ("state", "Connected", lambda row: row["is_connected"] is True),
    ("state", "Not connected", lambda row: row["is_connected"] is False),
    ("state", "Unknown", lambda row: row["is_connected"] is None),
    ("state", "Managed by the service", lambda row: row["managed"]),
    ("finding", "Untouched", lambda row: "untouched" in CODES.get(row["id"], ())),
    ("finding", "Any finding", lambda row: row["id"] in CODES),
    ("finding", "No finding", lambda row: row["id"] not in CODES),
    ("updated", "Unknown", lambda row: row["updated_at"] is None),
]
FILTERED = """filters => filters.map(([filter, label]) => {
    const field = document.querySelector(`#filter-${filter}`);
    field.value = [...field.options].find((one) => one.textContent.replace(/ \\([\\d,]+\\)$/, "") === label).value;
    field.dispatchEvent(new Event("change"));
    const ids = [...document.querySelectorAll("#table tbody td[data-label=Id]")].map((cell) => cell.textContent);
    const said = document.querySelector("#status").textContent;
    document.querySelector("#reset").click();
    return [ids, said, document.querySelector("#status").textContent];
})"""
"""Chooses one after the other, resets the filters each time, and tells what was shown and said."""


def test_each_filter_lets_through_what_it_says(opened: Opened) -> None:
    page = opened(REPORT)
    show_all(page)
    found = page.evaluate(FILTERED, [(filter, label) for filter, label, _ in FILTERS])
    for (filter, label, test), (ids, said, after) in zip(FILTERS, found, strict=True):
        expected = sorted(row["id"] for row in REPORT["connections"] if test(row))
        assert 0 < len(expected) < 80
        assert sorted(ids) == expected, (filter, label)
        assert (said, after) == (f"{len(expected)} of 80 connections", "80 of 80 connections")


@pytest.mark.exhaustive
def test_the_figure_after_a_choice_is_what_it_lets_through(opened: Opened) -> None:
    page = opened(REPORT)
    for filter in ("connector", "owner", "space", "state", "finding", "updated"):
        options = page.locator(f"#filter-{filter} option").evaluate_all("all => all.map(o => [o.value, o.textContent])")
        for value, label in options[1:4]:
            page.locator(f"#filter-{filter}").select_option(value)
            assert status(page) == f"{label.rpartition('(')[2].rstrip(')')} of 80 connections"
        page.locator("#reset").click()


@pytest.mark.exhaustive
def test_filters_combine(opened: Opened) -> None:
    page = opened(REPORT)
    show_all(page)
    choose(page, "state", "Connected")
    choose(page, "finding", "Untouched")
    choose(page, "space", "Personal space")
    write(page, "slack")
    expected = {
        row["id"]
        for row in REPORT["connections"]
        if row["is_connected"] and not row["space_id"] and "untouched" in CODES.get(row["id"], ())
        if "slack" in f"{row['name']} {row['connector']}".lower()
    }
    assert expected
    assert set(row_ids(page)) == expected


def test_text_finds_all_its_words_in_names_and_ids(opened: Opened) -> None:
    page = opened(audit(ROWS))
    for text, found in (
        ("ZOE", ["r2"]),
        ("item slack", ["r1"]),
        ("  o2 ", ["r2"]),
        ("r4", ["r4"]),
        ("ozil", ["r4"]),
        ("(item", []),
        ("item\njira", []),
    ):
        write(page, text)
        assert sorted(row_ids(page)) == found, text
        assert status(page) == f"{len(found)} of 4 connections", text
        assert page.locator("#empty").is_visible() == (not found), text


def test_filters_keep_the_order_and_sorting_keeps_the_filters(opened: Opened) -> None:
    page = opened(audit(ROWS))
    sort(page, "name")
    write(page, "item")
    assert row_ids(page) == ["r1", "r2"]
    sort(page, "name")
    assert row_ids(page) == ["r2", "r1"]


@pytest.mark.exhaustive
def test_pages_hold_every_connection_once(opened: Opened) -> None:
    report = many(250)
    page = opened(report)
    seen = row_ids(page)
    for number in range(2, 6):
        page.locator("[data-page=next]").click()
        assert page.locator("#page").text_content() == f"Page {number} of 5"
        seen += row_ids(page)
    assert sorted(seen) == sorted(row["id"] for row in report["connections"])
    last = row_ids(page)
    page.locator("[data-page=next]").click(force=True)
    assert row_ids(page) == last
    page.locator("[data-page=first]").click()
    assert row_ids(page) == seen[:50]


@pytest.mark.exhaustive
def test_ten_thousand_connections_are_shown_a_page_at_a_time(opened: Opened) -> None:
    page = opened(many(10_000))
    sort(page, "updated")
    assert page.locator("#table tbody tr").count() == 50
    assert page.locator("#table").get_attribute("aria-rowcount") == "10001"
    write(page, "team 12")
    shown, _, rest = status(page).partition(" of ")
    assert rest == "10,000 connections"
    assert 0 < int(shown.replace(",", "")) < 10_000


def test_labels_of_charts_filter_the_table(opened: Opened) -> None:
    page = opened(REPORT)
    show_all(page)
    choose(page, "state", "Unknown")
    page.locator(".charts").get_by_role("link", name="2025", exact=True).click()
    row = page.locator(".charts tr", has_text="2025")
    expect(page.locator("#status")).to_have_text(f"{row.locator('td').nth(1).text_content()} of 80 connections")
    page.locator(".charts").get_by_role("link", name="Personal spaces").click()
    personal = {row["id"] for row in REPORT["connections"] if row["space_id"] is None}
    expect(page.locator("#status")).to_have_text(f"{len(personal)} of 80 connections")
    assert set(row_ids(page)) == personal
    assert page.evaluate("document.activeElement.id") == "connections-title"
