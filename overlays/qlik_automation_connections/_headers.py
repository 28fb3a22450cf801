"""Header parsing, which headers are safe to keep, and what they announce."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urljoin

from ._http import Headers, Request
from ._log import warn_user
from ._text import printable

# None of these can hold a secret.
_KEPT: Final = frozenset(
    b"accept content-type date deprecation host link qlik-api-version ratelimit ratelimit-limit ratelimit-policy"
    b" ratelimit-remaining ratelimit-reset retry-after server sunset user-agent x-b3-traceid x-ratelimit-limit"
    b" x-ratelimit-remaining x-ratelimit-reset".split()
)
PRIVATE_HEADERS: Final = "private_headers"
"""The request extension with a caller's own headers, a `Secret`: their values may be credentials of a gateway."""
TRACE_ID: Final = re.compile(r"[\w.:/+=-]{1,128}")
"""What a trace id looks like. Nothing else is taken for one, since trace ids are logged."""
_announced: Final[set[str]] = set()
_announcing: Final = threading.Lock()


def without_secrets(headers: Headers) -> Headers:
    """Return a copy with only the headers that can't hold a secret."""
    # Raw, since text would be encoded as ASCII.
    return Headers([(name, value) for name, value in headers.raw if name.lower() in _KEPT])


def trace_id(headers: Headers) -> str | None:
    """Return the trace id in the headers of a response; None if there is none, or it could be something else."""
    found = TRACE_ID.fullmatch(headers.get("x-b3-traceid", ""))
    return found[0] if found else None


def content_type(headers: Headers) -> str:
    """Return the media type without its parameters."""
    found = re.match(r"\s*([a-zA-Z0-9.+-]{1,40}/[a-zA-Z0-9.+-]{1,60})\s*(;|$)", headers.get("content-type", ""))
    return found[1] if found else "unknown type"


def retry_after(headers: Headers) -> float | None:
    """Return the seconds to wait by `Retry-After`, which is a number or a date; None if absent or invalid."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,300}(\.[0-9]*)?|\.[0-9]+", text):
        return float(text)
    until = _moment(text)
    if until is None:
        return None
    # Prefer the service's clock: this machine's may be wrong.
    now = _moment(headers.get("date", ""))
    return max(0.0, until - (time.time() if now is None else now))


def _moment(text: str) -> float | None:
    """Return an HTTP date as a POSIX timestamp; None if it is invalid."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def announce_end(operation: str, request: Request, headers: Mapping[str, str]) -> None:
    """Warn, once per process and operation, if a response announces that the operation ends.

    Args:
        operation: The operationId.
        request: Its request.
        headers: The headers of the response, without secrets.
    """
    if "deprecation" not in headers and "sunset" not in headers:
        return
    with _announcing:
        if operation in _announced:
            return
        _announced.add(operation)
    end = f"{request.method} {printable(request.url.path)} is deprecated"
    if (since := _day(headers.get("deprecation", ""))) is not None:
        end += f" since {since}"
    if (until := _day(headers.get("sunset", ""))) is not None:
        end += f" and may stop working on {until}"
    link = _link(headers.get("link", ""), str(request.url))
    warn_user(
        f"{operation}: the service announces that {end}.{f' See {link}.' if link else ''}"
        " Look for a newer version of this package.",
        DeprecationWarning,
    )


def _day(value: str) -> str | None:
    """Return the day of `@seconds` (RFC 9745) or of an HTTP date, year-month-day; None for anything else."""
    found = re.fullmatch(r"@(-?[0-9]{1,12})", value.strip())
    seconds = float(found[1]) if found else _moment(value)
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return None


def _link(value: str, base: str) -> str | None:
    """Return the address of the link that says most about the end of an operation."""
    links: dict[str, str] = {}
    for target, parameters in re.findall(r"<([^<>]{1,500})>([^<]*)", value):
        for relation in re.findall(r"[\w-]+", parameters.partition("rel=")[2].lower().partition(";")[0]):
            links.setdefault(relation, target)
    # Other relations, such as the next page, say nothing of the end.
    for relation in ("deprecation", "sunset", "successor-version"):
        if relation in links:
            try:
                return printable(urljoin(base, links[relation]))
            except ValueError:
                return None
    return None
