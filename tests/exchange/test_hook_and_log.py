"""Every retry is told: to the hook, and to the log."""

from __future__ import annotations

import logging
from typing import Any

import httpx
import pytest

from exchange.clock import Clock
from exchange.scripted import CREATE, KINDS, Ask, Kind, Reply, Service, answers, ask_once, fails, run, success
from qlik_automation_connections import Cause, InternalServerError, RateLimitError, Retry, RetryPolicy

GET = "getAutomationConnection"
LIST = "getAutomationConnections"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
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
def test_the_hook_learns_what_happens(clock: Clock, reply: Reply, cause: Cause, kind: Kind) -> None:
    told: list[Retry] = []
    ask_once(kind, GET, Service(reply, reply, success(GET)), retries=RetryPolicy(on_retry=told.append))
    assert [(retry.operation, retry.connection_id, retry.attempt, retry.cause) for retry in told] == [
        (GET, "c-1", 1, cause),
        (GET, "c-1", 2, cause),
    ]
    assert [retry.wait for retry in told] == clock.waits


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("operation", [LIST, CREATE])
def test_where_there_is_no_id_there_is_none(clock: Clock, operation: str, kind: Kind) -> None:
    told: list[Retry] = []
    ask_once(kind, operation, Service(answers(429), success(operation)), retries=RetryPolicy(on_retry=told.append))
    assert [(retry.operation, retry.connection_id) for retry in told] == [(operation, None)]


@pytest.mark.parametrize("kind", KINDS)
def test_the_hook_comes_before_the_wait_and_not_at_the_end(clock: Clock, kind: Kind) -> None:
    waits_before: list[int] = []
    policy = RetryPolicy(retries=2, on_retry=lambda retry: waits_before.append(len(clock.waits)))
    with pytest.raises(RateLimitError):
        ask_once(kind, GET, Service(answers(429)), retries=policy)
    assert waits_before == [0, 1]


@pytest.mark.parametrize("kind", KINDS)
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


@pytest.mark.parametrize("kind", KINDS)
def test_a_line_in_the_log_for_every_retry(clock: Clock, caplog: pytest.LogCaptureFixture, kind: Kind) -> None:
    caplog.set_level(logging.WARNING, "qlik_automation_connections")
    with pytest.raises(InternalServerError):
        ask_once(kind, GET, Service(answers(503, {"retry-after": "4"})), retries=2)
    lines = [record.getMessage() for record in caplog.records if record.name == "qlik_automation_connections"]
    assert len(lines) == 2
    for number, line in enumerate(lines, start=1):
        assert "GET /api/workflows/automation-connections/c-1" in line
        assert f"try {number}" in line
        assert "503" in line
        assert "4.0 s" in line


@pytest.mark.parametrize("kind", KINDS)
def test_a_call_that_goes_well_warns_of_nothing(clock: Clock, caplog: pytest.LogCaptureFixture, kind: Kind) -> None:
    caplog.set_level(logging.INFO, "qlik_automation_connections")
    ask_once(kind, GET, Service(success(GET)))
    lines = [record for record in caplog.records if record.name == "qlik_automation_connections"]
    assert [record.levelno for record in lines] == [logging.INFO]
    assert "200" in lines[0].getMessage()


@pytest.mark.parametrize("kind", KINDS)
def test_the_log_names_the_trace_id_of_a_failure(clock: Clock, caplog: pytest.LogCaptureFixture, kind: Kind) -> None:
    caplog.set_level(logging.INFO, "qlik_automation_connections")
    failure = answers(500, content={"errors": [{"code": "x", "title": "y"}], "traceId": "trace-4711"})
    ask_once(kind, GET, Service(failure, success(GET)))
    assert "trace-4711" in caplog.text
