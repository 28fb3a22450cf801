"""Opens an audit's report in a headless Chromium, where there is one, and says what it shows.

Usage: `python scripts/open_report.py FILE`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from html.parser import HTMLParser
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Rows(HTMLParser):
    """Counts the rows of the table's body, and keeps what the page announces about them."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = 0
        self._in_body = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's signature
        self._in_body = self._in_body or tag == "tbody"
        self.rows += self._in_body and tag == "tr"

    def handle_endtag(self, tag: str) -> None:
        self._in_body = self._in_body and tag != "tbody"


def main() -> None:
    page = Path(sys.argv[1]).resolve()
    browser = next(filter(None, map(shutil.which, NAMES)), None)
    if browser is None:
        print(f"Report: {page} (there is no Chromium here to open it in)")
        return
    with tempfile.TemporaryDirectory() as profile:
        shown = subprocess.run(
            [browser, *QUIET, f"--user-data-dir={profile}", "--dump-dom", page.as_uri()],
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )
    rows = Rows()
    rows.feed(shown.stdout)
    if shown.returncode or not rows.rows:
        raise SystemExit(f"Chromium did not show the report {page}:\n{shown.stderr}")
    told = re.search(r"[\d,]+ of [\d,]+ connections", shown.stdout)
    print(f"Report: {page}")
    print(f"Opened in Chromium: {told[0] if told else f'{rows.rows} rows'}.")


if __name__ == "__main__":
    main()
