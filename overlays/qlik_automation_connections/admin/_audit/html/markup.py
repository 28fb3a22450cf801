"""Convert text to HTML."""

from __future__ import annotations

import html
import re

# Surrogates can't be written as UTF-8, and NUL is a parse error in HTML.
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")


def text(value: object) -> str:
    """Escape a text for an element or a quoted attribute."""
    return html.escape(_UNWRITABLE.sub("\ufffd", str(value)))


def number(value: int) -> str:
    """Format a count, with thousands separators."""
    return f"{value:,}"


def share(part: int, whole: int) -> str:
    """Format a share as a percentage; 0% and 100% are exact."""
    if whole == 0:
        return "0%"
    percent = 100 * part / whole
    if 0 < percent < 1:
        return "under 1%"
    if 99 < percent < 100:
        return "over 99%"
    return f"{percent:.0f}%"


def capitalized(label: str) -> str:
    """Capitalize the first letter of a label."""
    return label[:1].upper() + label[1:]
