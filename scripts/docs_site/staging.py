"""The pages that the site is built from: those of docs/, and what stands at the top of the checkout."""

from __future__ import annotations

import posixpath
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

TOP: Final = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
}
"""Files at the top of the checkout that become pages, and the pages' names."""

_ELSEWHERE: Final = {**TOP, "README.md": "index.md"}
_LINK: Final = re.compile(r"(?P<image>!?)\[(?P<text>(?:[^\[\]]|\[[^\]]*\])*)\]\((?P<target>[^()\s]+)\)")
_FENCE: Final = re.compile(r"^\s*(```|~~~)")


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """Changes every line of a document that is not in a fenced block of code."""
    lines, fence = [], None
    for line in text.splitlines(keepends=True):
        mark = _FENCE.match(line)
        if mark and fence in (None, mark[1]):
            fence = None if fence else mark[1]
            lines.append(line)
        else:
            lines.append(line if fence else change(line))
    return "".join(lines)


def staged(text: str, path: str, pages: frozenset[str]) -> str:
    """A document as the site needs it: links to files of the checkout lead to their pages.

    Args:
        text: the document.
        path: where it is in the checkout, with slashes, such as `docs/cli.md`.
        pages: what docs/ holds, by paths below it.

    Returns:
        The document, with links that are relative to its page. A link to a file that is no page is left as its text.
    """
    page = TOP.get(path) or path.removeprefix("docs/")

    def lead(link: re.Match[str]) -> str:
        target, _, anchor = link["target"].partition("#")
        if not target or re.match(r"[a-z]+:", target):
            return link[0]
        found = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        inside = _ELSEWHERE.get(found) or found.removeprefix("docs/")
        if found not in _ELSEWHERE and (not found.startswith("docs/") or inside not in pages):
            # Within docs/ the generator says that nothing is there.
            return link[0] if found.startswith("docs/") else link["text"]
        relative = posixpath.relpath(inside, posixpath.dirname(page) or ".")
        return f"{link['image']}[{link['text']}]({relative}{'#' + anchor if anchor else ''})"

    return outside_code(text, lambda line: _LINK.sub(lead, line))


def stage(checkout: Path, into: Path) -> None:
    """Writes all pages and what they show into a folder, anew.

    Raises:
        FileNotFoundError: one of `TOP` is missing.
    """
    shutil.rmtree(into, ignore_errors=True)
    sources = sorted(file for file in (checkout / "docs").rglob("*") if file.is_file())
    pages = frozenset(file.relative_to(checkout / "docs").as_posix() for file in sources)
    for file in sources:
        page = into / file.relative_to(checkout / "docs")
        page.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix == ".md":
            text = staged(file.read_text(encoding="utf-8"), file.relative_to(checkout).as_posix(), pages)
            page.write_text(text, encoding="utf-8", newline="\n")
        else:
            shutil.copyfile(file, page)
    for name, page_name in TOP.items():
        text = staged((checkout / name).read_text(encoding="utf-8"), name, pages)
        (into / page_name).write_text(text, encoding="utf-8", newline="\n")
