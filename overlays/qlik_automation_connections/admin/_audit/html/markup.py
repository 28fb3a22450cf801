"""Text into HTML."""

from __future__ import annotations

import html
import re

# A surrogate can't be written as UTF-8, and a browser takes a NUL for an error.
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")


def text(value: object) -> str:
    """Escape a text for an element or a quoted attribute."""
    return html.escape(_UNWRITABLE.sub("\ufffd", str(value)))


def number(value: int) -> str:
    """Format a count, with thousands separators."""
    return f"{value:,}"


def share(part: int, whole: int) -> str:
    """Format a part of a whole in per cent; 0% and 100% mean exactly that."""
    if whole == 0:
        return "0%"
    percent = 100 * part / whole
    if 0 < percent < 1:
        return "under 1%"
    if 99 < percent < 100:
        return "over 99%"
    return f"{percent:.0f}%"


def capitalized(label: str) -> str:
    """Return a label that begins with a capital."""
    return label[:1].upper() + label[1:]
