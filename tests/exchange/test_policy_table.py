"""Which failures are tried again, for which operations: the whole table, for every kind of client."""

from __future__ import annotations

from typing import Literal, NamedTuple

import httpx
import pytest

from exchange.clock import Clock
from exchange.scripted import (
    CREATE,
    DELETE,
    KINDS,
    OPERATIONS,
    WITH_CONTENT,
    WRITES,
    Kind,
    Reply,
    Service,
    answers,
    ask_once,
    breaks_off,
    fails,
    success,
)
from looping import for_each, in_turn
from qlik_automation_connections import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    UnexpectedResponseError,
)

Repeated = Literal["every operation", "every operation but create", "none"]


class Row(NamedTuple):
    """A failure: for which operations it is tried again, whether something may be done, and the error in the end."""

    reply: Reply
    repeated: Repeated
    maybe_done: bool
    error: type[APIError]
    operations: tuple[str, ...] = OPERATIONS


_LIES = {"content-encoding": "gzip", "content-type": "application/json"}
ROWS: dict[str, Row] = {
    "429 with Retry-After": Row(answers(429, {"retry-after": "2"}), "every operation", False, RateLimitError),
    "429": Row(answers(429), "every operation", False, RateLimitError),
    "no connection": Row(fails(httpx.ConnectError), "every operation", False, APIConnectionError),
    "no connection in time": Row(fails(httpx.ConnectTimeout), "every operation", False, APITimeoutError),
    "no connection free": Row(fails(httpx.PoolTimeout), "every operation", False, APITimeoutError),
    "no proxy": Row(fails(httpx.ProxyError), "every operation", False, APIConnectionError),
    "503 with Retry-After": Row(
        answers(503, {"retry-after": "2"}), "every operation but create", True, InternalServerError
    ),
    "503": Row(answers(503), "every operation but create", True, InternalServerError),
    "500": Row(answers(500), "every operation but create", True, InternalServerError),
    "502 of a proxy": Row(
        answers(502, {"content-type": "text/html"}, "<html>"), "every operation but create", True, InternalServerError
    ),
    "504": Row(answers(504), "every operation but create", True, InternalServerError),
    "520": Row(answers(520), "every operation but create", True, InternalServerError),
    "599": Row(answers(599), "every operation but create", True, InternalServerError),
    "time-out of the answer": Row(fails(httpx.ReadTimeout), "every operation but create", True, APITimeoutError),
    "time-out of the request": Row(fails(httpx.WriteTimeout), "every operation but create", True, APITimeoutError),
    "reset before the answer": Row(fails(httpx.ReadError), "every operation but create", True, APIConnectionError),
    "reset in the request": Row(fails(httpx.WriteError), "every operation but create", True, APIConnectionError),
    "no HTTP": Row(fails(httpx.RemoteProtocolError), "every operation but create", True, APIConnectionError),
    "reset in the answer": Row(breaks_off, "every operation but create", True, APIConnectionError),
    "400": Row(answers(400), "none", False, BadRequestError),
    "401": Row(answers(401), "none", False, AuthenticationError),
    "403": Row(answers(403), "none", False, PermissionDeniedError),
    "404": Row(answers(404), "none", False, NotFoundError),
    "409": Row(answers(409), "none", False, ConflictError),
    "400 with Retry-After": Row(answers(400, {"retry-after": "1"}), "none", False, BadRequestError),
    "418": Row(answers(418), "none", False, APIStatusError),
    "301": Row(answers(301, {"location": "https://tenant.example/"}), "none", False, UnexpectedResponseError),
    "307": Row(answers(307, {"location": "https://other.example/"}), "none", False, UnexpectedResponseError),
    "202": Row(answers(202), "none", True, UnexpectedResponseError),
    "a success that is no JSON": Row(
        lambda request: httpx.Response(201 if _creates(request) else 200, content=b"<html>"),
        "none",
        True,
        UnexpectedResponseError,
        WITH_CONTENT,
    ),
    "a success that is no gzip": Row(
        lambda request: httpx.Response(200, headers=_LIES, stream=httpx.ByteStream(b"no gzip")),
        "none",
        True,
        UnexpectedResponseError,
    ),
}


def _creates(request: httpx.Request) -> bool:
    return request.method == "POST" and request.url.path.endswith("/automation-connections")


def _is_repeated(name: str, operation: str) -> bool:
    repeated = ROWS[name].repeated
    return repeated == "every operation" or (repeated == "every operation but create" and operation != CREATE)


CASES = [(name, operation) for name, row in ROWS.items() for operation in row.operations]


# On trio, httpx leaves the generator of a body that can't be decoded to the garbage collection, which warns.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@for_each(("name", "operation"), CASES)
@in_turn
def test_a_failure_that_lasts(clock: Clock, name: str, operation: str, kind: Kind) -> None:
    clock.waits.clear()
    row, tries = ROWS[name], 3 if _is_repeated(name, operation) else 1
    service = Service(row.reply)
    with pytest.raises(APIError) as caught:
        ask_once(kind, operation, service, retries=2)
    assert (len(service.requests), len(clock.waits), caught.value.attempts) == (tries, tries - 1, tries)
    assert type(caught.value) is row.error
    assert caught.value.operation == operation
    if operation in WRITES:
        assert caught.value.may_have_been_processed is row.maybe_done
    if operation == CREATE:
        assert ("connections.list(" in caught.value.message) is row.maybe_done
    # Neither a cause nor a context: their frames hold the headers that were sent.
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@for_each(("name", "operation"), [case for case in CASES if _is_repeated(*case)])
@in_turn
def test_a_failure_that_passes(clock: Clock, name: str, operation: str, kind: Kind) -> None:
    service = Service(ROWS[name].reply, success(operation))
    result = ask_once(kind, operation, service)
    assert result == ask_once(kind, operation, Service(success(operation)))
    first, second = service.seen
    assert first == second


@for_each("operation", OPERATIONS)
@for_each("reply", [fails(httpx.ConnectError), answers(429), answers(503, {"retry-after": "0"})])
@in_turn
def test_without_retries_everything_is_sent_once(clock: Clock, reply: Reply, operation: str, kind: Kind) -> None:
    service = Service(reply)
    with pytest.raises(APIError) as caught:
        ask_once(kind, operation, service, retries=0)
    assert (len(service.requests), clock.waits, caught.value.attempts) == (1, [], 1)


@pytest.mark.parametrize("kind", KINDS)
def test_the_failures_may_change_from_try_to_try(clock: Clock, kind: Kind) -> None:
    service = Service(fails(httpx.ConnectError), answers(429), breaks_off, answers(502), success(DELETE))
    assert ask_once(kind, DELETE, service) is None
    assert len(service.requests) == 5
