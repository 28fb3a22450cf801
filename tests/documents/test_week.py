"""The transcript of a week's work is what a terminal shows. `REWRITE=1` in the environment rewrites it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from documents.console import NOW
from documents.transcript import Transcript, timeless
from qlik_automation_connections.sandbox import Sandbox

PAGE = Path(__file__).parents[2] / "docs" / "week.md"
WINDOW = 15
"""Seconds that five minutes take here: more than a check of all takes on a busy machine."""

QAC = f"""\
#!/usr/bin/env bash
# Five minutes pass in {WINDOW} seconds here, for the sandbox and for who keeps to its limits.
[ "$1" != check ] || set -- "$@" --pacing "sqlite:///$HOME/limits?window={WINDOW}"
exec "$PYTHON" -m qlik_automation_connections "$@"
"""


@pytest.mark.exhaustive
@pytest.mark.skipif(shutil.which("bash") is None or sys.platform == "win32", reason="it takes bash and a terminal")
def test_the_page_shows_what_a_terminal_shows(tmp_path: Path) -> None:
    (tmp_path / "qac").write_text(QAC, encoding="utf-8")
    (tmp_path / "qac").chmod(0o755)
    (tmp_path / "work").mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QLIK_", "XDG_"))}
    page = PAGE.read_text(encoding="utf-8")
    with Sandbox(connections=300, now=NOW, limits=True, speed=300 / WINDOW) as sandbox:
        environment = {
            **kept,
            "HOME": str(tmp_path),
            "PATH": os.pathsep.join((str(tmp_path), os.environ["PATH"])),
            "PYTHON": sys.executable,
            "QLIK_TENANT_URL": sandbox.url,
            "QLIK_API_KEY": sandbox.api_key,
            "QLIK_AUTOMATIONS_OAUTH_CLIENT_ID": sandbox.client_id,
            "QLIK_AUTOMATIONS_OAUTH_CLIENT_SECRET": sandbox.client_secret,
        }
        found = Transcript(page, tmp_path / "work", environment, sandbox.url).run()
    if os.environ.get("REWRITE"):
        PAGE.write_text(found, encoding="utf-8", newline="\n")
        return
    assert timeless(page) == timeless(found)
