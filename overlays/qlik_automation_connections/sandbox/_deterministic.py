"""Deterministic identifiers, times and bytes: the same text gives the same result in every run."""

import hashlib
import uuid
from datetime import UTC, datetime, timedelta
from functools import lru_cache

_NAMESPACE = uuid.UUID("4b0d7a66-0c0e-5f0b-9d0a-5a1d0b0c0e01")
_SHORTEST_AGE = timedelta(days=1)
_LONGEST_AGE = timedelta(days=4 * 365)


def digest(text: str) -> bytes:
    """Return 32 bytes derived from a text."""
    return hashlib.sha256(text.encode()).digest()


def hex_id(text: str) -> str:
    """Return an identifier of 24 hexadecimal digits derived from a text."""
    return digest(text).hex()[:24]


@lru_cache(maxsize=1 << 16)
def uuid_id(text: str) -> str:
    """Return a UUID derived from a text."""
    return str(uuid.uuid5(_NAMESPACE, text))


def creation_time(draw: bytes, today: datetime) -> datetime:
    """Return a time within the four years before a day. The time of day depends on `draw` alone."""
    return today - _SHORTEST_AGE - duration(draw[2:10], _LONGEST_AGE)


def change_time(draw: bytes, created: datetime, today: datetime) -> datetime:
    """Return a time between the creation of something and a day."""
    return created + duration(draw[10:18], today - created)


def duration(draw: bytes, longest: timedelta) -> timedelta:
    """Return a time span shorter than `longest`."""
    return int.from_bytes(draw) % (longest // timedelta(microseconds=1)) * timedelta(microseconds=1)


def timestamp(moment: datetime) -> str:
    """Format a time as the service does: UTC, six fractional digits, Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def now() -> str:
    """Return the current time, formatted as the service does."""
    return timestamp(datetime.now(UTC))
