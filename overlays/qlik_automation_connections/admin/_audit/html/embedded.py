"""The data from which the page's script builds the table and the lists, in compact form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias, TypeVar

from attrs import frozen

from ..ages import AGES, age_of
from ..changes import KINDS
from ..finding_kinds import FINDING_KINDS, SEVERITIES
from .markup import capitalized

# These could end or comment out a script, end a line in older scripts, or not be written as UTF-8.
_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")

T = TypeVar("T")
Row: TypeAlias = Mapping[str, Any]


def json_for_html(value: object) -> str:
    """Return JSON that is safe inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


Entry: TypeAlias = tuple[str | None, str | None]


@frozen
class Facet:
    """A value that many connections share, such as the owner, with each distinct entry stored once.

    Attributes:
        entries: Numbers of the entries, by id and name.
        column: The entry number of each connection.
    """

    entries: Mapping[Entry, int]
    column: Sequence[int]

    def number(self, id: str | None, name: str | None) -> int | None:
        """Return the number of an entry, by id alone if the name differs; None if no connection has it."""
        if (id, name) in self.entries:
            return self.entries[id, name]
        return next((number for (known, _), number in self.entries.items() if known == id), None)


FACETS: Final[Mapping[str, str]] = {
    "connector": "No connector given",
    "owner": "No owner given",
    "space": "Personal space",
}
"""The facets of filters and charts, with the label for connections without one."""
STATES: Final[Mapping[str, str]] = {"no": "Not connected", "unknown": "Unknown", "yes": "Connected"}


def utc_of(moment: datetime) -> datetime:
    """Convert a time to UTC."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # within a day of datetime.min or datetime.max: drop the zone
        return moment.replace(tzinfo=UTC)


def _moment(written: str | None) -> datetime | None:
    return None if written is None else utc_of(datetime.fromisoformat(written))


def _sortable(written: str | None) -> str | None:
    """Convert a timestamp to UTC without a zone, so that strings sort by time."""
    moment = _moment(written)
    return None if moment is None else moment.replace(tzinfo=None).isoformat()


def facets_of(connections: Sequence[Row]) -> dict[str, Facet]:
    """Return the connectors, owners and spaces of the connections."""
    facets = {}
    for name in FACETS:
        column = [(row[f"{name}_id"], row[name]) for row in connections]
        entries = _numbered(column)
        facets[name] = Facet(entries, [entries[entry] for entry in column])
    return facets


def embedded_of(report: Mapping[str, Any], facets: Mapping[str, Facet]) -> dict[str, Any]:
    """Return the data that the page's script reads."""
    rows: Sequence[Row] = report["connections"]
    made_at = utc_of(datetime.fromisoformat(report["made_at"]))
    ids = [row["id"] for row in rows]
    numbers = {id: number for number, id in enumerate(ids)}
    # With several connections without an id, it is unknown which one a finding belongs to.
    if ids.count(None) > 1:
        del numbers[None]
    updated = [_moment(row["updated_at"]) for row in rows]
    return {
        "unnamed": FACETS,
        "states": STATES,
        "ids": ids,
        "names": [row["name"] for row in rows],
        **{name: {"entries": list(facet.entries), "column": facet.column} for name, facet in facets.items()},
        "created": [_sortable(row["created_at"]) for row in rows],
        "updated": [_sortable(row["updated_at"]) for row in rows],
        "ages": [AGES.index(age_of(moment, made_at)) for moment in updated],
        "age_labels": [capitalized(group.words) for group in AGES],
        "connected": [None if row["is_connected"] is None else int(row["is_connected"]) for row in rows],
        "managed": [number for number, row in enumerate(rows) if row["managed"]],
        "findings": _findings(report["findings"], numbers),
        "changes": _changes(report["changes"], numbers),
    }


def _findings(findings: Sequence[Row], numbers: Mapping[str | None, int]) -> dict[str, Any]:
    codes = _numbered(finding["code"] for finding in findings)
    severities = _numbered(SEVERITIES)
    sentences = _numbered(finding["sentence"] for finding in findings)
    return {
        "codes": [[code, FINDING_KINDS[code].title] for code in codes],
        "severities": list(severities),
        "sentences": list(sentences),
        "code": [codes[finding["code"]] for finding in findings],
        "severity": [severities[finding["severity"]] for finding in findings],
        "sentence": [sentences[finding["sentence"]] for finding in findings],
        "connection": [numbers.get(finding["connection_id"], -1) for finding in findings],
    }


def _numbered(values: Iterable[T]) -> dict[T, int]:
    """Assign numbers to values in order of first use."""
    return {value: number for number, value in enumerate(dict.fromkeys(values))}


def _changes(changes: Mapping[str, Any] | None, numbers: Mapping[str | None, int]) -> dict[str, list[dict[str, Any]]]:
    if changes is None:
        return {}
    return {kind: [{**change, "connection": numbers.get(change["id"])} for change in changes[kind]] for kind in KINDS}
