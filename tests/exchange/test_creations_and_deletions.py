"""A creation that may have been processed is never sent again; a deletion is, and what a 404 means depends on that."""

from __future__ import annotations

import httpx
import pytest

from exchange.clock import Clock
from exchange.scripted import (
    CREATE,
    DELETE,
    KINDS,
    WRITES,
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
from looping import for_each, in_turn
from qlik_automation_connections import APIConnectionError, APIError, NotFoundError

DOUBTFUL = {
    "time-out": fails(httpx.ReadTimeout),
    "reset": fails(httpx.ReadError),
    "reset in the answer": breaks_off,
    "500": answers(500),
    "502": answers(502, content="<html>"),
    "503": answers(503),
    "503 with Retry-After": answers(503, {"retry-after": "0"}),
}


@for_each("before", [(), (answers(429), fails(httpx.ConnectError))])
@for_each("doubt", DOUBTFUL)
@in_turn
def test_doubt_ends_it_and_the_error_says_how_to_look_for_it(
    clock: Clock, before: tuple[Reply, ...], doubt: str, kind: Kind
) -> None:
    service = Service(*before, DOUBTFUL[doubt], success(CREATE))
    with pytest.raises(APIError) as caught:
        ask_once(kind, CREATE, service, retries=50)
    assert len(service.requests) == len(before) + 1
    assert caught.value.may_have_been_processed
    assert "connections.list(name='mail', connector_id='k-1')" in caught.value.message


@pytest.mark.parametrize("kind", KINDS)
def test_one_without_a_name_is_looked_for_by_its_connector(clock: Clock, kind: Kind) -> None:
    async def create(ask: Ask) -> None:
        with pytest.raises(APIConnectionError) as caught:
            await ask(CREATE, name=None)
        assert "connections.list(connector_id='k-1')" in caught.value.message

    run(kind, create, Service(fails(httpx.ReadTimeout)))


GONE = answers(404, content={"errors": [{"code": "HTTP-404", "title": "Not found"}]})


@for_each(
    "before", [*((doubt,) for doubt in DOUBTFUL.values()), (answers(502), answers(429), fails(httpx.ConnectError))]
)
@in_turn
def test_a_404_after_a_try_that_may_have_deleted_it(clock: Clock, before: tuple[Reply, ...], kind: Kind) -> None:
    service = Service(*before, GONE)
    assert ask_once(kind, DELETE, service) is None
    assert len(service.requests) == len(before) + 1


@for_each("before", [(), (answers(429),), (fails(httpx.ConnectError),)])
@in_turn
def test_a_404_at_first_or_after_tries_that_did_nothing(clock: Clock, before: tuple[Reply, ...], kind: Kind) -> None:
    with pytest.raises(NotFoundError) as caught:
        ask_once(kind, DELETE, Service(*before, GONE))
    assert not caught.value.may_have_been_processed


@for_each("operation", [name for name in WRITES if name not in (DELETE, CREATE)])
@in_turn
def test_no_other_operation_takes_a_404_for_success(clock: Clock, operation: str, kind: Kind) -> None:
    with pytest.raises(NotFoundError):
        ask_once(kind, operation, Service(answers(500), GONE))
