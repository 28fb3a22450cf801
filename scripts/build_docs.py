"""Builds the site of the documents into build/site, strictly: `python scripts/build_docs.py`.

`zensical build --strict` does that, from one folder. This script makes the folder: it adds the changelog and its like,
which a forge wants at the top of the checkout, and lets their links lead to pages.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOP = ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
_TO_TOP = re.compile(rf"\]\((?P<up>(?:\.\./)*)\.\./(?P<name>{'|'.join(map(re.escape, TOP))})")
_LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<target>[^)#:]+)(?P<anchor>#[^)]*)?\)")


def of_page(text: str) -> str:
    """Let the links of a page in docs/ lead to the pages that `TOP` becomes."""
    return _TO_TOP.sub(lambda link: f"]({link['up']}{link['name'].lower()}", text)


def of_top(text: str) -> str:
    """Let the links of a file of `TOP` lead to pages; one to another file of the checkout is left as its text."""

    def lead(link: re.Match[str]) -> str:
        target, anchor = link["target"], link["anchor"] or ""
        if target in TOP:
            return f"[{link['text']}]({target.lower()}{anchor})"
        return f"[{link['text']}]({target[5:]}{anchor})" if target.startswith("docs/") else link["text"]

    return _LINK.sub(lead, text)


def stage(into: Path) -> None:
    """Write all pages, and what they show, into an empty folder."""
    shutil.rmtree(into, ignore_errors=True)
    shutil.copytree(ROOT / "docs", into)
    for page in into.rglob("*.md"):
        page.write_text(of_page(page.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    for name in TOP:
        text = of_top((ROOT / name).read_text(encoding="utf-8"))
        (into / name.lower()).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    stage(ROOT / "build" / "docs")
    build = [sys.executable, "-m", "zensical", "build", "--clean", "--strict"]
    sys.exit(subprocess.run(build, cwd=ROOT, check=False).returncode)
