"""What a person sees on the page of an audit."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect


def row_ids(page: Page) -> list[str]:
    """Ids of the connections in the table, in its order."""
    return page.locator("#table tbody td[data-label=Id]").all_text_contents()


def status(page: Page) -> str:
    """What the live region says."""
    return page.locator("#status").text_content() or ""


def sort(page: Page, column: str) -> None:
    """Presses the button in a column's heading."""
    page.locator(f"[data-sort={column}]").click()


def choose(page: Page, filter: str, label: str) -> None:
    """Chooses what a filter offers under this label; the count after it is left out."""
    options: list[dict[str, Any]] = page.locator(f"#filter-{filter} option").evaluate_all(
        "options => options.map(({value, textContent}) => ({value, label: textContent.replace(/ \\([\\d,]+\\)$/, '')}))"
    )
    page.locator(f"#filter-{filter}").select_option(next(o["value"] for o in options if o["label"] == label))


def write(page: Page, text: str) -> None:
    """Types into the text filter, and waits until it is applied."""
    page.locator("#status").evaluate("element => { element.textContent = '' }")
    page.locator("#filter-text").fill(text)
    # Not `wait_for_function`: it evaluates a string, which the page's policy forbids.
    expect(page.locator("#status")).not_to_be_empty()


def show_all(page: Page) -> None:
    """As many rows a page as there can be."""
    page.locator("#page-size").select_option("500")
