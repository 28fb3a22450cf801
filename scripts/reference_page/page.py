"""Read the reference page. Anything not in the known form is refused: half a page would compare as nothing.

The form: a title, the base URL, a table of contents, and for each operation a heading of the third level with bullets,
sections of the fourth level (parameters, request body, responses, examples) and a rule at its end. Fields stand in
tables, the fields of their objects in `<details>` behind them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from attrs import evolve, frozen
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from .errors import PageError
from .facts import METHODS, Body, Field, Operation, Rate, Reference, Response

CONTENTS: Final = "Table of Contents"
OPERATIONS: Final = "API Reference"
COLUMNS: Final = ("Name", "Type", "Required", "Description")
_PLACES: Final = {"Path Parameters": "path", "Query Parameters": "query", "Header Parameters": "header"}
_MARKS: Final = {"Yes": True, "No": False}
_RATE: Final = re.compile(r"Tier (\d{1,9}) \((\d{1,9}) requests per minute\)")
_STATUS: Final = re.compile(r"[1-5][0-9X]{2}|default")
_EXAMPLE: Final = "Example Response"
_FRONT_MATTER: Final = re.compile(r"---[^\S\n]*\n(?:.*\n)*?---[^\S\n]*\n")
_DETAILS: Final = re.compile(r"<details>\s*<summary>(?P<summary>[^<]*)</summary>|</details>")
_KINDS: Final = ("heading", "paragraph", "bullet_list", "table", "fence", "hr")
"""Blocks of a page, as markdown-it names them."""


def _text(node: SyntaxTreeNode) -> str:
    leaves = {"text": None, "code_inline": None, "softbreak": " ", "hardbreak": " "}
    return "".join(leaves[each.type] or each.content for each in node.walk() if each.type in leaves)


def _plain(node: SyntaxTreeNode) -> str:
    """Return all text, without marks."""
    return _text(node).strip()


def _code(node: SyntaxTreeNode) -> str | None:
    """Return the code that it consists of; None if it is anything else."""
    found = [each.content for each in node.walk() if each.type == "code_inline"]
    return found[0] if found and _plain(node) == found[0].strip() else None


def _labelled(inline: SyntaxTreeNode) -> tuple[str | None, str]:
    """Return the bold words at the beginning, without a colon, and what follows them; no label if there are none."""
    parts = [each for each in inline.children if _text(each)]
    if not parts or parts[0].type != "strong":
        return None, _plain(inline)
    return _plain(parts[0]).removesuffix(":"), "".join(map(_text, parts[1:])).strip()


@frozen
class _Block:
    """A block of the page: what it is, its line counted from 1, its text without marks, and its node."""

    kind: str
    line: int
    text: str
    node: SyntaxTreeNode

    @property
    def level(self) -> int:
        """Return the level of a heading; 0 for other blocks."""
        return int(self.node.tag[1:]) if self.kind == "heading" else 0


class _Page:
    """The blocks of a page, one after the other."""

    def __init__(self, text: str) -> None:
        # Blank lines keep the numbers of those that follow.
        text = text.replace("\r\n", "\n")
        if front := _FRONT_MATTER.match(text):
            text = "\n" * front[0].count("\n") + text[front.end() :]
        root = SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(text))
        self._blocks = [block for node in root.children for block in self._read(node)]
        self._blocks.append(_Block("end", text.count("\n") + 1, "", root))
        self._at = 0

    @staticmethod
    def _read(node: SyntaxTreeNode) -> Iterator[_Block]:
        line = node.map[0] + 1 if node.map else 1
        if node.type == "html_block":
            if other := _DETAILS.sub("", node.content).strip():
                raise PageError(
                    f"{other[:40]!r} has no place here: of HTML, the Markdown form of a page has nothing but <details>"
                    " with a <summary>",
                    line,
                )
            for found in _DETAILS.finditer(node.content):
                summary = found["summary"]
                yield _Block("end of details" if summary is None else "details", line, (summary or "").strip(), node)
        elif node.type in _KINDS:
            yield _Block(node.type, line, _plain(node), node)
        else:
            raise PageError(f"a {node.type} has no place in the known form", line)

    @property
    def next(self) -> _Block:
        return self._blocks[self._at]

    def take(self, kind: str, what: str, level: int = 0) -> _Block:
        """Return the next block, which must be of one kind, and a heading of one level unless that is 0."""
        block = self.next
        if block.kind != kind:
            found = "the page ends" if block.kind == "end" else f"there is a {block.kind}"
            raise PageError(f"{what} is expected, and {found}", block.line)
        if level and block.level != level:
            raise PageError(f"the heading {block.text[:60]!r} has no place here in the known form", block.line)
        self._at += 1
        return block

    def paragraphs(self) -> list[tuple[str | None, str]]:
        """Return the label and the text of each paragraph that follows."""
        found = []
        while self.next.kind == "paragraph":
            block = self.take("paragraph", "a paragraph")
            if block.text.startswith("|"):
                raise PageError("a table is broken here", block.line)
            found.append(_labelled(block.node.children[0]))
        return found


def read_page(text: str) -> Reference:
    """Read a page from its Markdown.

    Raises:
        PageError: It is cut off, another kind of page, or in another form.
    """
    page = _Page(text)
    if page.next.level != 1:
        raise PageError("a reference page begins with its title (a saved copy of its Markdown form is needed)", 1)
    page.take("heading", "the title")
    urls = [rest for label, rest in page.paragraphs() if label == "Base URL"]
    if len(urls) != 1:
        raise PageError("the base URL is not named, or more than once")
    _expect_heading(page, CONTENTS)
    contents = _contents(page)
    page.paragraphs()
    _expect_heading(page, OPERATIONS)
    operations: dict[str, Operation] = {}
    while page.next.kind != "end":
        line = page.next.line
        name, operation = _operation(page)
        if name in operations:
            raise PageError(f"{name} is described twice", line)
        if name not in contents:
            raise PageError(f"{name} is not in the table of contents", line)
        operations[name] = operation
    if lacking := [name for name in contents if name not in operations]:
        raise PageError(f"the table of contents names {', '.join(lacking)}, and the page does not describe it")
    if not operations:
        raise PageError("the page describes no operation")
    return Reference(urls[0], operations)


def _expect_heading(page: _Page, text: str) -> None:
    heading = page.take("heading", f"the heading {text!r}", level=2)
    if heading.text != text:
        raise PageError(f"the heading {text!r} is expected, and it is {heading.text[:60]!r}", heading.line)


def _table(page: _Page, what: str, columns: tuple[str, ...]) -> Iterator[tuple[int, list[SyntaxTreeNode]]]:
    """Take a table, and yield the line and the cells of each row."""
    table = page.take("table", what)
    header, *rows = [each.children for each in table.node.walk() if each.type == "tr"]
    if (found := [_plain(cell) for cell in header]) != list(columns):
        raise PageError(f"{what} has the columns {', '.join(found)} instead of {', '.join(columns)}", table.line)
    yield from enumerate(rows, start=table.line + 2)


def _contents(page: _Page) -> list[str]:
    line, names = page.next.line, []
    for number, (method, path, _) in _table(page, "the table of contents", ("Method", "Path", "Description")):
        names.append(_operation_name(f"{_code(method)} {_code(path)}", number))
    if len(set(names)) < len(names):
        raise PageError("the table of contents names an operation twice", line)
    return names


def _operation_name(text: str, line: int) -> str:
    method, _, path = text.partition(" ")
    if method not in METHODS or not path.startswith("/") or " " in path:
        raise PageError(f"a method and a path are expected, and it is {text[:80]!r}", line)
    return text


def _operation(page: _Page) -> tuple[str, Operation]:
    heading = page.take("heading", "the heading of an operation", level=3)
    name = _operation_name(heading.text, heading.line)
    page.paragraphs()
    read = _bullets(page)
    sections = set()
    while page.next.level == 4:
        section = page.take("heading", "a section")
        title = section.text
        if title in sections:
            raise PageError(f"the section {title!r} stands twice in {name}", section.line)
        sections.add(title)
        if title in _PLACES:
            page.paragraphs()
            found = {(_PLACES[title], key): each for key, each in _fields(page).items()}
            read = evolve(read, parameters={**read.parameters, **found})
        elif title == "Request Body":
            read = evolve(read, body=_body(page))
        elif title == "Responses":
            read = evolve(read, responses=_responses(page))
        elif title == "Examples":
            read = evolve(read, examples=_examples(page))
        else:
            raise PageError(f"the section {title[:60]!r} of {name} is not known", section.line)
    page.take("hr", f"the rule at the end of {name}")
    if lacking := [title for title in ("Responses", "Examples") if title not in sections]:
        raise PageError(f"{name} has no section {' and no section '.join(lacking)}", heading.line)
    return name, read


def _bullets(page: _Page) -> Operation:
    """Return an operation with what its bullets say."""
    if page.next.kind != "bullet_list":
        return Operation()
    bullets = page.take("bullet_list", "what is said of the operation")
    notes: dict[str, str] = {}
    for item in (each for each in bullets.node.walk() if each.type == "inline"):
        label, text = _labelled(item)
        if label is None or label in notes:
            raise PageError(f"{_plain(item)[:60]!r} has no label, or that of another", bullets.line)
        notes[label] = text
    rate, replaces = notes.pop("Rate Limit", None), notes.pop("Replaces", None)
    match = _RATE.fullmatch(rate or "")
    if rate is not None and match is None:
        raise PageError("the rate limit is not written as in the known form", bullets.line)
    return Operation(
        rate=Rate(int(match[1]), int(match[2])) if match else None,
        replaces=frozenset() if replaces is None else frozenset(_quoted(replaces, bullets.line)),
        notes=notes,
    )


def _quoted(text: str, line: int) -> tuple[str, ...]:
    """Return the quoted words of a list separated by commas."""
    try:
        words = json.loads(f"[{text}]")
    except ValueError:
        words = [None]
    if not words or not all(isinstance(word, str) for word in words) or len(set(words)) < len(words):
        raise PageError(f"a list of quoted words is expected, and it is {text[:60]!r}", line)
    return tuple(words)


def _fields(page: _Page) -> dict[str, Field]:
    start, found = page.next.line, {}
    for line, cells in _table(page, "a table of fields", COLUMNS):
        name, (_, type_, mark, description) = _code(cells[0]), map(_plain, cells)
        if name is None or name in found or not type_ or mark not in _MARKS:
            raise PageError("a row has no name, no type or no required mark, or the name of another", line)
        _, marked, values = description.rpartition("Enum: ")
        found[name] = Field(type_, _MARKS[mark], _quoted(values, line) if marked else None)
    if not found:
        raise PageError("a table of fields is empty", start)
    seen: set[str] = set()
    while page.next.kind == "details":
        details = page.take("details", "the properties of a field")
        head, _, rest = details.text.partition("`")
        name = rest.removesuffix("`")
        if head != "Properties of " or name not in found or name in seen:
            raise PageError(f"{details.text[:60]!r} names no field of the table before it", details.line)
        seen.add(name)
        found[name] = evolve(found[name], fields=_fields(page))
        page.take("end of details", f"the end of the properties of {name!r}")
    return found


def _body(page: _Page) -> Body:
    line, said = page.next.line, dict(page.paragraphs())
    if "Content-Type" not in said:
        raise PageError("a request body has no content type", line)
    return Body(said.get("Required") == "", said["Content-Type"], _fields(page))


def _responses(page: _Page) -> dict[str, Response]:
    found: dict[str, Response] = {}
    line = page.next.line
    while page.next.level == 5:
        heading = page.take("heading", "a status")
        status = heading.text
        if not _STATUS.fullmatch(status) or status in found:
            raise PageError(f"{status[:60]!r} is no status, or that of another response", heading.line)
        content_type = dict(page.paragraphs()).get("Content-Type")
        # A table may follow even without a content type; the comparison then reports the missing type.
        has_fields = content_type is not None or page.next.kind == "table"
        found[status] = Response(content_type, _fields(page) if has_fields else {})
    if not found:
        raise PageError("no response is described", line)
    return found


def _examples(page: _Page) -> tuple[str, ...]:
    found = []
    while page.next.kind == "paragraph":
        label, _ = page.paragraphs()[-1]
        fence = page.take("fence", "an example")
        if label is None:
            raise PageError("an example has no label", fence.line)
        if any(line.startswith("```") for line in fence.node.content.splitlines()):
            raise PageError("an example does not end before the next one begins", fence.line)
        if label == _EXAMPLE:
            found.append(fence.node.content)
    return tuple(found)
