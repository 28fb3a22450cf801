"""Say what is being tried when the tenant doesn't answer."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from .. import Retry, RetryPolicy, Tenant
from .running import say_above

_PATIENCE: Final = 2.0
_PATIENCE_IN_A_PIPE: Final = 10.0
"""A log, or a mail from cron, needs no line for each slow response."""
_NEWS_SECONDS: Final = 30.0
_LOOKS_EVERY: Final = 0.2


class Silence:
    """The time since the tenant's last response, while requests await one or will be tried again."""

    def __init__(self, tenant: str, patience: float) -> None:
        self._tenant, self._patience = tenant, patience
        self._lock = threading.Lock()
        self._pending: dict[int, str] = {}
        self._since: float | None = None
        self._failed = ""
        self._tries_until = float("-inf")
        self._said_at = float("-inf")

    def on_request(self, request: Any) -> None:
        """Note that a request is sent; a hook of the HTTP client."""
        key = id(request)

        def trace(event: str, _: object) -> None:
            if event.endswith(".failed"):
                self._end(key, answered=False)

        request.extensions["trace"] = trace
        now = time.monotonic()
        with self._lock:
            if self._since is None or not self._is_trying(now):
                self._since = now
            self._pending[key] = f"{request.method} {request.url.path}"

    def on_response(self, response: Any) -> None:
        """Note that a response came; a hook of the HTTP client."""
        self._end(id(response.request), answered=True)

    def on_retry(self, retry: Retry) -> None:
        """Note that a request will be sent again; called before the wait."""
        with self._lock:
            self._tries_until = time.monotonic() + retry.wait + _LOOKS_EVERY

    def _end(self, key: int, *, answered: bool) -> None:
        with self._lock:
            tried = self._pending.pop(key, "")
            if answered:
                self._since = time.monotonic() if self._pending else None
            else:
                self._failed = tried or self._failed

    def _is_trying(self, now: float) -> bool:
        return bool(self._pending) or now < self._tries_until

    def line(self, now: float) -> str | None:
        """Return what to say now, if anything."""
        with self._lock:
            if self._since is None or not self._is_trying(now) or now - self._since < self._patience:
                return None
            if now < self._said_at + _NEWS_SECONDS:
                return None
            self._said_at = now
            tried = next(iter(self._pending.values()), self._failed)
            return f"No answer from {self._tenant} for {now - self._since:.0f} s; still trying {tried}."


@contextmanager
def saying_what_is_tried(tenant: Tenant) -> Iterator[Tenant]:
    """Yield a tenant that prints a line on standard error if no answer comes for a while, as long as the block runs."""
    silence = Silence(tenant.url, _PATIENCE if sys.stderr.isatty() else _PATIENCE_IN_A_PIPE)
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(_LOOKS_EVERY):
            line = silence.line(time.monotonic())
            if line is not None:
                say_above(line)

    tenant.raw.get_httpx_client().event_hooks = {"request": [silence.on_request], "response": [silence.on_response]}
    threading.Thread(target=watch, name="silence", daemon=True).start()
    try:
        yield tenant.with_options(retries=RetryPolicy(on_retry=silence.on_retry))
    finally:
        ended.set()
