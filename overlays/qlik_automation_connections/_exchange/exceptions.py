"""Parsing of unsuccessful responses, and the exceptions for them."""

from __future__ import annotations

from typing import Any, Final

from qlik_automation_connections_api.models.error_detail import ErrorDetail
from qlik_automation_connections_api.models.error_response import ErrorResponse

from .._auth.oauth import OAuthClient
from .._headers import TRACE_ID, content_type, retry_after, trace_id, without_secrets
from .._http import Request, Response, codes
from .._normalizer import Normalizer
from .._raw_response import RawResponse, decode_json
from .._redaction import redacted
from .._text import printable, shortened
from ..errors import APIStatusError, UnexpectedResponseError, status_error_class
from .call import Call

_HINTS: Final = {
    400: "Check the arguments.",
    401: "Check the API key or the OAuth client: it may be wrong, revoked or expired, or belong to another tenant.",
    403: "The caller lacks a role or scope for this.",
    404: "The id is wrong, the {noun} is gone, or the caller can't see it.",
    407: "Check the proxy's user name and password, in proxy= (or a variable such as HTTPS_PROXY).",
    409: "The state of the {noun}, or the name of another {noun}, conflicts with the change. Read the {noun} again.",
    429: "Wait before trying again.",
    503: "The service is busy or under maintenance. Try again later.",
}
_MACHINE_TO_MACHINE: Final = (
    "A machine-to-machine OAuth client can read connections, but the service does not let it create, update or delete"
    " them. Use an API key or ImpersonatedUser (--as-user)."
)
_EVERYONES: Final = (
    "Listing everyone's connections takes the role TenantAdmin or AnalyticsAdmin; without list_all=True (--all) you get"
    " your own."
)
_AUTOMATIONS_OF_OTHERS: Final = (
    "Automations of others can be {done} only by {who}an OAuth client with the scope admin.automations: pass it with"
    " automations_auth= (--automations-context)."
)
_DONE: Final = {"GET": "read", "PUT": "updated", "DELETE": "deleted"}
_CREATING: Final = "Creating automations takes the role AutomationCreator or, with an OAuth client, admin.automations."


def hints_of(call: Call[Any], auth: object) -> dict[int, str]:
    """Return what to do instead of the default advice, by status, when a call is signed with `auth`."""
    if call.operation.noun == "automation":
        done = _DONE.get(call.operation.method, "changed")
        who = "" if done in ("read", "updated") else "an administrator or "
        creating = not call.operation.repeatable
        return {403: _CREATING if creating else _AUTOMATIONS_OF_OTHERS.format(done=done, who=who)}
    if call.operation.method != "GET" and isinstance(auth, OAuthClient):
        return {403: _MACHINE_TO_MACHINE}
    if (call.arguments.get("params") or {}).get("listAll"):
        return {403: _EVERYONES}
    return {}


def parse_error(response: RawResponse, normalizer: Normalizer) -> ErrorResponse:
    """Return the parsed body of an error, or an empty one if it is not as documented."""
    try:
        document = decode_json(response.content)
    except ValueError:
        return ErrorResponse()
    if isinstance(document, list | str):
        document = {"errors": document}
    if not isinstance(document, dict):
        return ErrorResponse()
    body = ErrorResponse.from_dict(document, normalizer)
    body.errors = [error for error in body.errors if any(error.to_dict().values())]
    if not TRACE_ID.fullmatch(body.trace_id or ""):
        # Drop anything else, since trace ids are logged.
        body.trace_id = None
    return body


def _request_copy(request: Request) -> Request:
    """Return a copy of a request without its body and credentials."""
    return Request(request.method, request.url, headers=without_secrets(request.headers))


def _response_copy(response: RawResponse) -> Response:
    """Return a copy of a response, without the body of a success, which may hold secrets."""
    return Response(
        response.status,
        headers=without_secrets(response.headers),
        content=response.content if response.status >= 400 else b"",
        request=_request_copy(response.request),
    )


def origin(call: Call[Any], processed: bool, attempts: int) -> dict[str, Any]:
    """Return the attributes that all exceptions of a call share."""
    return {
        "operation": call.operation.id,
        "connection_id": call.connection_id,
        "may_have_been_processed": processed,
        "attempts": attempts,
    }


def _summary(error: ErrorDetail, reason: str) -> str:
    texts = ((text or "").strip() for text in (error.code, error.title, error.detail))
    code, title, detail = (text if any(map(str.isalnum, text)) else "" for text in texts)
    if title.casefold() == reason.casefold() and (code or detail):
        title = ""
    return ": ".join(filter(None, (" ".join(filter(None, (code, title))), detail))).rstrip(".")


def status_error(
    call: Call[Any], response: RawResponse, body: ErrorResponse, *, processed: bool, attempts: int, hint: str = ""
) -> APIStatusError:
    """Return the exception for a response of status 400 or above.

    Args:
        call: The failed call.
        response: The response.
        body: The parsed body of the response.
        processed: Whether the service may have applied the call.
        attempts: Number of tries.
        hint: What to do, instead of the default advice.
    """
    wait = retry_after(response.headers)
    usual = "Try again later." if response.status >= 500 else "The service does not accept this request."
    hint = hint or _HINTS.get(response.status, usual).format(noun=call.operation.noun)
    if response.status == 429 and wait is not None:
        hint = f"Wait {wait:g} s before trying again."
    size = f"{len(response.content)} bytes of {content_type(response.headers)}"
    reason = codes.get_reason_phrase(response.status)
    summaries = dict.fromkeys(_summary(error, reason) for error in body.errors)
    words = printable(shortened("; ".join(filter(None, summaries))))
    said = words or f"no documented error in the body ({size})"
    said = "" if said.casefold() == reason.casefold() else f": {said}"
    return status_error_class(response.status)(
        f"{call.failed}: {response.status} {reason}{said}. {hint}{call.traced(body.trace_id)}",
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
    """Return the exception for a response that the API does not document.

    Args:
        call: The failed call.
        response: The response; None if it did not arrive completely.
        problem: What is wrong with it.
        processed: Whether the service may have applied the call.
        attempts: Number of tries.
    """
    if response is not None:
        response = redacted(response, call.secrets(response.request))
    trace = (parse_error(response, Normalizer()).trace_id or trace_id(response.headers)) if response else None
    status = f" ({response.status})" if response is not None else ""
    usual = "Check the tenant's address and any proxy in between. If both are right, report this with the trace id."
    hint = (call.recovery_hint if processed else "") or usual
    return UnexpectedResponseError(
        f"{call.failed}: unexpected response{status}: {problem}. {hint}{call.traced(trace)}",
        status_code=response.status if response is not None else None,
        trace_id=trace,
        request=_request_copy(response.request) if response is not None else None,
        response=_response_copy(response) if response is not None else None,
        **origin(call, processed, attempts),
    )
