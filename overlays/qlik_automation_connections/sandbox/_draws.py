"""Where a sandbox's pretended chance comes from: the same bytes for the same text in every run."""

import hashlib
from datetime import UTC, datetime, timedelta

_BEGINNING = datetime(2021, 1, 4, 6, 30, tzinfo=UTC)
_SPAN_MICROSECONDS = 4 * 365 * 86_400 * 1_000_000


def digest(text: str) -> bytes:
    """Return 32 bytes that a text stands for."""
    return hashlib.sha256(text.encode()).digest()


def hex_id(text: str) -> str:
    """Return an identifier of 24 hexadecimal digits that a text stands for."""
    return digest(text).hex()[:24]


def moment(draw: bytes) -> datetime:
    """Return when something was created, in the four years that a sandbox looks back on."""
    return _BEGINNING + timedelta(microseconds=int.from_bytes(draw[2:10]) % _SPAN_MICROSECONDS)
