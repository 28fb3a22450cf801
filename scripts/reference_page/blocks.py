"""Parse Markdown into a flat sequence of blocks; this module does not know the form of the page."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

from attrs import frozen
from markdown_it import MarkdownIt
from markdown_it.token import Token

from .errors import PageError


@frozen
class Inline:
    """A run of text, its parts marked as `text`, `code` or `strong`."""

    parts: tuple[tuple[str, str], ...] = ()

    @property
    def plain(self) -> str:
        """Return all of it, without marks."""
        return "".join(text for _, text in self.parts).strip()

    @property
    def code(self) -> str | None:
        """Return the code that it consists of; None if it is anything else."""
        kept = [part for part in self.parts if part[1].strip()]
        return kept[0][1] if len(kept) == 1 and kept[0][0] == "code" else None

    @property
    def label(self) -> str | None:
        """Return the bold words at the beginning, without a colon; None if absent."""
        return self.parts[0][1].strip().removesuffix(":") if self.parts and self.parts[0][0] == "strong" else None

    @property
    def labelled(self) -> str:
        """Return what follows the label."""
        return "".join(text for _, text in self.parts[1:]).strip()


@frozen
class Heading:
    """A heading."""

    line: int
    level: int
    text: Inline


@frozen
class Paragraph:
    """A paragraph."""

    line: int
    text: Inline


@frozen
class Bullets:
    """A list."""

    line: int
    items: tuple[Inline, ...]


@frozen
class Table:
    """A table."""

    line: int
    header: tuple[str, ...]
    rows: tuple[tuple[Inline, ...], ...]


@frozen
class Fence:
    """A block of code."""

    line: int
    language: str
    content: str


@frozen
class DetailsStart:
    """Where a part that folds begins."""

    line: int
    summary: str


@frozen
class DetailsEnd:
    """Where it ends."""

    line: int


@frozen
class Rule:
    """A line across the page."""

    line: int


@frozen
class End:
    """The end of the page."""

    line: int


Block = Heading | Paragraph | Bullets | Table | Fence | DetailsStart | DetailsEnd | Rule | End


def _inline(token: Token) -> Inline:
    parts: list[tuple[str, str]] = []
    strong = 0
    for child in token.children or ():
        strong += {"strong_open": 1, "strong_close": -1}.get(child.type, 0)
        if child.type == "code_inline":
            part = ("code", child.content)
        elif child.type in ("softbreak", "hardbreak"):
            part = ("text", " ")
        elif child.type == "text":
            part = ("strong" if strong else "text", child.content)
        else:
            continue
        if parts and parts[-1][0] == part[0] != "code":
            part = (part[0], parts.pop()[1] + part[1])
        if part[1]:
            parts.append(part)
    return Inline(tuple(parts))


class _Details(HTMLParser):
    """A parser for the HTML that the form allows: details with a summary."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.found: list[Block] = []
        self._summary: str | None = None
        self._opened = False

    def handle_decl(self, decl: str) -> None:
        raise PageError(f"<!{decl[:40]}> is no Markdown: save the page's Markdown form", self.line)

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the parser's own signature
        if tag == "details" and not self._opened:
            self._opened = True
        elif tag == "summary" and self._opened and self._summary is None:
            self._summary = ""
        else:
            raise PageError(f"the HTML element <{tag[:40]}> has no place here in the known form", self.line)

    def handle_endtag(self, tag: str) -> None:
        if tag == "summary" and self._summary is not None:
            self.found.append(DetailsStart(self.line, self._summary.strip()))
            self._summary = None
            self._opened = False
        elif tag == "details":
            self.found.append(DetailsEnd(self.line))
        else:
            raise PageError(f"the HTML element </{tag[:40]}> ends what did not begin", self.line)

    def handle_data(self, data: str) -> None:
        if self._summary is not None:
            self._summary += data
        elif data.strip():
            raise PageError(f"text inside HTML can't be read: {data.strip()[:40]!r}", self.line)

    def end(self) -> list[Block]:
        self.close()
        if self._opened:
            raise PageError("<details> without a summary", self.line)
        return self.found


def _details(token: Token, line: int) -> list[Block]:
    parser = _Details(line)
    try:
        parser.feed(token.content)
        return parser.end()
    except AssertionError:  # so the standard library's parser refuses some malformed declarations
        raise PageError("the HTML here can't be read", line) from None


def _between(tokens: Iterator[Token], end: str) -> list[Token]:
    inside: list[Token] = []
    for token in tokens:
        if token.type == end and token.level == 0:
            return inside
        inside.append(token)
    return inside


def _table(inside: list[Token], line: int) -> Table:
    rows: list[list[Inline]] = []
    for token in inside:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_inline(token))
    return Table(line, tuple(cell.plain for cell in rows[0]), tuple(tuple(row) for row in rows[1:]))


def _without_front_matter(text: str) -> str:
    lines = text.split("\n")
    if lines[0].rstrip() != "---" or "---" not in (ends := [line.rstrip() for line in lines[1:]]):
        return text
    # Blank lines keep the numbers of those that follow.
    end = ends.index("---") + 2
    return "\n".join([""] * end + lines[end:])


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a Markdown text, and finally its end.

    Raises:
        PageError: The form has no blocks of this kind.
    """
    text = _without_front_matter(text.replace("\r\n", "\n"))
    tokens = iter(MarkdownIt("commonmark").enable("table").parse(text))
    line = 1
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        if token.type in ("heading_open", "paragraph_open", "bullet_list_open", "table_open"):
            inside = _between(tokens, token.type.replace("_open", "_close"))
            texts = tuple(_inline(each) for each in inside if each.type == "inline")
            if token.type == "heading_open":
                yield Heading(line, int(token.tag[1:]), texts[0])
            elif token.type == "paragraph_open":
                yield Paragraph(line, texts[0])
            elif token.type == "table_open":
                yield _table(inside, line)
            else:
                yield Bullets(line, texts)
        elif token.type == "fence":
            yield Fence(line, token.info.strip(), token.content)
        elif token.type == "html_block":
            yield from _details(token, line)
        elif token.type == "hr":
            yield Rule(line)
        else:
            raise PageError(f"a {token.type.removesuffix('_open')} has no place in the known form", line)
    yield End(text.count("\n") + 1)
