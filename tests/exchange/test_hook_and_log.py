"""Every retry is told: to the hook, and to the log, word by word, for administrators search for them."""

from __future__ import annotations

import logging
import random
from typing import Any

import httpx
import pytest

from exchange.clock import Clock
from exchange.scripted import (
    CREATE,
    DELETE,
    KINDS,
    READS,
    Ask,
    Kind,
    Reply,
    Service,
    answers,
    ask_once,
    fails,
    run,
    success,
)
from looping import for_each, in_turn
from qlik_automation_connections import (
    APIConnectionError,
    Cause,
    InternalServerError,
    NotFoundError,
    OAuthClient,
    RateLimitError,
    Retry,
    RetryPolicy,
    UnexpectedResponseError,
)

NAME = "qlik_automation_connections"
PATH = "/api/workflows/automation-connections/c-1"
GET = READS[1]
TRACED = {"errors": [{"code": "x", "title": "y"}], "traceId": "trace-4711"}
ALL_KINDS = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> pytest.LogCaptureFixture:
    monkeypatch.setattr(random, "uniform", lambda least, most: most)
    caplog.set_level(logging.INFO, NAME)
    return caplog


def lines(log: pytest.LogCaptureFixture) -> list[str]:
    return [f"{record.levelname} {record.getMessage()}" for record in log.records if record.name == NAME]


@ALL_KINDS
def test_a_success_has_its_time(clock: Clock, log: pytest.LogCaptureFixture, kind: Kind) -> None:
    def after_a_while(request: httpx.Request) -> httpx.Response:
        clock.now += 4.25
        return success(GET)(request)

    ask_once(kind, GET, Service(after_a_while))
    assert lines(log) == [f"INFO GET {PATH} 200 in 4250 ms, try 1"]


@ALL_KINDS
def test_a_try_that_failed_has_two_lines(clock: Clock, log: pytest.LogCaptureFixture, kind: Kind) -> None:
    ask_once(kind, GET, Service(answers(500, content=TRACED), answers(503), success(GET)))
    assert lines(log) == [
        f"INFO GET {PATH} 500 in 0 ms, try 1, trace id trace-4711",
        f"WARNING GET {PATH} try 1 failed: server error (5xx); retrying in 0.5 s, trace id trace-4711",
        f"INFO GET {PATH} 503 in 0 ms, try 2",
        f"WARNING GET {PATH} try 2 failed: server error (5xx); retrying in 1.0 s",
        f"INFO GET {PATH} 200 in 0 ms, try 3",
    ]


@ALL_KINDS
@pytest.mark.parametrize(
    ("reply", "line", "cause"),
    [
        (fails(httpx.ConnectError), "not connected: ConnectError: as scripted", "no connection"),
        (fails(httpx.ReadTimeout), "timed out: ReadTimeout: as scripted", "timeout"),
        (fails(httpx.ReadError), "broken: ReadError: as scripted", "broken connection"),
    ],
    ids=["no connection", "time-out", "broken"],
)
def test_a_try_without_an_answer_says_what_happened(
    clock: Clock, log: pytest.LogCaptureFixture, kind: Kind, reply: Reply, line: str, cause: str
) -> None:
    with pytest.raises(APIConnectionError):
        ask_once(kind, GET, Service(reply), retries=1)
    assert lines(log) == [
        f"INFO GET {PATH} try 1: {line}",
        f"WARNING GET {PATH} try 1 failed: {cause}; retrying in 0.5 s",
        f"INFO GET {PATH} try 2: {line}",
    ]


@ALL_KINDS
@pytest.mark.parametrize(
    ("reply", "line"),
    [
        (answers(429, {"retry-after": "3"}), "too many requests (429); retrying in 3.0 s"),
        (answers(503, {"retry-after": "3"}), "service unavailable (503); retrying in 3.0 s"),
    ],
    ids=["429", "503"],
)
def test_the_service_that_asks_for_patience_is_named_as_the_cause(
    clock: Clock, log: pytest.LogCaptureFixture, kind: Kind, reply: Reply, line: str
) -> None:
    ask_once(kind, GET, Service(reply, success(GET)))
    assert lines(log)[1] == f"WARNING GET {PATH} try 1 failed: {line}"


@ALL_KINDS
def test_a_deletion_that_was_done_before_is_a_line(clock: Clock, log: pytest.LogCaptureFixture, kind: Kind) -> None:
    ask_once(kind, DELETE, Service(fails(httpx.ReadError), answers(404, content=TRACED)))
    assert lines(log)[2:] == [f"INFO DELETE {PATH} 404 in 0 ms, try 2, trace id trace-4711"]


@ALL_KINDS
def test_the_trace_id_is_read_from_errors_alone(clock: Clock, log: pytest.LogCaptureFixture, kind: Kind) -> None:
    ask_once(kind, GET, Service(answers(200, content={"id": "c-1", "traceId": "of-a-field"})))
    for status in (202, 302):
        with pytest.raises(UnexpectedResponseError):
            ask_once(kind, GET, Service(answers(status, content=TRACED)))
    with pytest.raises(NotFoundError):
        ask_once(kind, GET, Service(answers(404, content=TRACED)))
    assert lines(log) == [
        f"INFO GET {PATH} 200 in 0 ms, try 1",
        f"INFO GET {PATH} 202 in 0 ms, try 1, trace id trace-4711",
        f"INFO GET {PATH} 302 in 0 ms, try 1, trace id trace-4711",
        f"INFO GET {PATH} 404 in 0 ms, try 1, trace id trace-4711",
    ]


@ALL_KINDS
def test_a_sign_in_that_failed_has_the_trace_id_of_its_answer(
    clock: Clock, log: pytest.LogCaptureFixture, kind: Kind
) -> None:
    service = Service(success(GET), tokens=(answers(503, content=TRACED),))
    with pytest.raises(InternalServerError):
        ask_once(kind, GET, service, auth=OAuthClient("id", "secret"), retries=0)
    (line,) = lines(log)
    assert line.startswith(f"INFO GET {PATH} try 1: not signed in: ")
    assert line.endswith(", trace id trace-4711")


LIST = "getAutomationConnections"


@for_each(
    ("reply", "cause"),
    [
        (answers(429, {"retry-after": "2"}), Cause.RATE_LIMITED),
        (answers(503, {"retry-after": "2"}), Cause.UNAVAILABLE),
        (answers(500, {"retry-after": "2"}), Cause.SERVER_ERROR),
        (answers(503), Cause.SERVER_ERROR),
        (fails(httpx.ConnectError), Cause.NOT_CONNECTED),
        (fails(httpx.ReadTimeout), Cause.TIMED_OUT),
        (fails(httpx.ReadError), Cause.BROKEN),
    ],
)
@in_turn
def test_the_hook_learns_what_happens(clock: Clock, reply: Reply, cause: Cause, kind: Kind) -> None:
    clock.waits.clear()
    told: list[Retry] = []
    ask_once(kind, GET, Service(reply, reply, success(GET)), retries=RetryPolicy(on_retry=told.append))
    assert [(retry.operation, retry.connection_id, retry.attempt, retry.cause) for retry in told] == [
        (GET, "c-1", 1, cause),
        (GET, "c-1", 2, cause),
    ]
    assert [retry.wait for retry in told] == clock.waits


@for_each("operation", [LIST, CREATE])
@in_turn
def test_where_there_is_no_id_there_is_none(clock: Clock, operation: str, kind: Kind) -> None:
    told: list[Retry] = []
    ask_once(kind, operation, Service(answers(429), success(operation)), retries=RetryPolicy(on_retry=told.append))
    assert [(retry.operation, retry.connection_id) for retry in told] == [(operation, None)]


@ALL_KINDS
def test_the_hook_comes_before_the_wait_and_not_at_the_end(clock: Clock, kind: Kind) -> None:
    waits_before: list[int] = []
    policy = RetryPolicy(retries=2, on_retry=lambda retry: waits_before.append(len(clock.waits)))
    with pytest.raises(RateLimitError):
        ask_once(kind, GET, Service(answers(429)), retries=policy)
    assert waits_before == [0, 1]


@ALL_KINDS
def test_a_hook_that_raises_ends_the_call_and_not_the_tenant(clock: Clock, kind: Kind) -> None:
    class Enough(Exception):
        pass

    def stop(retry: Retry) -> None:
        raise Enough

    async def twice(ask: Ask) -> Any:
        with pytest.raises(Enough):
            await ask(GET)
        return await ask(GET)

    service = Service(answers(429), success(GET))
    assert run(kind, twice, service, retries=RetryPolicy(on_retry=stop)).id == "c-1"
    assert clock.waits == []
