"""What the token endpoint may answer, and what comes of it."""

from __future__ import annotations

import json
import socket
from typing import Any

import httpx
import pytest

from exchange.clock import Clock
from exchange.scripted import (
    CREATE,
    OPERATIONS,
    Kind,
    Reply,
    Service,
    answers,
    ask_once,
    breaks_off,
    fails,
    success,
)
from qlik_automation_connections import (
    APIConnectionError,
    APIError,
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    ImpersonatedUser,
    InternalServerError,
    NotFoundError,
    OAuthClient,
    PermissionDeniedError,
    RateLimitError,
    UnexpectedResponseError,
)

SECRET = "client-secret-4711"
GET = "getAutomationConnection"
GOOD = answers(200, content={"access_token": "token-1", "token_type": "Bearer", "expires_in": 3600})
NO_TOKEN: dict[str, Reply] = {
    "no JSON": answers(200, content="<html>"),
    "empty": answers(200),
    "null": answers(200, content="null"),
    "a list": answers(200, content=[{"access_token": "token-1"}]),
    "no access_token": answers(200, content={"token_type": "bearer", "expires_in": 3600}),
    "a null access_token": answers(200, content={"access_token": None}),
    "a blank access_token": answers(200, content={"access_token": " "}),
    "an access_token of two lines": answers(200, content={"access_token": "token\r\nX-More: 1"}),
    "an access_token that is a number": answers(200, content={"access_token": 4711}),
    "another type": answers(200, content={"access_token": "token-1", "token_type": "mac"}),
    "201": answers(201, content={"access_token": "token-1"}),
    "204": answers(204),
    "a redirect": answers(302, {"location": "https://login.example/"}),
    "no UTF-8": answers(200, content=b'{"access_token": "\xff"}'),
}


def _auth() -> OAuthClient:
    return OAuthClient("client-1", SECRET)


def test_what_is_sent_for_a_machine() -> None:
    service = Service(success(GET))
    ask_once("sync", GET, service, auth=_auth())
    (request,) = service.sign_ins
    assert (request.method, str(request.url)) == ("POST", "https://tenant.example/oauth/token")
    assert request.headers["content-type"] == "application/json"
    assert "authorization" not in request.headers
    assert json.loads(request.content) == {
        "client_id": "client-1",
        "client_secret": SECRET,
        "grant_type": "client_credentials",
    }
    assert [r.headers["authorization"] for r in service.requests] == ["Bearer token-1"]


def test_what_is_sent_with_a_scope() -> None:
    service = Service(success(GET))
    ask_once("sync", GET, service, auth=OAuthClient("client-1", SECRET, scope="admin.automations"))
    assert json.loads(service.sign_ins[0].content)["scope"] == "admin.automations"


@pytest.mark.parametrize(
    ("who", "lookup"),
    [
        ({"user_id": "u-1"}, {"field": "userId", "value": "u-1"}),
        ({"subject": "idp|ann"}, {"field": "subject", "value": "idp|ann"}),
    ],
)
def test_what_is_sent_for_a_user(who: dict[str, str], lookup: dict[str, str], kind: Kind) -> None:
    service = Service(success(GET))
    ask_once(kind, GET, service, auth=ImpersonatedUser("client-1", SECRET, **who))
    assert json.loads(service.sign_ins[0].content) == {
        "client_id": "client-1",
        "client_secret": SECRET,
        "grant_type": "urn:qlik:oauth:user-impersonation",
        "user_lookup": lookup,
        "scope": "user_default",
    }


def test_a_user_must_be_named_in_one_way() -> None:
    ways: list[dict[str, Any]] = [
        {},
        {"user_id": "u-1", "subject": "s"},
        {"user_id": " "},
        {"subject": ""},
        {"user_id": 5},
    ]
    for who in ways:
        with pytest.raises(ConfigurationError, match="user_id and subject"):
            ImpersonatedUser("client-1", SECRET, **who)


def test_credentials_that_can_not_be_any_are_refused() -> None:
    clients: list[Any] = ["", " ", None]
    secrets: list[Any] = ["", "a b", f"{SECRET}\n", None]
    for client, secret, said in (
        *((client, SECRET, "client id") for client in clients),
        *(("client-1", secret, "client secret") for secret in secrets),
    ):
        with pytest.raises(ConfigurationError, match=said) as caught:
            OAuthClient(client, secret)
        assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "error", "sign_ins"),
    [
        (400, BadRequestError, 1),
        (401, AuthenticationError, 1),
        (403, PermissionDeniedError, 1),
        (404, NotFoundError, 1),
        (418, APIStatusError, 1),
        (429, RateLimitError, 3),
        (500, InternalServerError, 3),
        (502, InternalServerError, 3),
        (503, InternalServerError, 3),
    ],
)
@pytest.mark.parametrize("operation", [GET, CREATE])
def test_a_refusal(
    clock: Clock, status: int, error: type[APIStatusError], sign_ins: int, operation: str, kind: Kind
) -> None:
    refusal = answers(status, content={"errors": [{"code": "OAUTH-1", "title": "No.", "detail": "Not you."}]})
    service = Service(success(operation), tokens=(refusal,))
    with pytest.raises(APIStatusError) as caught:
        ask_once(kind, operation, service, auth=_auth(), retries=2)
    assert type(caught.value) is error
    assert (len(service.sign_ins), len(service.requests)) == (sign_ins, 0)
    assert not caught.value.may_have_been_processed
    assert "POST /oauth/token" in caught.value.message
    assert "OAUTH-1 No.: Not you" in caught.value.message
    assert (caught.value.code, caught.value.detail) == ("OAUTH-1", "Not you.")
    assert "may have been" not in caught.value.message


def test_the_words_of_a_refusal_in_oauths_own_form(clock: Clock, kind: Kind) -> None:
    refusal = answers(401, content={"error": "invalid_client", "error_description": "The secret has expired."})
    with pytest.raises(AuthenticationError) as caught:
        ask_once(kind, GET, Service(success(GET), tokens=(refusal,)), auth=_auth(), retries=0)
    assert "401 Unauthorized: invalid_client: The secret has expired. Check the OAuth client" in caught.value.message
    assert (caught.value.code, caught.value.detail) == ("invalid_client", "The secret has expired.")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_refusal_that_passes(clock: Clock, operation: str, kind: Kind) -> None:
    for status in (429, 503):
        service = Service(success(operation), tokens=(answers(status, {"retry-after": "5"}), GOOD))
        ask_once(kind, operation, service, auth=_auth())
        assert (len(service.sign_ins), len(service.requests)) == (2, 1), status
    assert clock.waits == [5, 5]


def test_a_long_wait_is_raised_at_once(clock: Clock, kind: Kind) -> None:
    service = Service(success(GET), tokens=(answers(429, {"retry-after": "3600"}),))
    with pytest.raises(RateLimitError) as caught:
        ask_once(kind, GET, service, auth=_auth())
    assert caught.value.retry_after == 3600
    assert clock.waits == []


@pytest.mark.parametrize("reply", NO_TOKEN.values(), ids=NO_TOKEN)
def test_a_success_without_a_token(clock: Clock, reply: Reply, kind: Kind) -> None:
    service = Service(success(CREATE), tokens=(reply,))
    with pytest.raises(UnexpectedResponseError) as caught:
        ask_once(kind, CREATE, service, auth=_auth())
    assert (len(service.sign_ins), len(service.requests)) == (1, 0)
    assert not caught.value.may_have_been_processed
    assert "POST /oauth/token" in caught.value.message


@pytest.mark.parametrize(
    "failure",
    [
        fails(httpx.ReadTimeout),
        fails(httpx.ConnectError),
        fails(httpx.ConnectTimeout),
        fails(httpx.ReadError),
        fails(httpx.RemoteProtocolError),
        breaks_off,
    ],
)
@pytest.mark.parametrize("operation", [GET, CREATE])
def test_no_answer(clock: Clock, failure: Reply, operation: str, kind: Kind) -> None:
    service = Service(success(operation), tokens=(failure,))
    with pytest.raises(APIConnectionError) as caught:
        ask_once(kind, operation, service, auth=_auth(), retries=2)
    assert (len(service.sign_ins), len(service.requests)) == (3, 0)
    assert not caught.value.may_have_been_processed
    passing = Service(success(operation), tokens=(failure, GOOD))
    ask_once(kind, operation, passing, auth=_auth())
    assert (len(passing.sign_ins), len(passing.requests)) == (2, 1)


# On trio, httpx leaves the generator of a body that can't be decoded to the garbage collection, which warns.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_answer_that_is_no_gzip(clock: Clock, kind: Kind) -> None:
    def lies(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(b"no gzip"))

    service = Service(success(CREATE), tokens=(lies,))
    with pytest.raises(APIError) as caught:
        ask_once(kind, CREATE, service, auth=_auth(), retries=0)
    assert not caught.value.may_have_been_processed
    assert service.requests == []


def test_nobody_listens(clock: Clock, kind: Kind) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(APIConnectionError) as caught:
        ask_once(kind, CREATE, url=f"http://127.0.0.1:{port}", auth=_auth(), retries=1)
    assert not caught.value.may_have_been_processed
    assert caught.value.attempts == 2


def test_a_renewal_that_fails_after_a_401(clock: Clock, kind: Kind) -> None:
    service = Service(answers(401), tokens=(GOOD, answers(401)))
    with pytest.raises(AuthenticationError) as caught:
        ask_once(kind, CREATE, service, auth=_auth())
    assert "POST /oauth/token" in caught.value.message
    assert not caught.value.may_have_been_processed
    assert (len(service.sign_ins), len(service.requests)) == (2, 1)


def test_a_failed_sign_in_is_not_kept(clock: Clock, kind: Kind) -> None:
    auth = _auth()
    service = Service(success(GET), tokens=(answers(401), GOOD))
    with pytest.raises(AuthenticationError):
        ask_once(kind, GET, service, auth=auth)
    assert ask_once(kind, GET, service, auth=auth).id == "c-1"


def test_a_doubtful_deletion_stays_doubtful_when_signing_in_again_fails(clock: Clock, kind: Kind) -> None:
    def no_answer_and_a_late_clock(request: httpx.Request) -> httpx.Response:
        clock.now += 30
        raise httpx.ReadTimeout("as scripted")

    short = answers(200, content={"access_token": "token-1", "expires_in": 10})
    service = Service(no_answer_and_a_late_clock, tokens=(short, answers(401)))
    with pytest.raises(AuthenticationError) as caught:
        ask_once(kind, "deleteAutomationConnection", service, auth=_auth())
    assert caught.value.may_have_been_processed
