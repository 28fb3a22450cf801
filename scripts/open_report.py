"""Opens an audit's report in a headless Chromium, where there is one: `python scripts/open_report.py FILE`.

For `make demo`: it says what the page shows once its scripts ran, which `python -m webbrowser` can't.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")


def browser() -> str | None:
    """Return the Chromium of this machine; None if absent."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


if __name__ == "__main__":
    page, chromium = Path(sys.argv[1]).resolve(), browser()
    if chromium is None:
        sys.exit(print(f"Report: {page} (there is no Chromium here to open it in)"))
    with tempfile.TemporaryDirectory() as profile:
        command = [chromium, *QUIET, f"--user-data-dir={profile}", "--dump-dom", page.as_uri()]
        shown = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False)
    announced = re.search(r"[\d,]+ of [\d,]+ connections", shown.stdout)
    if shown.returncode or announced is None:
        sys.exit(f"Chromium did not show the report {page}:\n{shown.stderr}")
    print(f"Report: {page}\nOpened in Chromium: {announced[0]}.")
