"""The time-out of a call reaches each of its requests."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from exchange.clock import Clock
from exchange.scripted import KINDS, OPERATIONS, READS, Ask, Kind, Service, answers, run, success
from looping import for_each, in_turn
from qlik_automation_connections import APITimeoutError, ConfigurationError
from qlik_automation_connections.sandbox import Fault, Sandbox


def _timeouts(service: Service) -> list[Any]:
    return [request.extensions["timeout"] for request in service.requests]


@for_each("operation", OPERATIONS)
@in_turn
def test_of_one_call(clock: Clock, operation: str, kind: Kind) -> None:
    async def ask_three_times(ask: Ask) -> None:
        await ask(operation, timeout=3)
        await ask(operation, timeout=httpx.Timeout(4, connect=1))
        await ask(operation)

    service = Service(answers(429), success(operation))
    run(kind, ask_three_times, service, timeout=7)
    read_and_connect = [(timeout["read"], timeout["connect"]) for timeout in _timeouts(service)]
    assert read_and_connect == [(3, 3), (3, 3), (4, 1), (7, 7)]


@for_each("timeout", [0, -1, float("nan"), float("inf"), "3", True])
@in_turn
def test_one_that_is_none_is_refused_before_anything_is_sent(timeout: Any, kind: Kind) -> None:
    async def ask_so(ask: Ask) -> None:
        for operation in OPERATIONS:
            with pytest.raises(ConfigurationError):
                await ask(operation, timeout=timeout)

    service = Service(answers(500))
    run(kind, ask_so, service)
    assert service.requests == []


@pytest.mark.parametrize("kind", KINDS)
def test_on_the_network(kind: Kind) -> None:
    operation = READS[0]

    async def slow_and_quick(ask: Ask) -> int:
        with pytest.raises(APITimeoutError):
            await ask(operation, list_all=True, timeout=0.05)
        return len(await ask(operation, list_all=True))

    fault = Fault(operation, "delay", seconds=0.3, times=1)
    with Sandbox(3, faults=[fault]) as sandbox:
        assert run(kind, slow_and_quick, url=sandbox.url, api_key=sandbox.api_key, retries=0) == 3
