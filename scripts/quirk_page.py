"""Writes docs/quirks.md from the table of quirks, which is this project's own: `python scripts/quirk_page.py`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from qlik_automation_connections import QUIRKS, Quirk
from qlik_automation_connections.sandbox import DEFAULT_QUIRKS

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "quirks.md"
_HEAD: Final = """\
# Quirks

What the service sends differently from what it documents, or is expected to, and what you read. Origin says from where
that is known: what is inferred was not seen, and the client takes it all the same. Each name is a switch of the sandbox
(`Sandbox(quirks=[…])`); "on" are those that it sends unless told otherwise.

Written by `scripts/quirk_page.py` from `_quirks.py`: change that.

| quirk | what is sent | for example | what you read | origin | in the sandbox |
|---|---|---|---|---|---|
"""
_TAIL: Final = """
`tenant.quirks_seen` says which of them a tenant's responses have shown so far, and in which fields.
`python scripts/quirks_shown.py --tenant https://…` asks a tenant which of them it shows. It signs in with
`QLIK_API_KEY`, and prints fields, never a value, a name or an id. It sends GETs alone; `--check` also checks
connections, by POST, `--all` reads everybody's, `--json` writes a report for programs, and `--sandbox` asks a sandbox
instead.
"""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _row(quirk: Quirk) -> str:
    switch = "on" if quirk.name in DEFAULT_QUIRKS else "off"
    cells = (f"`{quirk.name}`", quirk.sent, f"`{quirk.sample}`", quirk.read, quirk.origin, switch)
    return f"| {' | '.join(map(_cell, cells))} |\n"


def page(quirks: Iterable[Quirk] = QUIRKS) -> str:
    """The page for a table of quirks."""
    return _HEAD + "".join(map(_row, quirks)) + _TAIL


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
