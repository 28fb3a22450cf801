"""Odd names, narrow and dark screens, print, and no script: the page of an audit in each."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.audit_of import audit, connection, finding, many
from browser.conftest import DAY_AND_NIGHT, Opened, Window
from browser.reading import row_ids, write
from qlik_automation_connections.admin._audit.html import html_report
from sampling import few

ODD = [
    "<script>document.title = 'run'</script>",
    "</script><script>document.title = 'run'</script>",
    "<img src=x onerror=\"document.title = 'run'\">",
    "'\"><b>bold</b>",
    "&lt;&amp;&#60;",
    "<!--",
    "]]>",
    "${document.title = 'run'}",
    "עברית (1) عربي",
    "\u202eright to left",
    "line\u2028separator",
    "a\tb\nc",
    "\u200b",
    "👩‍👩‍👧 é",
    "w" * 10_000,
    "many words " * 900,
]


@pytest.mark.parametrize("width", few([375, 1280]))
def test_odd_names_are_shown_and_not_run(opened: Opened, width: int) -> None:
    rows = [
        connection(f"c{n}", name, connector_id=f"k{n}", owner_id=f"u{n}", space_id=f"s{n}")
        | dict.fromkeys(["connector", "owner", "space"], name)
        for n, name in enumerate(ODD)
    ]
    findings = [finding(f"c{n}", sentence=f'"{name}" is odd.') for n, name in enumerate(ODD)]
    named = [{"id": f"c{n}", "name": name, "before": name, "after": name} for n, name in enumerate(ODD)]
    changed = ["renamed", "changed_owner", "changed_space"]
    mentioned = [{"id": each["id"], "name": each["name"]} for each in named]
    changes = {
        "since": "2026-10-01T00:00:00+00:00",
        **dict.fromkeys(changed, named),
        **dict.fromkeys(["appeared", "vanished", "broke", "mended"], mentioned),
    }
    page = opened(audit(rows, findings, changes=changes), width=width)
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    page.locator("[data-sort=id]").click()
    assert page.title() == "Audit of automation connections \u2013 acme.eu.qlikcloud.com"
    assert page.locator("script").count() == 2
    assert page.locator("img").count() == 0
    shown = dict(zip(row_ids(page), page.locator("#table tbody th").all_text_contents(), strict=True))
    assert shown == {f"c{n}": name for n, name in enumerate(ODD)}
    said = page.locator("#table .said").all_text_contents()
    assert sorted(said) == sorted(f'"{name}" is odd.' for name in ODD)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = false })")
    assert page.locator("#table tbody tr").evaluate_all("all => Math.max(...all.map(row => row.offsetHeight))") < 800
    write(page, "<script>")
    assert row_ids(page) == ["c0", "c1"]


@pytest.mark.exhaustive
def test_nothing_given_is_said_so(opened: Opened) -> None:
    missing = dict.fromkeys(
        ["connector_id", "connector", "owner_id", "owner", "created_at", "updated_at", "is_connected"]
    )
    page = opened(audit([connection("0123456789abcdef", None, **missing)]))
    cells = page.locator("#table tbody tr > *").all_text_contents()
    assert cells == [
        "No name 0123456789abcdef",
        "No connector given",
        "No owner given",
        "Personal space",
        "Unknown",
        "unknown",
        "unknown",
        "none",
        "0123456789abcdef",
    ]


def test_connections_without_a_name_are_shown(opened: Opened) -> None:
    page = opened(audit([connection("", None)], [finding("")]))
    assert page.locator("#table tbody th").all_text_contents() == ["No name no id"]
    assert page.locator("#table tbody .tag").count() == 1
    assert page.locator(".task h3").text_content() == "Not connected: 1 connection"


def test_ids_stand_for_missing_names_and_dates_have_their_time_in_the_title(opened: Opened) -> None:
    id = "0123456789abcdef0123456789abcdef"
    row = connection(id, "A", owner_id=id, owner=None, created_at="2025-01-01T00:30:15+01:00")
    page = opened(audit([row]))
    owner = page.locator("td[data-label=Owner] code")
    assert (owner.text_content(), owner.get_attribute("title")) == (id, id)
    assert owner.evaluate("code => code.scrollWidth > code.clientWidth")  # cut for the eye alone
    created = page.locator("td[data-label=Created] time")
    assert (created.text_content(), created.get_attribute("title")) == ("2024-12-31", "2024-12-31 23:30:15 UTC")


@pytest.mark.exhaustive
def test_an_empty_audit_opens(opened: Opened) -> None:
    page = opened(audit([]))
    assert page.locator("#status").text_content() == "0 of 0 connections"
    assert page.locator("#empty").is_visible()


@pytest.mark.parametrize("width", few([320, 1280, 375, 800, 1100, 1900], 2))
def test_the_page_never_scrolls_sideways(opened: Opened, width: int) -> None:
    page = opened(many(60), width=width)
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def background(page: Page) -> str:
    colour: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return colour


def test_dark_and_light_follow_the_system_until_the_button_says_otherwise(opened: Opened) -> None:
    page = opened(audit([]))
    button = page.get_by_role("button", name="Dark theme")
    white = background(page)
    page.emulate_media(color_scheme="dark")
    black = background(page)
    assert white != black
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    assert background(page) == white
    assert button.get_attribute("aria-pressed") == "false"
    page.emulate_media(color_scheme="light")
    button.click()
    assert background(page) == black


CONTRAST = """selectors => {
    const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const back = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const found = channels(getComputedStyle(at).backgroundColor);
            if (found.length === 3 || found[3] === 1) return found;
        }
        return [255, 255, 255];
    };
    const light = (colour) => colour.slice(0, 3).map((c) => c / 255)
        .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    return selectors.map((selector) => {
        const element = document.querySelector(selector);
        return [selector, ratio(light(channels(getComputedStyle(element).color)), light(back(element)))];
    });
}"""


def test_texts_have_the_contrast_of_wcag_aa(opened: Opened) -> None:
    page = opened(many(60))
    selectors = [
        "h1",
        "header p",
        ".figures dt",
        "#theme",
        ".bars thead th",
        "#reset",
        "#table thead button",
        "#table .none",
    ]
    selectors += [".tag.error", ".tag.warning", ".tag.notice", ".task a", ".task > p", "#pager label", "footer p"]
    selectors += ["button.id", ".check", ".key a"]
    for colours in DAY_AND_NIGHT:
        page.emulate_media(color_scheme=colours)
        assert [found for found in page.evaluate(CONTRAST, selectors) if found[1] < 4.5] == [], colours


def test_print_is_light_and_leaves_out_what_only_a_screen_can_use(opened: Opened) -> None:
    page = opened(many(60), colours="dark")
    page.locator("#theme").click()
    page.locator("#theme").click()
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(27, 31, 36)"
    assert page.locator("thead").last.evaluate("head => getComputedStyle(head).display") == "table-header-group"
    for selector in (".filters", "#pager", "#theme", ".skip", "#connections"):
        assert not page.locator(selector).is_visible()


def test_without_a_script_the_figures_and_charts_still_show(chromium: Browser, tmp_path: Path) -> None:
    file = tmp_path / "audit.html"
    file.write_text(html_report(many(60)), encoding="utf-8")
    window = Window(chromium, java_script_enabled=False)
    page = window.show(file.as_uri())
    assert page.locator("noscript").is_visible()
    assert "60" in (page.locator(".figures").text_content() or "")
    assert page.locator(".charts svg.bar").first.is_visible()
    assert not page.locator("#table").is_visible()
    assert not page.locator("#theme").is_visible()
    assert re.search(r"Untouched: \d+", page.locator("#todo").text_content() or "")
    window.close()
    window.check()
