"""Convert text to HTML."""

from __future__ import annotations

import html
import re
from datetime import datetime
from typing import Final

_LONGEST_LABEL: Final = 60
# Not the locale's: the page is English.
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
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


def clipped(label: str) -> str:
    """Cut a label that would fill lines."""
    return label if len(label) <= _LONGEST_LABEL else f"{label[:_LONGEST_LABEL]}…"


def moment(time: datetime) -> str:
    """Return a time in UTC as text, such as 28 November 2026, 09:00 UTC."""
    words = f"{time.day} {_MONTHS[time.month - 1]} {time.year}, {time:%H:%M} UTC"
    return f'<time datetime="{time.isoformat()}" title="{time.isoformat()}">{words}</time>'
