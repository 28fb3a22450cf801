"""One call from the first try to its result: a generator that asks for I/O and is told what came of it.

`perform` decides; `run` and `run_async` send, receive and wait. So sync and async differ in nothing but the I/O.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Mapping
from typing import Any, Literal, TypeVar

import anyio
import httpx
from attrs import frozen

from .call import Call
from .decoding import Answer, error_body, result, status_error, unexpected, unexpected_body
from .errors import APIConnectionError, APIError, APITimeoutError
from .oauth import SIGN_IN, SignInError
from .retry import Cause, Retry, RetryPolicy, cause_of_status

logger = logging.getLogger("qlik_automation_connections")

T = TypeVar("T")

MAX_BODY_BYTES = 32 * 1024 * 1024
"""Larger answers are refused: a page of 200 connections has some 100 kB."""


@frozen
class Send:
    """Send the request; give up when the monotonic clock passes `deadline`."""

    request: httpx.Request
    deadline: float


@frozen
class Wait:
    """Wait so many seconds."""

    seconds: float


@frozen
class Failure:
    """Nothing usable came back for a request."""

    kind: Literal["not connected", "timed out", "broken", "body", "not signed in"]
    reason: str
    answer: Answer | None = None
    """What the token endpoint answered."""


Flow = Generator[Send | Wait, Answer | Failure | None, T]

_CAUSES = {"not connected": Cause.NOT_CONNECTED, "timed out": Cause.TIMED_OUT, "broken": Cause.BROKEN}


def perform(call: Call[T], request: httpx.Request, policy: RetryPolicy, hints: Mapping[int, str]) -> Flow[T]:
    """Sends a call as often as the policy allows, and returns its result.

    Args:
        call: what to ask for.
        request: the request that asks.
        policy: what is tried again.
        hints: what to say of an answer of a status, in place of the usual.

    Raises:
        APIError: the result can't be had.
    """
    began = time.monotonic()
    repeatable = call.operation.repeatable
    attempt = 0
    processed = False
    while True:
        attempt += 1
        outcome = yield Send(request, began + policy.max_total)
        if isinstance(outcome, Answer):
            _log(call, outcome, attempt)
            if outcome.status < 400:
                return result(call, outcome, attempts=attempt)
            if outcome.status == 404 and processed and call.operation.method == "DELETE":
                return call.read(None)
            cause = cause_of_status(outcome)
        else:
            assert isinstance(outcome, Failure)
            logger.info("%s try %d: %s", _line(call, request), attempt, outcome.reason)
            cause = _CAUSES.get(outcome.kind) if outcome.answer is None else cause_of_status(outcome.answer)
        answer = outcome if isinstance(outcome, Answer) else outcome.answer
        if isinstance(outcome, Answer) or outcome.kind != "not signed in":
            # Without a cause, a body that can't be taken in is that of an answer, and an answer says what was not done.
            processed |= not cause.leaves_nothing_done if cause is not None else not isinstance(outcome, Answer)
        spent = time.monotonic() - began
        wait = (
            policy.wait(cause, answer, attempt=attempt, repeatable=repeatable or not processed, spent=spent)
            if cause is not None
            else None
        )
        if wait is None or cause is None:
            raise _error(call, outcome, processed=processed, attempts=attempt, hints=hints)
        logger.warning("%s try %d failed: %s; again in %.1f s", _line(call, request), attempt, cause.value, wait)
        if policy.on_retry is not None:
            policy.on_retry(Retry(call.operation.id, call.connection_id, attempt, cause, wait))
        yield Wait(wait)


def _line(call: Call[Any], request: httpx.Request) -> str:
    return f"{call.operation.method} {request.url.path}"


def _log(call: Call[Any], answer: Answer, attempt: int) -> None:
    if logger.isEnabledFor(logging.INFO):
        trace = error_body(answer).trace_id if answer.status >= 400 else None
        logger.info(
            "%s %d in %.0f ms, try %d%s",
            _line(call, answer.request),
            answer.status,
            answer.seconds * 1000,
            attempt,
            f", trace id {trace}" if trace else "",
        )


def _how_to_look(call: Call[Any]) -> str:
    """What to do about an operation that may have happened."""
    if call.operation.repeatable:
        return "It may have been done all the same: read the connection to see."
    body = call.arguments.get("json", {})
    name = f"name={body['name']!r}, " if "name" in body else ""
    return (
        "The connection may have been created all the same and is not created again: look for it with"
        f" connections.list({name}connector_id={body.get('connectorId')!r}) first."
    )


def _error(
    call: Call[Any], outcome: Answer | Failure, *, processed: bool, attempts: int, hints: Mapping[int, str]
) -> APIError:
    advice = _how_to_look(call) if processed and call.operation.method != "GET" else ""
    if isinstance(outcome, Failure) and outcome.answer is not None:
        return _sign_in_error(outcome, outcome.answer, processed=processed, attempts=attempts, advice=advice)
    if isinstance(outcome, Answer):
        advice = advice or hints.get(outcome.status, "")
        return status_error(call, outcome, processed=processed, attempts=attempts, advice=advice)
    if outcome.kind == "body":
        return unexpected_body(call, outcome.reason, advice=advice, attempts=attempts)
    kind = APITimeoutError if outcome.kind == "timed out" else APIConnectionError
    tries = f" after {attempts} tries" if attempts > 1 else ""
    if not processed:
        advice = "Nothing was done. Check the tenant's address, the network and the proxy."
    return kind(
        f"{call.label}: {outcome.kind}{tries}: {outcome.reason}. {advice}".rstrip(),
        operation=call.operation.id,
        connection_id=call.connection_id,
        may_have_been_processed=processed,
        attempts=attempts,
    )


def _sign_in_error(failure: Failure, answer: Answer, *, processed: bool, attempts: int, advice: str) -> APIError:
    if answer.status < 400:
        error: APIError = unexpected(SIGN_IN, answer, failure.reason, attempts=attempts)
        error.may_have_been_processed = processed
        return error
    if not advice and answer.status in (400, 401, 403):
        advice = "Check the id and the secret of the OAuth client, and what it is allowed to do."
    return status_error(SIGN_IN, answer, processed=processed, attempts=attempts, advice=advice)


class _BodyError(Exception):
    pass


_HANDLED = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, _BodyError, SignInError)


def _failure(error: Exception, request: httpx.Request) -> Failure:
    """Plain data instead of the exception: its traceback holds the headers that were sent."""
    if isinstance(error, SignInError):
        return Failure("not signed in", error.reason, error.answer)
    name = type(error).__name__
    reason = f"{name}: {error}" if str(error) else name
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError):
        return Failure("not connected", reason)
    if isinstance(error, httpx.RequestError) and error.request is not request:
        return Failure("not connected", f"signing in failed: {reason}")
    if isinstance(error, httpx.TimeoutException):
        return Failure("timed out", reason)
    if isinstance(error, httpx.DecodingError | _BodyError):
        return Failure("body", str(error) or name)
    return Failure("broken", reason)


class _Body:
    """Gathers a body, up to a size and a moment."""

    def __init__(self, response: httpx.Response, deadline: float) -> None:
        self._chunks = bytearray()
        self._deadline = deadline
        length = response.headers.get("content-length", "")
        self._refuse_above(int(length) if length.isdecimal() and len(length) < 19 else 0)

    @staticmethod
    def _refuse_above(size: int) -> None:
        if size > MAX_BODY_BYTES:
            raise _BodyError(f"its body is larger than {MAX_BODY_BYTES // 1024 // 1024} MiB")

    def add(self, chunk: bytes) -> None:
        self._refuse_above(len(self._chunks) + len(chunk))
        self._chunks += chunk
        if time.monotonic() > self._deadline:
            raise httpx.ReadTimeout("the body did not end in the time that one call may take")

    def content(self) -> bytes:
        return bytes(self._chunks)


def _answer(request: httpx.Request, response: httpx.Response, body: _Body, began: float) -> Answer:
    return Answer(request, response.status_code, response.headers, body.content(), time.monotonic() - began)


def _receive(client: httpx.Client, auth: httpx.Auth, step: Send) -> Answer | Failure:
    began = time.monotonic()
    try:
        response = client.send(step.request, auth=auth, stream=True, follow_redirects=False)
        try:
            body = _Body(response, step.deadline)
            for chunk in response.iter_bytes():
                body.add(chunk)
        finally:
            response.close()
        return _answer(step.request, response, body, began)
    except _HANDLED as error:
        return _failure(error, step.request)


async def _receive_async(client: httpx.AsyncClient, auth: httpx.Auth, step: Send) -> Answer | Failure:
    began = time.monotonic()
    try:
        response = await client.send(step.request, auth=auth, stream=True, follow_redirects=False)
        try:
            body = _Body(response, step.deadline)
            async for chunk in response.aiter_bytes():
                body.add(chunk)
        finally:
            await response.aclose()
        return _answer(step.request, response, body, began)
    except _HANDLED as error:
        return _failure(error, step.request)


def run(flow: Flow[T], client: httpx.Client, auth: httpx.Auth) -> T:
    """Does the I/O that a flow asks for, blocking."""
    outcome: Answer | Failure | None = None
    try:
        while True:
            step = flow.send(outcome)
            if isinstance(step, Send):
                outcome = _receive(client, auth, step)
            else:
                time.sleep(step.seconds)
                outcome = None
    except StopIteration as end:
        value: T = end.value
        return value


async def run_async(flow: Flow[T], client: httpx.AsyncClient, auth: httpx.Auth) -> T:
    """Does the I/O that a flow asks for, on asyncio or trio."""
    outcome: Answer | Failure | None = None
    try:
        while True:
            step = flow.send(outcome)
            if isinstance(step, Send):
                outcome = await _receive_async(client, auth, step)
            else:
                await anyio.sleep(step.seconds)
                outcome = None
    except StopIteration as end:
        value: T = end.value
        return value
