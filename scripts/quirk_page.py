"""Write the table of docs/quirks.md from the table of quirks: `python scripts/quirk_page.py`.

The rest of the page is written by hand. Generators of pages (cog, mkdocs-gen-files) would have its text inside code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from qlik_automation_connections import QUIRKS, Quirk
from qlik_automation_connections.sandbox import DEFAULT_QUIRKS
from steps import ROOT

PAGE: Final = ROOT / "docs" / "quirks.md"
_ROWS: Final = re.compile(r"(?<=\|---\|\n)(\|.*\n)*")


def _row(quirk: Quirk) -> str:
    switch = "on" if quirk.name in DEFAULT_QUIRKS else "off"
    cells = (f"`{quirk.name}`", quirk.sent, f"`{quirk.sample}`", quirk.read, quirk.origin, switch)
    escaped = (cell.replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |\n"


def page(quirks: Iterable[Quirk] = QUIRKS) -> str:
    """Return the page with the rows for a table of quirks."""
    rows = "".join(map(_row, quirks))
    return _ROWS.sub(lambda _: rows, PAGE.read_text(encoding="utf-8"), count=1)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
