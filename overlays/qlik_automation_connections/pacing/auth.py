"""Paces every request that signing in sends: the one that was asked for, those for tokens, and the one after a 401."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, Generator
from typing import Any, Final

import anyio
import httpx

from qlik_automation_connections_api.operations import OPERATIONS

from ..answer import Answer
from ..decoding import retry_after
from .pacer import Pacer
from .ticket import Ticket

TIER: Final = "rate_tier"
"""Name of the extension of a request that holds its rate tier."""
SCOPE: Final = "cancel_scope"
"""Name of the one that may hold an `anyio.CancelScope`; its clock stands still while the request waits its turn."""
_WAITED: Final = "paced_seconds"
# What a request that names no tier is taken for: one that was made with the generated client, or asks for a token.
_TIER_OF_METHOD: Final = {operation.method: operation.tier for operation in OPERATIONS.values()}
_NOTHING_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


def waited(request: httpx.Request) -> float:
    """Seconds that a request has waited for its turn so far, in all its tries."""
    seconds: float = request.extensions.get(_WAITED, 0.0)
    return seconds


class _Ending:
    """Why a flow is closed before its end."""

    error: BaseException | None = None


class _Flow(Generator[httpx.Request, httpx.Response, None]):
    """A flow that knows why it is closed: httpx does it while it handles what went wrong, and does not say what."""

    def __init__(self, flow: Generator[httpx.Request, httpx.Response, None], ending: _Ending) -> None:
        self._flow = flow
        self._ending = ending

    def send(self, value: httpx.Response) -> httpx.Request:
        return self._flow.send(value)

    def throw(self, *error: Any) -> httpx.Request:
        return self._flow.throw(*error)

    def close(self) -> None:
        self._ending.error = sys.exception()
        self._flow.close()


class _AsyncFlow(AsyncGenerator[httpx.Request, httpx.Response]):
    """The same, async."""

    def __init__(self, flow: AsyncGenerator[httpx.Request, httpx.Response], ending: _Ending) -> None:
        self._flow = flow
        self._ending = ending

    async def asend(self, value: httpx.Response) -> httpx.Request:
        return await self._flow.asend(value)

    async def athrow(self, *error: Any) -> httpx.Request:
        return await self._flow.athrow(*error)

    async def aclose(self) -> None:
        self._ending.error = sys.exception()
        await self._flow.aclose()


class PacedAuth(httpx.Auth):
    """Lets another Auth's requests leave when the tenant's limits allow it.

    Args:
        auth: what signs the requests.
        pacer: what says when they may leave.

    The tier is the extension `rate_tier` of the request if it has one, and else that of the operations of its method.
    """

    def __init__(self, auth: httpx.Auth, pacer: Pacer) -> None:
        self.auth = auth
        self._pacer = pacer

    def __repr__(self) -> str:
        return f"PacedAuth({self.auth!r})"

    @staticmethod
    def _tier(request: httpx.Request) -> int:
        tier: int = request.extensions.get(TIER) or _TIER_OF_METHOD.get(request.method, max(_TIER_OF_METHOD.values()))
        return tier

    @staticmethod
    def _note(request: httpx.Request, ticket: Ticket) -> None:
        if ticket.waited:
            request.extensions[_WAITED] = waited(request) + ticket.waited

    def _answered(self, ticket: Ticket, response: httpx.Response) -> None:
        if response.status_code != 429:
            self._pacer.settle(ticket)
            return
        told = retry_after(Answer(response.request, 429, response.headers, b"", 0.0))
        if told is not None and told > self._pacer.pacing.held_seconds:
            # No window lasts that long, so it is not this limit: who asks again shall be told, and not kept waiting.
            self._pacer.settle(ticket)
        else:
            self._pacer.refused(ticket, told)

    def _broken_off(self, ticket: Ticket, error: BaseException | None) -> None:
        # Where it is not known what went wrong, the request counts.
        if isinstance(error, _NOTHING_SENT):
            self._pacer.give_back(ticket)
        else:
            self._pacer.settle(ticket)

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        ending = _Ending()
        return _Flow(self._flow(request, ending), ending)

    def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        ending = _Ending()
        return _AsyncFlow(self._async_flow(request, ending), ending)

    def _flow(self, request: httpx.Request, ending: _Ending) -> Generator[httpx.Request, httpx.Response, None]:
        flow = self.auth.sync_auth_flow(request)
        try:
            step = next(flow)
            while True:
                ticket = self._pacer.acquire(self._tier(step))
                self._note(request, ticket)
                try:
                    response = yield step
                except BaseException:
                    self._broken_off(ticket, ending.error)
                    raise
                self._answered(ticket, response)
                step = flow.send(response)
        except StopIteration:
            return
        finally:
            flow.close()

    async def _acquired(self, request: httpx.Request, tier: int) -> Ticket:
        scope: anyio.CancelScope | None = request.extensions.get(SCOPE)
        left = scope.deadline - anyio.current_time() if scope is not None else 0.0
        if scope is not None:
            scope.deadline = float("inf")
        try:
            ticket = await self._pacer.acquire_async(tier)
        finally:
            if scope is not None:
                scope.deadline = anyio.current_time() + left
        self._note(request, ticket)
        return ticket

    async def _async_flow(
        self, request: httpx.Request, ending: _Ending
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        flow = self.auth.async_auth_flow(request)
        try:
            step = await anext(flow)
            while True:
                ticket = await self._acquired(request, self._tier(step))
                try:
                    response = yield step
                except BaseException:
                    self._broken_off(ticket, ending.error)
                    raise
                self._answered(ticket, response)
                step = await flow.asend(response)
        except StopAsyncIteration:
            return
        finally:
            await flow.aclose()
