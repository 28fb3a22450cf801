"""Read the reference page. Anything not in the known form is refused: half a page would compare as nothing.

The form: a title, the base URL, a table of contents, and for each operation a heading of the third level with bullets,
sections of the fourth level (parameters, request body, responses, examples) and a rule at its end. Fields stand in
tables, the fields of their objects in `<details>` behind them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final, TypeVar

from . import blocks as md
from .errors import PageError
from .facts import Body, Field, Operation, Rate, Reference, Response

T = TypeVar("T", bound=md.Block)

CONTENTS: Final = "Table of Contents"
OPERATIONS: Final = "API Reference"
COLUMNS: Final = ("Name", "Type", "Required", "Description")
_PLACES: Final = {"Path Parameters": "path", "Query Parameters": "query", "Header Parameters": "header"}
_METHODS: Final = frozenset({"GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"})
_MARKS: Final = {"Yes": True, "No": False}
_RATE: Final = re.compile(r"Tier (\d{1,9}) \((\d{1,9}) requests per minute\)")
_STATUS: Final = re.compile(r"[1-5][0-9X]{2}|default")
_EXAMPLE: Final = "Example Response"


class _Blocks:
    """A stream of blocks."""

    def __init__(self, text: str) -> None:
        self._all = list(md.blocks(text))
        self._at = 0

    @property
    def next(self) -> md.Block:
        return self._all[self._at]

    def take(self, kind: type[T], what: str) -> T:
        """Return the next block, which must be of one kind."""
        block = self.next
        if not isinstance(block, kind):
            found = "the page ends" if isinstance(block, md.End) else f"there is a {type(block).__name__.lower()}"
            raise PageError(f"{what} is expected, and {found}", block.line)
        if not isinstance(block, md.End):
            self._at += 1
        return block

    def paragraphs(self) -> list[md.Inline]:
        """Return the paragraphs that follow."""
        found = []
        while isinstance(block := self.next, md.Paragraph):
            if block.text.plain.startswith("|"):
                raise PageError("a table is broken here", block.line)
            found.append(self.take(md.Paragraph, "a paragraph").text)
        return found

    def heading(self, level: int) -> bool:
        """Return whether a heading of this level follows."""
        return isinstance(self.next, md.Heading) and self.next.level == level


def read_page(text: str) -> Reference:
    """Read a page.

    Args:
        text: Its Markdown.

    Raises:
        PageError: It is cut off, another kind of page, or in another form.
    """
    stream = _Blocks(text)
    if not stream.heading(1):
        raise PageError("a reference page begins with its title (a saved copy of its Markdown form is needed)", 1)
    stream.take(md.Heading, "the title")
    urls = [text.labelled for text in stream.paragraphs() if text.label == "Base URL"]
    if len(urls) != 1:
        raise PageError("the base URL is not named, or more than once")
    _expect_heading(stream, CONTENTS)
    contents = _contents(stream)
    stream.paragraphs()
    _expect_heading(stream, OPERATIONS)
    operations: dict[str, Operation] = {}
    while not isinstance(stream.next, md.End):
        line = stream.next.line
        name, operation = _operation(stream)
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


def _expect_heading(stream: _Blocks, text: str) -> None:
    heading = stream.take(md.Heading, f"the heading {text!r}")
    if heading.level != 2 or heading.text.plain != text:
        raise PageError(f"the heading {text!r} is expected, and it is {heading.text.plain[:60]!r}", heading.line)


def _contents(stream: _Blocks) -> list[str]:
    table = stream.take(md.Table, "the table of contents")
    if table.header != ("Method", "Path", "Description"):
        raise PageError(f"the table of contents has the columns {', '.join(table.header)}", table.line)
    names = []
    for number, (method, path, _) in enumerate(table.rows, start=table.line + 2):
        names.append(_operation_name(f"{method.code} {path.code}", number))
    if len(set(names)) < len(names):
        raise PageError("the table of contents names an operation twice", table.line)
    return names


def _operation_name(text: str, line: int) -> str:
    method, _, path = text.partition(" ")
    if method not in _METHODS or not path.startswith("/") or " " in path:
        raise PageError(f"a method and a path are expected, and it is {text[:80]!r}", line)
    return text


def _operation(stream: _Blocks) -> tuple[str, Operation]:
    heading = stream.take(md.Heading, "the heading of an operation")
    if heading.level != 3:
        raise PageError(f"the heading {heading.text.plain[:60]!r} has no place here in the known form", heading.line)
    name = _operation_name(heading.text.plain, heading.line)
    stream.paragraphs()
    rate, replaces, notes = _bullets(stream)
    sections: dict[str, int] = {}
    parameters: dict[tuple[str, str], Field] = {}
    body: Body | None = None
    responses: dict[str, Response] = {}
    examples: tuple[str, ...] = ()
    while stream.heading(4):
        section = stream.take(md.Heading, "a section")
        title = section.text.plain
        if title in sections:
            raise PageError(f"the section {title!r} stands twice in {name}", section.line)
        sections[title] = section.line
        if title in _PLACES:
            stream.paragraphs()
            parameters |= {(_PLACES[title], key): each for key, each in _fields(stream).items()}
        elif title == "Request Body":
            body = _body(stream)
        elif title == "Responses":
            responses = _responses(stream)
        elif title == "Examples":
            examples = _examples(stream)
        else:
            raise PageError(f"the section {title[:60]!r} of {name} is not known", section.line)
    stream.take(md.Rule, f"the rule at the end of {name}")
    if lacking := [title for title in ("Responses", "Examples") if title not in sections]:
        raise PageError(f"{name} has no section {' and no section '.join(lacking)}", heading.line)
    return name, Operation(rate, replaces, parameters, body, responses, examples, notes)


def _bullets(stream: _Blocks) -> tuple[Rate | None, frozenset[str], Mapping[str, str]]:
    rate: Rate | None = None
    replaces: frozenset[str] = frozenset()
    notes: dict[str, str] = {}
    if not isinstance(stream.next, md.Bullets):
        return rate, replaces, notes
    bullets = stream.take(md.Bullets, "what is said of the operation")
    for item in bullets.items:
        label, text = item.label, item.labelled
        if label is None or label in notes:
            raise PageError(f"{item.plain[:60]!r} has no label, or that of another", bullets.line)
        notes[label] = text
    if "Rate Limit" in notes:
        match = _RATE.fullmatch(notes.pop("Rate Limit"))
        if match is None:
            raise PageError("the rate limit is not written as in the known form", bullets.line)
        rate = Rate(int(match[1]), int(match[2]))
    if "Replaces" in notes:
        replaces = frozenset(_quoted(notes.pop("Replaces"), bullets.line))
    return rate, replaces, notes


def _quoted(text: str, line: int) -> tuple[str, ...]:
    """Return the quoted words of a list separated by commas."""
    try:
        words = json.loads(f"[{text}]")
    except ValueError:
        words = [None]
    if not words or not all(isinstance(word, str) for word in words) or len(set(words)) < len(words):
        raise PageError(f"a list of quoted words is expected, and it is {text[:60]!r}", line)
    return tuple(words)


def _fields(stream: _Blocks) -> dict[str, Field]:
    table = stream.take(md.Table, "a table of fields")
    if table.header != COLUMNS:
        raise PageError(
            f"a table of fields has the columns {', '.join(table.header)} instead of {', '.join(COLUMNS)}", table.line
        )
    found: dict[str, Field] = {}
    for line, row in enumerate(table.rows, start=table.line + 2):
        name, type_, mark = row[0].code, row[1].plain, row[2].plain
        if name is None or name in found or not type_ or mark not in _MARKS:
            raise PageError("a row has no name, no type or no required mark, or the name of another", line)
        _, marked, values = row[3].plain.rpartition("Enum: ")
        found[name] = Field(type_, _MARKS[mark], _quoted(values, line) if marked else None)
    if not found:
        raise PageError("a table of fields is empty", table.line)
    seen: set[str] = set()
    while isinstance(stream.next, md.DetailsStart):
        details = stream.take(md.DetailsStart, "the properties of a field")
        head, _, rest = details.summary.partition("`")
        name = rest.removesuffix("`")
        if head != "Properties of " or name not in found or name in seen:
            raise PageError(f"{details.summary[:60]!r} names no field of the table before it", details.line)
        seen.add(name)
        parent = found[name]
        found[name] = Field(parent.type, parent.required, parent.enum, _fields(stream))
        stream.take(md.DetailsEnd, f"the end of the properties of {name!r}")
    return found


def _content_type(texts: list[md.Inline]) -> str | None:
    found = [text.labelled for text in texts if text.label == "Content-Type"]
    return found[0] if found else None


def _body(stream: _Blocks) -> Body:
    line = stream.next.line
    texts = stream.paragraphs()
    content_type = _content_type(texts)
    if content_type is None:
        raise PageError("a request body has no content type", line)
    required = any(text.label == "Required" and not text.labelled for text in texts)
    return Body(required, content_type, _fields(stream))


def _responses(stream: _Blocks) -> dict[str, Response]:
    found: dict[str, Response] = {}
    line = stream.next.line
    while stream.heading(5):
        heading = stream.take(md.Heading, "a status")
        status = heading.text.plain
        if not _STATUS.fullmatch(status) or status in found:
            raise PageError(f"{status[:60]!r} is no status, or that of another response", heading.line)
        content_type = _content_type(stream.paragraphs())
        # A table may follow even without a content type; the comparison then reports the missing type.
        has_fields = content_type is not None or isinstance(stream.next, md.Table)
        found[status] = Response(content_type, _fields(stream) if has_fields else {})
    if not found:
        raise PageError("no response is described", line)
    return found


def _examples(stream: _Blocks) -> tuple[str, ...]:
    found = []
    while isinstance(stream.next, md.Paragraph):
        labels = [text.label for text in stream.paragraphs()]
        fence = stream.take(md.Fence, "an example")
        if labels[-1] is None:
            raise PageError("an example has no label", fence.line)
        if any(line.startswith("```") for line in fence.content.splitlines()):
            raise PageError("an example does not end before the next one begins", fence.line)
        if labels[-1] == _EXAMPLE:
            found.append(fence.content)
    return tuple(found)
