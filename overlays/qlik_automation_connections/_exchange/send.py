"""One call, from the first try to its result: a generator that yields requests for I/O and receives the outcomes.

`send_with_retries` decides; `drivers` send, receive and wait. Sync and async differ only in the I/O.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Generator
from typing import Any, NamedTuple, TypeVar

from attrs import evolve

from qlik_automation_connections_api import models
from qlik_automation_connections_api.models.error_response import ErrorResponse

from .._headers import trace_id
from .._http import Request
from .._log import logger
from .._normalizer import Normalizer, QuirksSeen
from .._pagination import Page
from .._raw_response import RawResponse, ResponseInfo
from .._redaction import redacted
from .._text import printable
from .call import Call
from .exceptions import hints_of, parse_error
from .failure import Failure, to_exception
from .response import parse_response
from .response_info import report, response_info
from .retry import Cause, Retry, RetryPolicy, cause_of_status
from .signing import is_stopped, waited

T = TypeVar("T")


class Send(NamedTuple):
    """Send the request of a call; stop at `deadline` (monotonic seconds), not counting waits for rate limits."""

    call: Call[Any]
    request: Request
    deadline: float


class Wait(NamedTuple):
    """Wait for a number of seconds."""

    seconds: float


Outcome = RawResponse | Failure
Flow = Generator[Send | Wait, Outcome | None, T]


def send_with_retries(call: Call[T], request: Request, policy: RetryPolicy, auth: object, seen: QuirksSeen) -> Flow[T]:
    """Send a call, retry it as the policy allows, and return its result.

    Args:
        call: The call to send.
        request: Its request.
        policy: Which failures to retry.
        auth: How it is signed.
        seen: Collects the quirks that the response shows.

    Raises:
        APIError: The call failed.
    """
    if not call.operation.repeatable:
        # Its answer must be readable, even by a process that can't open another file.
        for name in models.__all__:
            getattr(models, name)
    began = time.monotonic()
    attempt = 0
    processed = False
    while True:
        attempt += 1
        outcome = yield Send(call, request, began + policy.max_total)
        assert outcome is not None, "drivers reply to Send with its outcome"
        if isinstance(outcome, RawResponse) and outcome.status != call.operation.success:
            outcome = redacted(outcome, call.secrets(request))
        response = outcome if isinstance(outcome, RawResponse) else outcome.response
        body = ErrorResponse()
        if response is not None and response.status != call.operation.success:
            normalizer = Normalizer()
            body = parse_error(response, normalizer)
            body.trace_id = body.trace_id or trace_id(response.headers)
            if response.status >= 400:
                normalizer.report(seen)
        line = f"{request.method} {request.url.path}"
        if isinstance(outcome, RawResponse):
            info = response_info(call, outcome, body.trace_id)
            _log(line, attempt, info)
            report(outcome, info)
            if outcome.status < 400:
                result, normalizer = parse_response(call, outcome, processed=processed, attempts=attempt)
                normalizer.report(seen)
                return evolve(result, response=info) if isinstance(result, Page) else result
            if outcome.status == 404 and processed and call.operation.method == "DELETE":
                return call.read(None, Normalizer())
            cause = cause_of_status(outcome)
            may_be_done = cause is not None and not cause.leaves_nothing_done
        else:
            logger.info("%s try %d: %s: %s%s", line, attempt, outcome.kind, outcome.reason, _traced(body.trace_id))
            cause = outcome.cause
            may_be_done = outcome.was_sent and (cause is None or not cause.leaves_nothing_done)
        processed |= may_be_done
        wait = None
        paced = cause is Cause.RATE_LIMITED and is_stopped(request)
        if cause is not None and (call.operation.repeatable or not processed):
            spent = time.monotonic() - began - waited(request)
            wait = policy.wait(cause, response, attempt=attempt, spent=spent, paced=paced)
        if cause is None or wait is None:
            address = f"{request.url.scheme}://{request.url.netloc.decode()}"
            hints = hints_of(call, auth)
            raise to_exception(call, outcome, body, address=address, processed=processed, attempts=attempt, hints=hints)
        logger.warning(
            "%s try %d failed: %s; retrying in %.1f s%s", line, attempt, cause.value, wait, _traced(body.trace_id)
        )
        if policy.on_retry is not None:
            policy.on_retry(Retry(call.operation.id, call.connection_id, attempt, cause, wait))
        # The permit of the next try is granted when the tier's stop has passed.
        yield Wait(0.0 if paced else wait)


def _traced(trace: str | None) -> str:
    return f", trace id {trace}" if trace else ""


def _log(line: str, attempt: int, info: ResponseInfo) -> None:
    if not logger.isEnabledFor(logging.INFO):
        return
    rates = "".join(f", {name} {printable(value)}" for name, value in info.headers.items() if "ratelimit" in name)
    milliseconds = info.seconds * 1000
    logger.info(
        "%s %d in %.0f ms, try %d%s%s", line, info.status_code, milliseconds, attempt, rates, _traced(info.trace_id)
    )
