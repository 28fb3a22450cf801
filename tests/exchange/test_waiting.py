"""How long is waited between tries, when waiting is not worth it, and which settings of that are refused."""

from __future__ import annotations

import random
from typing import Any

import httpx
import pytest

from exchange.clock import Clock
from exchange.scripted import KINDS, READS, Ask, Kind, Reply, Service, answers, ask_once, fails, run, success
from looping import for_each, in_turn
from qlik_automation_connections import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    ConfigurationError,
    InternalServerError,
    RateLimitError,
    UnexpectedResponseError,
)
from qlik_automation_connections import RetryPolicy as Policy
from qlik_automation_connections._exchange.signing import waited

GET = READS[1]
DATE = "Wed, 01 Jul 2026 12:00:00 GMT"


@for_each(
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
@for_each("status", [429, 503, 502])
@in_turn
def test_the_time_that_the_service_names(clock: Clock, status: int, told: str, seconds: float, kind: Kind) -> None:
    clock.waits.clear()
    service = Service(answers(status, {"retry-after": told, "date": DATE}), success(GET))
    ask_once(kind, GET, service)
    assert clock.waits == [seconds]


@for_each("told", ["soon", "-5", "9" * 400, "", "1,5", "NaN", "inf", "0x10", "Wed, 99 Foo 2026", "٣"])
@in_turn
def test_a_time_that_is_none_is_passed_over(clock: Clock, told: str, kind: Kind) -> None:
    clock.waits.clear()

    def reply(request: httpx.Request) -> httpx.Response:
        return httpx.Response(429, headers=[(b"retry-after", told.encode())])

    ask_once(kind, GET, Service(reply, success(GET)))
    assert len(clock.waits) == 1
    assert 1 <= clock.waits[0] <= 1 + Policy().backoff


@for_each(
    ("told", "seconds"),
    [
        ("61", 61),
        ("3600", 3600),
        ("999999999", 999_999_999),
        ("99999999999", 99_999_999_999),
        ("Wed, 01 Jul 2026 13:00:00 GMT", 3600),
    ],
)
@for_each("status", [429, 503])
@in_turn
def test_a_time_above_the_cap_is_raised_at_once(
    clock: Clock, status: int, told: str, seconds: float, kind: Kind
) -> None:
    clock.waits.clear()
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


@for_each("reply", [answers(500), fails(httpx.ReadTimeout), fails(httpx.ConnectError), answers(503)])
@in_turn
def test_without_one_the_bound_doubles_up_to_a_limit(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, reply: Reply, kind: Kind
) -> None:
    clock.waits.clear()
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
    for _ in range(150):
        ask_once("sync", GET, Service(answers(500), success(GET)), retries=Policy(backoff=8, max_backoff=8))
    assert 0 <= min(clock.waits) < 1
    assert 7 < max(clock.waits) <= 8
    assert 3 < sum(clock.waits) / len(clock.waits) < 5


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


RETRY_IN_10 = answers(429, {"retry-after": "10"})


@pytest.mark.parametrize("kind", KINDS)
def test_the_second_that_a_429_takes_comes_on_top_of_the_jitter(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    monkeypatch.setattr(random, "uniform", lambda least, most: most)
    policy = Policy(backoff=0.25, max_backoff=0.5)
    ask_once(kind, GET, Service(answers(429), answers(429), answers(429), success(GET)), retries=policy)
    assert clock.waits == [1.25, 1.5, 1.5]


@pytest.mark.parametrize("kind", KINDS)
def test_a_wait_that_would_end_with_the_time_of_the_call_is_not_begun(clock: Clock, kind: Kind) -> None:
    with pytest.raises(RateLimitError):
        ask_once(kind, GET, Service(RETRY_IN_10), retries=Policy(max_total=10))
    assert clock.waits == []
    with pytest.raises(RateLimitError):
        ask_once(kind, GET, Service(RETRY_IN_10), retries=Policy(max_total=10.5))
    assert clock.waits == [10]


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_pacing_waited_is_no_part_of_the_time_of_the_call(clock: Clock, kind: Kind) -> None:
    def after_its_turn(request: httpx.Request) -> httpx.Response:
        # As the pacing does it, which is switched off here: it waits, and notes in the request how long.
        clock.now += 40
        request.extensions["paced_seconds"] = waited(request) + 40
        raise httpx.ReadTimeout("as scripted")

    service = Service(after_its_turn)
    with pytest.raises(APITimeoutError):
        ask_once(kind, GET, service, retries=Policy(retries=5, max_total=100, backoff=0))
    assert len(service.requests) == 6


@for_each(("first", "maybe"), [(fails(httpx.ReadTimeout), True), (answers(429, {"retry-after": "0"}), False)])
@in_turn
def test_an_answer_that_means_nothing_does_not_undo_an_earlier_try(
    clock: Clock, first: Reply, maybe: bool, kind: Kind
) -> None:
    with pytest.raises(UnexpectedResponseError) as caught:
        ask_once(kind, "updateAutomationConnection", Service(first, answers(302)))
    assert caught.value.may_have_been_processed is maybe
    assert caught.value.attempts == 2


REFUSED: list[tuple[str, tuple[Any, ...], str]] = [
    ("retries", (-1, 1.5, 2.0, True, "2", None), "a whole number, 0 or more"),
    ("max_retry_after", (-0.5, True, "2", None, float("nan")), "a number, 0 or more"),
    ("max_total", (0, 0.0, -1, True, "2", None, float("nan")), "a number above 0"),
    ("backoff", (-0.5, False, "2", None), "a number, 0 or more"),
    ("max_backoff", (-1, True, [], None), "a number, 0 or more"),
]


@for_each(("setting", "values", "wanted"), REFUSED)
def test_the_refusal_says_what_a_setting_must_be(setting: str, values: tuple[Any, ...], wanted: str) -> None:
    for value in values:
        with pytest.raises(ConfigurationError) as caught:
            Policy(**{setting: value})
        assert str(caught.value) == f"{setting} of a RetryPolicy must be {wanted}.", value


@for_each(
    "settings",
    [
        {"retries": 0},
        {"retries": 9},
        {"max_retry_after": 0},
        {"max_retry_after": 0.5},
        {"max_total": 0.001},
        {"max_total": 1},
        {"backoff": 0},
        {"max_backoff": 0.0},
    ],
)
def test_what_means_something_is_taken(settings: dict[str, Any]) -> None:
    policy = Policy(**settings)
    assert {name: getattr(policy, name) for name in settings} == settings


def test_without_settings_there_are_the_documented_ones() -> None:
    documented = Policy(retries=4, max_retry_after=60.0, max_total=300.0, backoff=0.5, max_backoff=8.0)
    assert Policy() == documented
    assert Policy().on_retry is None
