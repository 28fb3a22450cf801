"""Cancelling a call in mid-wait or in mid-request leaves the tenant as usable as before."""

from __future__ import annotations

from typing import Any

import anyio
import httpx
import pytest

from exchange.clock import Clock
from exchange.scripted import ASYNC_KINDS, CREATE, KEY, URL, Ask, Kind, Service, answers, asking_async, run, success
from qlik_automation_connections import AsyncTenant, OAuthClient, Retry, RetryPolicy
from qlik_automation_connections.sandbox import Fault, Sandbox

GET = "getAutomationConnection"


@pytest.mark.parametrize("kind", ASYNC_KINDS)
@pytest.mark.parametrize("operation", [GET, CREATE])
def test_in_mid_wait(operation: str, kind: Kind) -> None:
    service = Service(answers(429, {"retry-after": "50"}), success(operation))

    async def cancel() -> Any:
        waiting = anyio.Event()
        policy = RetryPolicy(on_retry=lambda retry: waiting.set())
        async with httpx.AsyncClient(transport=httpx.MockTransport(service)) as http:
            ask = asking_async(AsyncTenant(URL, api_key=KEY, http_client=http, retries=policy))
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(ask, operation)
                await waiting.wait()
                tasks.cancel_scope.cancel()
            assert len(service.requests) == 1
            return await ask(operation)

    assert anyio.run(cancel, backend=kind).id == "c-1"
    assert len(service.requests) == 2


@pytest.mark.parametrize("operation", [GET, CREATE])
def test_an_interrupt_in_mid_wait(clock: Clock, monkeypatch: pytest.MonkeyPatch, operation: str) -> None:
    async def interrupt(ask: Ask) -> Any:
        with monkeypatch.context() as patch:
            patch.setattr(clock, "sleep", _interrupt)
            with pytest.raises(KeyboardInterrupt):
                await ask(operation)
        return await ask(operation)

    service = Service(answers(429), success(operation))
    assert run("sync", interrupt, service).id == "c-1"
    assert len(service.requests) == 2


def _interrupt(seconds: float) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("kind", ASYNC_KINDS)
def test_many_waiting_at_once_on_the_network(kind: Kind) -> None:
    count = 20

    async def cancel(sandbox: Sandbox) -> int:
        waiting = 0
        all_waiting = anyio.Event()

        def count_one(retry: Retry) -> None:
            nonlocal waiting
            waiting += 1
            if waiting == count:
                all_waiting.set()

        limits = httpx.Limits(max_connections=2)
        policy = RetryPolicy(on_retry=count_one)
        async with httpx.AsyncClient(limits=limits, trust_env=False) as http:
            ask = asking_async(AsyncTenant(sandbox.url, api_key=sandbox.api_key, http_client=http, retries=policy))
            async with anyio.create_task_group() as tasks:
                for _ in range(count):
                    tasks.start_soon(ask, "getAutomationConnections")
                await all_waiting.wait()
                tasks.cancel_scope.cancel()
            sandbox.faults.clear()
            return len(await ask("getAutomationConnections", list_all=True))

    with Sandbox(3, faults=[Fault(retry_after=50, status=503, times=None)]) as sandbox:
        assert anyio.run(cancel, sandbox, backend=kind) == 3
        assert len(sandbox.ledger.snapshot()) == count + 1


class FirstSignInHangs:
    """A service that answers the second request for a token, and never the first."""

    def __init__(self) -> None:
        self.asked = anyio.Event()
        self.sign_ins = 0

    async def reply(self, request: httpx.Request) -> httpx.Response:
        if request.url.path != "/oauth/token":
            return success(GET)(request)
        self.sign_ins += 1
        if self.sign_ins == 1:
            self.asked.set()
            await anyio.sleep_forever()
        return httpx.Response(200, json={"access_token": "token-2", "expires_in": 60})


@pytest.mark.parametrize("kind", ASYNC_KINDS)
def test_while_a_token_is_fetched(kind: Kind) -> None:
    async def cancel() -> tuple[Any, int]:
        service = FirstSignInHangs()
        async with httpx.AsyncClient(transport=httpx.MockTransport(service.reply)) as http:
            ask = asking_async(AsyncTenant(URL, auth=OAuthClient("client", "secret"), http_client=http))
            async with anyio.create_task_group() as tasks:
                for _ in range(5):
                    tasks.start_soon(ask, GET)
                await service.asked.wait()
                await anyio.wait_all_tasks_blocked()
                tasks.cancel_scope.cancel()
            with anyio.fail_after(20):
                return await ask(GET), service.sign_ins

    connection, sign_ins = anyio.run(cancel, backend=kind)
    assert connection.id == "c-1"
    assert sign_ins == 2


@pytest.mark.parametrize("kind", ASYNC_KINDS)
def test_only_the_one_that_fetches_a_token(kind: Kind) -> None:
    async def cancel() -> list[str]:
        got: list[str] = []
        service = FirstSignInHangs()
        async with httpx.AsyncClient(transport=httpx.MockTransport(service.reply)) as http:
            ask = asking_async(AsyncTenant(URL, auth=OAuthClient("client", "secret"), http_client=http))
            first = anyio.CancelScope()

            async def fetches() -> None:
                with first:
                    await ask(GET)

            async def waits() -> None:
                got.append((await ask(GET)).id)

            with anyio.fail_after(20):
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(fetches)
                    await service.asked.wait()
                    for _ in range(5):
                        tasks.start_soon(waits)
                    await anyio.wait_all_tasks_blocked()
                    first.cancel()
        assert service.sign_ins == 2
        return got

    assert anyio.run(cancel, backend=kind) == ["c-1"] * 5
