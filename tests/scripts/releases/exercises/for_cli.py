"""The extra `cli`: `qac`, installed as a program. Without it, a sentence names the extra."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

NAMED = "qlik-automation-connections[cli]"


def qac(url: str, key: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = Path(sysconfig.get_path("scripts")) / ("qac.exe" if os.name == "nt" else "qac")
    environment = {**os.environ, "QLIK_TENANT_URL": url, "QLIK_API_KEY": key}
    return subprocess.run([program, *arguments], env=environment, capture_output=True, encoding="utf-8", check=False)


def main(mode: str, url: str, key: str) -> None:
    shown = qac(url, key, "list")
    if mode == "lacks":
        assert shown.returncode == 2, shown
        assert NAMED in shown.stderr, shown
        print(f"without it: {shown.stderr.strip()}")
        return
    assert shown.returncode == 0, shown
    assert shown.stdout.strip(), shown
    for arguments, words in (
        (("--help",), "Usage: qac"),
        (("audit", "--help"), "Usage: qac audit"),
        (("list", "--json"), "{"),
    ):
        done = qac(url, key, *arguments)
        assert done.returncode == 0, done
        assert words in done.stdout, done
    print("qac --help, list as a table and as JSON")


main(*sys.argv[1:])
