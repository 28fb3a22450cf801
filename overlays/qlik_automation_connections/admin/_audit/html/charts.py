"""The charts: bars of inline SVG in lists and tables that hold the same figures as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ...._text import counted
from .embedded import PERIODS, STATES, key_of
from .markup import number, share
from .todo import link

_BARS = 10
"""Bars of a chart; one more sums up the rest."""
_FIGURES = ("connections", "not_connected", "findings")

Count = Mapping[str, Any]


def state_chart(summary: Mapping[str, Any]) -> str:
    """Draw the connections by state: one bar in three parts, and a key with the figures."""
    total = summary["connections"]
    counts = {key: summary[key.replace("-", "_")] for key in ("connected", "not-connected", "unknown")}
    parts = [(kind, STATES[kind], count) for kind, count in counts.items()]
    said = ", ".join(f"{name.lower()} {number(count)} ({share(count, total)})" for _, name, count in parts)
    keys = "".join(
        '<li><svg class="swatch" width="12" height="12" aria-hidden="true">'
        f'<rect class="{kind}" width="12" height="12"/></svg> '
        f"{link(name, state=kind)} "
        f"<b>{number(count)}</b> <span>{share(count, total)}</span></li>"
        for kind, name, count in parts
    )
    bar = _bar([(kind, count) for kind, _, count in parts], total, f'role="img" aria-label="State: {said}"')
    return f'<figure class="chart state"><figcaption>State</figcaption>{bar}<ul class="key">{keys}</ul></figure>'


def facet_chart(title: str, facet: str, counts: Sequence[Count], unnamed: str) -> str:
    """Draw the number of connections for each connector, owner or space, largest first.

    Args:
        title: Title of the chart.
        facet: The facet.
        counts: The figures.
        unnamed: Label of the entry without an id.
    """
    ordered = sorted(
        counts, key=lambda count: (-count["connections"], str(count["name"] or count["id"] or "").casefold())
    )
    if len(ordered) == _BARS + 1:
        shown, rest = ordered, []
    else:
        shown, rest = ordered[:_BARS], ordered[_BARS:]
    rows = [
        (link(count["name"] or count["id"] or unnamed, **{facet: key_of(facet, count["id"])}), count) for count in shown
    ]
    if rest:
        summed = {key: sum(count[key] for count in rest) for key in _FIGURES}
        rows.append((f'<span class="others">{number(len(rest))} others</span>', summed))
    # The longest single bar sets the scale; the sum of the others would dwarf the rest.
    return _bars(title, rows, max((count["connections"] for count in shown), default=0))


def age_chart(report: Mapping[str, Any], periods: Sequence[str], updated: Sequence[str]) -> str:
    """Draw the connections by period of the last change.

    Args:
        report: The audit.
        periods: All periods.
        updated: That of each connection.
    """
    found = Counter(finding["connection_id"] for finding in report["findings"])
    counts: dict[str, dict[str, int]] = {period: dict.fromkeys(_FIGURES, 0) for period in periods}
    for row, period in zip(report["connections"], updated, strict=True):
        counts[period]["connections"] += 1
        counts[period]["not_connected"] += row["is_connected"] is False
        counts[period]["findings"] += found[row["id"]] if row["id"] else 0
    rows = [
        (link(PERIODS.get(period, period), updated=period) if count["connections"] else period, count)
        for period, count in counts.items()
    ]
    return _bars("Last change", rows, max((count["connections"] for count in counts.values()), default=0))


def _bars(title: str, rows: Sequence[tuple[str, Count]], longest: int) -> str:
    if not rows:
        return f'<figure class="chart"><figcaption>{title}</figcaption><p class="nothing">Nothing to show.</p></figure>'
    # Explicit roles, because a narrow page changes the display of rows, which makes browsers drop table semantics.
    body = "".join(
        f'<tr role="row"><th scope="row" role="rowheader">{label}</th>'
        f'<td role="cell" class="bar">{_row_bar(count, longest)}</td>'
        + "".join(f'<td role="cell">{number(count[key])}</td>' for key in _FIGURES)
        + "</tr>"
        for label, count in rows
    )
    heads = "".join(f'<th scope="col" role="columnheader">{head}</th>' for head in ("All", "Not connected", "Findings"))
    return (
        f'<figure class="chart"><table class="bars" role="table"><caption>{title}</caption>'
        '<thead role="rowgroup"><tr role="row">'
        '<th scope="col" role="columnheader"><span class="unseen">Which</span></th>'
        f'<td role="cell" class="bar"></td>{heads}</tr></thead><tbody role="rowgroup">{body}</tbody></table></figure>'
    )


def _row_bar(count: Count, longest: int) -> str:
    if count["connections"] > longest:
        return ""
    working = count["connections"] - count["not_connected"]
    return _bar([("not-connected", count["not_connected"]), ("connected", working)], longest, 'aria-hidden="true"')


def _bar(parts: Sequence[tuple[str, int]], whole: int, attributes: str) -> str:
    drawn = []
    start = 0.0
    for kind, count in parts:
        if count:
            width = 100 * count / whole
            drawn.append(f'<rect class="{kind}" x="{start:.2f}%" width="{width:.2f}%" height="100%"/>')
            start += width
    return f'<svg class="bar" width="100%" height="14" {attributes}>{"".join(drawn)}</svg>'


def figures(summary: Mapping[str, Any]) -> str:
    """Write the headline figures."""
    total = summary["connections"]
    cards = [
        ("Connections", total, f"{counted(summary['managed'], 'is', 'are')} managed by the service"),
        ("Not connected", summary["not_connected"], f"{share(summary['not_connected'], total)} of all"),
        ("State unknown", summary["unknown"], f"{share(summary['unknown'], total)} of all"),
        ("Findings", summary["findings"], f"on {counted(summary['with_findings'], 'connection')}"),
    ]
    return "".join(
        f"<div><dt>{name}</dt><dd><b>{number(count)}</b> <span>{note}</span></dd></div>" for name, count, note in cards
    )
