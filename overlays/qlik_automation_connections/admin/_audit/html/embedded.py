"""The data of the page: what its script makes the table and the lists of, as small as it goes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias, TypeVar

from attrs import frozen

from ..ages import AGES, age_of
from ..changes import KINDS
from ..finding_kinds import SEVERITIES, kind_of
from .markup import capitalized
from .reading import moment_of, timestamp_of

# Ends or comments out a script, ends a line in older scripts, or can't be written as UTF-8.
_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")

T = TypeVar("T")
Row: TypeAlias = Mapping[str, Any]


def json_for_html(value: object) -> str:
    """Return JSON that can stand inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


Entry: TypeAlias = tuple[str | None, str | None]


@frozen
class Facet:
    """What many connections have in common, such as their owner, each written once.

    Attributes:
        entries: the number of each entry, by its id and name.
        column: the number of each connection's entry.
    """

    entries: Mapping[Entry, int]
    column: Sequence[int]

    def number(self, id: str | None, name: str | None) -> int | None:
        """Return the number of an entry, by its id if it has another name; None if no connection has it."""
        if (id, name) in self.entries:
            return self.entries[id, name]
        return next((number for (known, _), number in self.entries.items() if known == id), None)


FACETS: Final[Mapping[str, str]] = {
    "connector": "No connector given",
    "owner": "No owner given",
    "space": "Personal space",
}
"""What the table filters by and the charts count, with the label of connections that have none."""
STATES: Final[Mapping[str, str]] = {"no": "Not connected", "unknown": "Unknown", "yes": "Connected"}


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
    made_at = moment_of(report["made_at"])
    ids = [row["id"] for row in rows]
    numbers = {id: number for number, id in enumerate(ids)}
    # Of several connections without an id, nobody can tell which one a finding is about.
    if ids.count(None) > 1:
        del numbers[None]
    updated = [None if row["updated_at"] is None else moment_of(row["updated_at"]) for row in rows]
    return {
        "unnamed": FACETS,
        "states": STATES,
        "ids": ids,
        "names": [row["name"] for row in rows],
        **{name: {"entries": list(facet.entries), "column": facet.column} for name, facet in facets.items()},
        "created": [timestamp_of(row["created_at"]) for row in rows],
        "updated": [timestamp_of(row["updated_at"]) for row in rows],
        "ages": [AGES.index(age_of(moment, made_at)) for moment in updated],
        "age_labels": [capitalized(group.words) for group in AGES],
        "connected": [None if row["is_connected"] is None else int(row["is_connected"]) for row in rows],
        "managed": [number for number, row in enumerate(rows) if row["managed"]],
        "findings": _findings(report["findings"], numbers),
        "changes": _changes(report["changes"], numbers),
    }


def _findings(findings: Sequence[Row], numbers: Mapping[str | None, int]) -> dict[str, Any]:
    codes = _numbered(finding["code"] for finding in findings)
    severities = _numbered((*SEVERITIES, *(finding["severity"] for finding in findings)))
    sentences = _numbered(finding["sentence"] for finding in findings)
    return {
        "codes": [[code, kind_of(code).title] for code in codes],
        "severities": list(severities),
        "sentences": list(sentences),
        "code": [codes[finding["code"]] for finding in findings],
        "severity": [severities[finding["severity"]] for finding in findings],
        "sentence": [sentences[finding["sentence"]] for finding in findings],
        "connection": [numbers.get(finding["connection_id"], -1) for finding in findings],
    }


def _numbered(values: Iterable[T]) -> dict[T, int]:
    """Number values in the order of their first use."""
    return {value: number for number, value in enumerate(dict.fromkeys(values))}


def _changes(changes: Mapping[str, Any] | None, numbers: Mapping[str | None, int]) -> dict[str, list[dict[str, Any]]]:
    if changes is None:
        return {}
    return {kind: [{**change, "connection": numbers.get(change["id"])} for change in changes[kind]] for kind in KINDS}
