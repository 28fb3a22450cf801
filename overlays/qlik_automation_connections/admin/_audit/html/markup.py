"""Text into HTML."""

from __future__ import annotations

import html
import re

# A surrogate can't be written as UTF-8, and a browser takes a NUL for an error.
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")


def text(value: object) -> str:
    """A text, safe within an element or a quoted attribute."""
    return html.escape(_UNWRITABLE.sub("\ufffd", str(value)))


def number(value: int) -> str:
    """A count, its thousands set apart."""
    return f"{value:,}"


def share(part: int, whole: int) -> str:
    """A part of a whole in per cent; one that is neither nothing nor everything never reads 0 or 100."""
    if whole == 0:
        return "0%"
    percent = 100 * part / whole
    if 0 < percent < 1:
        return "under 1%"
    if 99 < percent < 100:
        return "over 99%"
    return f"{percent:.0f}%"


def counted(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"
