"""The data from which the page's script builds the table and the lists, in compact form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias, TypeVar

from ..finding_kinds import FINDING_KINDS, SEVERITIES
from .periods import EARLIER, UNKNOWN, periods_of

# These could end or comment out a script, end a line in older scripts, or not be written as UTF-8.
_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")

T = TypeVar("T")
Row: TypeAlias = Mapping[str, Any]


def json_for_html(value: object) -> str:
    """Return JSON that is safe inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


FACETS: Final[Mapping[str, str]] = {
    "connector": "No connector given",
    "owner": "No owner given",
    "space": "Personal space",
}
"""The facets of filters and charts, with the label for connections without one."""
STATES: Final[Mapping[str, str]] = {"not-connected": "Not connected", "unknown": "Unknown", "connected": "Connected"}
PERIODS: Final[Mapping[str, str]] = {UNKNOWN: "Unknown", EARLIER: "Earlier"}
"""Labels of the periods that are no part of a calendar."""


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


def key_of(facet: str, id: str | None) -> str:
    """Return the value of a facet in addresses."""
    return id or ("personal" if facet == "space" else "none")


def _facet(facet: str, rows: Sequence[Row]) -> dict[str, Any]:
    """Return each connector, owner or space once, and the number of that of each connection."""
    names = {row[f"{facet}_id"]: row[facet] for row in rows}
    numbers = _numbered(names)
    return {
        "entries": [[id, name, key_of(facet, id)] for id, name in names.items()],
        "column": [numbers[row[f"{facet}_id"]] for row in rows],
    }


def report_periods(report: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return the periods of the last change, and that of each connection."""
    updated = [_moment(row["updated_at"]) for row in report["connections"]]
    return periods_of(updated, utc_of(datetime.fromisoformat(report["made_at"])))


def embedded_of(report: Mapping[str, Any], periods: Sequence[str], updated: Sequence[str]) -> dict[str, Any]:
    """Return the data that the page's script reads.

    Args:
        report: The audit.
        periods: All periods of the last change.
        updated: That of each connection.
    """
    rows: Sequence[Row] = report["connections"]
    ids = [row["id"] for row in rows]
    numbers = {id: number for number, id in enumerate(ids)}
    places = _numbered(periods)
    return {
        "unnamed": FACETS,
        "states": STATES,
        "ids": ids,
        "names": [row["name"] for row in rows],
        **{facet: _facet(facet, rows) for facet in FACETS},
        "created": [_sortable(row["created_at"]) for row in rows],
        "updated": [_sortable(row["updated_at"]) for row in rows],
        "periods": [[period, PERIODS.get(period, period)] for period in periods],
        "period": [places[period] for period in updated],
        "connected": [None if row["is_connected"] is None else int(row["is_connected"]) for row in rows],
        "managed": [number for number, row in enumerate(rows) if row["managed"]],
        "findings": _findings(report["findings"], numbers),
    }


def _findings(findings: Sequence[Row], numbers: Mapping[str, int]) -> dict[str, Any]:
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
