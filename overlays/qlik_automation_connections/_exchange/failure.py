"""Failures of a try as plain data, and the exceptions that users get."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple

import anyio

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
    # From layers below the HTTP library, which lets them through.
    OSError,
    anyio.BrokenResourceError,
    anyio.ClosedResourceError,
    anyio.EndOfStream,
    # From a redirect to an invalid URL, which is parsed although it is not followed.
    UnicodeError,
    BodyError,
    BodyTimeoutError,
    SignInError,
)
"""Exceptions that a try may raise."""

# What a proxy said, which the HTTP library tells by its message alone: a status of CONNECT that trying again can't
# change, or a refusal of SOCKS.
_REFUSED_BY_PROXY: Final = re.compile(r"4(?!08|25|29)\d\d\b|Invalid username/password|Requested |.*not allowed")
_HINTS: Final = {
    "refused by the proxy": (
        "Check the user name and password of the proxy, in proxy= (or a variable such as HTTPS_PROXY), and whether it"
        " lets you connect to the tenant's host."
    ),
    "certificate not verified": (
        "If a proxy of your company signs certificates, or the tenant's is private, name the file of the authority with"
        " verify= (--ca-file) or SSL_CERT_FILE."
    ),
}
_WORDS: Final = {
    "not connected": "{address} can't be reached",
    "refused by the proxy": "the proxy refused the connection to {address}",
    "certificate not verified": "the certificate of {address} is not trusted",
    "timed out": "{address} did not respond in time",
    "broken": "the connection to {address} broke",
}
# The log has the exception's class and number, which tell users nothing.
_EXCEPTION: Final = re.compile(r"(?<![^ ])\w*(?:Error|Timeout|Exception)(?:: |$)(?:\[Errno -?\d+\] )?")
_CAUSES: Final = {"not connected": Cause.NOT_CONNECTED, "timed out": Cause.TIMED_OUT, "broken": Cause.BROKEN}


class Failure(NamedTuple):
    """A request without a usable response.

    Attributes:
        kind: What happened.
        reason: The details, as text.
        response: The response of the token endpoint, if sign-in failed with one.
        timed_out: Whether a timeout caused it.
    """

    kind: Literal[
        "not connected",
        "refused by the proxy",
        "certificate not verified",
        "timed out",
        "broken",
        "body",
        "redirect",
        "not signed in",
        "closed",
    ]
    reason: str
    response: RawResponse | None = None
    timed_out: bool = False

    @property
    def cause(self) -> Cause | None:
        """The cause that a retry policy may retry; None if retrying is pointless."""
        return _CAUSES.get(self.kind) if self.response is None else cause_of_status(self.response)

    @property
    def was_sent(self) -> bool:
        """Whether the service may have received the request."""
        return self.kind in ("timed out", "broken", "body")


CLOSED: Final = Failure("closed", "the tenant was closed during the call")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and what it was raised from."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _reason(error: BaseException) -> str:
    """Return an exception's message, or else that of its nearest cause with one."""
    if not isinstance(error, HANDLED):
        return printable(repr(error))  # of a transport of the user's, or a fault of the loop
    name = type(error).__name__
    cause = next((cause for cause in _causes(error) if str(cause)), None)
    # h11 ends with a quote of what a broken peer sent, which may repeat the request.
    text = str(cause).partition("bytearray(")[0].rstrip(": ") if cause is not None else ""
    return printable(f"{name}: {text}" if text else name)


def _request_of(error: _http.RequestError) -> _http.Request | None:
    try:
        return error.request
    except RuntimeError:  # not set
        return None


def failure_of(error: Exception, call: Call[Any], request: _http.Request) -> Failure:
    """Return plain data for an exception, whose traceback holds the request's headers."""
    if isinstance(error, SignInError):
        return Failure("not signed in", error.reason, error.response)
    reason = redact(_reason(error), call.secrets(request))
    timed_out = isinstance(error, _http.TimeoutException)
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error)):
        return Failure("certificate not verified", reason)
    if isinstance(error, _http.ProxyError) and _REFUSED_BY_PROXY.match(str(error)):
        return Failure("refused by the proxy", reason)
    if isinstance(error, _http.ConnectError | _http.ConnectTimeout | _http.PoolTimeout | _http.ProxyError):
        return Failure("not connected", reason, timed_out=timed_out)
    if isinstance(error, _http.RequestError) and _request_of(error) not in (request, None):
        return Failure("not connected", f"sign-in failed: {reason}", timed_out=timed_out)
    if isinstance(error, _http.InvalidURL | UnicodeError) or "in location header" in reason:
        return Failure("redirect", "it redirects to an invalid URL")
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
    address: str,
    processed: bool,
    attempts: int,
    hints: Mapping[int, str],
) -> APIError:
    """Return the exception for the last try of a call.

    Args:
        call: The failed call.
        outcome: The outcome of the last try.
        body: The parsed body of the last error response.
        address: The tenant's address.
        processed: Whether the service may have applied the call, in any try.
        attempts: Number of tries.
        hints: What to do instead of the default advice, by status.
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
            hint = "Check the OAuth client's id, secret and permissions."
        return status_error(_SIGN_IN, response, body, processed=processed, attempts=attempts, hint=hint)
    if outcome.kind in ("body", "redirect"):
        return unexpected_response(call, None, outcome.reason, processed=processed, attempts=attempts)
    kind = APITimeoutError if outcome.timed_out else APIConnectionError
    tries = f" ({attempts} tries)" if attempts > 1 else ""
    words = _WORDS.get(outcome.kind, outcome.kind).format(address=address)
    reason = _EXCEPTION.sub("", outcome.reason).rstrip(". :")
    if not processed and outcome.kind != "closed":
        usual = "Check the tenant's address, the network and the proxy."
        hint = f"The request was not processed. {_HINTS.get(outcome.kind, usual)}"
    elif not hint:
        hint = "Try again later, or with a longer timeout."
    return kind(
        f"{call.failed}: {words}{tries}{f': {reason}' if reason else ''}. {hint}".rstrip() + call.traced(),
        **origin(call, processed, attempts),
    )
