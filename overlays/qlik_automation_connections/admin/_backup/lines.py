"""The lines of an archive: how they are written, and what vouches for them."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, Final

FORMAT: Final = "qlik-automation-connections/backup"
VERSION: Final = 1


def encoded(entry: dict[str, Any]) -> bytes:
    """A line of JSON, with its end."""
    try:
        return json.dumps(entry, ensure_ascii=False, allow_nan=False).encode() + b"\n"
    except UnicodeEncodeError:
        # Half of a surrogate pair is no UTF-8; escaped, it comes back as it was.
        return json.dumps(entry, allow_nan=False).encode() + b"\n"


def checksum(document: object) -> str:
    """SHA-256 of a document's canonical JSON: keys sorted, no spaces, UTF-8."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def now() -> str:
    """This moment, as archives write it."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
