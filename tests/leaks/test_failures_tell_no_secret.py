"""No failure shows a secret, not even where the service repeats what it was sent."""

from __future__ import annotations

import logging

import httpx
import pytest

from exchange.clock import Clock
from exchange.scripted import Kind, Reply, answers, breaks_off, fails
from leaks import hostile, marked, shown
from leaks.asked import KINDS, OPERATIONS, errors_of
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
    "ratelimit-remaining",
    "www-authenticate",
    "x-b3-traceid",
    "x-request-id",
)
GET = ("getAutomationConnection",)


def _shown(errors: list[BaseException], records: list[logging.LogRecord]) -> dict[str, str]:
    texts = shown.of_records(records)
    for error in errors:
        assert isinstance(error, QlikError)
        operation = getattr(error, "operation", "")
        texts |= {f"{operation} {place}": text for place, text in shown.of_error(error).items()}
    return texts


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


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("body", ["JSON", "HTML"])
def test_an_error_that_repeats_the_request(
    clock: Clock, log: pytest.LogCaptureFixture, status: int, body: str, kind: Kind
) -> None:
    errors = errors_of(kind, hostile.repeats(status, body))
    assert len(errors) == len(OPERATIONS)
    assert marked.found_in(_shown(errors, log.records)) == {}


@pytest.mark.parametrize("oauth", [False, True])
@pytest.mark.parametrize("body", hostile.BODIES)
def test_in_whatever_spelling(clock: Clock, log: pytest.LogCaptureFixture, body: str, oauth: bool) -> None:
    errors = errors_of("sync", hostile.repeats(400, body), oauth=oauth, difficult=not oauth)
    assert marked.found_in(_shown(errors, log.records)) == {}


@pytest.mark.parametrize("status", [400, 500])
def test_in_the_trace_id(clock: Clock, log: pytest.LogCaptureFixture, status: int) -> None:
    errors = errors_of("sync", hostile.repeats_as_trace_id(status))
    assert marked.found_in(_shown(errors, [])) == {}
    assert marked.found_in(shown.of_records(log.records)) == {}


@pytest.mark.filterwarnings("always:.*the service announces:DeprecationWarning")
@pytest.mark.parametrize("name", HEADERS)
def test_in_whatever_header(
    clock: Clock, log: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder, name: str
) -> None:
    with capture_responses() as responses:
        errors = [
            error
            for status in (200, 302, 400, 500)
            for error in errors_of("sync", hostile.repeats_in_header(status, name), operations=GET)
        ]
    beside = {"responses": repr([(said, dict(said.headers)) for said in responses]), "warnings": str(list(recwarn))}
    assert {said.status_code for said in responses} == {200, 302, 400, 500}
    assert marked.found_in(_shown(errors, log.records) | beside) == {}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [400, 401, 403, 429, 500, 503])
@pytest.mark.parametrize("body", ["JSON", "HTML"])
def test_a_token_endpoint_that_repeats_the_request(
    clock: Clock, log: pytest.LogCaptureFixture, status: int, body: str, kind: Kind
) -> None:
    token = hostile.repeats(status, body)
    errors = errors_of(kind, answers(200), operations=GET, oauth=True, token=token)
    assert marked.found_in(_shown(errors, log.records)) == {}


@pytest.mark.parametrize("body", hostile.BODIES)
def test_a_token_endpoint_with_whatever_spelling(clock: Clock, log: pytest.LogCaptureFixture, body: str) -> None:
    token = hostile.repeats(400, body)
    errors = errors_of("sync", answers(200), operations=GET, oauth=True, token=token, difficult=True)
    assert marked.found_in(_shown(errors, log.records)) == {}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
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
def test_a_token_that_is_none(clock: Clock, log: pytest.LogCaptureFixture, content: object, kind: Kind) -> None:
    errors = errors_of(kind, answers(200), operations=GET, oauth=True, token=answers(200, content=content))
    assert marked.found_in(_shown(errors, log.records)) == {}


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


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("oauth", [False, True])
@pytest.mark.parametrize("reply", TROUBLE.values(), ids=TROUBLE)
def test_no_answer(clock: Clock, log: pytest.LogCaptureFixture, reply: Reply, oauth: bool, kind: Kind) -> None:
    errors = errors_of(kind, reply, oauth=oauth)
    assert marked.found_in(_shown(errors, log.records)) == {}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reply", [reply for name, reply in TROUBLE.items() if name != "a redirect"])
def test_no_answer_of_the_token_endpoint(clock: Clock, log: pytest.LogCaptureFixture, reply: Reply, kind: Kind) -> None:
    errors = errors_of(kind, answers(200), operations=GET, oauth=True, token=reply)
    assert marked.found_in(_shown(errors, log.records)) == {}


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


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("content", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("operation", ["createAutomationConnection", "getAutomationConnection"])
def test_a_success_that_is_none(
    clock: Clock, log: pytest.LogCaptureFixture, operation: str, content: object, kind: Kind
) -> None:
    status = 201 if operation == "createAutomationConnection" else 200
    errors = errors_of(kind, answers(status, content=content), operations=(operation,))
    assert marked.found_in(_shown(errors, log.records)) == {}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "reply", [hostile.repeats(400, "JSON"), hostile.repeats(503, "HTML"), breaks_off], ids=["400", "503", "reset"]
)
def test_tracebacks_with_local_variables(clock: Clock, reply: Reply, kind: Kind) -> None:
    for error in errors_of(kind, reply, operations=("createAutomationConnection", *GET)):
        texts = {"rich": shown.rich_traceback(error), "standard": shown.standard_traceback(error)}
        assert all("call" in text for text in texts.values())
        assert marked.found_in(texts) == {}
