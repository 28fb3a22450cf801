"""Links of the documents in the checkout, as they are followed where the files are read: on a forge, in an editor."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN: Final = MarkdownIt().enable("table")


def documents(checkout: Path) -> list[Path]:
    """The documents of a checkout: those at its top, those in docs/, and those of the forge."""
    folders = (checkout.glob("*.md"), (checkout / "docs").rglob("*.md"), (checkout / ".github").rglob("*.md"))
    return sorted(path for found in folders for path in found)


@cache
def tokens(document: Path) -> list[Token]:
    """What a document consists of."""
    return _MARKDOWN.parse(document.read_text(encoding="utf-8"))


def _text(token: Token) -> str:
    return "".join(child.content for child in token.children or () if child.type in ("text", "code_inline"))


@cache
def headings(document: Path) -> frozenset[str]:
    """What a document's headings can be linked to by."""
    found: list[str] = []
    for heading, inline in itertools.pairwise(tokens(document)):
        if heading.type == "heading_open":
            slug = re.sub(r"[^\w\- ]", "", _text(inline).strip().lower()).replace(" ", "-")
            before = found.count(slug)
            found.append(f"{slug}-{before}" if before else slug)
    return frozenset(found)


def targets(document: Path) -> Iterator[str]:
    """What a document links to and shows."""
    for block in tokens(document):
        for token in (block, *(block.children or ())):
            for name in ("href", "src"):
                target = token.attrGet(name)
                if target:
                    yield str(target)


def problems(checkout: Path) -> list[str]:
    """One line for each link within the checkout that leads nowhere."""
    wrong = []
    for document in documents(checkout):
        for target in targets(document):
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            file = document.parent / unquote(parts.path) if parts.path else document
            name = document.relative_to(checkout).as_posix()
            if not file.exists():
                wrong.append(f"{name}: {target} leads to nothing")
            elif file.suffix == ".md" and parts.fragment and unquote(parts.fragment) not in headings(file):
                wrong.append(f"{name}: {target}: the file is there, its heading is not")
    return wrong
