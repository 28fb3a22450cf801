"""Every request that signing in sends takes a place, and hands it back by what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import anyio
import httpx
import pytest

from qlik_automation_connections import ApiKey, OAuthClient, TokenCallable
from qlik_automation_connections._exchange.signing import TIER, AsyncSigningClient, Signer, SigningClient, waited
from qlik_automation_connections.pacing import Pacer, Pacing, Permit
from qlik_automation_connections.pacing._budget import Budget
from qlik_automation_connections_api.operations import OPERATIONS
from sampling import WAYS_OF_CALLING

URL = "https://acme.example/api/workflows/automation-connections"
TOKEN = {"access_token": "t0ken", "token_type": "bearer", "expires_in": 21600}


def signer(auth: httpx.Auth, pacer: Pacer) -> Signer:
    return Signer(auth, httpx.URL(URL), pacer)


class Recorder(Pacer):
    """A pacer that writes down what is asked of it."""

    def __init__(self) -> None:
        super().__init__(Pacing(), Budget("https://acme.example", 300.0))
        self.events: list[tuple[Any, ...]] = []

    def acquire(self, tier: int) -> Permit:
        self.events.append(("acquire", tier))
        return super().acquire(tier)

    async def acquire_async(self, tier: int) -> Permit:
        self.events.append(("acquire", tier))
        return await super().acquire_async(tier)

    def complete(self, permit: Permit) -> None:
        self.events.append(("complete", permit.tier))
        super().complete(permit)

    def release(self, permit: Permit) -> None:
        self.events.append(("release", permit.tier))
        super().release(permit)

    def refused(self, permit: Permit, retry_after: float | None) -> None:
        self.events.append(("refused", permit.tier, retry_after))
        super().refused(permit, retry_after)


Handler = Callable[[httpx.Request], httpx.Response]
Exchange = Callable[[Handler, httpx.Auth, str], list[tuple[Any, ...]]]


def _sync(handler: Handler, auth: httpx.Auth, method: str) -> list[tuple[Any, ...]]:
    recorder = Recorder()
    with SigningClient(signer=signer(auth, recorder), transport=httpx.MockTransport(handler)) as client:
        try:
            client.request(method, URL)
        except httpx.HTTPError:
            recorder.events.append(("failed",))
    return recorder.events


def _async(backend: str) -> Exchange:
    def exchange(handler: Handler, auth: httpx.Auth, method: str) -> list[tuple[Any, ...]]:
        recorder = Recorder()

        async def main() -> None:
            transport = httpx.MockTransport(handler)
            async with AsyncSigningClient(signer=signer(auth, recorder), transport=transport) as client:
                try:
                    await client.request(method, URL)
                except httpx.HTTPError:
                    recorder.events.append(("failed",))

        anyio.run(main, backend=backend)
        return recorder.events

    return exchange


@pytest.fixture(params=WAYS_OF_CALLING)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def exchange(kind: str) -> Exchange:
    return _sync if kind == "sync" else _async(kind)


def _answering(status: int) -> Handler:
    return lambda _: httpx.Response(status)


def _raising(error: Exception) -> Handler:
    def handler(_: httpx.Request) -> httpx.Response:
        raise error

    return handler


def test_an_answer_completes_the_place_of_the_methods_tier(exchange: Exchange) -> None:
    for method, tier in {"GET": 1, "POST": 2, "PUT": 2, "DELETE": 2, "PATCH": 2}.items():
        events = exchange(lambda _: httpx.Response(200), ApiKey("key"), method)
        assert events == [("acquire", tier), ("complete", tier)], method


def test_the_operations_of_a_method_have_one_tier() -> None:
    tiers = defaultdict(set)
    for operation in OPERATIONS.values():
        tiers[operation.method].add(operation.tier)
    assert all(len(found) == 1 for found in tiers.values()), tiers


def test_the_tier_that_a_request_names_counts() -> None:
    recorder = Recorder()
    with SigningClient(
        signer=signer(ApiKey("key"), recorder), transport=httpx.MockTransport(lambda _: httpx.Response(200))
    ) as client:
        client.get(URL, extensions={TIER: 2})
    assert recorder.events[0] == ("acquire", 2)


def test_other_failures_of_the_service_complete_it_too(exchange: Exchange) -> None:
    for status in (400, 401, 404, 500, 503):
        events = exchange(_answering(status), ApiKey("key"), "POST")
        assert events == [("acquire", 2), ("complete", 2)], status


@pytest.mark.parametrize(
    ("headers", "told"), [({"retry-after": "12"}, 12.0), ({"retry-after": "0.25"}, 0.25), ({}, None)]
)
def test_a_429_refuses(exchange: Exchange, headers: dict[str, str], told: float | None) -> None:
    events = exchange(lambda _: httpx.Response(429, headers=headers), ApiKey("key"), "GET")
    assert events == [("acquire", 1), ("refused", 1, told)]


def test_without_a_connection_the_place_is_given_back(exchange: Exchange) -> None:
    for error in (httpx.ConnectError("no"), httpx.ConnectTimeout("no"), httpx.PoolTimeout("no")):
        assert exchange(_raising(error), ApiKey("key"), "POST") == [("acquire", 2), ("release", 2), ("failed",)]


def test_what_may_have_been_sent_is_completed(exchange: Exchange) -> None:
    for error in (httpx.ReadError("no"), httpx.ReadTimeout("no"), httpx.RemoteProtocolError("no")):
        assert exchange(_raising(error), ApiKey("key"), "POST") == [("acquire", 2), ("complete", 2), ("failed",)]


def test_the_token_request_takes_a_place_of_its_own(exchange: Exchange) -> None:
    def service(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=TOKEN)

    events = exchange(service, OAuthClient("id", "s3cret"), "GET")
    assert events == [("acquire", 2), ("complete", 2), ("acquire", 1), ("complete", 1)]


def test_the_request_after_a_401_takes_another_place(exchange: Exchange) -> None:
    tokens = iter(["first", "second"])
    events = exchange(
        lambda request: httpx.Response(401 if request.headers["authorization"] == "Bearer first" else 200),
        TokenCallable(lambda: next(tokens)),
        "POST",
    )
    assert events == [("acquire", 2), ("complete", 2)] * 2


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_cancelled_request_completes_its_permit(backend: str) -> None:
    recorder = Recorder()

    scopes: list[anyio.CancelScope] = []

    async def never(request: httpx.Request) -> httpx.Response:
        scopes[0].cancel()
        await anyio.sleep_forever()
        raise AssertionError

    async def main() -> None:
        transport = httpx.MockTransport(never)
        async with AsyncSigningClient(signer=signer(ApiKey("key"), recorder), transport=transport) as client:
            with anyio.CancelScope() as scope:
                scopes.append(scope)
                await client.post(URL)

    anyio.run(main, backend=backend)
    assert recorder.events == [("acquire", 2), ("complete", 2)]


def test_a_request_knows_how_long_it_waited() -> None:
    pacer = Pacer(Pacing(), Budget("https://acme.example", 0.2, {2: 1}))
    transport = httpx.MockTransport(lambda _: httpx.Response(200))
    with SigningClient(signer=signer(ApiKey("key"), pacer), transport=transport) as client:
        first, second = (client.post(URL).request for _ in range(2))
        assert waited(first) == 0.0
        once = waited(second)
        assert once > 0.1
        client.send(second)
        assert waited(second) > once + 0.1


def test_a_time_limit_does_not_run_while_a_task_waits_its_turn() -> None:
    pacer = Pacer(Pacing(), Budget("https://acme.example", 0.3, {2: 1}))
    transport = httpx.MockTransport(lambda _: httpx.Response(200))

    async def main() -> None:
        async with httpx.AsyncClient(transport=transport) as client:
            sends = signer(ApiKey("key"), pacer)
            await sends.send_async(client.send, client.build_request("POST", URL))
            with anyio.fail_after(0.2) as scope:
                request = client.build_request("POST", URL)
                await sends.send_async(client.send, request, scope)
                assert waited(request) > 0.2
                left = scope.deadline - anyio.current_time()
                assert 0 < left <= 0.2

    anyio.run(main)
