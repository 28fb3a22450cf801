"""A creation that may have been processed is never sent again."""

from __future__ import annotations

import httpx
import pytest

from exchange.clock import Clock
from exchange.scripted import (
    CREATE,
    KINDS,
    Ask,
    Kind,
    Reply,
    Service,
    answers,
    ask_once,
    breaks_off,
    fails,
    run,
    success,
)
from qlik_automation_connections import APIConnectionError, APIError, APIStatusError, InternalServerError

DOUBTFUL = {
    "time-out": fails(httpx.ReadTimeout),
    "reset": fails(httpx.ReadError),
    "reset in the answer": breaks_off,
    "500": answers(500),
    "502": answers(502, content="<html>"),
    "503": answers(503),
    "503 with Retry-After": answers(503, {"retry-after": "0"}),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("doubtful", DOUBTFUL.values(), ids=DOUBTFUL)
def test_the_error_says_how_to_look_for_it(clock: Clock, doubtful: Reply, kind: Kind) -> None:
    service = Service(doubtful)
    with pytest.raises(APIError) as caught:
        ask_once(kind, CREATE, service)
    assert len(service.requests) == 1
    assert caught.value.may_have_been_processed
    assert "connections.list(name='mail', connector_id='k-1')" in caught.value.message


@pytest.mark.parametrize("kind", KINDS)
def test_one_without_a_name_is_looked_for_by_its_connector(clock: Clock, kind: Kind) -> None:
    async def create(ask: Ask) -> None:
        with pytest.raises(APIConnectionError) as caught:
            await ask(CREATE, name=None)
        assert "connections.list(connector_id='k-1')" in caught.value.message

    run(kind, create, Service(fails(httpx.ReadTimeout)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("doubtful", DOUBTFUL.values(), ids=DOUBTFUL)
def test_doubt_after_harmless_failures_ends_it_too(clock: Clock, doubtful: Reply, kind: Kind) -> None:
    service = Service(answers(429), fails(httpx.ConnectError), doubtful, success(CREATE))
    with pytest.raises(APIError) as caught:
        ask_once(kind, CREATE, service)
    assert len(service.requests) == 3
    assert caught.value.may_have_been_processed


@pytest.mark.parametrize("kind", KINDS)
def test_a_body_that_lies_leaves_doubt(clock: Clock, kind: Kind) -> None:
    service = Service(answers(201, {"content-type": "application/json"}, '{"id": '))
    with pytest.raises(APIError) as caught:
        ask_once(kind, CREATE, service)
    assert caught.value.may_have_been_processed
    assert len(service.requests) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [400, 401, 403, 409, 422, 429])
def test_a_refusal_leaves_no_doubt(clock: Clock, status: int, kind: Kind) -> None:
    with pytest.raises(APIStatusError) as caught:
        ask_once(kind, CREATE, Service(answers(status)))
    assert not caught.value.may_have_been_processed
    assert "may have been created" not in caught.value.message


@pytest.mark.parametrize("kind", KINDS)
def test_the_policy_is_no_way_round_it(clock: Clock, kind: Kind) -> None:
    service = Service(answers(500))
    with pytest.raises(InternalServerError):
        ask_once(kind, CREATE, service, retries=50)
    assert len(service.requests) == 1
