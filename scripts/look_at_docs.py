"""Takes pictures of every page of the built site, as wide as a screen and as a phone, into build/look."""

from __future__ import annotations

import argparse
import functools
import http.server
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, sync_playwright

ROOT: Final = Path(__file__).resolve().parents[1]
SITE: Final = ROOT / "build" / "site"
WIDTHS: Final = (1280, 390)
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
_LONGEST: Final = 12_000
"""Pixels of a page that are pictured: no picture may be higher than a browser can draw."""


class _Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Says nothing about requests."""


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Says nothing about browsers that leave in the middle of an answer."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serves a folder on loopback; the value is its address, without a slash at the end."""
    handler = functools.partial(_Silent, directory=folder)
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def picture(browser: Browser, address: str, paths: list[str], width: int, scheme: str, into: Path) -> None:
    """Takes a picture of each page."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    for path in paths:
        page.goto(f"{address}/{path}")
        height = min(page.evaluate("document.documentElement.scrollHeight"), _LONGEST)
        name = path.removesuffix("index.html").strip("/").replace("/", "-") or "index"
        file = into / f"{name.removesuffix('.html')}-{width}-{scheme}.png"
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=file)
        page.set_viewport_size({"width": width, "height": 900})
    context.close()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", help="only pages whose address has one of these in it")
    parser.add_argument("--dark", action="store_true", help="as they are at night")
    options = parser.parse_args(arguments)
    chromium = next(filter(None, map(shutil.which, _NAMES)), None)
    if chromium is None or not SITE.is_dir():
        print("A Chromium and a built site (make docs) are needed.", file=sys.stderr)
        return 2
    paths = [file.relative_to(SITE).as_posix() for file in sorted(SITE.rglob("*.html"))]
    wanted = [path for path in paths if not options.pages or any(part in path for part in options.pages)]
    into = ROOT / "build" / "look"
    into.mkdir(parents=True, exist_ok=True)
    with served(SITE) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for width in WIDTHS:
            picture(browser, address, wanted, width, "dark" if options.dark else "light", into)
        browser.close()
    print(f"{len(wanted) * len(WIDTHS)} pictures in {into.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
