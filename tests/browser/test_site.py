"""The site of the documents in a browser: it fits its window, asks no other host, and can be searched."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.conftest import Colours, Opened, Window
from documents.site_copy import build, copied, served
from sampling import few

KEY_PAGES = (
    "",
    "start/",
    "errors/",
    "quirks/",
    "faults/",
    "commands/",
    "architecture/",
    "cookbook/restore/",
    "nightly/",
    "reference/tenant/",
    "reference/connection/",
    "reference/audit/",
)

# They need the whole site, which takes long to build.
pytestmark = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    checkout = copied(tmp_path_factory.mktemp("checkout"))
    done = build(checkout)
    assert done.returncode == 0, done.stdout
    with served(checkout / "build" / "site") as address:
        yield address


@pytest.fixture
def reader(chromium: Browser, address: str) -> Iterator[Opened]:
    """Opens a page. At the end, no other host was asked, and nothing went wrong."""
    windows: list[Window] = []

    def open_page(path: str, width: int = 1280, colours: Colours = "light") -> Page:
        windows.append(Window(chromium))
        return windows[-1].show(f"{address}/", path, width=width, colours=colours)

    yield open_page
    for window in windows:
        window.close()
        window.check()


@pytest.mark.parametrize("width", few([390, 1280]))
@pytest.mark.parametrize("path", few(KEY_PAGES, 2))
def test_a_page_fits_its_window(reader: Opened, path: str, width: int) -> None:
    page = reader(path, width)
    expect(page.locator("h1").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", few([390, 1280]))
def test_search_finds_a_method(reader: Opened, width: int) -> None:
    # The results are in a closed shadow tree: what can be seen from outside is where the first of them leads. How long
    # they take can't be seen, so a second look gives them more time.
    for milliseconds in (2_000, 10_000):
        page = reader("start/", width)
        page.wait_for_load_state("networkidle")  # the index of the search is fetched after the page
        page.keyboard.press("Control+k")
        page.keyboard.type("change_owner")
        page.wait_for_timeout(milliseconds)
        page.keyboard.press("Enter")
        page.wait_for_url("**change_owner*")
        if ".change_owner" in page.url:
            break
    _, _, found = page.url.rpartition("#qlik_automation_connections.")
    assert found in ("Connections.change_owner", "Automations.change_owner")


def test_a_page_is_dark_at_night(reader: Opened) -> None:
    dark = reader("errors/", colours="dark").locator("body").evaluate("e => getComputedStyle(e).backgroundColor")
    light = reader("errors/", colours="light").locator("body").evaluate("e => getComputedStyle(e).backgroundColor")
    assert max(brightness(dark)) < 64
    assert min(brightness(light)) > 192


def brightness(colour: str) -> list[int]:
    """Red, green and blue of a colour as browsers write it."""
    return [int(part) for part in colour.partition("(")[2].rstrip(")").split(",")[:3]]


def test_a_phone_opens_the_navigation(reader: Opened) -> None:
    page = reader("cookbook/audit/", 390)
    entry = page.get_by_role("link", name="Hand over").first
    expect(entry).not_to_be_in_viewport()
    page.locator("label.md-header__button[for=__drawer]").click()
    expect(entry).to_be_in_viewport()


def test_the_keyboard_reaches_the_text_first(reader: Opened) -> None:
    page = reader("reference/tenant/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to content"
    page.keyboard.press("Enter")
    page.wait_for_url("**#*")


def test_a_name_in_a_signature_leads_to_its_description(reader: Opened) -> None:
    page = reader("reference/tenant/")
    page.get_by_role("link", name="RetryPolicy").first.click()
    page.wait_for_url("**/reference/retries/#qlik_automation_connections*RetryPolicy")
