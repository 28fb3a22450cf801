"""From the bytes of an answer to what an operation returns, or to the exception that says why not."""

from __future__ import annotations

import json
import re
import warnings
from email.utils import parsedate_to_datetime
from typing import Any, Final, NamedTuple, NoReturn

import httpx
from attrs import evolve, field, frozen

from qlik_automation_connections_api.fields import FIELDS
from qlik_automation_connections_api.models.error_response import ErrorResponse

from .call import Call, T, UnusableResult
from .errors import (
    APIStatusError,
    UnexpectedResponseError,
    UnreadableValueWarning,
    status_error_class,
)
from .quirks import Mender, WrongShape

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

_HINTS: Final = {
    400: "Check the arguments against what the service says.",
    401: "Check the API key or the OAuth client: it may be wrong, revoked or expired, or belong to another tenant.",
    403: "The caller lacks a role or scope for this.",
    404: "The id is wrong, the connection is gone, or the caller can't see it.",
    409: "Read the connection again: its state or another connection's name stands in the way.",
    429: "Wait before asking again.",
    503: "The service is busy or under maintenance: try again later.",
}


@frozen
class Answer:
    """What came back for one request that was sent."""

    request: httpx.Request
    status: int
    headers: httpx.Headers = field(repr=False)
    content: bytes = field(repr=False)
    seconds: float


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


_DECODER: Final = json.JSONDecoder(parse_constant=_refuse_constant)


def decode_json(content: bytes) -> Any:
    """The JSON in a body.

    Raises:
        ValueError: it is none.
    """
    try:
        # By RFC 8259 it is UTF-8, whatever a charset says; UTF-16 is tolerated, as in json.loads.
        return _DECODER.decode(content.decode(json.detect_encoding(content)))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _kept(headers: httpx.Headers) -> httpx.Headers:
    return httpx.Headers([(name, value) for name, value in headers.multi_items() if name.lower() in _KEPT_HEADERS])


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
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]*)?|\.[0-9]+", text):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
        now = parsedate_to_datetime(answer.headers["date"])
        return max(0.0, (moment - now).total_seconds())
    except (ValueError, TypeError, KeyError, IndexError, OverflowError):
        return None


def error_body(answer: Answer) -> ErrorResponse:
    """What an error's body says; nothing if it is not of the documented kind."""
    try:
        return ErrorResponse.from_dict(Mender().mend(decode_json(answer.content), "ErrorResponse"))
    except (ValueError, WrongShape):
        return ErrorResponse()


def _redacted(call: Call[Any], answer: Answer) -> Answer:
    """The answer without the secrets that were sent, should it repeat one."""
    sent = [param.get("value", "") for param in call.arguments.get("json", {}).get("params", [])]
    sent.append(answer.request.headers.get("authorization", "").partition(" ")[2])
    content = answer.content
    for secret in sent:
        if len(secret) < 4:
            continue  # Such a short one stands in every text.
        for spelling in {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}:
            content = content.replace(spelling.encode(), b"[concealed]")
    return evolve(answer, content=content)


def _said(answer: Answer, body: ErrorResponse) -> str:
    if body.errors:
        return "; ".join(
            ": ".join(filter(None, (" ".join(filter(None, (error.code, error.title))), error.detail))).rstrip(".")
            for error in body.errors
        )
    kind = answer.headers.get("content-type", "").partition(";")[0] or "no content type"
    return f"no error of the documented kind in its body ({len(answer.content)} bytes, {kind})"


def status_error(
    call: Call[Any], answer: Answer, *, processed: bool, attempts: int, advice: str = ""
) -> APIStatusError:
    """The exception for an answer of status 400 or above."""
    answer = _redacted(call, answer)
    body = error_body(answer)
    trace = f" [trace id {body.trace_id}]" if body.trace_id else ""
    hint = advice or _HINTS.get(answer.status, "Try again later." if answer.status >= 500 else "")
    reason = httpx.codes.get_reason_phrase(answer.status)
    return status_error_class(answer.status)(
        f"{call.label}: {answer.status} {reason}: {_said(answer, body)}{trace}. {hint}".rstrip(),
        status_code=answer.status,
        request=request_copy(answer.request),
        response=response_copy(answer),
        errors=body.errors,
        trace_id=body.trace_id,
        retry_after=retry_after(answer),
        operation=call.operation.id,
        connection_id=call.connection_id,
        may_have_been_processed=processed,
        attempts=attempts,
    )


def unexpected(call: Call[Any], answer: Answer, reason: str, *, attempts: int) -> UnexpectedResponseError:
    """The exception for an answer that can't be understood."""
    return UnexpectedResponseError(
        f"{call.label}: the answer ({answer.status}) can't be understood: {reason}.",
        status_code=answer.status,
        request=request_copy(answer.request),
        response=response_copy(answer),
        operation=call.operation.id,
        connection_id=call.connection_id,
        may_have_been_processed=answer.status < 300,
        attempts=attempts,
    )


def unexpected_body(call: Call[Any], reason: str, *, attempts: int, advice: str = "") -> UnexpectedResponseError:
    """The exception for an answer whose body can't be taken in."""
    return UnexpectedResponseError(
        f"{call.label}: the answer can't be understood: {reason}. {advice}".rstrip(),
        operation=call.operation.id,
        connection_id=call.connection_id,
        may_have_been_processed=True,
        attempts=attempts,
    )


def result(call: Call[T], answer: Answer, *, attempts: int) -> T:
    """What the operation returns.

    Raises:
        UnexpectedResponseError: the answer is not the success that the spec lists.
    """
    operation = call.operation
    if 300 <= answer.status < 400:
        raise unexpected(
            call, answer, "it redirects, which is not followed; check the tenant's address", attempts=attempts
        )
    if answer.status != operation.success:
        raise unexpected(call, answer, f"the documented success is {operation.success}", attempts=attempts)
    if operation.result is None:
        return call.read(None)
    mender = Mender()
    found = _read(call, answer, operation.result, mender)
    if isinstance(found, _Problem):
        raise unexpected(call, answer, found.reason, attempts=attempts)
    if mender.unread:
        _warn(call, mender)
    return found


class _Problem(NamedTuple):
    reason: str


def _read(call: Call[T], answer: Answer, schema: str, mender: Mender) -> T | _Problem:
    """The result, or why there is none: not raised from here, where the frame holds what may be secret."""
    try:
        content = decode_json(answer.content)
        if isinstance(content, dict) and "errors" in content and FIELDS[schema].keys().isdisjoint(content):
            return _Problem("it is an error in spite of its status")
        return call.read(mender.mend(content, schema))
    except (WrongShape, UnusableResult) as error:
        return _Problem(str(error))
    except ValueError:
        kind = answer.headers.get("content-type", "unknown type")
        return _Problem(f"it is not JSON but {len(answer.content)} bytes of {kind}")


def _warn(call: Call[Any], mender: Mender) -> None:
    first = mender.unread[0]
    where = f" of {first.connection_id!r}" if first.connection_id else ""
    more = f" (and {len(mender.unread) - 1} more)" if len(mender.unread) > 1 else ""
    warnings.warn(
        f"{call.label}: {first.field}{where} can't be read and reads None; the raw value is in"
        f" additional_properties{more}.",
        UnreadableValueWarning,
        stacklevel=2,
    )
