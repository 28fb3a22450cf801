"""Cancellation at every await, and Ctrl-C: the call ends at once, and the connection it held is free again."""

from __future__ import annotations

import functools
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Generator
from typing import Any

import anyio
import httpx
import pytest

from qlik_automation_connections import APIError, AsyncTenant, RetryPolicy
from sampling import sampled_and_whole

from .measure import FLAVOURS, Flavour
from .server import (
    Behaviour,
    HostileServer,
    answers,
    message,
    sends_and_closes,
    sends_and_falls_silent,
)
from .targets import API_KEY, TARGETS, Target, call_async

POLICY = RetryPolicy(retries=3, backoff=0.001)


class _AtAwait(Awaitable[Any]):
    """Awaits another, and calls back when it is suspended for the n-th time."""

    def __init__(self, inner: Any, number: int, callback: Callable[[], None]) -> None:
        self._inner = inner
        self._number = number
        self._callback = callback
        self.suspensions = 0

    def __await__(self) -> Generator[Any, Any, Any]:
        steps = self._inner.__await__()
        send: Callable[[], Any] = functools.partial(steps.send, None)
        while True:
            try:
                request = send()
            except StopIteration as end:
                return end.value
            self.suspensions += 1
            if self.suspensions == self._number:
                self._callback()
            try:
                answer = yield request
            except BaseException as error:  # noqa: BLE001
                send = functools.partial(steps.throw, error)
            else:
                send = functools.partial(steps.send, answer)


def _script(target: Target) -> list[Behaviour]:
    """Fails in each way that is tried again, in the middle of a body too, before it answers well."""
    if target.name == "create":
        return [answers(429, b"{}", {"Retry-After": "0.001"}), target.healthy]
    return [
        answers(429, b"{}", {"Retry-After": "0.001"}),
        sends_and_closes(message(200, b"{", {"Content-Length": "99"})),
        answers(503, b"{}"),
        target.healthy,
    ]


# httpx leaves generators of its own behind when it is cancelled.
@pytest.mark.filterwarnings("ignore:Async generator:ResourceWarning")
@pytest.mark.parametrize(
    ("operation", "kind"),
    [*((name, "asyncio") for name in TARGETS), ("create", "trio"), ("get", "trio")],
)
@sampled_and_whole
def test_cancelled_at_every_await(operation: str, kind: Flavour, step: int) -> None:
    target = TARGETS[operation]

    async def cancelled_at(number: int) -> bool:
        """Whether the call was cancelled before it ended."""
        server = HostileServer(*_script(target))
        # With room for one connection, one that was not given back would block the next call.
        client = httpx.AsyncClient(limits=httpx.Limits(max_connections=1), trust_env=False)
        try:
            async with (
                client,
                AsyncTenant(server.url, api_key=API_KEY, http_client=client, retries=POLICY, timeout=10.0) as tenant,
            ):
                with anyio.fail_after(10), anyio.CancelScope() as scope:
                    call = _AtAwait(call_async(tenant, target), number, scope.cancel)
                    assert target.understands(await call)
                server.play(target.healthy)
                with anyio.fail_after(10):
                    assert target.understands(await call_async(tenant, target))
                if target.name == "create":
                    assert len(server.requests) <= len(_script(target)) + 1
                return scope.cancelled_caught
        finally:
            server.close()

    async def run() -> None:
        number = 1
        while await cancelled_at(number):
            number += step
            assert number < 200
        assert number > 8

    anyio.run(run, backend=kind)


@pytest.mark.parametrize("kind", FLAVOURS[1:])
@pytest.mark.parametrize("operation", TARGETS)
def test_cancelled_while_it_waits_for_the_next_try(operation: str, kind: Flavour) -> None:
    target = TARGETS[operation]

    async def run(server: HostileServer) -> None:
        scope = anyio.CancelScope()
        policy = RetryPolicy(on_retry=lambda retry: scope.cancel())
        async with AsyncTenant(server.url, api_key=API_KEY, retries=policy, timeout=10.0) as tenant:
            with anyio.fail_after(10), scope:
                await call_async(tenant, target)
            assert scope.cancelled_caught
            assert len(server.requests) == 1
            server.play(target.healthy)
            assert target.understands(await call_async(tenant, target))

    with HostileServer(answers(429, b"{}", {"Retry-After": "50"})) as server:
        anyio.run(run, server, backend=kind)


@pytest.mark.parametrize("kind", FLAVOURS[1:])
def test_a_tenant_that_is_closed_while_a_call_waits(kind: Flavour) -> None:
    """The call then ends with an error of the package."""

    async def run(server: HostileServer) -> None:
        waiting = anyio.Event()
        policy = RetryPolicy(on_retry=lambda retry: waiting.set())
        tenant = AsyncTenant(server.url, api_key=API_KEY, retries=policy, timeout=10.0)

        async def close() -> None:
            await waiting.wait()
            await tenant.aclose()

        with anyio.fail_after(10):
            async with anyio.create_task_group() as group:
                group.start_soon(close)
                with pytest.raises(APIError):
                    await tenant.connections.get("C1")

    with HostileServer(answers(429, b"{}", {"Retry-After": "0.1"})) as server:
        anyio.run(run, server, backend=kind)


_CTRL_C = """
import sys
import anyio, httpx
from qlik_automation_connections import AsyncTenant, RetryPolicy, Tenant
flavour, url = sys.argv[1:]
policy = RetryPolicy(on_retry=lambda retry: print("waiting", flush=True))
if flavour == "sync":
    client = httpx.Client(limits=httpx.Limits(max_connections=1), trust_env=False)
    with Tenant(url, api_key="k", retries=policy, pacing="off", timeout=20.0, http_client=client) as tenant:
        try:
            tenant.connections.get("C1")
        except KeyboardInterrupt:
            print("interrupted", flush=True)
        sys.stdin.readline()
        print(tenant.connections.get("C1").id, flush=True)
else:
    async def run():
        async with AsyncTenant(url, api_key="k", retries=policy, pacing="off", timeout=20.0) as tenant:
            await tenant.connections.get("C1")
    try:
        anyio.run(run, backend=flavour)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
"""


@pytest.mark.parametrize("kind", FLAVOURS)
@pytest.mark.parametrize(
    ("behaviour", "says"),
    [
        pytest.param(sends_and_falls_silent(b""), "", id="before the headers"),
        pytest.param(sends_and_falls_silent(message(200, b"{", {"Content-Length": "99"})), "", id="in the body"),
        pytest.param(answers(429, b"{}", {"Retry-After": "50"}), "waiting", id="between tries"),
    ],
)
def test_ctrl_c(behaviour: Behaviour, says: str, kind: Flavour) -> None:
    arrived: list[bool] = []

    def behave(peer: Any, seen: Any) -> None:
        arrived.append(True)
        behaviour(peer, seen)

    with HostileServer(behave) as server:
        process = subprocess.Popen(
            [sys.executable, "-c", _CTRL_C, kind, server.url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            if says:
                assert process.stdout.readline().strip() == says
            else:
                _until(lambda: bool(arrived))
            process.send_signal(signal.SIGINT)
            assert process.stdout.readline().strip() == "interrupted"
            server.play(TARGETS["get"].healthy)
            output, errors = process.communicate("go on\n", timeout=20)
        finally:
            process.kill()
            process.wait()
        assert output.strip() == ("C1" if kind == "sync" else ""), errors
        assert errors == ""
        assert process.returncode == 0
        assert len(server.requests) == (2 if kind == "sync" else 1)


def _until(condition: Callable[[], bool]) -> None:
    async def wait() -> None:
        with anyio.fail_after(20):
            while not condition():
                await anyio.sleep(0.01)
            await anyio.sleep(0.1)  # What was sent has arrived by then, and the client reads on.

    anyio.run(wait)
