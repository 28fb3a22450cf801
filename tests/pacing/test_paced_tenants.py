"""Pacing as users meet it: through a tenant."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from qlik_automation_connections import (
    ApiKey,
    AsyncTenant,
    OAuthClient,
    Pacing,
    PacingWait,
    RateLimitError,
    Retry,
    RetryPolicy,
    Tenant,
    TokenCallable,
)
from qlik_automation_connections._auth.principal import principal_of
from qlik_automation_connections.pacing import _tier_queue
from qlik_automation_connections.pacing._budget import Budget
from qlik_automation_connections.sandbox import Sandbox

SPEED = 200.0
PACING = Pacing(window=300 / SPEED)


def key_of(user: str, salt: str) -> str:
    claims = base64.urlsafe_b64encode(json.dumps({"sub": user, "salt": salt}).encode()).decode().rstrip("=")
    return f"header.{claims}.signature"


def test_more_than_a_window_holds_without_a_429_and_signing_in_counts() -> None:
    with Sandbox(20, limits=True, speed=SPEED) as sandbox:
        auth = OAuthClient(sandbox.client_id, sandbox.client_secret)
        id = sandbox.snapshot()[0]["id"]
        with Tenant(sandbox.url, auth=auth, retries=0, pacing=PACING) as tenant:
            for _ in range(520):
                tenant.connections.check(id)
        tier2 = [entry for entry in sandbox.ledger if entry.tier == 2]
        assert len(tier2) == 521
        assert not any(entry.refused for entry in tier2)


def test_off_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(Budget, "acquire")
    with Sandbox(1) as sandbox:
        id = sandbox.snapshot()[0]["id"]
        with Tenant(sandbox.url, api_key=sandbox.api_key, pacing="off") as tenant:
            tenant.connections.check(id)
        with Tenant(sandbox.url, api_key=sandbox.api_key) as tenant, pytest.raises(AttributeError):
            tenant.connections.check(id)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_429_stops_its_tier_for_all_who_share_and_no_other(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_tier_queue, "SHORTEST_NOTIFIED_WAIT", 0.01)
    waits: list[PacingWait] = []
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        if asked == ["POST"]:
            return httpx.Response(429, headers={"retry-after": "0.6"})
        return httpx.Response(200, json={"id": "x"})

    async def run() -> None:
        pacing = Pacing(window=3, on_wait=waits.append)
        options: dict[str, Any] = {"api_key": "the-same-key", "pacing": pacing, "retries": 0}
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
            one, other = (AsyncTenant("https://acme.example", http_client=http, **options) for _ in range(2))
            with pytest.raises(RateLimitError):
                await one.connections.check("x")
            await other.connections.get("x")
            assert asked == ["POST", "GET"]
            await other.connections.check("x")

    anyio.run(run, backend=backend)
    assert asked == ["POST", "GET", "POST"]
    assert [(wait.tier, wait.tenant) for wait in waits] == [(2, "https://acme.example")]
    assert "for the service's limit (tier 2)" in str(waits[0])


@pytest.mark.parametrize("store", ["memory", "sqlite"])
def test_a_429_within_the_window_is_waited_for_beyond_the_bounds_of_retries(tmp_path: Path, store: str) -> None:
    moments: list[float] = []
    told: list[Retry] = []

    def answer(_: httpx.Request) -> httpx.Response:
        moments.append(time.monotonic())
        return (
            httpx.Response(429, headers={"retry-after": "0.4"})
            if len(moments) == 1
            else httpx.Response(200, json={"id": "x"})
        )

    policy = RetryPolicy(max_retry_after=0.1, max_total=0.3, on_retry=told.append)
    address = "memory" if store == "memory" else f"sqlite:///{tmp_path / 'budget.db'}"
    with httpx.Client(transport=httpx.MockTransport(answer)) as http:
        options: dict[str, Any] = {"api_key": "some-key", "retries": policy, "http_client": http}
        Tenant("https://acme.example", pacing=f"{address}?window=3", **options).connections.check("x")
        assert moments[1] - moments[0] >= 0.4
        assert [retry.wait for retry in told] == [0.4]
        moments.clear()
        with pytest.raises(RateLimitError):
            Tenant("https://acme.example", pacing="off", **options).connections.check("x")


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_tasks_wait_for_a_429_within_the_window_too(backend: str) -> None:
    replies = [httpx.Response(429, headers={"retry-after": "0.4"}), httpx.Response(200, json={"connected": True})]

    async def run() -> bool | None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: replies.pop(0))) as http:
            policy = RetryPolicy(max_retry_after=0.1, max_total=0.3)
            tenant = AsyncTenant(
                "https://acme.example", api_key="k", retries=policy, pacing="memory?window=3", http_client=http
            )
            return (await tenant.connections.check("x")).connected

    assert anyio.run(run, backend=backend)


def test_a_wait_longer_than_a_window_is_raised_each_time() -> None:
    refuse = httpx.MockTransport(lambda _: httpx.Response(429, headers={"retry-after": "3600"}))
    with httpx.Client(transport=refuse) as http:
        tenant = Tenant("https://acme.example", api_key="some-key", http_client=http)
        for _ in range(3):
            with pytest.raises(RateLimitError) as caught:
                tenant.connections.check("x")
            assert caught.value.retry_after == 3600


def test_principals() -> None:
    keys = key_of("ada", "1"), key_of("ada", "2"), key_of("bob", "1"), "no-token", "a.b.c"
    names = [principal_of(ApiKey(key)) for key in keys]
    assert names[0] == names[1]
    assert len({*names}) == 4
    assert not any(key in name for key in keys for name in names)
    clients = [principal_of(OAuthClient(client, "s3cret-4711")) for client in ("one", "one", "two")]
    assert clients[0] == clients[1] != clients[2]
    first, second = TokenCallable(lambda: "x"), TokenCallable(lambda: "x")
    assert principal_of(first) != principal_of(second)
