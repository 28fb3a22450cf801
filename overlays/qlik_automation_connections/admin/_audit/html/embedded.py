"""The data of the page: what its script makes the table and the lists of, as small as it goes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from attrs import define, field

from .labels import AGES, CHANGES, SEVERITIES, age_label, age_of, finding_label
from .reading import moment_of, timestamp_of
from .sentences import Sentences

# Ends or comments out a script, ends a line in older scripts, or can't be written as UTF-8.
_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")

Row = Mapping[str, Any]


def json_for_html(value: object) -> str:
    """JSON that can stand inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


@define
class Facet:
    """What many connections have in common, such as their owner, each written once.

    Attributes:
        entries: id and name of each.
        column: the number of each connection's entry.
    """

    entries: list[tuple[str | None, str | None]] = field(factory=list)
    column: list[int] = field(factory=list)
    _known: dict[tuple[str | None, str | None], int] = field(factory=dict)
    _by_id: dict[str | None, int] = field(factory=dict)

    def add(self, id: str | None, name: str | None) -> None:
        """Adds the entry of the next connection."""
        key = (id, name)
        if key not in self._known:
            self._known[key] = len(self.entries)
            self._by_id.setdefault(id, len(self.entries))
            self.entries.append(key)
        self.column.append(self._known[key])

    def number(self, id: str | None, name: str | None) -> int | None:
        """The number of an entry, by its id where it has another name; None if no connection has it."""
        found = self._known.get((id, name))
        return self._by_id.get(id) if found is None else found


FACETS: Final = ("connector", "owner", "space")


def facets_of(connections: Sequence[Row]) -> dict[str, Facet]:
    """Connectors, owners and spaces of the connections."""
    facets = {name: Facet() for name in FACETS}
    for row in connections:
        for name, facet in facets.items():
            facet.add(row[f"{name}_id"], row[name])
    return facets


def embedded_of(report: Mapping[str, Any], facets: Mapping[str, Facet]) -> dict[str, Any]:
    """The data that the page's script reads."""
    rows: Sequence[Row] = report["connections"]
    created = [timestamp_of(row["created_at"]) for row in rows]
    updated = [timestamp_of(row["updated_at"]) for row in rows]
    numbers: dict[str | None, int] = {}
    for number, row in enumerate(rows):
        numbers.setdefault(row["id"], number)
    # Of several connections without an id, nobody can tell which one a finding is about.
    if sum(row["id"] is None for row in rows) > 1:
        del numbers[None]
    return {
        "ids": [row["id"] for row in rows],
        "names": [row["name"] for row in rows],
        **{name: {"entries": facet.entries, "column": facet.column} for name, facet in facets.items()},
        "created": created,
        "updated": updated,
        "ages": _ages(report, rows),
        "age_labels": _age_labels(report["counts"]["age"]),
        "connected": [None if row["is_connected"] is None else int(row["is_connected"]) for row in rows],
        "managed": [number for number, row in enumerate(rows) if row["managed"]],
        "findings": _findings(report["findings"], rows, numbers, created, updated),
        "changes": _changes(report["changes"], rows, numbers),
    }


def _ages(report: Mapping[str, Any], rows: Sequence[Row]) -> list[int]:
    made_at = moment_of(report["made_at"])
    return [
        age_of(None if row["updated_at"] is None else (made_at - moment_of(row["updated_at"])).days) for row in rows
    ]


def _age_labels(counts: Sequence[Row]) -> list[str]:
    names = {count["id"]: age_label(count["id"], count["name"]) for count in counts}
    return [names.get(age) or age_label(age, None) for age in AGES]


def _findings(
    findings: Sequence[Row],
    rows: Sequence[Row],
    numbers: Mapping[str | None, int],
    created: Sequence[str | None],
    updated: Sequence[str | None],
) -> dict[str, Any]:
    codes = list(dict.fromkeys(finding["code"] for finding in findings))
    severities = list(dict.fromkeys((*SEVERITIES, *(finding["severity"] for finding in findings))))
    sentences = Sentences()
    about = [numbers.get(finding["connection_id"], -1) for finding in findings]
    for finding, number in zip(findings, about, strict=True):
        fields = () if number < 0 else _fields(rows[number], created[number], updated[number])
        sentences.add(finding["sentence"], fields)
    code_numbers = {code: number for number, code in enumerate(codes)}
    return {
        "codes": [[code, finding_label(code).title] for code in codes],
        "severities": severities,
        "code": [code_numbers[finding["code"]] for finding in findings],
        "severity": [severities.index(finding["severity"]) for finding in findings],
        "connection": about,
        "templates": sentences.templates,
        "template": sentences.chosen,
        "values": sentences.values,
    }


def _fields(row: Row, created: str | None, updated: str | None) -> list[str | None]:
    """What a sentence may say of its connection; the page's script has the same list, in the same order."""
    named = [row["name"], row["id"], *(row[key] for facet in FACETS for key in (facet, f"{facet}_id"))]
    return [*named, *(None if moment is None else moment[:10] for moment in (created, updated))]


def _changes(
    changes: Mapping[str, Any] | None, rows: Sequence[Row], numbers: Mapping[str | None, int]
) -> dict[str, list[dict[str, Any]]]:
    if changes is None:
        return {}
    found: dict[str, list[dict[str, Any]]] = {}
    for kind in CHANGES:
        found[kind] = []
        for change in changes[kind]:
            number = numbers.get(change["id"])
            if number is not None and rows[number]["name"] == change["name"]:
                entry: dict[str, Any] = {"connection": number}
            else:
                entry = {"connection": number, "id": change["id"], "name": change["name"]}
            found[kind].append(entry | {key: change[key] for key in ("before", "after") if key in change})
    return found
