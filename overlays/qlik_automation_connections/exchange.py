"""One call from the first try to its result: a generator that asks for I/O and is told what came of it.

`perform` decides; `run` and `run_async` send, receive and wait. So sync and async differ in nothing but the I/O.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Mapping
from typing import Any, TypeVar

import anyio
import httpx
from anyio import fail_after
from attrs import frozen

from .answer import Answer
from .body import Body
from .call import Call
from .decoding import error_body, result
from .failure import CLOSED, HANDLED, Failure, error_of, failure_of
from .interruption import current
from .log import logger
from .pacing import SCOPE, waited
from .redaction import redacted, secrets_of
from .retry import Retry, RetryPolicy, cause_of_status

T = TypeVar("T")


@frozen
class Send:
    """Send the request of a call; give up when the monotonic clock passes `deadline`, pacing's waits left out."""

    call: Call[Any]
    request: httpx.Request
    deadline: float


@frozen
class Wait:
    """Wait so many seconds."""

    seconds: float


Flow = Generator[Send | Wait, Answer | Failure | None, T]


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
    attempt = 0
    processed = False
    while True:
        attempt += 1
        outcome = yield Send(call, request, began + policy.max_total)
        assert outcome is not None, "the drivers answer Send with what came of it"
        if isinstance(outcome, Answer):
            if outcome.status != call.operation.success:
                outcome = redacted(outcome, secrets_of(call, request))
            if outcome.status < 400:
                unlisted = outcome.status != call.operation.success
                _log(request, outcome, attempt, error_body(outcome).trace_id if unlisted else None)
                return result(call, outcome, processed=processed, attempts=attempt)
            if outcome.status == 404 and processed and call.operation.method == "DELETE":
                _log(request, outcome, attempt, None)
                return call.read(None)
        answer = outcome if isinstance(outcome, Answer) else outcome.answer
        cause = cause_of_status(outcome) if isinstance(outcome, Answer) else outcome.cause
        was_sent = isinstance(outcome, Answer) or outcome.was_sent
        trace = error_body(answer).trace_id if answer is not None else None
        _log(request, outcome, attempt, trace)
        # Without a cause, a failure is a success that can't be read, and an error says what was not done.
        undone = cause.leaves_nothing_done if cause is not None else isinstance(outcome, Answer)
        processed |= was_sent and not undone
        wait = None
        if cause is not None and (call.operation.repeatable or not processed):
            spent = time.monotonic() - began - waited(request)
            wait = policy.wait(cause, answer, attempt=attempt, spent=spent)
        if cause is None or wait is None:
            raise error_of(call, outcome, processed=processed, attempts=attempt, hints=hints)
        line = _line(request)
        logger.warning("%s try %d failed: %s; again in %.1f s%s", line, attempt, cause.value, wait, _traced(trace))
        if policy.on_retry is not None:
            policy.on_retry(Retry(call.operation.id, call.connection_id, attempt, cause, wait))
        yield Wait(wait)


def _traced(trace: str | None) -> str:
    return f", trace id {trace}" if trace else ""


def _line(request: httpx.Request) -> str:
    return f"{request.method} {request.url.path}"


def _log(request: httpx.Request, outcome: Answer | Failure, attempt: int, trace: str | None) -> None:
    if not logger.isEnabledFor(logging.INFO):
        return
    line = _line(request)
    if isinstance(outcome, Failure):
        logger.info("%s try %d: %s: %s%s", line, attempt, outcome.kind, outcome.reason, _traced(trace))
        return
    milliseconds = outcome.seconds * 1000
    logger.info("%s %d in %.0f ms, try %d%s", line, outcome.status, milliseconds, attempt, _traced(trace))


def _bare(error: BaseException) -> BaseException:
    """An exception without the frames of httpcore, if it came through them: their locals hold what was sent."""
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_globals.get("__name__", "").startswith("httpcore"):
            error.__context__ = None
            return error.with_traceback(None)
        traceback = traceback.tb_next
    return error


def _answer(step: Send, response: httpx.Response, content: bytes, began: float) -> Answer:
    seconds = time.monotonic() - began - waited(step.request)
    return Answer(step.request, response.status_code, response.headers, content, seconds)


def _unread(error: Exception, step: Send, response: httpx.Response, began: float) -> Answer | Failure:
    """What a body that can't be taken in means: that of an error says nothing that its status doesn't."""
    if response.status_code >= 400:
        return _answer(step, response, b"", began)
    return failure_of(error, step.call, step.request)


def _receive(client: httpx.Client, auth: httpx.Auth, step: Send) -> Answer | Failure:
    began = time.monotonic() - waited(step.request)
    try:
        response = client.send(step.request, auth=auth, stream=True, follow_redirects=False)
        try:
            body = Body(response, step.deadline + waited(step.request))
            if body.is_to_be_read:
                for chunk in response.iter_raw():
                    body.add(chunk)
            return _answer(step, response, body.content(), began)
        except HANDLED as error:
            return _unread(error, step, response, began)
        finally:
            response.close()
    except HANDLED as error:
        return failure_of(error, step.call, step.request)
    except BaseException as error:  # noqa: BLE001 - raised again
        raise _bare(error)  # noqa: B904 - it is the same one


async def _receive_async(client: httpx.AsyncClient, auth: httpx.Auth, step: Send) -> Answer | Failure:
    began = time.monotonic() - waited(step.request)
    try:
        with fail_after(max(0.0, step.deadline - began)) as scope:
            step.request.extensions[SCOPE] = scope
            response = await client.send(step.request, auth=auth, stream=True, follow_redirects=False)
            try:
                body = Body(response, step.deadline + waited(step.request))
                if body.is_to_be_read:
                    async for chunk in response.aiter_raw():
                        body.add(chunk)
                return _answer(step, response, body.content(), began)
            except HANDLED as error:
                return _unread(error, step, response, began)
            finally:
                await response.aclose()
    except HANDLED as error:
        return failure_of(error, step.call, step.request)
    except BaseException as error:  # noqa: BLE001 - raised again
        raise _bare(error)  # noqa: B904 - it is the same one


def run(flow: Flow[T], client: httpx.Client, auth: httpx.Auth) -> T:
    """Does the I/O that a flow asks for, blocking."""
    outcome: Answer | Failure | None = None
    try:
        while True:
            step = flow.send(outcome)
            if isinstance(step, Wait):
                interruption = current()
                (time if interruption is None else interruption).sleep(step.seconds)
                outcome = None
            else:
                outcome = CLOSED if client.is_closed else _receive(client, auth, step)
    except StopIteration as end:
        value: T = end.value
        return value


async def run_async(flow: Flow[T], client: httpx.AsyncClient, auth: httpx.Auth) -> T:
    """Does the I/O that a flow asks for, on asyncio or trio."""
    outcome: Answer | Failure | None = None
    try:
        while True:
            step = flow.send(outcome)
            if isinstance(step, Wait):
                await anyio.sleep(step.seconds)
                outcome = None
            else:
                outcome = CLOSED if client.is_closed else await _receive_async(client, auth, step)
    except StopIteration as end:
        value: T = end.value
        return value
