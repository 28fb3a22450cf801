"""An async tenant in one event loop after another, and creations that a transport reports oddly."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import httpx
import pytest

from core.scripted import ADDRESS, KEY
from exchange.scripted import ASYNC_KINDS, KINDS, Kind, Service, ask_once, success
from qlik_automation_connections import (
    APIConnectionError,
    AsyncTenant,
    ConfigurationError,
    QlikError,
    Tenant,
    TokenCallable,
)
from qlik_automation_connections.sandbox import Sandbox

CREATE = "createAutomationConnection"


def _creation(tenant: AsyncTenant, sandbox: Sandbox) -> Callable[[], Awaitable[Any]]:
    async def create() -> Any:
        return await tenant.connections.create(connector_id=sandbox.connectors[0].id, name="mail")

    return create


# The first loop ended with its connection open, as `asyncio.run` without `async with` leaves it.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("first", ASYNC_KINDS)
@pytest.mark.parametrize("second", ASYNC_KINDS)
def test_a_second_event_loop_sends_nothing_and_says_so(first: str, second: str) -> None:
    with Sandbox(1) as sandbox:
        tenant = AsyncTenant(sandbox.url, api_key=sandbox.api_key)
        copy = tenant.with_options(timeout=3)
        anyio.run(_creation(tenant, sandbox), backend=first)
        for used in (tenant, copy):
            with pytest.raises(ConfigurationError, match=r"Nothing was sent.*event loop"):
                anyio.run(_creation(used, sandbox), backend=second)
        assert len(sandbox.ledger) == 1
        anyio.run(tenant.aclose, backend=second)
        assert tenant.is_closed
    del tenant, copy, used
    gc.collect()


def test_two_event_loops_at_once() -> None:
    refusals: list[str] = []
    with Sandbox(1) as sandbox:

        async def use() -> None:
            async with AsyncTenant(sandbox.url, api_key=sandbox.api_key) as tenant:
                await tenant.connections.get(sandbox.snapshot()[0]["id"])

                def elsewhere() -> None:
                    with pytest.raises(ConfigurationError) as caught:
                        asyncio.run(_creation(tenant, sandbox)())  # type: ignore[arg-type]
                    refusals.append(caught.value.message)

                thread = threading.Thread(target=elsewhere)
                thread.start()
                await anyio.to_thread.run_sync(thread.join)
                await tenant.connections.get(sandbox.snapshot()[0]["id"])

        asyncio.run(use())
        assert [entry.method for entry in sandbox.ledger] == ["GET", "GET"]
    assert len(refusals) == 1


def test_the_generated_client_in_a_second_event_loop() -> None:
    async def get() -> int:
        return (await tenant.raw.get_async_httpx_client().get("/api/v1/users/me")).status_code

    with Sandbox(1) as sandbox:
        tenant = AsyncTenant(sandbox.url, api_key=sandbox.api_key)

        async def first() -> None:
            await get()
            await tenant.raw.get_async_httpx_client()._transport.aclose()

        asyncio.run(first())
        with pytest.raises(ConfigurationError, match="event loop"):
            asyncio.run(get())
        assert len(sandbox.ledger) == 1
        asyncio.run(tenant.aclose())


def test_a_tenant_may_be_made_and_closed_outside_of_any() -> None:
    with Sandbox(1) as sandbox:

        async def use(tenant: AsyncTenant) -> None:
            async with tenant:
                await tenant.connections.get(sandbox.snapshot()[0]["id"])

        for _ in range(2):
            asyncio.run(use(AsyncTenant(sandbox.url, api_key=sandbox.api_key)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("error", [RuntimeError("Event loop is closed"), KeyError("x"), AssertionError()])
def test_whatever_a_transport_raises_a_create_may_have_been_processed(kind: Kind, error: Exception) -> None:
    service = Service(success(CREATE))

    def breaks(request: httpx.Request) -> httpx.Response:
        service(request)
        raise error

    with pytest.raises(APIConnectionError, match=type(error).__name__) as caught:
        ask_once(kind, CREATE, breaks)  # type: ignore[arg-type]
    assert caught.value.may_have_been_processed
    assert "connections.list(" in caught.value.message
    assert len(service.requests) == 1


class _Broken(httpx.SyncByteStream, httpx.AsyncByteStream):
    def __iter__(self) -> Any:
        raise RuntimeError("read by another task")

    def __aiter__(self) -> Any:
        raise RuntimeError("read by another task")


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_while_the_answer_is_read(kind: Kind) -> None:
    service = Service(lambda request: httpx.Response(201, stream=_Broken()))
    with pytest.raises(APIConnectionError, match="read by another task") as caught:
        ask_once(kind, CREATE, service)
    assert caught.value.may_have_been_processed


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_of_the_callers_own_function_is_left_alone(kind: Kind) -> None:
    def no_token() -> str:
        raise KeyError("the vault is sealed")

    service = Service(success(CREATE))
    with pytest.raises(KeyError, match="sealed"):
        ask_once(kind, CREATE, service, auth=TokenCallable(no_token))
    assert service.requests == []


def test_an_error_of_a_read_is_left_alone() -> None:
    """A test's own assertion in a scripted transport, say; nothing is lost with a read."""

    def breaks(request: httpx.Request) -> httpx.Response:
        raise AssertionError("not asked for in this test")

    with httpx.Client(transport=httpx.MockTransport(breaks), trust_env=False) as client:
        tenant = Tenant(ADDRESS, api_key=KEY, http_client=client)
        with pytest.raises(AssertionError, match="not asked for") as caught:
            tenant.connections.get("x")
    assert not isinstance(caught.value, QlikError)


def test_cookies_are_not_kept() -> None:
    from attack.server import HostileServer, answers_json

    cookies = {"Set-Cookie": "session=of-somebody; Path=/"}
    with HostileServer(answers_json(200, {"id": "x"}, cookies)) as server:
        with Tenant(server.url, api_key=KEY) as tenant:
            for _ in range(2):
                tenant.connections.get("x")
            tenant.raw.get_httpx_client().get(f"{server.url}/other")

        async def run() -> None:
            async with AsyncTenant(server.url, api_key=KEY) as tenant:
                for _ in range(2):
                    await tenant.connections.get("x")

        anyio.run(run)
    assert len(server.requests) == 5
    assert not any("cookie" in seen.headers for seen in server.requests)
