"""Makes the pictures of the documents from a sandbox: `python scripts/pictures.py`, after a change that they show.

A browser takes the one of the audit's report, and rich draws the one of a terminal. No kept tool runs what they show,
on a fixed day.
"""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
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
from steps import ROOT, run, variables

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
    ours, theirs = pty.openpty()
    access = {"QLIK_TENANT_URL": sandbox.url, "QLIK_API_KEY": sandbox.api_key}
    environment = variables(**access, COLUMNS=str(COLUMNS), TERM="xterm-256color")
    command = [sys.executable, "-m", "qlik_automation_connections", *arguments]
    with subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, env=environment):
        os.close(theirs)
        text = b""
        # Linux ends a terminal that nobody holds any more with an error.
        try:
            while piece := os.read(ours, 65_536):
                text += piece
        except OSError:
            pass
        os.close(ours)
    return text.decode("utf-8").replace("\r\n", "\n")


def draw_terminal(sandbox: Sandbox, file: Path) -> None:
    """Draw a terminal in which commands were run."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, highlight=False)
    for arguments in COMMANDS:
        line = " ".join(f"'{word}'" if " " in word else word for word in ("qac", *arguments))
        console.print(Text(f"$ {line}", style="bold green"))
        console.print(Text.from_ansi(shown_in_terminal(sandbox, arguments)))
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
