"""Header parsing, and which headers are safe to keep."""

from __future__ import annotations

import re
import time
from email.utils import parsedate_to_datetime
from typing import Final

from ._http import Headers

# None of these can hold a secret.
_KEPT: Final = frozenset(
    "accept content-type date deprecation host link retry-after server sunset user-agent".split()  # noqa: SIM905
)


def without_secrets(headers: Headers) -> Headers:
    """Return a copy with only the headers that can't hold a secret."""
    # Raw, since text would be encoded as ASCII.
    return Headers([(name, value) for name, value in headers.raw if name.decode("latin-1").lower() in _KEPT])


def content_type(headers: Headers) -> str:
    """Return the media type without its parameters."""
    found = re.match(r"\s*([a-zA-Z0-9.+-]{1,40}/[a-zA-Z0-9.+-]{1,60})\s*(;|$)", headers.get("content-type", ""))
    return found[1] if found else "unknown type"


def retry_after(headers: Headers) -> float | None:
    """Return the seconds to wait by `Retry-After`, which is a number or a date; None if absent or invalid."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,300}(\.[0-9]*)?|\.[0-9]+", text):
        return float(text)
    moment = _moment(text)
    if moment is None:
        return None
    # Prefer the service's clock: this machine's may be wrong.
    now = _moment(headers.get("date", ""))
    return max(0.0, moment - (time.time() if now is None else now))


def _moment(text: str) -> float | None:
    """Return an HTTP date as a POSIX timestamp; None if it is invalid."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
