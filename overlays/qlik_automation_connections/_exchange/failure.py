"""Why a try came to nothing: plain data, and the exception that a user gets of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import anyio
from attrs import frozen

from qlik_automation_connections_api.models.error_response import ErrorResponse
from qlik_automation_connections_api.operations import Operation

from .. import _http
from .._auth.oauth import SignInError
from .._raw_response import RawResponse
from .._redaction import redact
from .._text import printable
from ..errors import SIGN_IN_OPERATION, APIConnectionError, APIError, APITimeoutError
from .body import BodyError, BodyTimeoutError
from .call import Call
from .exceptions import origin, status_error, unexpected_response
from .retry import Cause, cause_of_status

_SIGN_IN: Final[Call[None]] = Call(
    # Not an operation of the spec; on the same tenant, and rate tier 2.
    Operation(
        SIGN_IN_OPERATION, "Sign in", "POST", "/oauth/token", "/oauth/token", 2, True, 100, 200, None, {}, "token"
    ),
    {},
    lambda *_: None,
)

HANDLED: Final = (
    _http.HTTPError,
    _http.InvalidURL,
    _http.StreamError,
    # What the HTTP library lets through of the layers below it.
    OSError,
    anyio.BrokenResourceError,
    anyio.ClosedResourceError,
    anyio.EndOfStream,
    # A redirect to an address that is none: it is parsed though it is not followed.
    UnicodeError,
    BodyError,
    BodyTimeoutError,
    SignInError,
)
"""Exceptions that a try may end with."""

_CAUSES: Final = {"not connected": Cause.NOT_CONNECTED, "timed out": Cause.TIMED_OUT, "broken": Cause.BROKEN}


@frozen
class Failure:
    """Nothing usable came back for a request.

    Attributes:
        kind: what happened.
        reason: the same in words.
        response: what the token endpoint sent, where that is the reason.
        timed_out: whether a time-out is behind it.
    """

    kind: Literal["not connected", "timed out", "broken", "body", "redirect", "not signed in", "closed"]
    reason: str
    response: RawResponse | None = None
    timed_out: bool = False

    @property
    def cause(self) -> Cause | None:
        """Why it may be worth another try; None if it is not."""
        return _CAUSES.get(self.kind) if self.response is None else cause_of_status(self.response)

    @property
    def was_sent(self) -> bool:
        """Whether the service may have received the request."""
        return self.kind in ("timed out", "broken", "body")


CLOSED: Final = Failure("closed", "the tenant was closed meanwhile")


def _reason(error: BaseException) -> str:
    """The words of an exception, or of the one behind it that has any."""
    name = type(error).__name__
    cause: BaseException | None = error
    while cause is not None and not str(cause):
        cause = cause.__cause__ or cause.__context__
    # What a broken peer wrote may be what was sent to it; h11 quotes it at the end.
    text = str(cause).partition("bytearray(")[0].rstrip(": ") if cause is not None else ""
    return printable(f"{name}: {text}" if text else name)


def _request_of(error: _http.RequestError) -> _http.Request | None:
    try:
        return error.request
    except RuntimeError:  # it is not set
        return None


def failure_of(error: Exception, call: Call[Any], request: _http.Request) -> Failure:
    """Return plain data in place of an exception, whose traceback holds the headers that were sent."""
    if isinstance(error, SignInError):
        return Failure("not signed in", error.reason, error.response)
    reason = redact(_reason(error), call.secrets(request))
    timed_out = isinstance(error, _http.TimeoutException)
    if isinstance(error, _http.ConnectError | _http.ConnectTimeout | _http.PoolTimeout | _http.ProxyError):
        return Failure("not connected", reason, timed_out=timed_out)
    if isinstance(error, _http.RequestError) and _request_of(error) not in (request, None):
        return Failure("not connected", f"signing in failed: {reason}", timed_out=timed_out)
    if isinstance(error, _http.InvalidURL | UnicodeError) or "in location header" in reason:
        return Failure("redirect", "it redirects to an address that is none")
    if timed_out or isinstance(error, TimeoutError | BodyTimeoutError):
        return Failure("timed out", reason, timed_out=True)
    if isinstance(error, _http.DecodingError | BodyError):
        return Failure("body", str(error) or reason)
    return Failure("broken", reason)


def to_exception(
    call: Call[Any],
    outcome: RawResponse | Failure,
    body: ErrorResponse,
    *,
    processed: bool,
    attempts: int,
    hints: Mapping[int, str],
) -> APIError:
    """Return the exception for the last try of a call.

    Args:
        call: what was asked for.
        outcome: how the last try ended.
        body: what the response that it ended with says.
        processed: whether the service may have applied the call, in any of the tries.
        attempts: number of tries.
        hints: what to try, by the status of a response, in place of the usual.
    """
    hint = call.recovery_hint if processed else ""
    if isinstance(outcome, RawResponse):
        hint = hint or hints.get(outcome.status, "")
        return status_error(call, outcome, body, processed=processed, attempts=attempts, hint=hint)
    response = outcome.response
    if response is not None and response.status < 400:
        return unexpected_response(_SIGN_IN, response, outcome.reason, processed=processed, attempts=attempts)
    if response is not None:
        if not hint and response.status in (400, 401, 403):
            hint = "Check the id and the secret of the OAuth client, and what it is allowed to do."
        return status_error(_SIGN_IN, response, body, processed=processed, attempts=attempts, hint=hint)
    if outcome.kind in ("body", "redirect"):
        return unexpected_response(call, None, outcome.reason, processed=processed, attempts=attempts)
    kind = APITimeoutError if outcome.timed_out else APIConnectionError
    tries = f" after {attempts} tries" if attempts > 1 else ""
    if not processed and outcome.kind != "closed":
        hint = "Nothing was done. Check the tenant's address, the network and the proxy."
    elif not hint:
        hint = "Try again later, or with a longer timeout."
    return kind(
        f"{call.label}: {outcome.kind}{tries}: {outcome.reason.rstrip('.')}. {hint}".rstrip(),
        **origin(call, processed, attempts),
    )
