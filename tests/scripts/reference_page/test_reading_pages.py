"""How a page may be saved, and what is refused because it is no whole page in the known form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_page.errors import PageError
from reference_page.page import read_page
from scripts.own_page.files import PAGE, changed


def test_how_it_was_saved_does_not_matter() -> None:
    wanted = read_page(PAGE)
    for how, text in {
        "CRLF": PAGE.replace("\n", "\r\n"),
        "front matter": "---\nsource: https://example.org/kettles.md\n---\n\n" + PAGE,
        "no newline at the end": PAGE.rstrip("\n"),
        "blank lines": PAGE.replace("\n\n", "\n\n\n"),
    }.items():
        assert read_page(text) == wanted, how


@given(st.integers(0, len(PAGE.rstrip()) - 1))
def test_a_page_that_is_cut_off_is_refused(length: int) -> None:
    with pytest.raises(PageError):
        read_page(PAGE[:length])


JUNK = st.text(st.sampled_from("<>![]()`|-#*_&;:\\\n\t ~=dDé\x00"), max_size=12) | st.sampled_from(
    [
        "\n\n<![CDATA[x",
        "\n\n<!--",
        "\n\n<?x",
        "\n\n<!x",
        "\n\n</summary>\n\n",
        "\n\n<details",
        "\n\n&#0;",
        "\n\n![",
        "\n\n1. x\n",
    ]
)


@given(st.integers(0, len(PAGE)), JUNK)
def test_a_spoilt_page_is_read_or_refused_and_nothing_else(position: int, junk: str) -> None:
    try:
        page = read_page(PAGE[:position] + junk + PAGE[position:])
    except PageError:
        return
    assert len(page.operations) == 3


def without_section(title: str, following: str) -> str:
    start = PAGE.index(f"#### {title}")
    return PAGE[:start] + PAGE[PAGE.index(following, start) :]


COLUMNS = "| Name | Type | Required | Description |\n| --- | --- | --- | --- |"

REFUSALS = {
    "empty": ("", "begins with its title"),
    "HTML": ("<!DOCTYPE html>\n<html><body><h1>Kettles</h1></body></html>", "Markdown form"),
    "HTML without a doctype": ("<html>\n<body>\n<h1>Kettles</h1>\n</body>\n</html>", "no place"),
    "HTML in the page": (changed(PAGE, "A made-up API", "<div>A made-up API</div>\n\n<div>x</div>"), "no place"),
    "another document": ("# News\n\nKettles have been made.\n", "base URL"),
    "no base URL": (changed(PAGE, "**Base URL:**", "**Address:**"), "base URL"),
    "contents renamed": (changed(PAGE, "## Table of Contents", "## Contents"), "Table of Contents"),
    "contents with other columns": (changed(PAGE, "| Method | Path |", "| Verb | Path |"), "has the columns"),
    "operations renamed": (changed(PAGE, "## API Reference", "## Reference"), "API Reference"),
    "an operation is not described": (
        PAGE[: PAGE.index("### DELETE")],
        "names DELETE /api/workflows/kettles/{id}, and the page does not describe it",
    ),
    "an operation is not in the contents": (
        changed(PAGE, "| `DELETE` | [`/api/workflows/kettles/{id}`]", "| `PUT` | [`/api/workflows/kettles/{id}`]"),
        "is not in the table of contents",
    ),
    "an operation twice": (PAGE + PAGE[PAGE.index("### DELETE") :], "described twice"),
    "no method": (changed(PAGE, "### GET /api", "### FETCH /api"), "a method and a path"),
    "section renamed": (changed(PAGE, "#### Query Parameters", "#### Query"), "'Query' of GET"),
    "section twice": (changed(PAGE, "#### Query Parameters", "#### Path Parameters", 2), "stands twice"),
    "responses gone": (without_section("Responses", "#### Examples"), "no section Responses"),
    "examples gone": (without_section("Examples", "---\n"), "no section Examples"),
    "no status": (changed(PAGE, "##### 200", "##### OK"), "'OK' is no status"),
    "a status twice": (changed(PAGE, "##### 400", "##### 200"), "of another response"),
    "no response": (changed(PAGE, "##### 204", "###### 204"), "no response"),
    "a column gone": (changed(PAGE, COLUMNS, "| Name | Type | Required |\n| --- | --- | --- |"), "has the columns"),
    "a column renamed": (changed(PAGE, COLUMNS, COLUMNS.replace("Required", "Needed"), 3), "Needed"),
    "a column added": (
        changed(PAGE, COLUMNS, "| Name | Type | Required | Default | Description |\n|---|---|---|---|---|"),
        "Default",
    ),
    "a table is broken": (changed(PAGE, "| --- | --- | --- | --- |\n", ""), "broken"),
    "a table is broken off": (changed(PAGE, "\n| `sort`", "\n\n| `sort`"), "is expected"),
    "a table is gone": (changed(PAGE, COLUMNS + "\n| `reason` | string | Yes | Why not. |\n", ""), "is expected"),
    "no name": (changed(PAGE, "| `limit` |", "| limit |"), "no name"),
    "no type": (changed(PAGE, "| `limit` | integer |", "| `limit` |  |"), "no name, no type"),
    "no required mark": (changed(PAGE, "| `limit` | integer | No |", "| `limit` | integer | Maybe |"), "required mark"),
    "a name twice": (changed(PAGE, "| `sort` |", "| `limit` |"), "the name of another"),
    "an enum that can't be read": (changed(PAGE, 'Enum: "cold",', "Enum: cold,"), "quoted words"),
    "details of no field": (changed(PAGE, "Properties of `data`", "Properties of `date`"), "names no field"),
    "details with other words": (changed(PAGE, "Properties of `data`", "Fields of `data`"), "names no field"),
    "details without a summary": (changed(PAGE, "<summary>Properties of `data`</summary>\n", ""), "summary"),
    "details that do not end": (changed(PAGE, "</details>\n\n##### 400", "##### 400"), "end of the properties"),
    "details that end twice": (changed(PAGE, "</details>\n\n##### 400", "</details>\n\n</details>\n\n##### 400"), "is"),
    "a malformed declaration": (changed(PAGE, "<details>\n", "<details>\n<![x[\n"), "no place"),
    "a rate that can't be read": (changed(PAGE, "requests per minute", "requests a minute"), "rate limit"),
    "a bullet without a label": (changed(PAGE, "- **Replaces:**", "- Replaces:"), "no label"),
    "a body without content type": (
        changed(PAGE, "The kettle to make.\n\n**Content-Type:** `application/json`", "The kettle to make."),
        "no content type",
    ),
    "a rule is gone": (changed(PAGE, "\n---\n\n### POST", "\n### POST"), "the rule at the end"),
    "an example that does not end": (changed(PAGE, "\n```\n\n**Example Response", "\n\n**Example Response"), "not end"),
    "an example without a label": (changed(PAGE, "**Example Response:**\n\n```", "This comes:\n\n```"), "no label"),
    "a quotation": (changed(PAGE, "Lists the kettles", "> Lists the kettles"), "blockquote"),
}


def refusal(text: str) -> str:
    try:
        read_page(text)
    except PageError as error:
        return str(error)
    return "it was read"


def test_a_page_in_another_form_is_refused() -> None:
    for name, (text, reason) in REFUSALS.items():
        assert reason in refusal(text), name


def test_a_refusal_names_the_line() -> None:
    text = changed(PAGE, "#### Query Parameters", "#### Query")
    line = text[: text.index("#### Query")].count("\n") + 1
    assert f"line {line}: " in refusal(text)
