"""Every operation at work, through the whole client."""

from __future__ import annotations

import time
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qlik_automation_connections import AsyncConnections, Cause, InternalServerError, Retry, RetryPolicy
from qlik_automation_connections._exchange import drivers
from qlik_automation_connections.sandbox import Fault
from qlik_automation_connections_api.operations import OPERATIONS
from recorded.clients import KINDS, Kind, run
from recorded.places import REPLAYED, Place
from recorded.recording import replayed_from
from recorded.scenarios import MISSING, SCENARIOS

RETRY_AFTER = 2


def test_every_operation_has_a_scenario() -> None:
    assert {title.partition("-")[0] for title in SCENARIOS} == set(OPERATIONS)


@pytest.mark.vcr
@pytest.mark.block_network
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("title", SCENARIOS)
def test_operation(kind: Kind, title: str, place: Place, vcr: Any) -> None:
    scenario = SCENARIOS[title]
    run(
        kind,
        lambda resource: scenario(resource, place),
        url=place.url,
        api_key=place.keys["administrator"],
        operation=title.partition("-")[0],
    )
    sent = {(request.method, request.path) for request in vcr.requests}
    operation = OPERATIONS[title.partition("-")[0]]
    prefix, _, suffix = operation.path.partition("{id}")
    assert any(
        method == operation.method and path.startswith(prefix) and path.endswith(suffix) for method, path in sent
    )
    if place.replayed:
        assert vcr.all_played


@pytest.mark.block_network
@pytest.mark.parametrize("title", SCENARIOS)
def test_sync_and_async_give_equal_results(
    title: str, is_recording: bool, cassette_path: Callable[[str, str], Path]
) -> None:
    if is_recording:
        pytest.skip("compares what was recorded")
    scenario = SCENARIOS[title]
    results = []
    for kind in KINDS:
        with replayed_from(cassette_path(kind, title)):
            results.append(
                run(
                    kind,
                    lambda resource: scenario(resource, REPLAYED),
                    url=REPLAYED.url,
                    api_key="replayed",
                    operation=title.partition("-")[0],
                )
            )
    assert results[0]
    assert results[0] == results[1] == results[2]


class _Clock:
    """Notes how long the client would have slept."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def sleep_async(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    clock = _Clock()
    # In the client's module alone: the sandbox sleeps on the real clock.
    monkeypatch.setattr(drivers, "time", types.SimpleNamespace(sleep=clock.sleep, monotonic=time.monotonic))
    monkeypatch.setattr(drivers, "anyio", types.SimpleNamespace(sleep=clock.sleep_async))
    return clock


@pytest.mark.vcr
@pytest.mark.block_network
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("title", ["retried"])
def test_503_with_retry_after_is_tried_again(kind: Kind, title: str, place: Place, clock: _Clock, vcr: Any) -> None:
    if place.is_real:
        pytest.skip("a real tenant can't be made to answer 503")
    if place.sandbox is not None:
        place.sandbox.fail(Fault("getAutomationConnections", status=503, retry_after=RETRY_AFTER))
    retries: list[Retry] = []

    async def first_page(connections: AsyncConnections) -> int:
        return len([item async for item in connections.list(name=MISSING)])

    url, key = place.url, place.keys["administrator"]
    found = run(kind, first_page, url=url, api_key=key, retries=RetryPolicy(retries=1, on_retry=retries.append))
    assert found == 0
    assert clock.slept == [RETRY_AFTER]
    assert [(retry.operation, retry.attempt, retry.cause) for retry in retries] == [
        ("getAutomationConnections", 1, Cause.UNAVAILABLE)
    ]
    if place.replayed:
        assert vcr.all_played


@pytest.mark.vcr
@pytest.mark.block_network
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("title", ["not-retried"])
def test_503_is_raised_without_retries(kind: Kind, title: str, place: Place, clock: _Clock) -> None:
    if place.is_real:
        pytest.skip("a real tenant can't be made to answer 503")
    if place.sandbox is not None:
        place.sandbox.fail(Fault("getAutomationConnections", status=503, retry_after=RETRY_AFTER))

    async def first_page(connections: AsyncConnections) -> int:
        return len([item async for item in connections.list(name=MISSING)])

    with pytest.raises(InternalServerError) as raised:
        run(kind, first_page, url=place.url, api_key=place.keys["administrator"])
    assert raised.value.retry_after == RETRY_AFTER
    assert raised.value.attempts == 1
    assert clock.slept == []
