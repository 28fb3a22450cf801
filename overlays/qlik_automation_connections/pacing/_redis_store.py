"""A budget in Redis, shared by a fleet of machines. One script makes each change atomically, by the server's clock."""

from __future__ import annotations

import hashlib
import importlib.resources
import uuid
import weakref
from typing import TYPE_CHECKING, Any

from .._secrets import Secret, without_frames
from ..errors import ConfigurationError
from ._settings import described
from ._store import Reply, Report, StoreError, lease_seconds
from ._window_log import LONGEST_STOP, stop_seconds

if TYPE_CHECKING:
    import redis

_TIMEOUT_SECONDS = 1.0


class RedisStore:
    """The places of one budget in Redis.

    Args:
        url: Address of the server, `redis://` or `rediss://`.
        budget: Name of the budget, without secrets.

    Raises:
        ConfigurationError: The extra `redis` is not installed, or the server can't be used.
    """

    def __init__(self, url: str | Secret[str], budget: str) -> None:
        address = Secret(url)
        # The URL may contain a password; keep it out of tracebacks that show local variables.
        del url
        self.name = described(address.get_secret_value())
        self._budget = hashlib.sha256(budget.encode()).hexdigest()[:32]
        self._process = uuid.uuid4().hex
        self._reports = 0
        try:
            import redis
        except ImportError:
            from .._extras import install_hint

            raise ConfigurationError(f"Pacing in Redis needs an extra: {install_hint('redis')}.") from None
        self._failures = (redis.RedisError, OSError)
        self._connect(address)

    @without_frames
    def _connect(self, address: Secret[str]) -> None:
        import redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        package = importlib.resources.files(__name__.rpartition(".")[0])
        script = package.joinpath("window_log.lua").read_text(encoding="utf-8")
        try:
            # Retry once at once, in case the server closed an idle connection. A repeated report is harmless.
            self._client: redis.Redis = redis.Redis.from_url(
                address.get_secret_value(),
                socket_timeout=_TIMEOUT_SECONDS,
                socket_connect_timeout=_TIMEOUT_SECONDS,
                retry=Retry(NoBackoff(), 1),
                decode_responses=True,
            )
            # A budget may ask for places, and so connect, after its last `close`; then the collector disconnects.
            closing = weakref.finalize(self, self._client.close)
            # At exit, the last report needs the connection.
            closing.atexit = False
            self._script = self._client.register_script(script)
            self._client.ping()
            return
        except self._failures as error:
            problem = str(error)
            self.close()
        except Exception:  # noqa: BLE001 - an option of the address fails in whatever reads it, and may be a secret
            problem = "an option in its address is wrong"
        raise ConfigurationError(f"{self.name} can't be used for pacing: {problem}.")

    def after_fork(self) -> None:
        # The connection pool notices the fork and leaves the parent's connections alone.
        self._process = uuid.uuid4().hex

    def close(self) -> None:
        try:
            self._client.close()
        except self._failures:
            return

    def sync(self, report: Report) -> Reply:
        self._reports += 1
        base = f"qac:pacing:{{{self._budget}:{report.tier}}}"
        arguments: list[str | int] = [
            self._process,
            self._reports,
            report.capacity,
            repr(report.window),
            repr(lease_seconds(report.window)),
            report.in_flight,
            report.want,
            "" if report.refused is None else repr(stop_seconds(report.refused)),
            "" if report.hold is None else repr(stop_seconds(report.hold)),
            report.epoch or "",
            uuid.uuid4().hex,
            repr(LONGEST_STOP),
            *map(repr, report.completed),
        ]
        names = ("memory", "places", "strangers", "leases", "in_flight", "seen")
        try:
            found: Any = self._script(keys=[f"{base}:{name}" for name in names], args=arguments)
            granted, wait, free, processes, epoch = found
            return Reply(int(granted), float(wait) if wait else None, int(free), int(processes), str(epoch))
        except (*self._failures, ValueError, TypeError) as error:
            raise StoreError(f"{type(error).__name__}: {error}") from None
