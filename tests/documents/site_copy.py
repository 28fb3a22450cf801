"""A copy of the checkout in which the site is built, so that nobody else's build is in the way."""

from __future__ import annotations

import functools
import http.server
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
_FOLDERS: Final = (".ci", ".github", "docs", "generated", "overlays", "scripts")


def copied(into: Path) -> Path:
    """Copies what the site is built from."""
    for name in _FOLDERS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, into / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file in (
        *ROOT.glob("*.md"),
        *(
            ROOT / name
            for name in (".pre-commit-config.yaml", "LICENSE", "Makefile", "pyproject.toml", "zensical.toml")
        ),
    ):
        shutil.copyfile(file, into / file.name)
    return into


def build(checkout: Path) -> subprocess.CompletedProcess[str]:
    """Builds the site of a checkout into its build/site."""
    command = [sys.executable, "scripts/build_docs.py"]
    return subprocess.run(
        command,
        cwd=checkout,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=300,
    )


class _Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Says nothing about requests."""


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Says nothing about browsers that leave in the middle of an answer."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serves a folder on loopback; the value is its address, without a slash at the end."""
    with _Server(("127.0.0.1", 0), functools.partial(_Silent, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
