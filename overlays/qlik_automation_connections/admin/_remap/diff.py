"""Describe changes to a file, for people to read before they are made.

The format is a unified diff without context; each hunk is headed by its place in the automation. Only the member that
changes is shown, because its neighbors may be secrets: the whole line if it has one to itself, otherwise (as in a
single-line file) the member with dots around it, and its column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from ..._text import printable
from .encodings import LineIndex

_FARTHEST = 200


@frozen
class Edit:
    """A part of a text to replace.

    Attributes:
        start: Offset of the part.
        end: Offset after the part.
        replacement: The new value of a member; empty to remove the member.
        key: Offset of the member that changes.
        member_end: Offset after the member.
        pointer: JSON pointer of the member.
        block_name: Name of the block that contains it; None if unnamed.
        shown: What to show instead of the texts, each with its sign; None to show the texts.
    """

    start: int
    end: int
    replacement: str
    key: int
    member_end: int
    pointer: str
    block_name: str | None
    shown: tuple[str, ...] | None = None


def diff(name: str, text: str, edits: Iterable[Edit], lines: LineIndex) -> str:
    """Describe edits to a text.

    Args:
        name: Name of the file.
        text: The text before the edits.
        edits: The edits, in order.
        lines: Line index of the text.

    Returns:
        The diff, ending with a newline; empty if there are no edits.
    """
    hunks = list(_hunks(text, edits, lines))
    if not hunks:
        return ""
    # Tabs stay, as they may be the indentation.
    safe = ["\t".join(map(printable, line.split("\t"))) for line in hunks]
    return "\n".join([f"--- {printable(name)}", f"+++ {printable(name)}", *safe, ""])


def _hunks(text: str, edits: Iterable[Edit], lines: LineIndex) -> Iterator[str]:
    gone = 0
    for edit in edits:
        if edit.shown == ():
            gone += text.count("\n", edit.start, edit.end)
            continue
        before, after, whole = _around(text, edit)
        begin = edit.key
        key = text[begin : edit.start] if edit.shown is None else ""
        if "\n" in key:
            # The value is on another line than its key.
            begin, key, before = edit.start, "", "…"
        line, column = lines.at(begin)
        where = f"{edit.pointer}{'' if whole else f', column {column}'}"
        if edit.block_name:
            where += f', block "{edit.block_name}"'
        is_removal = edit.shown is not None and len(edit.shown) == 1
        new_line = f"{line - gone - 1},0" if whole and is_removal else f"{line - gone}"
        yield f"@@ -{line} +{new_line} @@ {where}"
        shown = edit.shown or (f"-{key}{text[edit.start : edit.end]}", f"+{key}{edit.replacement}")
        yield from (f"{part[0]}{before}{part[1:]}{after}" for part in shown)
        gone += text.count("\n", edit.start, edit.end)


def _around(text: str, edit: Edit) -> tuple[str, str, bool]:
    """Return what to show before and after a member, and whether it has its line to itself."""
    start = text.rfind("\n", max(0, edit.key - _FARTHEST), edit.key) + 1
    before = text[start : edit.key] if start or edit.key <= _FARTHEST else "…"
    end = text.find("\n", edit.member_end, edit.member_end + _FARTHEST)
    if end < 0:
        end = min(len(text), edit.member_end + _FARTHEST)
    after = text[edit.member_end : end].rstrip()
    if not before.strip() and after in ("", ",") and "\n" not in text[edit.key : edit.member_end]:
        return before, after, True
    return ("…" if before.strip() else before), ("" if not after else "," if after == "," else "…"), False
