"""What a 404 means for a deletion depends on whether it was sent before."""

from __future__ import annotations

import httpx
import pytest

from exchange.clock import Clock
from exchange.scripted import (
    DELETE,
    KINDS,
    WRITES,
    Kind,
    Reply,
    Service,
    answers,
    ask_once,
    fails,
)
from qlik_automation_connections import NotFoundError

GONE = answers(404, content={"errors": [{"code": "HTTP-404", "title": "Not found"}]})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "first", [fails(httpx.ReadTimeout), fails(httpx.ReadError), answers(500), answers(503, {"retry-after": "1"})]
)
def test_after_a_try_that_may_have_deleted_it(clock: Clock, first: Reply, kind: Kind) -> None:
    service = Service(first, GONE)
    assert ask_once(kind, DELETE, service) is None
    assert len(service.requests) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_however_many_tries_lie_between(clock: Clock, kind: Kind) -> None:
    service = Service(answers(502), answers(429), fails(httpx.ConnectError), GONE)
    assert ask_once(kind, DELETE, service) is None


@pytest.mark.parametrize("kind", KINDS)
def test_at_the_first_try(clock: Clock, kind: Kind) -> None:
    with pytest.raises(NotFoundError) as caught:
        ask_once(kind, DELETE, Service(GONE))
    assert not caught.value.may_have_been_processed


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("first", [answers(429), fails(httpx.ConnectError)])
def test_after_a_try_that_did_nothing(clock: Clock, first: Reply, kind: Kind) -> None:
    with pytest.raises(NotFoundError):
        ask_once(kind, DELETE, Service(first, GONE))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("operation", [name for name in WRITES if name not in (DELETE, "createAutomationConnection")])
def test_no_other_operation_takes_it_for_success(clock: Clock, operation: str, kind: Kind) -> None:
    with pytest.raises(NotFoundError):
        ask_once(kind, operation, Service(answers(500), GONE))
