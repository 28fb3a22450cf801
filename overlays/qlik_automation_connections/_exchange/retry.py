"""Which failures are retried, and when.

    failure                                           retried for
    429                                               every operation: nothing was done (pacing waits, unless off)
    no connection                                     every operation: nothing was sent
    503 with Retry-After                              every operation except create
    timeout, broken connection, any other 5xx         every operation except create
    refused by a proxy, certificate not verified      nothing: the outcome would be the same

A create that may have been processed is never sent again. A retried delete that gets a 404 counts as success.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Any

from attrs import Attribute, field, frozen

from .._headers import retry_after
from ..errors import ConfigurationError

if TYPE_CHECKING:
    from .._raw_response import RawResponse


class Cause(Enum):
    """Why a try failed. Messages show the value."""

    RATE_LIMITED = "too many requests (429)"
    NOT_CONNECTED = "no connection"
    UNAVAILABLE = "service unavailable (503)"
    TIMED_OUT = "timeout"
    BROKEN = "broken connection"
    SERVER_ERROR = "server error (5xx)"

    @property
    def leaves_nothing_done(self) -> bool:
        """Whether the service certainly did nothing."""
        return self in (Cause.RATE_LIMITED, Cause.NOT_CONNECTED)


@frozen
class Retry:
    """A failed try that will be retried.

    Attributes:
        operation: The operationId.
        connection_id: Id of the connection; None for lists, creations and other resources.
        attempt: Number of the failed try, from 1.
        cause: Why it failed.
        wait: Seconds until the next try.
    """

    operation: str
    connection_id: str | None
    attempt: int
    cause: Cause
    wait: float


def _number(*, whole: bool = False, zero: bool = True) -> Callable[[object, Attribute[Any], Any], None]:
    def check(_: object, attribute: Attribute[Any], value: Any) -> None:
        fits = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
        if not fits or not (value >= 0 if zero else value > 0):
            kind = f"{'a whole number' if whole else 'a number'}{', 0 or more' if zero else ' above 0'}"
            raise ConfigurationError(f"{attribute.name} of a RetryPolicy must be {kind}.")

    return check


@frozen(kw_only=True)
class RetryPolicy:
    """How often failures are retried, and after how long.

    Attributes:
        retries: Tries after the first, 0 to disable retries.
        max_retry_after: Longest `Retry-After`, in seconds, to wait for. If it is longer, the error is raised at once,
            with `retry_after` set. Pacing, unless off, waits for a 429 whose `Retry-After` lies within its window.
        max_total: Seconds that one call may take, including all tries and waits, except waits of the pacing.
        backoff: Without `Retry-After`, the wait is random between 0 and this many seconds, doubled after each try.
        max_backoff: Upper bound of the doubled `backoff`, in seconds.
        on_retry: Called before each wait.
    """

    retries: int = field(default=4, validator=_number(whole=True))
    max_retry_after: float = field(default=60.0, validator=_number())
    max_total: float = field(default=300.0, validator=_number(zero=False))
    backoff: float = field(default=0.5, validator=_number())
    max_backoff: float = field(default=8.0, validator=_number())
    on_retry: Callable[[Retry], None] | None = None

    def wait(
        self, cause: Cause, response: RawResponse | None, *, attempt: int, spent: float, paced: bool = False
    ) -> float | None:
        """Return the seconds to wait before the next try, or None to stop.

        Args:
            cause: Why the last try failed.
            response: The response to the last try, if any.
            attempt: Number of the last try, from 1.
            spent: Seconds since the first try began, not counting waits for rate limits.
            paced: Whether pacing waits for the response's `Retry-After`, which no bound applies to then.
        """
        if attempt > self.retries:
            return None
        wait = retry_after(response.headers) if response is not None else None
        if paced:
            return wait
        if wait is not None and wait > self.max_retry_after:
            return None
        if wait is None:
            # Full jitter, so that clients that failed together don't retry together.
            wait = random.uniform(0, min(self.max_backoff, self.backoff * 2 ** (attempt - 1)))  # noqa: S311
            if cause is Cause.RATE_LIMITED:
                wait += 1.0  # The service's advice for a 429 without Retry-After.
        return wait if spent + wait < self.max_total else None


def cause_of_status(response: RawResponse) -> Cause | None:
    """Return why a response may be worth a retry, or None."""
    if response.status == 429:
        return Cause.RATE_LIMITED
    if response.status == 503 and retry_after(response.headers) is not None:
        return Cause.UNAVAILABLE
    return Cause.SERVER_ERROR if response.status >= 500 else None
