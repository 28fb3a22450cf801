"""How long is waited between tries, and when waiting is not worth it."""

from __future__ import annotations

import random

import httpx
import pytest

from exchange.clock import Clock
from exchange.scripted import KINDS, READS, Ask, Kind, Reply, Service, answers, ask_once, fails, run, success
from qlik_automation_connections import APIConnectionError, APIStatusError, InternalServerError, RateLimitError
from qlik_automation_connections import RetryPolicy as Policy

GET = READS[1]
DATE = "Wed, 01 Jul 2026 12:00:00 GMT"


@pytest.fixture(params=[429, 503])
def status(request: pytest.FixtureRequest) -> int:
    value: int = request.param
    return value


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        (" 3 ", 3),
        ("1.5", 1.5),
        ("0.25", 0.25),
        (".5", 0.5),
        ("60", 60),
        ("Wed, 01 Jul 2026 12:00:20 GMT", 20),
        ("Wed, 01 Jul 2026 11:59:00 GMT", 0),
        ("Wednesday, 01-Jul-26 12:00:05 GMT", 5),
    ],
)
def test_the_time_that_the_service_names(clock: Clock, status: int, told: str, seconds: float, kind: Kind) -> None:
    service = Service(answers(status, {"retry-after": told, "date": DATE}), success(GET))
    ask_once(kind, GET, service)
    assert clock.waits == [seconds]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("told", ["soon", "-5", "", "1,5", "NaN", "inf", "0x10", "Wed, 99 Foo 2026", "٣"])
def test_a_time_that_is_none_is_passed_over(clock: Clock, told: str, kind: Kind) -> None:
    def reply(request: httpx.Request) -> httpx.Response:
        return httpx.Response(429, headers=[(b"retry-after", told.encode())])

    ask_once(kind, GET, Service(reply, success(GET)))
    assert len(clock.waits) == 1
    assert 1 <= clock.waits[0] <= 1 + Policy().backoff


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("61", 61),
        ("3600", 3600),
        ("999999999", 999_999_999),
        ("99999999999", 99_999_999_999),
        ("Wed, 01 Jul 2026 13:00:00 GMT", 3600),
    ],
)
def test_a_time_above_the_cap_is_raised_at_once(
    clock: Clock, status: int, told: str, seconds: float, kind: Kind
) -> None:
    service = Service(answers(status, {"retry-after": told, "date": DATE}))
    with pytest.raises(APIStatusError) as caught:
        ask_once(kind, GET, service)
    assert caught.value.retry_after == seconds
    assert (len(service.requests), clock.waits) == (1, [])


@pytest.mark.parametrize("kind", KINDS)
def test_the_cap_is_the_users(clock: Clock, kind: Kind) -> None:
    ask_once(
        kind, GET, Service(answers(429, {"retry-after": "200"}), success(GET)), retries=Policy(max_retry_after=200)
    )
    assert clock.waits == [200]
    with pytest.raises(RateLimitError):
        ask_once(kind, GET, Service(answers(429, {"retry-after": "2"})), retries=Policy(max_retry_after=1))
    assert clock.waits == [200]


@pytest.mark.parametrize("kind", KINDS)
def test_a_time_on_another_5xx_is_kept_too(clock: Clock, kind: Kind) -> None:
    ask_once(kind, GET, Service(answers(502, {"retry-after": "9"}), success(GET)))
    assert clock.waits == [9]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reply", [answers(500), fails(httpx.ReadTimeout), fails(httpx.ConnectError), answers(503)])
def test_without_one_the_bound_doubles_up_to_a_limit(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, reply: Reply, kind: Kind
) -> None:
    bounds = []

    def uniform(least: float, most: float) -> float:
        bounds.append((least, most))
        return most

    monkeypatch.setattr(random, "uniform", uniform)
    policy = Policy(retries=6, backoff=1, max_backoff=10)
    with pytest.raises((APIConnectionError, InternalServerError)):
        ask_once(kind, GET, Service(reply), retries=policy)
    assert bounds == [(0, 1), (0, 2), (0, 4), (0, 8), (0, 10), (0, 10)]
    assert clock.waits == [1, 2, 4, 8, 10, 10]


def test_the_waits_are_spread_over_the_whole_range(clock: Clock) -> None:
    for _ in range(400):
        ask_once("sync", GET, Service(answers(500), success(GET)), retries=Policy(backoff=8, max_backoff=8))
    assert 0 <= min(clock.waits) < 1
    assert 7 < max(clock.waits) <= 8
    assert 3 < sum(clock.waits) / len(clock.waits) < 5


@pytest.mark.parametrize("kind", KINDS)
def test_a_429_without_a_time_waits_a_second_at_least(clock: Clock, kind: Kind) -> None:
    with pytest.raises(RateLimitError):
        ask_once(kind, GET, Service(answers(429)), retries=4)
    assert len(clock.waits) == 4
    assert min(clock.waits) >= 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_budget_of_a_call_is_kept(clock: Clock, kind: Kind) -> None:
    service = Service(answers(503, {"retry-after": "30"}))
    began = clock.now
    with pytest.raises(InternalServerError) as caught:
        ask_once(kind, GET, service, retries=Policy(retries=100, max_total=100))
    assert clock.waits == [30, 30, 30]
    assert clock.now - began <= 100
    assert caught.value.attempts == 4


@pytest.mark.parametrize("kind", KINDS)
def test_slow_tries_count_against_the_budget(clock: Clock, kind: Kind) -> None:
    def slow(request: httpx.Request) -> httpx.Response:
        clock.now += 40
        raise httpx.ReadTimeout("as scripted")

    service = Service(slow)
    with pytest.raises(APIConnectionError):
        ask_once(kind, GET, service, retries=Policy(retries=100, max_total=100, backoff=0))
    assert len(service.requests) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_every_call_has_a_budget_of_its_own(clock: Clock, kind: Kind) -> None:
    async def twice(ask: Ask) -> None:
        for _ in range(2):
            with pytest.raises(InternalServerError):
                await ask(GET)

    service = Service(answers(503, {"retry-after": "30"}))
    run(kind, twice, service, retries=Policy(retries=100, max_total=100))
    assert len(service.requests) == 8


@pytest.mark.parametrize(
    "arguments",
    [
        {"retries": -1},
        {"retries": 1.5},
        {"max_retry_after": -1},
        {"max_total": 0},
        {"backoff": -0.1},
        {"max_backoff": -1},
    ],
)
def test_a_policy_that_means_nothing_is_refused(arguments: dict[str, float]) -> None:
    with pytest.raises((ValueError, TypeError)):
        Policy(**arguments)  # type: ignore[arg-type]
