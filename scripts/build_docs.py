"""Builds the site of the documents into build/site, strictly; with --serve, shows it on this machine until Ctrl-C."""

from __future__ import annotations

import argparse
import functools
import http.server
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from docs_site import site_check, source_links
from docs_site.staging import stage

ROOT: Final = Path(__file__).resolve().parents[1]
SITE: Final = ROOT / "build" / "site"
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")


def build() -> int:
    """Stages the pages, renders them, and checks the outcome; the exit code is 0 if nothing is wrong."""
    stage(ROOT, ROOT / "build" / "docs")
    # The extension that griffe loads is a package beside this script.
    found = os.pathsep.join(filter(None, (str(ROOT / "scripts"), os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": found},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    # It colours what it says for no terminal, too, and ends a strict build with a traceback of its own.
    print(_COLOUR.sub("", done.stdout).partition("Traceback (most recent call last)")[0].rstrip())
    if done.returncode != 0:
        return done.returncode
    wrong = [*source_links.problems(ROOT), *site_check.problems(SITE)]
    for line in wrong:
        print(line, file=sys.stderr)
    pages = sum(1 for _ in SITE.rglob("*.html"))
    print(f"{pages} pages in {SITE.relative_to(ROOT)}, {len(wrong)} problems")
    return 1 if wrong else 0


def serve(port: int) -> None:
    """Shows the built site on loopback."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=SITE)
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        print(f"http://127.0.0.1:{server.server_address[1]}/  (Ctrl-C ends it)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", action="store_true", help="show the site after building it")
    parser.add_argument("--port", type=int, default=0, help="port to show it at (default: any that is free)")
    options = parser.parse_args(arguments)
    code = build()
    if code == 0 and options.serve:
        serve(options.port)
    return code


if __name__ == "__main__":
    sys.exit(main())
