"""What responses say that are no success, and the exceptions that they become."""

from __future__ import annotations

import re
from typing import Any, Final

from qlik_automation_connections_api.models.error_detail import ErrorDetail
from qlik_automation_connections_api.models.error_response import ErrorResponse

from .._headers import content_type, retry_after, without_secrets
from .._http import Request, Response, codes
from .._normalizer import Normalizer
from .._raw_response import RawResponse, decode_json
from .._redaction import redacted
from .._text import printable
from ..errors import APIStatusError, UnexpectedResponseError, status_error_class
from .call import Call

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


def parse_error(response: RawResponse, normalizer: Normalizer) -> ErrorResponse:
    """Return what the body of an error says; nothing if it is not of the documented kind."""
    try:
        document = decode_json(response.content)
    except ValueError:
        return ErrorResponse()
    if not isinstance(document, dict):
        return ErrorResponse()
    body = ErrorResponse.from_dict(document, normalizer)
    body.errors = [error for error in body.errors if error.to_dict()]
    if not _TRACE_ID.fullmatch(body.trace_id or ""):
        # It is logged, so it must be one.
        body.trace_id = None
    return body


def _request_copy(request: Request) -> Request:
    """The request without its body and its credentials."""
    return Request(request.method, request.url, headers=without_secrets(request.headers))


def _response_copy(response: RawResponse) -> Response:
    """The response; its body only where it is that of an error, for a success may hold secrets."""
    return Response(
        response.status,
        headers=without_secrets(response.headers),
        content=response.content if response.status >= 400 else b"",
        request=_request_copy(response.request),
    )


def origin(call: Call[Any], processed: bool, attempts: int) -> dict[str, Any]:
    """Return the attributes that every exception of a call has."""
    return {
        "operation": call.operation.id,
        "connection_id": call.connection_id,
        "may_have_been_processed": processed,
        "attempts": attempts,
    }


def traced(trace_id: str | None) -> str:
    """Return a trace id as messages show it."""
    return f" [trace id {trace_id}]" if trace_id else ""


def _summary(error: ErrorDetail) -> str:
    head = " ".join(filter(None, (error.code, error.title)))
    return ": ".join(filter(None, (head, error.detail))).rstrip(".")


def status_error(
    call: Call[Any], response: RawResponse, body: ErrorResponse, *, processed: bool, attempts: int, hint: str = ""
) -> APIStatusError:
    """Return the exception for a response of status 400 or above.

    Args:
        call: what was asked for.
        response: what came.
        body: what its body says.
        processed: whether the service may have applied the call.
        attempts: number of tries.
        hint: what to try, in place of the usual.
    """
    wait = retry_after(response.headers)
    usual = "Try again later." if response.status >= 500 else "The request is not one that the service takes."
    hint = hint or _HINTS.get(response.status, usual).format(noun=call.operation.noun)
    if response.status == 429 and wait is not None:
        hint = f"Wait {wait:g} s before asking again."
    said = (
        printable("; ".join(map(_summary, body.errors)))
        if body.errors
        else (
            f"no error of the documented kind in its body ({len(response.content)} bytes of"
            f" {content_type(response.headers)})"
        )
    )
    reason = codes.get_reason_phrase(response.status)
    return status_error_class(response.status)(
        f"{call.label}: {response.status} {reason}: {said}{traced(body.trace_id)}. {hint}".rstrip(),
        status_code=response.status,
        request=_request_copy(response.request),
        response=_response_copy(response),
        errors=body.errors,
        trace_id=body.trace_id,
        retry_after=wait,
        **origin(call, processed, attempts),
    )


def unexpected_response(
    call: Call[Any], response: RawResponse | None, problem: str, *, processed: bool, attempts: int
) -> UnexpectedResponseError:
    """Return the exception for a response that can't be understood.

    Args:
        call: what was asked for.
        response: what came; None if it did not come whole.
        problem: why it can't be understood.
        processed: whether the service may have applied the call.
        attempts: number of tries.
    """
    if response is not None:
        response = redacted(response, call.secrets(response.request))
    trace_id = parse_error(response, Normalizer()).trace_id if response is not None else None
    status = f" ({response.status})" if response is not None else ""
    usual = "Check the tenant's address and what stands in between, such as a proxy; report it with the trace id."
    hint = (call.recovery_hint if processed else "") or usual
    return UnexpectedResponseError(
        f"{call.label}: the answer{status} can't be understood: {problem}{traced(trace_id)}. {hint}",
        status_code=response.status if response is not None else None,
        trace_id=trace_id,
        request=_request_copy(response.request) if response is not None else None,
        response=_response_copy(response) if response is not None else None,
        **origin(call, processed, attempts),
    )
