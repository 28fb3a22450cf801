"""What headers say, and which of them may be kept."""

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
    """Copy the headers that can't hold a secret."""
    # Raw, for text would be taken in ASCII alone.
    return Headers([(name, value) for name, value in headers.raw if name.decode("latin-1").lower() in _KEPT])


def content_type(headers: Headers) -> str:
    """Return the media type, and nothing else that may stand in its header."""
    found = re.match(r"\s*([a-zA-Z0-9.+-]{1,40}/[a-zA-Z0-9.+-]{1,60})\s*(;|$)", headers.get("content-type", ""))
    return found[1] if found else "unknown type"


def retry_after(headers: Headers) -> float | None:
    """Return the seconds that `Retry-After` asks to wait, given as a number or a date; None without one."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,300}(\.[0-9]*)?|\.[0-9]+", text):
        return float(text)
    moment = _moment(text)
    if moment is None:
        return None
    # By the service's clock where it tells: this machine's may be wrong.
    now = _moment(headers.get("date", ""))
    return max(0.0, moment - (time.time() if now is None else now))


def _moment(text: str) -> float | None:
    """Seconds since 1970 at an HTTP date."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
