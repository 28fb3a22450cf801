"""From the bytes of an answer to what an operation returns, or to the exception that says why not."""

from __future__ import annotations

import re
import time
from email.utils import parsedate_to_datetime
from typing import Any, Final, NamedTuple

import httpx

from qlik_automation_connections_api.fields import FIELDS
from qlik_automation_connections_api.models.error_detail import ErrorDetail
from qlik_automation_connections_api.models.error_response import ErrorResponse

from .answer import Answer, decode_exact, decode_json
from .call import NOT_EXACT, Call, T, UnusableResult
from .calling_code import warn
from .errors import (
    APIStatusError,
    UnexpectedResponseError,
    UnreadableValueWarning,
    status_error_class,
)
from .quirks import Mender, WrongShape, mends_always
from .redaction import redacted, secrets_of

# What may be kept of the headers that were sent and that came: none of these can hold a secret.
_KEPT_HEADERS: Final = frozenset(
    {
        "accept",
        "content-length",
        "content-type",
        "date",
        "deprecation",
        "host",
        "link",
        "retry-after",
        "server",
        "sunset",
        "user-agent",
    }
)

_TRACE_ID: Final = re.compile(r"[\w.:/+=-]{1,128}")

_HINTS: Final = {
    400: "Check the arguments against what the service says.",
    401: "Check the API key or the OAuth client: it may be wrong, revoked or expired, or belong to another tenant.",
    403: "The caller lacks a role or scope for this.",
    404: "The id is wrong, the {noun} is gone, or the caller can't see it.",
    409: "Read the {noun} again: its state or another {noun}'s name stands in the way.",
    429: "Wait before asking again.",
    503: "The service is busy or under maintenance: try again later.",
}


def _kept(headers: httpx.Headers) -> httpx.Headers:
    # Raw, for httpx takes text in ASCII alone.
    return httpx.Headers(
        [(name, value) for name, value in headers.raw if name.decode("latin-1").lower() in _KEPT_HEADERS]
    )


def request_copy(request: httpx.Request) -> httpx.Request:
    """The request without its body and its credentials."""
    headers = _kept(request.headers)
    headers.pop("content-length", None)
    return httpx.Request(request.method, request.url, headers=headers)


def response_copy(answer: Answer) -> httpx.Response:
    """The response; its body only where it is that of an error, for a success may hold secrets."""
    headers = _kept(answer.headers)
    headers.pop("content-length", None)
    content = answer.content if answer.status >= 400 else b""
    return httpx.Response(answer.status, headers=headers, content=content, request=request_copy(answer.request))


def retry_after(answer: Answer) -> float | None:
    """Seconds that the answer asks to wait, from `Retry-After` as a number or a date; None if it names none."""
    text = answer.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,300}(\.[0-9]*)?|\.[0-9]+", text):
        return float(text)
    moment = _moment(text)
    if moment is None:
        return None
    # By the service's clock where it tells: this machine's may be wrong.
    now = _moment(answer.headers.get("date", ""))
    return max(0.0, moment - (time.time() if now is None else now))


def _moment(text: str) -> float | None:
    """Seconds since 1970 at an HTTP date."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def error_body(answer: Answer) -> ErrorResponse:
    """What an error's body says; nothing if it is not of the documented kind."""
    try:
        content = decode_json(answer.content)
    except ValueError:
        return ErrorResponse()
    if not isinstance(content, dict):
        return ErrorResponse()
    trace_id = content.pop("traceId", None)
    if isinstance(trace_id, int) and not isinstance(trace_id, bool):
        trace_id = str(trace_id)
    errors = content.get("errors")
    if isinstance(errors, dict | str):
        errors = [errors]
    if isinstance(errors, list):
        # One that is not of the documented kind must not hide the others.
        titled = [{"title": error} if isinstance(error, str) else error for error in errors]
        content["errors"] = [error for error in titled if isinstance(error, dict) and error]
    try:
        body = ErrorResponse.from_dict(Mender().mend(content, "ErrorResponse"))
    except WrongShape:
        body = ErrorResponse()
    # Kept whatever the rest is, but only if it can be one: it is logged.
    body.trace_id = trace_id if isinstance(trace_id, str) and _TRACE_ID.fullmatch(trace_id) else None
    return body


def _traced(trace_id: str | None) -> str:
    return f" [trace id {trace_id}]" if trace_id else ""


def printable(text: str) -> str:
    """The text with all that could forge a line or upset a terminal escaped."""
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def _said(answer: Answer, body: ErrorResponse) -> str:
    if body.errors:
        return printable("; ".join(map(_in_words, body.errors)))
    return f"no error of the documented kind in its body ({len(answer.content)} bytes of {_content_type(answer)})"


def _in_words(error: ErrorDetail) -> str:
    head = " ".join(filter(None, (error.code, error.title)))
    return ": ".join(filter(None, (head, error.detail))).rstrip(".")


def _content_type(answer: Answer) -> str:
    """Its media type; nothing else that may stand in the header."""
    found = re.match(r"\s*([a-zA-Z0-9.+-]{1,40}/[a-zA-Z0-9.+-]{1,60})\s*(;|$)", answer.headers.get("content-type", ""))
    return found[1] if found else "unknown type"


def status_error(
    call: Call[Any], answer: Answer, *, processed: bool, attempts: int, advice: str = ""
) -> APIStatusError:
    """The exception for an answer of status 400 or above."""
    body = error_body(answer)
    told = retry_after(answer)
    usual = "Try again later." if answer.status >= 500 else "The request is not one that the service takes."
    hint = advice or _HINTS.get(answer.status, usual).format(noun=call.operation.noun)
    if answer.status == 429 and told is not None:
        hint = f"Wait {told:g} s before asking again."
    reason = httpx.codes.get_reason_phrase(answer.status)
    return status_error_class(answer.status)(
        f"{call.label}: {answer.status} {reason}: {_said(answer, body)}{_traced(body.trace_id)}. {hint}".rstrip(),
        status_code=answer.status,
        request=request_copy(answer.request),
        response=response_copy(answer),
        errors=body.errors,
        trace_id=body.trace_id,
        retry_after=told,
        operation=call.operation.id,
        connection_id=call.connection_id,
        may_have_been_processed=processed,
        attempts=attempts,
    )


def unexpected(
    call: Call[Any], answer: Answer | None, reason: str, *, processed: bool, attempts: int
) -> UnexpectedResponseError:
    """The exception for an answer that can't be understood.

    Args:
        call: what was asked for.
        answer: what came, None if it did not come whole.
        reason: why it can't be understood.
        processed: whether the service may have done it all the same.
        attempts: number of tries.
    """
    if answer is not None:
        answer = redacted(answer, secrets_of(call, answer.request))
    trace = error_body(answer).trace_id if answer is not None else None
    status = f" ({answer.status})" if answer is not None else ""
    usual = "Check the tenant's address and what stands in between, such as a proxy; report it with the trace id."
    advice = (call.how_to_look if processed else "") or usual
    return UnexpectedResponseError(
        f"{call.label}: the answer{status} can't be understood: {reason}{_traced(trace)}. {advice}",
        status_code=answer.status if answer is not None else None,
        trace_id=trace,
        request=request_copy(answer.request) if answer is not None else None,
        response=response_copy(answer) if answer is not None else None,
        operation=call.operation.id,
        connection_id=call.connection_id,
        may_have_been_processed=processed,
        attempts=attempts,
    )


def result(call: Call[T], answer: Answer, *, processed: bool = False, attempts: int) -> T:
    """What the operation returns.

    Args:
        call: what was asked for.
        answer: what came, of a status below 400.
        processed: whether an earlier try may have been processed.
        attempts: number of tries.

    Raises:
        UnexpectedResponseError: the answer is not the success that the spec lists.
    """
    operation = call.operation
    mender = Mender()
    found: T | _Problem
    if answer.status >= 300:
        found = _Problem("it redirects, which is not followed; check the tenant's address")
    elif answer.status != operation.success:
        found = _Problem(f"the documented success is {operation.success}")
    elif operation.result is None:
        return call.read(None)
    else:
        found = _read(call, answer, operation.result, mender)
    if isinstance(found, _Problem):
        processed = processed or 200 <= answer.status < 300
        raise unexpected(call, answer, found.reason, processed=processed, attempts=attempts)
    if mender.unread:
        _warn(call, mender)
    return found


class _Problem(NamedTuple):
    reason: str


def _read(call: Call[T], answer: Answer, schema: str, mender: Mender) -> T | _Problem:
    """The result, or why there is none: not raised from here, where the frame holds what may be secret."""
    try:
        if not (call.verbatim or mends_always(schema)):
            try:
                return call.read(decode_exact(answer.content), exact=True)
            except NOT_EXACT:
                pass  # It differs from what the spec declares: whether by known quirks alone is seen below.
        content = decode_json(answer.content)
        if isinstance(content, dict) and "errors" in content and FIELDS[schema].keys().isdisjoint(content):
            return _Problem("it is an error in spite of its status")
        return call.read(content if call.verbatim else mender.mend(content, schema))
    except (WrongShape, UnusableResult) as error:
        return _Problem(str(error))
    except ValueError:
        return _Problem(f"it is not JSON but {len(answer.content)} bytes of {_content_type(answer)}")


def _warn(call: Call[Any], mender: Mender) -> None:
    first = mender.unread[0]
    where = f" of {first.connection_id!r}" if first.connection_id else ""
    more = f" (and {len(mender.unread) - 1} more)" if len(mender.unread) > 1 else ""
    warn(
        f"{call.label}: {first.field}{where} can't be read and reads None; the raw value is in"
        f" additional_properties{more}.",
        UnreadableValueWarning,
    )
