"""Which failures are tried again, and after how long.

    what happened                                     tried again for
    429                                               every operation: nothing was done
    no connection                                     every operation: nothing was sent
    503 with Retry-After                              every operation but create
    time-out, broken connection, any other 5xx        every operation but create

A create that may have been processed is never sent again. A 404 for a deletion that was sent before is its success.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from enum import Enum
from typing import Any

from attrs import Attribute, field, frozen

from .._headers import retry_after
from .._raw_response import RawResponse
from ..errors import ConfigurationError


class Cause(Enum):
    """Why a try failed; the value says so in messages."""

    RATE_LIMITED = "too many requests (429)"
    NOT_CONNECTED = "no connection"
    UNAVAILABLE = "service unavailable (503)"
    TIMED_OUT = "time-out"
    BROKEN = "broken connection"
    SERVER_ERROR = "error of the service (5xx)"

    @property
    def leaves_nothing_done(self) -> bool:
        """Whether it is certain that the service did nothing."""
        return self in (Cause.RATE_LIMITED, Cause.NOT_CONNECTED)


@frozen
class Retry:
    """A try that is about to be made again.

    Attributes:
        operation: operationId of what is asked for.
        connection_id: the connection that it is asked for, None for a list, a creation, and what is no connection.
        attempt: number of the try that failed, from 1.
        cause: why it failed.
        wait: seconds until the next one.
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
    """How often and how patiently failures are tried again.

    Attributes:
        retries: tries after the first, 0 for none.
        max_retry_after: longest `Retry-After` in seconds that is waited for; a longer one is raised at once, with
            `retry_after` in the error.
        max_total: seconds that one call may take with all its tries and waits.
        backoff: without `Retry-After`, the wait is random between 0 and this many seconds, doubled after each try.
        max_backoff: upper bound of that doubling, in seconds.
        on_retry: called before each wait.
    """

    retries: int = field(default=4, validator=_number(whole=True))
    max_retry_after: float = field(default=60.0, validator=_number())
    max_total: float = field(default=300.0, validator=_number(zero=False))
    backoff: float = field(default=0.5, validator=_number())
    max_backoff: float = field(default=8.0, validator=_number())
    on_retry: Callable[[Retry], None] | None = None

    def wait(self, cause: Cause, response: RawResponse | None, *, attempt: int, spent: float) -> float | None:
        """Seconds until the next try; None if there is none.

        Args:
            cause: why the last try failed.
            response: what came back; None if nothing did.
            attempt: number of the last try, from 1.
            spent: seconds since the first try began.
        """
        if attempt > self.retries:
            return None
        wait = retry_after(response.headers) if response is not None else None
        if wait is not None and wait > self.max_retry_after:
            return None
        if wait is None:
            # Full jitter: clients that failed together do not come back together.
            wait = random.uniform(0, min(self.max_backoff, self.backoff * 2 ** (attempt - 1)))  # noqa: S311
            if cause is Cause.RATE_LIMITED:
                wait += 1.0  # The service's advice for a 429 that names no time.
        return wait if spent + wait < self.max_total else None


def cause_of_status(response: RawResponse) -> Cause | None:
    """Why an answer may be worth another try; None if it is not."""
    if response.status == 429:
        return Cause.RATE_LIMITED
    if response.status == 503 and retry_after(response.headers) is not None:
        return Cause.UNAVAILABLE
    return Cause.SERVER_ERROR if response.status >= 500 else None
