"""What changed since an earlier audit, with the values before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from ..changes import KINDS
from .embedded import FACETS, STATES, key_of, utc_of
from .markup import clipped, moment, number, text
from .todo import row_link
from .trend import LABELS

_OPEN: Final = 5
"""Most items of a list that is open at first."""
_PRINTED: Final = 4
"""Items of a list on paper; the style hides the others."""
_STATES: Final = {"broke": ("connected", "not-connected"), "mended": ("not-connected", "connected")}
_FACETS: Final = {"changed_owner": "owner", "changed_space": "space"}


def changed(report: Mapping[str, Any]) -> str:
    """Write the section about changes; nothing without an earlier audit."""
    changes = report["changes"]
    if changes is None:
        return ""
    since = datetime.fromisoformat(changes["since"])
    listed = {row["id"] for row in report["connections"]}
    names = {kind: {row[f"{facet}_id"]: row[facet] for row in report["connections"]} for kind, facet in _FACETS.items()}
    urgent_first = sorted(KINDS.items(), key=lambda kind: kind[0] != "broke")
    found = {kind: title for kind, title in urgent_first if changes[kind]}
    none = [title.lower() for kind, title in KINDS.items() if not changes[kind]]
    groups = "".join(_group(kind, title, changes[kind], listed, names.get(kind)) for kind, title in found.items())
    rest = f"<p>None: {', '.join(none)}.</p>" if found and none else "" if found else "<p>Nothing changed.</p>"
    return (
        '<section id="changes" aria-labelledby="changes-title"><h2 id="changes-title">What changed</h2>'
        f"<p>Since the audit of {moment(utc_of(since))}.</p>"
        f'{_figures(changes["before"], report["summary"])}<div class="groups">{groups}</div>{rest}</section>'
    )


def _figures(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> str:
    if before is None:
        return ""
    cards = "".join(
        f"<div><dt>{label}</dt><dd><b>{_arrow(number(before[key]), number(after[key]))}</b>"
        f" <span>{_difference(after[key] - before[key])}</span></dd></div>"
        for key, label in LABELS.items()
    )
    return f'<dl class="figures">{cards}</dl>'


def _difference(difference: int) -> str:
    return f"{difference:+,}" if difference else "unchanged"


def _arrow(before: str, after: str) -> str:
    return f'{before} <span class="arrow" role="img" aria-label="before, now">→</span> {after}'


def _group(
    kind: str,
    title: str,
    items: Sequence[Mapping[str, Any]],
    listed: set[str],
    names: Mapping[str | None, str | None] | None,
) -> str:
    lines = "".join(f"<li>{_line(kind, item, listed, names)}</li>" for item in items)
    more = f'<p class="print-only">and {number(len(items) - _PRINTED)} more</p>'
    return (
        f'<details class="group"{" open" if len(items) <= _OPEN else ""} data-changes="{kind}">'
        f'<summary><h3>{title}</h3> <span class="count">{number(len(items))}</span></summary>'
        f"<ul>{lines}</ul>{more if len(items) > _PRINTED else ''}</details>"
    )


def _line(kind: str, item: Mapping[str, Any], listed: set[str], names: Mapping[str | None, str | None] | None) -> str:
    id: str = item["id"]
    name = item["name"]
    gone = f'{_value(name)} <code class="id" title="{text(id)}">{text(id)}</code>' if name else _value(id)
    said = row_link(id, name) if id in listed else gone
    if kind in _STATES:
        before, after = (STATES[state] for state in _STATES[kind])
    elif "after" in item:
        before, after = (_named(kind, item[key], names) for key in ("before", "after"))
    else:
        return said
    return f"{said}: {_arrow(_value(before), _value(after))}"


def _named(kind: str, value: str | None, names: Mapping[str | None, str | None] | None) -> str:
    if names is None:
        return value or "no name"
    return names.get(value) or (key_of(_FACETS[kind], value) if value else FACETS[_FACETS[kind]])


def _value(value: str) -> str:
    return f'<bdi class="name" title="{text(value)}">{text(clipped(value))}</bdi>'
