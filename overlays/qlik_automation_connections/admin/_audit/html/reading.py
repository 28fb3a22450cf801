"""Reads the format and the timestamps of an audit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from ....errors import ConfigurationError
from ..report import FORMAT, VERSION

_PARTS: Final[Mapping[str, type | tuple[type, ...]]] = {
    "tenant": str,
    "made_at": str,
    "list_all": bool,
    "settings": Mapping,
    "summary": Mapping,
    "counts": Mapping,
    "connections": list,
    "findings": list,
    "changes": (Mapping, type(None)),
}


def check_format(report: Mapping[str, Any]) -> None:
    """Refuse what is not an audit that can be shown.

    Raises:
        ConfigurationError: it is something else, has another version, or lacks a part.
    """
    if not isinstance(report, Mapping) or report.get("format") != FORMAT:
        raise ConfigurationError(
            f'This is not an audit: its "format" is not "{FORMAT}". Give what an audit wrote as JSON.'
        )
    if report.get("version") != VERSION:
        raise ConfigurationError(
            f"This audit has version {report.get('version')!r}, and only version {VERSION} can be shown. "
            "Make a new audit with this release, or show it with the release that made it."
        )
    for name, kind in _PARTS.items():
        if name not in report or not isinstance(report[name], kind):
            raise ConfigurationError(
                f'This audit has no usable "{name}". Make a new one, or give it as it was written.'
            )


def moment_of(value: str) -> datetime:
    """Parse a timestamp, into UTC; without a zone it is taken to be in UTC.

    Raises:
        ConfigurationError: it is not a timestamp.
    """
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ConfigurationError(
            f"This audit has {value!r} for a timestamp. Make a new one, or give it as it was written."
        ) from None
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # within a day of the first or the last moment that can be said: the zone is let go
        return moment.replace(tzinfo=UTC)


def timestamp_of(value: str | None) -> str | None:
    """Return a timestamp in UTC without its zone, so that texts sort as the moments do; None stays None.

    Raises:
        ConfigurationError: it is not a timestamp.
    """
    return None if value is None else moment_of(value).replace(tzinfo=None).isoformat()
