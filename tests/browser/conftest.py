"""A headless Chromium, and pages of audits opened in it from a file."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

from qlik_automation_connections.admin._audit.html import html_report

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
GRAVE = ("error", "warning", "assert")

Colours = Literal["light", "dark"]
DAY_AND_NIGHT: tuple[Colours, ...] = ("light", "dark")
Opened = Callable[..., Page]


class Window:
    """A page that opens one address after the other, and remembers what goes wrong there.

    Attributes:
        page: the page.
    """

    def __init__(self, chromium: Browser, **options: Any) -> None:
        self._context = chromium.new_context(**{"locale": "en-GB", **options})
        self._context.set_default_timeout(15_000)
        self._home = ""
        self._troubles: list[str] = []
        self.page = page = self._context.new_page()
        note = self._troubles.append
        page.on("request", lambda each: None if self._own(each.url) else note(f"request: {each.url}"))
        page.on("response", lambda each: note(f"{each.status}: {each.url}") if each.status >= 400 else None)
        page.on("console", lambda each: note(f"console: {each.text}") if each.type in GRAVE else None)
        page.on("pageerror", lambda each: note(f"error: {each}"))
        page.on("dialog", self._refuse)

    def _own(self, url: str) -> bool:
        return url.startswith((self._home, "data:", f"blob:{self._home}"))

    def _refuse(self, dialog: Dialog) -> None:
        self._troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def show(self, home: str, rest: str = "", *, width: int = 1280, colours: Colours = "light") -> Page:
        """Opens an address that begins with `home`, as everything must that the page asks for."""
        self._home = home
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(media="null", color_scheme=colours)
        self.page.goto(home + rest)
        return self.page

    def check(self) -> None:
        """Nothing went wrong since the last check."""
        troubles = [*self._troubles]
        self._troubles.clear()
        assert troubles == []

    def close(self) -> None:
        """Closes the page."""
        self._context.close()


# A module's, not the session's: while Playwright is up its event loop runs in this thread, and tests of other folders
# start loops of their own.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"none of {', '.join(NAMES)} is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def window(chromium: Browser) -> Iterator[Window]:
    window = Window(chromium)
    yield window
    window.close()


@pytest.fixture
def opened(window: Window, tmp_path: Path) -> Iterator[Opened]:
    """Opens an audit's page. At the end, nothing but the file was requested, and nothing went wrong."""
    numbers = itertools.count()

    def open_page(
        report: dict[str, Any], anchor: str = "", *, history: Sequence[dict[str, Any]] = (), **options: Any
    ) -> Page:
        file = tmp_path / f"audit-{next(numbers)}.html"
        file.write_text(html_report(report, history=history), encoding="utf-8")
        return window.show(file.as_uri(), anchor, **options)

    yield open_page
    window.check()
