"""Changes to a file, in a form that is read before they are made.

It looks like a unified diff without context, each hunk headed by where in the automation it is. No more is shown than
the member that changes: what stands next to it may be a secret. Where it has its line to itself, the line is shown;
otherwise, as in a file of a single line, the member alone with dots around it, and the column.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from attrs import frozen

from .encodings import Places

_FARTHEST = 200


@frozen
class Edit:
    """A part of a text that is replaced.

    Attributes:
        start: where the part begins.
        end: where it ends.
        replacement: what takes its place; nothing for a token that is removed.
        key: where the member that changes begins.
        value: where its value begins.
        value_end: where the member ends.
        pointer: its JSON pointer.
        block_name: name of the block that it is in.
    """

    start: int
    end: int
    replacement: str
    key: int
    value: int
    value_end: int
    pointer: str
    block_name: str | None


def printable(text: str) -> str:
    """The text with whatever could confuse a terminal or its reader as JSON escapes."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() or each == "\t" else _escape(each) for each in text)


def _escape(character: str) -> str:
    escaped = json.dumps(character)[1:-1]
    return escaped if escaped != character else f"\\u{ord(character):04x}"


def describe(name: str, text: str, edits: Iterable[Edit], places: Places) -> str:
    """Describes edits to a text.

    Args:
        name: name of the file.
        text: the text before the edits.
        edits: the edits, in order.
        places: lines and columns of the text.

    Returns:
        Lines, each with its end; nothing if there are no edits.
    """
    lines = list(_hunks(text, edits, places))
    if not lines:
        return ""
    name = printable(name)
    return "\n".join([f"--- {name}", f"+++ {name}", *lines, ""])


def _hunks(text: str, edits: Iterable[Edit], places: Places) -> Iterator[str]:
    gone = 0
    for edit in edits:
        key = text[edit.key : edit.value]
        before, after, whole = _around(text, edit)
        begin = edit.key
        if "\n" in key:
            # Only then does the value stand on another line than its key.
            begin, key, before = edit.value, "", "…"
        line, column = places.at(begin)
        where = f"{edit.pointer}{'' if whole else f', column {column}'}"
        if edit.block_name:
            where += f', block "{edit.block_name}"'
        if edit.replacement:
            yield printable(f"@@ -{line} +{line - gone} @@ {where}")
            yield printable(f"-{before}{key}{text[edit.value : edit.value_end]}{after}")
            yield printable(f"+{before}{key}{edit.replacement}{after}")
        else:
            gone_line = f"{line - gone - 1},0" if whole else f"{line - gone}"
            yield printable(f"@@ -{line} +{gone_line} @@ {where}")
            yield printable(f'-{before}"executionToken": [removed]{after}')
        gone += text.count("\n", edit.start, edit.end)


def _around(text: str, edit: Edit) -> tuple[str, str, bool]:
    """What is shown before and after a member, and whether that is all that its lines hold."""
    start = text.rfind("\n", max(0, edit.key - _FARTHEST), edit.key) + 1
    before = text[start : edit.key] if start or edit.key <= _FARTHEST else "…"
    end = text.find("\n", edit.value_end, edit.value_end + _FARTHEST)
    if end < 0:
        end = min(len(text), edit.value_end + _FARTHEST)
    after = text[edit.value_end : end].rstrip()
    if not before.strip() and after in ("", ",") and "\n" not in text[edit.key : edit.value_end]:
        return before, after, True
    return ("…" if before.strip() else before), ("" if not after else "," if after == "," else "…"), False
