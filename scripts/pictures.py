"""Makes the pictures of the documents from a sandbox: `python scripts/pictures.py`, after a change that they show.

A browser takes the one of the audit's report; Linux's `script` gives commands a terminal, and rich draws it. No kept
tool runs what they show, on a fixed day.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from attrs import evolve
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from open_report import QUIET, browser
from qlik_automation_connections import Tenant, admin
from qlik_automation_connections.sandbox import Sandbox
from steps import ROOT, run

IMAGES: Final = ROOT / "docs" / "images"
TODAY: Final = datetime(2026, 11, 28, 9, tzinfo=UTC)
COMMANDS: Final = (
    ("list", "--all", "--sort", "-updatedAt", "--max", "6"),
    ("check", "--all", "--filter", 'name eq "SMTP"'),
)
COLUMNS: Final = 132


def draw_report(sandbox: Sandbox, file: Path) -> None:
    """Draw the top of an audit's report."""
    with Tenant(sandbox.url, api_key=sandbox.api_key) as tenant, tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "audit.html"
        report = evolve(admin.audit(tenant, list_all=True), tenant="https://acme.eu.qlikcloud.com", made_at=TODAY)
        page.write_text(admin.html_report(report), encoding="utf-8")
        options = (*QUIET, "--window-size=1280,860", "--hide-scrollbars", "--accept-lang=en-GB", "--lang=en-GB")
        command = (browser() or "chromium", *options, f"--user-data-dir={folder}", f"--screenshot={file}")
        run(*command, page.as_uri(), capture=True)


def shown_in_terminal(sandbox: Sandbox, arguments: tuple[str, ...]) -> str:
    """Return what a command writes to a terminal."""
    command = shlex.join([sys.executable, "-m", "qlik_automation_connections", *arguments])
    terminal = ("script", "--quiet", "--command", f"{command} 2> /dev/null", os.devnull)
    url, key, columns = sandbox.url, sandbox.api_key, str(COLUMNS)
    return run(*terminal, capture=True, QLIK_TENANT_URL=url, QLIK_API_KEY=key, COLUMNS=columns, TERM="xterm-256color")


def draw_terminal(sandbox: Sandbox, file: Path) -> None:
    """Draw a terminal in which commands were run."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, highlight=False)
    for arguments in COMMANDS:
        line = " ".join(f"'{word}'" if " " in word else word for word in ("qac", *arguments))
        console.print(Text(f"$ {line}", style="bold green"))
        console.print(Text.from_ansi(shown_in_terminal(sandbox, arguments)), end="\n\n")
    svg = console.export_svg(title="qac", theme=MONOKAI, unique_id="qac")
    # Fonts of another host, which pages don't load for a picture.
    file.write_text(re.sub(r"@font-face \{[^}]*\}\s*", "", svg), encoding="utf-8")


if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    with Sandbox(now=TODAY) as sandbox:
        draw_report(sandbox, IMAGES / "audit-report.png")
        draw_terminal(sandbox, IMAGES / "terminal.svg")
    for file in sorted(IMAGES.iterdir()):
        print(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1024:.0f} KiB")
