"""A client that is closed while a call waits for its next try: the call ends, and says why."""

from __future__ import annotations

import anyio
import httpx
import pytest

from exchange.clock import Clock
from exchange.scripted import ASYNC_KINDS, KEY, URL, Kind
from qlik_automation_connections import APIConnectionError, AsyncTenant, Tenant

WORDS = r"get connection 'c-1': closed \(2 tries\): the tenant was closed during the call. Try again later"


def test_a_client_that_is_closed_between_two_tries(clock: Clock) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        client.close()
        return httpx.Response(503)

    client = httpx.Client(transport=httpx.MockTransport(answer))
    with pytest.raises(APIConnectionError, match=WORDS) as caught:
        Tenant(URL, api_key=KEY, http_client=client).connections.get("c-1")
    assert len(seen) == 1
    assert caught.value.attempts == 2


@pytest.mark.parametrize("kind", ASYNC_KINDS)
def test_an_async_client_that_is_closed_between_two_tries(clock: Clock, kind: Kind) -> None:
    seen: list[httpx.Request] = []

    async def run() -> None:
        async def answer(request: httpx.Request) -> httpx.Response:
            seen.append(request)
            await client.aclose()
            return httpx.Response(503)

        client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
        with pytest.raises(APIConnectionError, match=WORDS) as caught:
            await AsyncTenant(URL, api_key=KEY, http_client=client).connections.get("c-1")
        assert caught.value.attempts == 2

    anyio.run(run, backend=kind)
    assert len(seen) == 1
