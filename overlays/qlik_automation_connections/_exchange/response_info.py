"""What responses say besides their bodies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from .._headers import announce_end, trace_id, without_secrets
from .._raw_response import RawResponse, ResponseInfo
from .._redaction import redacted
from .call import Call

_capturing: Final[ContextVar[tuple[list[ResponseInfo], ...]]] = ContextVar("capturing", default=())


@contextmanager
def capture_responses() -> Iterator[list[ResponseInfo]]:
    """Collect what the responses inside the block say besides their bodies, failed tries included.

    Covers the calls of this thread or task, and of the tasks that it starts; not those of other threads, such as a
    job's.

    Yields:
        The list, which grows with each response: `responses[-1]` is the last one.
    """
    responses: list[ResponseInfo] = []
    token = _capturing.set((*_capturing.get(), responses))
    try:
        yield responses
    finally:
        _capturing.reset(token)


def response_info(call: Call[Any], response: RawResponse, trace: str | None) -> ResponseInfo:
    """Return what a response says besides its body, without secrets that it repeats.

    Args:
        call: The call.
        response: Its response.
        trace: The trace id in the body; None if there is none.
    """
    request, status, seconds = response.request, response.status, response.seconds
    known = RawResponse(request, status, without_secrets(response.headers), b"", seconds)
    headers = redacted(known, call.secrets(request)).headers
    return ResponseInfo(call.operation.id, status, headers, trace or trace_id(headers), seconds)


def report(response: RawResponse, info: ResponseInfo) -> None:
    """Pass a response to whoever captures, and warn if it announces the end of its operation."""
    for responses in _capturing.get():
        responses.append(info)
    announce_end(info.operation, response.request, info.headers)
