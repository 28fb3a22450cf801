"""No failure shows a secret, not even where the service repeats what it was sent."""

from __future__ import annotations

import logging

import httpx
import pytest

from exchange.clock import Clock
from exchange.scripted import Kind, Reply, answers, breaks_off, fails
from leaks import hostile, marked, shown
from leaks.asked import OPERATIONS, errors_of
from looping import for_each, in_turn
from qlik_automation_connections import QlikError, capture_responses

STATUSES = (400, 401, 403, 404, 409, 418, 422, 429, 500, 502, 503, 504, 520, 599)
# What may be kept of an answer's headers, and some that are not.
HEADERS = (
    "content-type",
    "date",
    "deprecation",
    "link",
    "location",
    "retry-after",
    "server",
    "set-cookie",
    "sunset",
    "ratelimit-limit",
    "ratelimit-remaining",
    "www-authenticate",
    "x-b3-traceid",
    "x-request-id",
)
GET = ("getAutomationConnection",)
SENDING = (*GET, "createAutomationConnection", "updateAutomationConnection")


def _leaked(errors: list[BaseException], log: pytest.LogCaptureFixture, **beside: str) -> dict[str, str]:
    """Where errors, the log since the last look, and other texts show a secret."""
    texts = shown.of_records(log.records) | beside
    log.clear()
    for error in errors:
        assert isinstance(error, QlikError)
        operation = getattr(error, "operation", "")
        texts |= {f"{operation} {place}": text for place, text in shown.of_error(error).items()}
    return marked.found_in(texts)


def test_what_is_looked_for_would_be_found(log: pytest.LogCaptureFixture) -> None:
    """The marks survive all encodings in use here, so that nothing below passes for want of eyes."""
    request = httpx.Request(
        "PUT",
        "https://tenant.example/",
        headers={"authorization": f"Bearer {marked.API_KEY}"},
        json={"params": [{"value": marked.PARAM_SENT}], "client_secret": marked.CLIENT_SECRET},
    )
    for body in hostile.BODIES:
        response = hostile.repeats(400, body)(request)
        for core in ("MARKEDAPIKEY", "MARKEDPARAMSENT", "MARKEDCLIENTSECRET"):
            assert core in response.text
    error = QlikError("x")
    error.secret = marked.API_KEY  # type: ignore[attr-defined]
    places = marked.found_in(shown.of_error(error))
    assert {"error.secret", "unpickled.secret", "copied.secret", "pickle"} <= places.keys()
    logging.getLogger("qlik_automation_connections").debug("%s", [marked.PARAM_READ])
    assert marked.found_in(shown.of_records(log.records))


@for_each("status", STATUSES)
@for_each("body", ["JSON", "HTML"])
@in_turn
def test_an_error_that_repeats_the_request(
    clock: Clock, log: pytest.LogCaptureFixture, status: int, body: str, kind: Kind
) -> None:
    operations = OPERATIONS if status in (400, 503) else SENDING
    errors = errors_of(kind, hostile.repeats(status, body), operations=operations)
    assert len(errors) == len(operations)
    assert _leaked(errors, log) == {}


@for_each("oauth", [False, True])
@for_each("body", hostile.BODIES)
def test_in_whatever_spelling(clock: Clock, log: pytest.LogCaptureFixture, body: str, oauth: bool) -> None:
    errors = errors_of("sync", hostile.repeats(400, body), operations=SENDING, oauth=oauth, difficult=not oauth)
    assert _leaked(errors, log) == {}


@for_each("status", [400, 500])
def test_in_the_trace_id(clock: Clock, log: pytest.LogCaptureFixture, status: int) -> None:
    errors = errors_of("sync", hostile.repeats_as_trace_id(status), operations=SENDING)
    assert _leaked(errors, log) == {}


@pytest.mark.filterwarnings("always:.*the service announces:DeprecationWarning")
@for_each("name", HEADERS)
def test_in_whatever_header(
    clock: Clock, log: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder, name: str
) -> None:
    with capture_responses() as responses:
        errors = [
            error
            for status in (200, 302, 400, 500)
            for error in errors_of("sync", hostile.repeats_in_header(status, name), operations=GET)
        ]
    said = repr([(said, dict(said.headers)) for said in responses])
    assert {said.status_code for said in responses} == {200, 302, 400, 500}
    assert _leaked(errors, log, responses=said, warnings=str(list(recwarn))) == {}


@for_each("status", [400, 401, 403, 429, 500, 503])
@for_each("body", ["JSON", "HTML"])
@in_turn
def test_a_token_endpoint_that_repeats_the_request(
    clock: Clock, log: pytest.LogCaptureFixture, status: int, body: str, kind: Kind
) -> None:
    token = hostile.repeats(status, body)
    errors = errors_of(kind, answers(200), operations=GET, oauth=True, token=token)
    assert _leaked(errors, log) == {}


@for_each("body", hostile.BODIES)
def test_a_token_endpoint_with_whatever_spelling(clock: Clock, log: pytest.LogCaptureFixture, body: str) -> None:
    token = hostile.repeats(400, body)
    errors = errors_of("sync", answers(200), operations=GET, oauth=True, token=token, difficult=True)
    assert _leaked(errors, log) == {}


@for_each(
    "content",
    [
        {"access_token": f"{marked.ACCESS_TOKEN} {marked.ACCESS_TOKEN}"},
        {"access_token": [marked.ACCESS_TOKEN]},
        {"access_token": f"{marked.ACCESS_TOKEN}\n"},
        {"access_token": marked.ACCESS_TOKEN, "token_type": marked.ACCESS_TOKEN},
        {"token": marked.ACCESS_TOKEN},
        [marked.ACCESS_TOKEN],
        f"{marked.ACCESS_TOKEN} is no JSON",
    ],
)
@in_turn
def test_a_token_that_is_none(clock: Clock, log: pytest.LogCaptureFixture, content: object, kind: Kind) -> None:
    errors = errors_of(kind, answers(200), operations=GET, oauth=True, token=answers(200, content=content))
    assert _leaked(errors, log) == {}


TROUBLE: dict[str, Reply] = {
    "no connection": fails(httpx.ConnectError),
    "time-out": fails(httpx.ReadTimeout),
    "time-out of the request": fails(httpx.WriteTimeout),
    "reset": fails(httpx.ReadError),
    "reset in the answer": breaks_off,
    "no HTTP": fails(httpx.RemoteProtocolError),
    "a redirect": lambda request: httpx.Response(
        307, headers={"location": f"https://other.example/?token={request.headers['authorization']}"}
    ),
}


@for_each("oauth", [False, True])
@for_each("reply", TROUBLE.values())
@in_turn
def test_no_answer(clock: Clock, log: pytest.LogCaptureFixture, reply: Reply, oauth: bool, kind: Kind) -> None:
    errors = errors_of(kind, reply, operations=SENDING, oauth=oauth)
    assert _leaked(errors, log) == {}


@for_each("reply", [reply for name, reply in TROUBLE.items() if name != "a redirect"])
@in_turn
def test_no_answer_of_the_token_endpoint(clock: Clock, log: pytest.LogCaptureFixture, reply: Reply, kind: Kind) -> None:
    errors = errors_of(kind, answers(200), operations=GET, oauth=True, token=reply)
    assert _leaked(errors, log) == {}


SECRET = marked.PARAM_READ
WRONG: dict[str, object] = {
    "no JSON": f"password={SECRET}",
    "JSON cut off": f'{{"params": [{{"value": "{SECRET}"',
    "a list": [SECRET],
    "a string": f'"{SECRET}"',
    "params is a string": {"id": "c-1", "params": SECRET},
    "params holds strings": {"id": "c-1", "params": [SECRET]},
    "an error": {"errors": [{"code": SECRET, "title": SECRET}], "traceId": SECRET},
    "an error in other words": {"message": SECRET, "error_description": SECRET},
    "no UTF-8": f'{{"id": "{SECRET}'.encode() + b'\xff"}',
}


@for_each("content", WRONG.values())
@for_each("operation", ["createAutomationConnection", "getAutomationConnection"])
@in_turn
def test_a_success_that_is_none(
    clock: Clock, log: pytest.LogCaptureFixture, operation: str, content: object, kind: Kind
) -> None:
    status = 201 if operation == "createAutomationConnection" else 200
    errors = errors_of(kind, answers(status, content=content), operations=(operation,))
    assert _leaked(errors, log) == {}


@for_each("reply", [hostile.repeats(400, "JSON"), hostile.repeats(503, "HTML"), breaks_off])
@in_turn
def test_tracebacks_with_local_variables(clock: Clock, reply: Reply, kind: Kind) -> None:
    for error in errors_of(kind, reply, operations=("createAutomationConnection",)):
        texts = {"rich": shown.rich_traceback(error), "standard": shown.standard_traceback(error)}
        assert all("call" in text for text in texts.values())
        assert marked.found_in(texts) == {}
