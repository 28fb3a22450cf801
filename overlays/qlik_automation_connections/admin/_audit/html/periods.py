"""Periods of the last change: months, quarters or years, the finest that make a chart to read at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

_MOST: Final = 12
_MONTHS: Final = 12
_SIZES: Final = (1, 3, 12)
"""Lengths of a period, in months."""

UNKNOWN: Final = "unknown"
EARLIER: Final = "earlier"


def periods_of(moments: Sequence[datetime | None], now: datetime) -> tuple[list[str], list[str]]:
    """Divide times into periods.

    Args:
        moments: Times in UTC; None for unknown.
        now: The current time; later ones count as it.

    Returns:
        All periods, latest first, without gaps; and the period of each time.
    """
    months = [None if moment is None else _month(min(moment, now)) for moment in moments]
    known = [month for month in months if month is not None]
    if not known:
        return ([UNKNOWN] if months else []), [UNKNOWN] * len(months)
    latest, first = _month(now), min(known)
    size = next((size for size in _SIZES if latest // size - first // size < _MOST), _SIZES[-1])
    last = latest // size
    oldest = max(first // size, last - _MOST + 2) if last - first // size >= _MOST else first // size

    def named(month: int | None) -> str:
        if month is None:
            return UNKNOWN
        return EARLIER if month // size < oldest else _name(month // size, size)

    labels = [_name(period, size) for period in range(last, oldest - 1, -1)]
    rest = [word for word, is_used in ((EARLIER, first // size < oldest), (UNKNOWN, None in months)) if is_used]
    return labels + rest, [named(month) for month in months]


def _month(moment: datetime) -> int:
    return moment.year * _MONTHS + moment.month - 1


def _name(period: int, size: int) -> str:
    year, within = divmod(period * size, _MONTHS)
    if size == _MONTHS:
        return f"{year:04}"
    return f"{year:04}-Q{within // size + 1}" if size > 1 else f"{year:04}-{within + 1:02}"
