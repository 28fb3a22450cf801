"""Why a try came to nothing: plain data, and the exception that a user gets of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import anyio
import httpx
from attrs import frozen

from .answer import Answer
from .body import BodyError, BodyTimeoutError
from .call import Call
from .decoding import printable, status_error, unexpected
from .errors import APIConnectionError, APIError, APITimeoutError
from .oauth import SIGN_IN, SignInError
from .redaction import redact, secrets_of
from .retry import Cause, cause_of_status

_CAUSES = {"not connected": Cause.NOT_CONNECTED, "timed out": Cause.TIMED_OUT, "broken": Cause.BROKEN}


HANDLED = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.StreamError,
    # What httpx lets through of the layers below it.
    OSError,
    anyio.BrokenResourceError,
    anyio.ClosedResourceError,
    anyio.EndOfStream,
    # A redirect to an address that is none: httpx reads it though it does not follow it.
    UnicodeError,
    BodyError,
    BodyTimeoutError,
    SignInError,
)
"""Exceptions that a try may end with."""


@frozen
class Failure:
    """Nothing usable came back for a request.

    Attributes:
        kind: what happened.
        reason: the same in words.
        answer: what the token endpoint answered, where that is the reason.
        timed_out: whether a time-out is behind it.
    """

    kind: Literal["not connected", "timed out", "broken", "body", "redirect", "not signed in", "closed"]
    reason: str
    answer: Answer | None = None
    timed_out: bool = False

    @property
    def cause(self) -> Cause | None:
        """Why it may be worth another try; None if it is not."""
        return _CAUSES.get(self.kind) if self.answer is None else cause_of_status(self.answer)

    @property
    def was_sent(self) -> bool:
        """Whether the service may have received the request."""
        return self.kind in ("timed out", "broken", "body")


CLOSED = Failure("closed", "the tenant was closed meanwhile")


def _reason(error: BaseException) -> str:
    """The words of an exception, or of the one behind it that has any."""
    name = type(error).__name__
    cause: BaseException | None = error
    while cause is not None and not str(cause):
        cause = cause.__cause__ or cause.__context__
    # What a broken peer wrote may be what was sent to it; h11 quotes it at the end.
    text = str(cause).partition("bytearray(")[0].rstrip(": ") if cause is not None else ""
    return printable(f"{name}: {text}" if text else name)


def failure_of(error: Exception, call: Call[Any], request: httpx.Request) -> Failure:
    """Plain data instead of the exception: its traceback holds the headers that were sent."""
    if isinstance(error, SignInError):
        return Failure("not signed in", error.reason, error.answer)
    reason = redact(_reason(error), secrets_of(call, request))
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError):
        return Failure("not connected", reason, timed_out=isinstance(error, httpx.TimeoutException))
    if isinstance(error, httpx.RequestError) and _request_of(error) not in (request, None):
        timed_out = isinstance(error, httpx.TimeoutException)
        return Failure("not connected", f"signing in failed: {reason}", timed_out=timed_out)
    if isinstance(error, httpx.InvalidURL | UnicodeError) or "in location header" in reason:
        return Failure("redirect", "it redirects to an address that is none")
    if isinstance(error, httpx.TimeoutException | TimeoutError | BodyTimeoutError):
        return Failure("timed out", reason, timed_out=True)
    if isinstance(error, httpx.DecodingError | BodyError):
        return Failure("body", str(error) or reason)
    return Failure("broken", reason)


def _request_of(error: httpx.RequestError) -> httpx.Request | None:
    try:
        return error.request
    except RuntimeError:  # httpx's way to say that it is not set
        return None


def error_of(
    call: Call[Any], outcome: Answer | Failure, *, processed: bool, attempts: int, hints: Mapping[int, str]
) -> APIError:
    """The exception for the last try of a call.

    Args:
        call: what was asked for.
        outcome: what came of the last try.
        processed: whether the service may have done it, in any of the tries.
        attempts: number of tries.
        hints: what to say of an answer of a status, in place of the usual.
    """
    advice = call.how_to_look if processed else ""
    if isinstance(outcome, Answer):
        advice = advice or hints.get(outcome.status, "")
        return status_error(call, outcome, processed=processed, attempts=attempts, advice=advice)
    if outcome.answer is not None:
        return _sign_in_error(outcome.answer, outcome.reason, processed=processed, attempts=attempts, advice=advice)
    if outcome.kind in ("body", "redirect"):
        return unexpected(call, None, outcome.reason, processed=processed, attempts=attempts)
    kind = APITimeoutError if outcome.timed_out else APIConnectionError
    tries = f" after {attempts} tries" if attempts > 1 else ""
    if not processed and outcome.kind != "closed":
        advice = "Nothing was done. Check the tenant's address, the network and the proxy."
    elif not advice:
        advice = "Try again later, or with a longer timeout."
    return kind(
        f"{call.label}: {outcome.kind}{tries}: {outcome.reason.rstrip('.')}. {advice}".rstrip(),
        operation=call.operation.id,
        connection_id=call.connection_id,
        may_have_been_processed=processed,
        attempts=attempts,
    )


def _sign_in_error(answer: Answer, reason: str, *, processed: bool, attempts: int, advice: str) -> APIError:
    if answer.status < 400:
        return unexpected(SIGN_IN, answer, reason, processed=processed, attempts=attempts)
    if not advice and answer.status in (400, 401, 403):
        advice = "Check the id and the secret of the OAuth client, and what it is allowed to do."
    return status_error(SIGN_IN, answer, processed=processed, attempts=attempts, advice=advice)
