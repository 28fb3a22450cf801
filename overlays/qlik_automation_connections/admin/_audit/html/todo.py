"""What to do: the findings, most urgent first, with their owners and connections, each a link to its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from ...._text import counted
from ..finding_kinds import FINDING_KINDS, SEVERITIES
from .embedded import FACETS, key_of
from .markup import clipped, number, text

_OWNERS: Final = 5
_NAMES: Final = 3

Row = Mapping[str, Any]


def address(**filters: str | None) -> str:
    """Return the address of the rows that match filters, for an attribute."""
    return text(f"#{urlencode({name: value for name, value in filters.items() if value}, errors='replace')}")


def link(label: str, **filters: str | None) -> str:
    """Write a link to the rows that match filters."""
    short = clipped(label)
    title = f' title="{text(label)}"' if short != label else ""
    return f'<a class="name" dir="auto" href="{address(**filters)}"{title}>{text(short)}</a>'


def row_link(id: str, name: str | None) -> str:
    """Write the name of a connection as a link to its row."""
    return link(name or id or "No name", text=id)


def todo(report: Mapping[str, Any]) -> str:
    """Write the findings of an audit as a list of tasks."""
    rows = {row["id"]: row for row in report["connections"]}
    fresh = {mention["id"] for mention in (report["changes"] or {}).get("broke", ())}
    groups: dict[str, dict[str | None, str]] = {}
    for finding in report["findings"]:
        groups.setdefault(finding["code"], {})[finding["connection_id"]] = finding["severity"]
    ordered = sorted(
        ((min(map(SEVERITIES.index, found.values())), -len(found), code) for code, found in groups.items())
    )
    urgent = [_task(code, list(groups[code]), rows, fresh) for rank, _, code in ordered if SEVERITIES[rank] != "notice"]
    notices = [_notice(code, len(groups[code])) for rank, _, code in ordered if SEVERITIES[rank] == "notice"]
    none = "" if urgent else f"<p>Nothing is urgent.{'' if notices else ' There are no findings.'}</p>"
    tasks = f'<ol class="tasks">{"".join(urgent)}</ol>' if urgent else none
    return tasks + (f'<h3>When there is time</h3><ul class="notices">{"".join(notices)}</ul>' if notices else "")


def _task(code: str, ids: Sequence[str | None], rows: Mapping[str | None, Row], fresh: set[str]) -> str:
    kind = FINDING_KINDS[code]
    owners: dict[str, list[Row]] = {}
    for id in ids:
        if id in rows:
            owners.setdefault(key_of("owner", rows[id]["owner_id"]), []).append(rows[id])
    new = {id for id in ids if id in fresh} if code == "not-connected" else set()
    largest = sorted(owners.values(), key=lambda group: (-sum(row["id"] in new for row in group), -len(group)))
    shown = "".join(_owner(code, group, new) for group in largest[:_OWNERS])
    rest = largest[_OWNERS:]
    others = link(counted(len(rest), "other owner"), finding=code)
    more = f"<li>{others} <b>{number(sum(map(len, rest)))}</b></li>" if rest else ""
    title = link(f"{kind.title}: {counted(len(ids))}", finding=code)
    since = f' <span class="tag error">{number(len(new))} since the last audit</span>' if new else ""
    return (
        f'<li class="task {kind.severity}"><h3>{title}</h3>{since}'
        f'<p>{text(kind.advice)}</p><ul class="owners">{shown}{more}</ul></li>'
    )


def _owner(code: str, group: Sequence[Row], new: set[str]) -> str:
    first = group[0]
    label = first["owner"] or first["owner_id"] or FACETS["owner"]
    ordered = sorted(group, key=lambda row: row["id"] not in new)
    names = ", ".join(row_link(row["id"], row["name"]) for row in ordered[:_NAMES])
    more = f" and {number(len(group) - _NAMES)} more" if len(group) > _NAMES else ""
    owner = link(label, finding=code, owner=key_of("owner", first["owner_id"]))
    return f"<li>{owner} <b>{number(len(group))}</b> <span>{names}{more}</span></li>"


def _notice(code: str, count: int) -> str:
    kind = FINDING_KINDS[code]
    title = link(f"{kind.title}: {counted(count)}", finding=code)
    return f"<li>{title}. {text(kind.advice)}</li>"
