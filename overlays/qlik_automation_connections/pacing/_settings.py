"""The pacing settings that users write."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from attrs import field, frozen

from qlik_automation_connections_api.operations import OPERATIONS

from .._secrets import without_frames
from ..errors import ConfigurationError

WINDOW_SECONDS: Final = 300.0
WINDOW_MINUTES: Final = 5
CAPACITIES: Final[Mapping[int, int]] = {
    operation.tier: operation.requests_per_minute * WINDOW_MINUTES for operation in OPERATIONS.values()
}
"""Requests per window, by tier."""
MEMORY: Final = "memory"
_SQLITE: Final = "sqlite:///"
_ALLOWED: Final = (
    "'memory', 'sqlite:///budget.db' (relative), 'sqlite:////var/lib/budget.db' (absolute), 'redis://host:6379/0' or"
    " 'rediss://…', with special characters of a password percent-encoded"
)
_WINDOW: Final = re.compile(r"[?&]window=([^?&]*)$")
"""The end of a store's address that sets the window."""
_DATABASE: Final = re.compile(r"(/\d*)?")


@frozen
class PacingWait:
    """A wait of at least one second, of whoever is first in the queue of a tier.

    Attributes:
        tier: Rate tier of the queue, 1 or 2.
        seconds: Estimated length of the wait.
        tenant: Origin of the tenant, such as `https://acme.eu.qlikcloud.com`.
    """

    tier: int
    seconds: float
    tenant: str

    def __str__(self) -> str:
        minutes, seconds = divmod(round(self.seconds), 60)
        return f"waiting {minutes}:{seconds:02} for the service's limit (tier {self.tier})"


def sqlite_path(store: str) -> Path | None:
    """Return the absolute path in a `sqlite:///` address, or None for any other store."""
    return Path(store.removeprefix(_SQLITE)).absolute() if store.startswith(_SQLITE) else None


def described(store: str) -> str:
    """Return a store's address without user name, password and query."""
    if not store.startswith(("redis://", "rediss://")):
        return store
    parts = urlsplit(store)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _check_store(_: object, __: object, store: object) -> None:
    if not isinstance(store, str):
        raise ConfigurationError(f"The pacing store must be {_ALLOWED}, not {type(store).__name__}.")
    store = _WINDOW.sub("", store)
    if store == MEMORY or (store.startswith(_SQLITE) and store != _SQLITE and "\0" not in store):
        return
    try:
        parts = urlsplit(store)
        usable = parts.scheme in ("redis", "rediss") and bool(parts.hostname) and parts.port != 0
        # A password that is not encoded ends at one of `/?#`, and the rest of it is taken for these parts.
        usable = usable and bool(_DATABASE.fullmatch(parts.path)) and "@" not in parts.query and not parts.fragment
    except ValueError:
        usable = False
    if not usable:
        # The address may contain a password, so the message doesn't repeat it.
        raise ConfigurationError(f"The pacing store must be {_ALLOWED}.")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _check_margin(_: object, __: object, margin: Any) -> None:
    if not _is_number(margin) or not 0 <= margin <= 1:
        raise ConfigurationError(f"The pacing margin must be a number from 0 to 1, not {margin!r}.")


def _check_window(_: object, __: object, window: Any) -> None:
    if not _is_number(window) or not 0 < window <= 86_400:
        raise ConfigurationError(
            f"The pacing window must be a number of seconds above 0 and at most 86,400, not {window!r}."
        )


def _check_on_wait(_: object, __: object, on_wait: Any) -> None:
    if on_wait is not None and not callable(on_wait):
        raise ConfigurationError(f"on_wait must be a function or None, not {on_wait!r}.")


@frozen(kw_only=True)
class Pacing:
    """Settings for pacing requests.

    Attributes:
        store: Where the budget is kept: `memory` for this process, `sqlite:///path` for the processes of one machine,
            `redis://host:port/db` (or `rediss://`) for a fleet, with the extra `redis`. `?window=SECONDS` at the end of
            the address sets `window`.
        margin: Fraction from 0 to 1 added to the window; 0.01 turns 300 seconds into 303. The number of requests
            stays the same.
        window: Length of the published window in seconds. Change it only for a sandbox whose clock runs faster.
        on_wait: Function called when a wait of at least one second begins, in a background thread. It must return
            quickly.

    Raises:
        ConfigurationError: A value is not allowed.
    """

    store: str = field(default=MEMORY, validator=_check_store, repr=described)
    margin: float = field(default=0.01, validator=_check_margin)
    window: float = field(default=WINDOW_SECONDS, validator=_check_window)
    on_wait: Callable[[PacingWait], None] | None = field(default=None, validator=_check_on_wait)

    def __attrs_post_init__(self) -> None:
        found = _WINDOW.search(self.store)
        if found is None:
            return
        try:
            window: object = float(found[1])
        except ValueError:
            window = found[1]
        _check_window(self, None, window)
        object.__setattr__(self, "store", _WINDOW.sub("", self.store))
        object.__setattr__(self, "window", window)

    @property
    def held_seconds(self) -> float:
        """Seconds for which a place stays taken after its response."""
        return self.window * (1 + self.margin)


# Its frames hold the address, which may hold a password.
Pacing.__init__ = without_frames(Pacing.__init__)  # type: ignore[method-assign]


@without_frames
def pacing_of(value: object) -> Pacing | None:
    """Convert a tenant's `pacing` argument.

    Args:
        value: None for the default (on, in memory), `off`, the address of a store, or a `Pacing`.

    Returns:
        The settings, or None if pacing is off.

    Raises:
        ConfigurationError: The value is none of these.
    """
    if value is None:
        return Pacing()
    if isinstance(value, Pacing):
        return value
    if not isinstance(value, str):
        raise ConfigurationError(f"pacing must be None, 'off', {_ALLOWED}, or a Pacing, not {type(value).__name__}.")
    return None if value == "off" else Pacing(store=value)
