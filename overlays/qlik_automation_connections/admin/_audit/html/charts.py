"""The charts: bars of inline SVG in lists and tables that hold the same figures as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...._text import counted
from ..ages import AGES
from .embedded import STATES, Facet
from .markup import capitalized, number, share, text

_BARS = 10
"""Bars of a chart; one more sums up the rest."""

Count = Mapping[str, Any]


def state_chart(summary: Mapping[str, Any]) -> str:
    """Draw the connections by state: one bar in three parts, and a key with the figures."""
    total = summary["connections"]
    counts = {"yes": summary["connected"], "no": summary["not_connected"], "unknown": summary["unknown"]}
    parts = [(kind, STATES[kind], count) for kind, count in counts.items()]
    said = ", ".join(f"{name.lower()} {number(count)} ({share(count, total)})" for _, name, count in parts)
    keys = "".join(
        '<li><svg class="swatch" width="12" height="12" aria-hidden="true">'
        f'<rect class="{kind}" width="12" height="12"/></svg> '
        f'<span data-filter="state" data-value="{kind}">{name}</span> '
        f"<b>{number(count)}</b> <span>{share(count, total)}</span></li>"
        for kind, name, count in parts
    )
    bar = _bar([(kind, count) for kind, _, count in parts], total, f'role="img" aria-label="State: {said}"')
    return f'<figure class="chart state"><figcaption>State</figcaption>{bar}<ul class="key">{keys}</ul></figure>'


def facet_chart(title: str, name: str, counts: Sequence[Count], facet: Facet, unnamed: str) -> str:
    """Draw the number of connections for each connector, owner or space, largest first.

    Args:
        title: Title of the chart.
        name: Name of the facet in the page's script.
        counts: The figures.
        facet: The facet's entries.
        unnamed: Label of the entry without an id.
    """
    ordered = sorted(
        counts, key=lambda count: (-count["connections"], str(count["name"] or count["id"] or "").casefold())
    )
    if len(ordered) == _BARS + 1:
        shown, rest = ordered, []
    else:
        shown, rest = ordered[:_BARS], ordered[_BARS:]
    rows = []
    for count in shown:
        value = facet.number(count["id"], count["name"])
        label = count["name"] or count["id"] or unnamed
        attributes = "" if value is None else f' data-filter="{name}" data-value="{value}"'
        # The title includes the id, because names may be shared.
        hover = label if count["id"] is None or label == count["id"] else f"{label} ({count['id']})"
        rows.append((f'<span class="name" dir="auto" title="{text(hover)}"{attributes}>{text(label)}</span>', count))
    if rest:
        summed = {key: sum(count[key] for count in rest) for key in ("connections", "not_connected", "findings")}
        rows.append((f'<span class="others">{number(len(rest))} others</span>', summed))
    # The longest single bar sets the scale; the sum of the others would dwarf the rest.
    return _bars(title, rows, max((count["connections"] for count in shown), default=0))


def age_chart(counts: Sequence[Count]) -> str:
    """Draw the connections by time since the last update."""
    values = {group.id: number for number, group in enumerate(AGES)}
    rows = []
    for count in counts:
        value = values.get(count["id"])
        attributes = "" if value is None else f' data-filter="age" data-value="{value}"'
        rows.append((f"<span{attributes}>{text(capitalized(count['name'] or count['id']))}</span>", count))
    return _bars("Time since the last update", rows, max((count["connections"] for count in counts), default=0))


def _bars(title: str, rows: Sequence[tuple[str, Count]], longest: int) -> str:
    if not rows:
        return f'<figure class="chart"><figcaption>{title}</figcaption><p class="nothing">Nothing to show.</p></figure>'
    # Explicit roles, because a narrow page changes the display of rows, which makes browsers drop table semantics.
    body = "".join(
        f'<tr role="row"><th scope="row" role="rowheader">{label}</th>'
        f'<td role="cell" class="bar">{_row_bar(count, longest)}</td>'
        + "".join(f'<td role="cell">{number(count[key])}</td>' for key in ("connections", "not_connected", "findings"))
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
    return _bar([("no", count["not_connected"]), ("yes", working)], longest, 'aria-hidden="true"')


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
