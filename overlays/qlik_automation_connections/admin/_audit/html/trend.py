"""The trend over audits: a line for each figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..report import AuditFigures
from .embedded import utc_of
from .markup import number

_WIDTH: Final = 300
_HEIGHT: Final = 60
LABELS: Final = {"connections": "Connections", "not_connected": "Not connected", "findings": "Findings"}
"""The figures that are compared, with their labels."""


def trend(points: Sequence[AuditFigures]) -> str:
    """Draw the figures of audits, oldest first; nothing if there is only one."""
    if len(points) < 2:
        return ""
    lines = "".join(_line(key, label, points) for key, label in LABELS.items())
    rows = "".join(
        f'<tr><th scope="row">{utc_of(point.made_at):%Y-%m-%d %H:%M}</th>'
        + "".join(f"<td>{number(getattr(point, key))}</td>" for key in LABELS)
        + "</tr>"
        for point in reversed(points)
    )
    heads = "".join(f'<th scope="col">{label}</th>' for label in ("Audit", *LABELS.values()))
    first, last = (f"{utc_of(point.made_at):%Y-%m-%d}" for point in (points[0], points[-1]))
    return (
        f'<figure class="chart trend"><figcaption>Trend of {number(len(points))} audits, {first} to {last}</figcaption>'
        f'<div class="lines">{lines}</div><details class="screen-only"><summary>Figures of each audit</summary>'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></details></figure>"
    )


def _line(key: str, label: str, points: Sequence[AuditFigures]) -> str:
    values = [getattr(point, key) for point in points]
    times = [point.made_at.timestamp() for point in points]
    most, span = max(*values, 1), times[-1] - times[0]
    places = " ".join(
        f"{_WIDTH * (time - times[0]) / span:.1f},{_HEIGHT - (_HEIGHT - 4) * value / most:.1f}"
        for time, value in zip(times, values, strict=True)
    )
    said = f"{label}: {number(values[0])} at first, {number(values[-1])} now, at most {number(max(values))}"
    return (
        f"<div><b>{label}</b> {number(values[0])} → {number(values[-1])}"
        f'<svg class="line {key}" viewBox="0 0 {_WIDTH} {_HEIGHT + 2}" preserveAspectRatio="none" role="img"'
        f' aria-label="{said}"><polyline points="{places}"/></svg></div>'
    )
