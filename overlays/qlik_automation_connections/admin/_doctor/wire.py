"""What responses show beside their JSON: TLS, clock, and rate limits."""

from __future__ import annotations

import re
import ssl
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import parsedate_to_datetime
from typing import Any, Final

from attrs import define, field

from ... import Tenant
from ..._text import counted
from .report import Observation

_LIMIT_HEADER: Final = re.compile(r"(x-)?ratelimit(-(limit|policy|remaining|reset))?|retry-after")
_NUMBERS: Final = re.compile(r"[0-9]{1,10}([;,] ?([a-z]{1,8}=)?[0-9]{1,10}){0,8}")
_MOST_SECONDS_APART: Final = 30
_SOON_DAYS: Final = 14


@define
class Wire:
    """What responses showed.

    Attributes:
        responses: How many came.
        refused: How many of these had the status 429.
        ending: How many announced the end of their operation.
        limits: The latest numbers in headers about rate limits, by header.
        apart: Seconds that this machine's clock is ahead, by each response.
        tls: Version of TLS; None if there was none, or it can't be told.
        days: Days until the tenant's certificate expires; None if that can't be told.
        verified: Whether certificates are verified.
    """

    responses: int = 0
    refused: int = 0
    ending: int = 0
    limits: dict[str, str] = field(factory=dict)
    apart: list[float] = field(factory=list)
    tls: str | None = None
    days: int | None = None
    verified: bool = True

    @contextmanager
    def watching(self, tenant: Tenant) -> Iterator[None]:
        """Look at each response of a tenant inside the block."""
        hooks: list[Any] = tenant.raw.get_httpx_client().event_hooks["response"]
        hooks.append(self._look)
        try:
            yield
        finally:
            hooks.remove(self._look)

    def _look(self, response: Any) -> None:
        self.responses += 1
        self.refused += response.status_code == 429
        headers = response.headers
        self.ending += "deprecation" in headers or "sunset" in headers
        for name, value in headers.items():
            if _LIMIT_HEADER.fullmatch(name.lower()):
                self.limits[name.lower()] = value if _NUMBERS.fullmatch(value) else "not a number"
        with suppress(KeyError, ValueError, TypeError, OverflowError):
            # A date is rounded down to a second.
            self.apart.append(time.time() - parsedate_to_datetime(headers["date"]).timestamp() - 0.5)
        stream = response.extensions.get("network_stream")
        connection = None if stream is None else stream.get_extra_info("ssl_object")
        if self.tls is None and connection is not None:
            self._look_at_tls(connection)

    def _look_at_tls(self, connection: Any) -> None:
        self.tls = connection.version()
        self.verified = connection.context.verify_mode != ssl.CERT_NONE
        certificate = connection.getpeercert() or {}
        if "notAfter" in certificate:
            self.days = int((ssl.cert_time_to_seconds(certificate["notAfter"]) - time.time()) // 86_400)

    def observations(self, *, https: bool) -> list[Observation]:
        """Return what was seen of TLS, the clock and the limits."""
        return [self._of_tls(https=https), self._of_clock(), self._of_limits()]

    def _of_tls(self, *, https: bool) -> Observation:
        if not https:
            return Observation("TLS", "ok", "none: plain http on this machine")
        if self.tls is None:
            return Observation("TLS", "unknown", "no connection to look at")
        said = f"{self.tls}, certificate " + ("verified" if self.verified else "not verified")
        if self.days is not None:
            said += f", expires in {counted(self.days, 'day')}"
        fine = self.verified and (self.days is None or self.days >= _SOON_DAYS)
        return Observation("TLS", "ok" if fine else "problem", said)

    def _of_clock(self) -> Observation:
        if not self.apart:
            return Observation("clock", "unknown", "no response has a usable date")
        seconds = round(statistics.median(self.apart))
        said = f"{abs(seconds):,} s {'ahead of' if seconds > 0 else 'behind'} the service" if seconds else "in step"
        return Observation("clock", "ok" if abs(seconds) <= _MOST_SECONDS_APART else "problem", said)

    def _of_limits(self) -> Observation:
        if not self.responses:
            return Observation("limits", "unknown", "no responses")
        sent = ", ".join(f"{name}: {value}" for name, value in sorted(self.limits.items())) or "no headers about them"
        refused = f"{counted(self.refused, 'response')} with status 429" if self.refused else "no request refused"
        ending = f"; {counted(self.ending, 'response')} announced the end of an operation" if self.ending else ""
        return Observation("limits", "problem" if self.refused else "ok", f"{sent}; {refused}{ending}")
