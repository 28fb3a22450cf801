"""Drivers that do the I/O of a call: blocking, and on asyncio or trio."""

from __future__ import annotations

import time
from typing import TypeVar

import anyio

from .._http import AsyncClient, Client, Request, Response
from .._interruption import current
from .._raw_response import RawResponse
from ..errors import QlikError
from .body import Body
from .failure import CLOSED, HANDLED, Failure, failure_of
from .send import Flow, Outcome, Send, Wait
from .signing import Signer, waited

T = TypeVar("T")


def _bare(error: BaseException) -> BaseException:
    """Drop the traceback if it has frames of httpcore, whose local variables hold the request."""
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_globals.get("__name__", "").startswith("httpcore"):
            error.__context__ = None
            return error.with_traceback(None)
        traceback = traceback.tb_next
    return error


class _Receipt:
    """Turns the response to one request, or its failure, into an outcome."""

    def __init__(self, step: Send) -> None:
        self._step = step
        self._began = time.monotonic() - waited(step.request)
        self.is_pending = False
        """Whether the request may have been sent, and the response has not been received."""

    def seconds_left(self) -> float:
        return max(0.0, self._step.deadline - self._began)

    def body(self, response: Response) -> Body:
        return Body(response, self._step.deadline + waited(self._step.request))

    def whole(self, response: Response, content: bytes) -> RawResponse:
        seconds = time.monotonic() - self._began - waited(self._step.request)
        return RawResponse(self._step.request, response.status_code, response.headers, content, seconds)

    def broken(self, response: Response, error: Exception) -> Outcome:
        """Return the outcome when the body can't be read: an error response still has its status."""
        return self.whole(response, b"") if response.status_code >= 400 else self.failed(error)

    def handles(self, error: Exception) -> bool:
        """Return whether an exception is an outcome. Otherwise it is a caller's or an error of the program."""
        if isinstance(error, HANDLED):
            return True
        # Whatever a transport raises, nobody may take a create that was sent for one that was not.
        is_foreign = not isinstance(error, QlikError | MemoryError)
        return is_foreign and self.is_pending and not self._step.call.operation.repeatable

    def failed(self, error: Exception) -> Failure:
        return failure_of(error, self._step.call, self._step.request)


def _receive(client: Client, signer: Signer, step: Send) -> Outcome:
    def send(request: Request) -> Response:
        receipt.is_pending = request is step.request
        response = client.send(request, auth=None, stream=True, follow_redirects=False)
        receipt.is_pending = False
        return response

    receipt = _Receipt(step)
    try:
        response = signer.send(send, step.request)
        receipt.is_pending = True
        try:
            body = receipt.body(response)
            if body.is_to_be_read:
                for chunk in response.iter_raw():
                    body.add(chunk)
            return receipt.whole(response, body.content())
        except HANDLED as error:
            return receipt.broken(response, error)
        finally:
            response.close()
    except BaseException as error:  # noqa: BLE001 - reraised
        if isinstance(error, Exception) and receipt.handles(error):
            return receipt.failed(error)
        raise _bare(error)  # noqa: B904 - the same exception


async def _receive_async(client: AsyncClient, signer: Signer, step: Send) -> Outcome:
    async def send(request: Request) -> Response:
        receipt.is_pending = request is step.request
        response = await client.send(request, auth=None, stream=True, follow_redirects=False)
        receipt.is_pending = False
        return response

    from anyio import fail_after  # slow to load, and for tasks alone

    receipt = _Receipt(step)
    try:
        with fail_after(receipt.seconds_left()) as scope:
            response = await signer.send_async(send, step.request, scope)
            receipt.is_pending = True
            try:
                body = receipt.body(response)
                if body.is_to_be_read:
                    async for chunk in response.aiter_raw():
                        body.add(chunk)
                return receipt.whole(response, body.content())
            except HANDLED as error:
                return receipt.broken(response, error)
            finally:
                await response.aclose()
    except BaseException as error:  # noqa: BLE001 - reraised
        if isinstance(error, Exception) and receipt.handles(error):
            return receipt.failed(error)
        raise _bare(error)  # noqa: B904 - the same exception


def run(flow: Flow[T], client: Client, signer: Signer) -> T:
    """Do the I/O of a call, blocking."""
    outcome: Outcome | None = None
    try:
        while True:
            step = flow.send(outcome)
            if isinstance(step, Wait):
                interruption = current()
                (time if interruption is None else interruption).sleep(step.seconds)
                outcome = None
            else:
                outcome = CLOSED if client.is_closed else _receive(client, signer, step)
    except StopIteration as end:
        value: T = end.value
        return value
    finally:
        flow.close()


async def run_async(flow: Flow[T], client: AsyncClient, signer: Signer) -> T:
    """Do the I/O of a call, on asyncio or trio."""
    outcome: Outcome | None = None
    try:
        while True:
            step = flow.send(outcome)
            if isinstance(step, Wait):
                await anyio.sleep(step.seconds)
                outcome = None
            else:
                outcome = CLOSED if client.is_closed else await _receive_async(client, signer, step)
    except StopIteration as end:
        value: T = end.value
        return value
    finally:
        flow.close()
