"""The exceptions that stand for answers: which one, what it says, and what it must not say."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import httpx
import pytest

import qlik_automation_connections
from core.scripted import ADDRESS, KINDS, PATHS, Kind, Of, Reply, Script, ask, reply
from looping import for_each, in_turn
from qlik_automation_connections import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    ConflictError,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
    QlikError,
    RateLimitError,
    UnexpectedResponseError,
)
from qlik_automation_connections_api.operations import OPERATIONS

ALL_KINDS = pytest.mark.parametrize("kind", KINDS)
TRACE = "5f3c0b6d9a174e2b8c1d7e6f5a4b3c2d"


def documented(status: int) -> Any:
    return {"errors": [{"code": f"AC-{status}", "title": "Went wrong", "detail": "In full"}], "traceId": TRACE}


CLASSES: dict[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    429: RateLimitError,
    500: InternalServerError,
    501: InternalServerError,
    502: InternalServerError,
    503: InternalServerError,
    504: InternalServerError,
    520: InternalServerError,
    599: InternalServerError,
    402: APIStatusError,
    405: APIStatusError,
    410: APIStatusError,
    418: APIStatusError,
    422: APIStatusError,
    499: APIStatusError,
}

USES: dict[str, Callable[[Any], Any]] = {
    "getAutomationConnections": lambda c: c.list(),
    "createAutomationConnection": lambda c: c.create(connector_id="c", params={"pw": "hunter2"}),
    "getAutomationConnection": lambda c: c.get("the-id"),
    "updateAutomationConnection": lambda c: c.update("the-id", params=[{"id": "p", "value": "hunter2"}]),
    "deleteAutomationConnection": lambda c: c.delete("the-id"),
    "automationConnectionChangeOwner": lambda c: c.change_owner("the-id", user_id="u"),
    "automationConnectionChangeSpace": lambda c: c.change_space("the-id", space_id=None),
    "checkAutomationConnection": lambda c: c.check("the-id"),
    "getAutomationConnectors": Of("connectors", lambda c: c.list()),
    "getAutomationConnector": Of("connectors", lambda c: c.get("the-id")),
    "getAutomations": Of("automations", lambda a: a.list()),
    "getAutomation": Of("automations", lambda a: a.get("the-id")),
    "createAutomation": Of("automations", lambda a: a.create(name="n", workspace={"blocks": []})),
    "updateAutomation": Of("automations", lambda a: a.update("the-id", name="n"), reads=True),
    "deleteAutomation": Of("automations", lambda a: a.delete("the-id")),
    "enableAutomation": Of("automations", lambda a: a.enable("the-id")),
    "disableAutomation": Of("automations", lambda a: a.disable("the-id")),
    "automationChangeOwner": Of("automations", lambda a: a.change_owner("the-id", user_id="u")),
    "automationChangeSpace": Of("automations", lambda a: a.change_space("the-id", space_id=None)),
    "getUsers": Of("users", lambda u: u.list()),
    "getMe": Of("users", lambda u: u.me()),
    "getUserById": Of("users", lambda u: u.get("the-id")),
    "getSpaces": Of("spaces", lambda s: s.list()),
    "getSpaceById": Of("spaces", lambda s: s.get("the-id")),
}


def test_each_operation_is_used_here() -> None:
    assert USES.keys() == OPERATIONS.keys()


def caught_from(kind: Kind, use: Callable[[Any], Any], *answers: Reply | Exception, **options: Any) -> QlikError:
    with pytest.raises(QlikError) as caught:
        ask(kind, Script(*answers), use, **options)
    return caught.value


@for_each("status", CLASSES)
@in_turn
def test_each_status_has_its_class(kind: Kind, status: int) -> None:
    error = caught_from(kind, USES["getAutomationConnection"], reply(status, documented(status)))
    assert type(error) is CLASSES[status]
    assert isinstance(error, APIStatusError)
    assert isinstance(error, APIError)
    assert error.status_code == status
    assert (error.code, error.title, error.detail) == (f"AC-{status}", "Went wrong", "In full")
    assert error.trace_id == TRACE
    assert error.retry_after is None
    assert error.request.method == "GET"
    assert str(error.request.url) == f"{ADDRESS}{PATHS['workflows']}/the-id"
    assert error.response.status_code == status
    assert error.response.json() == documented(status)


@for_each("status", [400, 404, 429, 500])
@for_each("operation", USES)
@in_turn
def test_the_message_says_what_where_and_why(kind: Kind, operation: str, status: int) -> None:
    error = caught_from(kind, USES[operation], reply(status, documented(status)))
    assert isinstance(error, APIStatusError)
    assert error.operation == operation
    on_one = "{id}" in OPERATIONS[operation].path
    noun = OPERATIONS[operation].noun
    assert error.connection_id == ("the-id" if on_one and noun == "connection" else None)
    if status == 404:
        assert f"the {noun} is gone" in error.message
    for part in (operation, str(status), f"AC-{status}", "Went wrong", "In full", TRACE):
        assert part in error.message
    assert ("'the-id'" in error.message) is on_one
    assert str(error) == error.message
    assert "hunter2" not in error.message


HTML = {"content-type": "text/html; charset=utf-8"}
UNDOCUMENTED: dict[str, Reply] = {
    "empty": Reply(502, b"", {}),
    "html": Reply(502, b"<html><body>Bad Gateway</body></html>", HTML),
    "plain text": Reply(502, b"upstream connect error", {"content-type": "text/plain"}),
    "a list of nothing": reply(502, [5, None]),
    "an empty string": reply(502, ""),
    "null": reply(502, None),
    "a number": reply(502, 5),
    "an empty object": reply(502, {}),
    "no errors": reply(502, {"errors": []}),
    "errors null": reply(502, {"errors": None}),
    "an error of nothing": reply(502, {"errors": [{}]}),
    "cut JSON": Reply(502, b'{"errors": [{"code": "A"'),
    "no UTF-8": Reply(502, b'{"errors": "\xff\xfe\xfa"}'),
    "deep": Reply(502, b"[" * 100_000),
    "a great number": Reply(502, b"9" * 5000),
}


@for_each("name", UNDOCUMENTED)
@in_turn
def test_a_body_that_says_nothing_gives_none(kind: Kind, name: str) -> None:
    error = caught_from(kind, USES["getAutomationConnection"], UNDOCUMENTED[name])
    assert isinstance(error, InternalServerError)
    assert (error.code, error.title, error.detail, error.trace_id) == (None, None, None, None)
    assert "502" in error.message
    assert error.response.content == UNDOCUMENTED[name].body


@for_each("errors", [None, [], {}, "boom", 5, ["boom"], [5], [["x"]], [None]])
def test_the_trace_id_is_kept_whatever_the_errors_are(errors: Any) -> None:
    error = caught_from("sync", USES["getAutomationConnection"], reply(500, {"errors": errors, "traceId": TRACE}))
    assert isinstance(error, InternalServerError)
    assert error.trace_id == TRACE
    assert TRACE in error.message


SUCCESSES = [200, 201, 202, 203, 204, 206, 226, 299]


@for_each("operation", USES)
def test_a_success_that_is_not_documented_is_an_error(operation: str) -> None:
    for status in {*SUCCESSES, 301, 302, 303, 304, 307, 308} - {OPERATIONS[operation].success}:
        headers = {"location": "https://evil.example", "content-type": "application/json"}
        script = Script(Reply(status, b"" if status in (204, 304) else b"{}", headers))
        with pytest.raises(UnexpectedResponseError) as caught:
            ask("sync", script, USES[operation])
        assert caught.value.status_code == status
        assert operation in caught.value.message
        assert len(script.requests) == 1


@for_each(
    "body",
    [b"", b"<html></html>", b'{"id": "x"', b"\xff\xfe\xfa", b"NaN", b'{"id": NaN}', b"[" * 100_000, b"9" * 5000],
)
@for_each("operation", [name for name in USES if OPERATIONS[name].result])
@in_turn
def test_a_success_that_is_no_json_is_an_error(kind: Kind, operation: str, body: bytes) -> None:
    error = caught_from(kind, USES[operation], Reply(OPERATIONS[operation].success, body))
    assert isinstance(error, UnexpectedResponseError)
    assert error.response is not None
    assert not error.response.content


# One error of each class, and how it comes about.
_GET = USES["getAutomationConnection"]
MADE: dict[type[QlikError], Callable[[], QlikError]] = {
    QlikError: lambda: QlikError("it went wrong"),
    ConfigurationError: lambda: caught_from("sync", lambda c: c.get(""), reply(200, {})),
    APIError: lambda: APIError("it went wrong", operation="x", connection_id="y", may_have_been_processed=True),
    APIConnectionError: lambda: caught_from("sync", _GET, httpx.ReadError("reset")),
    APITimeoutError: lambda: caught_from("sync", _GET, httpx.ReadTimeout("slow")),
    UnexpectedResponseError: lambda: caught_from("sync", _GET, Reply(200, b"<html>")),
    **{
        expected: lambda status=status: caught_from(  # type: ignore[misc]
            "sync", _GET, Reply(status, reply(status, documented(status)).body, {"retry-after": "7"})
        )
        for status, expected in reversed(CLASSES.items())
    },
}


def plain(value: Any) -> Any:
    """What can be compared of an attribute: httpx's requests and responses are equal to themselves alone."""
    if isinstance(value, httpx.Request):
        return value.method, str(value.url), value.headers.multi_items(), value.content
    if isinstance(value, httpx.Response):
        return value.status_code, value.headers.multi_items(), value.content, plain(value.request)
    return value


COPIES: dict[str, Callable[[QlikError], Any]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    **{
        f"pickle {protocol}": lambda error, protocol=protocol: pickle.loads(pickle.dumps(error, protocol))  # type: ignore[misc]
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    },
}


def test_each_error_class_is_copied_here() -> None:
    public = [getattr(qlik_automation_connections, name) for name in qlik_automation_connections.__all__]
    assert {kind for kind in public if isinstance(kind, type) and issubclass(kind, QlikError)} == MADE.keys()


@for_each("way", COPIES)
@for_each("kind", MADE)
def test_a_copy_of_an_error_is_like_it(kind: type[QlikError], way: str) -> None:
    error = MADE[kind]()
    error.add_note("seen twice")
    assert type(error) is kind
    copied = COPIES[way](error)
    assert type(copied) is kind
    assert str(copied) == str(error)
    assert copied.args == error.args
    assert copied.message == error.message
    assert copied.__notes__ == ["seen twice"]
    assert vars(copied).keys() == vars(error).keys()
    assert {name: plain(value) for name, value in vars(copied).items()} == {
        name: plain(value) for name, value in vars(error).items()
    }
    if isinstance(error, APIStatusError):
        assert isinstance(copied, APIStatusError)
        assert (copied.code, copied.title, copied.detail) == (error.code, error.title, error.detail)


def test_the_tree_of_errors() -> None:
    for kind in set(CLASSES.values()):
        assert issubclass(kind, APIStatusError)
    for branch in (APIStatusError, APIConnectionError, UnexpectedResponseError):
        assert issubclass(branch, APIError)
    assert issubclass(APITimeoutError, APIConnectionError)
    assert issubclass(APIError, QlikError)
    assert not issubclass(ConfigurationError, APIError)
    assert not issubclass(UnexpectedResponseError, APIStatusError)


def test_what_was_sent_hides_no_name_of_an_error() -> None:
    """A value that is called like a field, or is as long as a certificate, leaves the error as it came."""
    params = {"one": "code", "two": "errors", "three": "traceId", "long": "x" * 200_000}
    script = Script(reply(400, {"errors": [{"code": "A", "title": "t"}], "traceId": TRACE}))
    with pytest.raises(BadRequestError) as caught:
        ask("sync", script, lambda connections: connections.create(connector_id="c", params=params))
    assert (caught.value.code, caught.value.title, caught.value.trace_id) == ("A", "t", TRACE)
