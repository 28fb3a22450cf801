"""Where the settings of a policy end: the longest time, the shortest wait, and the values that are refused."""

from __future__ import annotations

import random
from typing import Any

import httpx
import pytest

from exchange.clock import Clock
from exchange.scripted import KINDS, READS, Kind, Reply, Service, answers, ask_once, fails, success
from qlik_automation_connections import (
    APITimeoutError,
    ConfigurationError,
    RateLimitError,
    RetryPolicy,
    UnexpectedResponseError,
)
from qlik_automation_connections._exchange.signing import waited

GET = READS[1]
RETRY_IN_10 = answers(429, {"retry-after": "10"})


@pytest.mark.parametrize("kind", KINDS)
def test_the_second_that_a_429_takes_comes_on_top_of_the_jitter(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    monkeypatch.setattr(random, "uniform", lambda least, most: most)
    policy = RetryPolicy(backoff=0.25, max_backoff=0.5)
    ask_once(kind, GET, Service(answers(429), answers(429), answers(429), success(GET)), retries=policy)
    assert clock.waits == [1.25, 1.5, 1.5]


@pytest.mark.parametrize("kind", KINDS)
def test_a_wait_that_would_end_with_the_time_of_the_call_is_not_begun(clock: Clock, kind: Kind) -> None:
    with pytest.raises(RateLimitError):
        ask_once(kind, GET, Service(RETRY_IN_10), retries=RetryPolicy(max_total=10))
    assert clock.waits == []
    with pytest.raises(RateLimitError):
        ask_once(kind, GET, Service(RETRY_IN_10), retries=RetryPolicy(max_total=10.5))
    assert clock.waits == [10]


@pytest.mark.parametrize("kind", KINDS)
def test_the_longest_time_that_is_waited_for_is_waited_for(clock: Clock, kind: Kind) -> None:
    ask_once(kind, GET, Service(RETRY_IN_10, success(GET)), retries=RetryPolicy(max_retry_after=10))
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
        ask_once(kind, GET, service, retries=RetryPolicy(retries=5, max_total=100, backoff=0))
    assert len(service.requests) == 6


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("first", "maybe"),
    [(fails(httpx.ReadTimeout), True), (answers(429, {"retry-after": "0"}), False)],
    ids=["sent", "429"],
)
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


@pytest.mark.parametrize(
    ("setting", "value", "kind"), [(setting, value, kind) for setting, values, kind in REFUSED for value in values]
)
def test_the_refusal_says_what_a_setting_must_be(setting: str, value: Any, kind: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        RetryPolicy(**{setting: value})
    assert str(caught.value) == f"{setting} of a RetryPolicy must be {kind}."


@pytest.mark.parametrize(
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
    policy = RetryPolicy(**settings)
    assert {name: getattr(policy, name) for name in settings} == settings


def test_without_settings_there_are_the_documented_ones() -> None:
    documented = RetryPolicy(retries=4, max_retry_after=60.0, max_total=300.0, backoff=0.5, max_backoff=8.0)
    assert RetryPolicy() == documented
    assert RetryPolicy().on_retry is None
