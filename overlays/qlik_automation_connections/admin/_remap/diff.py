"""Changes to a file, for people to read before they are made.

It looks like a unified diff without context, each hunk headed by where in the automation it is. No more is shown than
the member that changes: what stands next to it may be a secret. Where it has its line to itself, the line is shown;
otherwise, as in a file of a single line, the member alone with dots around it, and the column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from ..._text import printable
from .encodings import LineIndex

_FARTHEST = 200


@frozen
class Edit:
    """A part of a text that is replaced.

    Attributes:
        start: where the part begins.
        end: where it ends.
        replacement: what takes its place: the new value of a member, or nothing for a member that is removed.
        key: where the member that changes begins.
        member_end: where it ends.
        pointer: its JSON pointer.
        block_name: name of the block that it is in.
    """

    start: int
    end: int
    replacement: str
    key: int
    member_end: int
    pointer: str
    block_name: str | None


def diff(name: str, text: str, edits: Iterable[Edit], lines: LineIndex) -> str:
    """Describe edits to a text.

    Args:
        name: name of the file.
        text: the text before the edits.
        edits: the edits, in order.
        lines: lines of the text.

    Returns:
        Lines, each with its end; an empty text if there are no edits.
    """
    hunks = list(_hunks(text, edits, lines))
    if not hunks:
        return ""
    # Tabs are what the file may be indented by.
    safe = ["\t".join(map(printable, line.split("\t"))) for line in hunks]
    return "\n".join([f"--- {printable(name)}", f"+++ {printable(name)}", *safe, ""])


def _hunks(text: str, edits: Iterable[Edit], lines: LineIndex) -> Iterator[str]:
    gone = 0
    for edit in edits:
        before, after, whole = _around(text, edit)
        begin = edit.key
        key = text[begin : edit.start] if edit.replacement else ""
        if "\n" in key:
            # Only then is the value on another line than its key.
            begin, key, before = edit.start, "", "…"
        line, column = lines.at(begin)
        where = f"{edit.pointer}{'' if whole else f', column {column}'}"
        if edit.block_name:
            where += f', block "{edit.block_name}"'
        if edit.replacement:
            yield f"@@ -{line} +{line - gone} @@ {where}"
            yield f"-{before}{key}{text[edit.start : edit.end]}{after}"
            yield f"+{before}{key}{edit.replacement}{after}"
        else:
            gone_line = f"{line - gone - 1},0" if whole else f"{line - gone}"
            yield f"@@ -{line} +{gone_line} @@ {where}"
            yield f'-{before}"executionToken": [removed]{after}'
        gone += text.count("\n", edit.start, edit.end)


def _around(text: str, edit: Edit) -> tuple[str, str, bool]:
    """Return what to show before and after a member, and whether that is all that its lines hold."""
    start = text.rfind("\n", max(0, edit.key - _FARTHEST), edit.key) + 1
    before = text[start : edit.key] if start or edit.key <= _FARTHEST else "…"
    end = text.find("\n", edit.member_end, edit.member_end + _FARTHEST)
    if end < 0:
        end = min(len(text), edit.member_end + _FARTHEST)
    after = text[edit.member_end : end].rstrip()
    if not before.strip() and after in ("", ",") and "\n" not in text[edit.key : edit.member_end]:
        return before, after, True
    return ("…" if before.strip() else before), ("" if not after else "," if after == "," else "…"), False
