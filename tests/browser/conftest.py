"""A headless Chromium, and pages of audits opened in it from a file."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, sync_playwright

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

Opened = Callable[..., Page]


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


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path) -> Iterator[Opened]:
    """Opens an audit's page. At the end, nothing but the file was requested, and nothing went wrong."""
    troubles: list[str] = []
    contexts: list[BrowserContext] = []

    def open_page(
        report: dict[str, Any], anchor: str = "", *, history: Sequence[dict[str, Any]] = (), **options: Any
    ) -> Page:
        file = tmp_path / f"audit-{len(contexts)}.html"
        file.write_text(html_report(report, history=history), encoding="utf-8")
        context = chromium.new_context(**{"locale": "en-GB", "viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        context.set_default_timeout(15_000)
        page = context.new_page()

        def note(request_url: str) -> None:
            if request_url.partition("#")[0] != file.as_uri():
                troubles.append(f"request: {request_url}")

        def refuse(dialog: Dialog) -> None:
            troubles.append(f"dialog: {dialog.message}")
            dialog.dismiss()

        page.on("request", lambda request: note(request.url))
        page.on("requestfailed", lambda request: troubles.append(f"failed: {request.url}"))
        page.on("console", lambda message: troubles.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
        page.on("dialog", refuse)
        page.goto(file.as_uri() + anchor)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []
