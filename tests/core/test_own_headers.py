"""Headers of one's own: on every request to the tenant, on no other, and shown nowhere."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from core.scripted import ADDRESS, KEY, KINDS, Kind, Reply, Script, ask, reply, tenant
from qlik_automation_connections import BadRequestError, ConfigurationError, OAuthClient, Tenant
from qlik_automation_connections.sandbox import Sandbox
from qlik_automation_connections_api.api.automation_connections import get_automation_connections

VALUE = "gateway-credential-1"
OWN = {"X-Gateway-Key": VALUE}


def sent(script: Script) -> list[str | None]:
    return [request.headers.get("x-gateway-key") for request in script.requests]


@pytest.mark.parametrize("kind", KINDS)
def test_they_are_on_requests_and_on_those_that_sign_in(kind: Kind) -> None:
    script = Script(reply(200, {"access_token": "a-token-of-some-length"}), reply(200, {"id": "x"}))
    auth = OAuthClient("id", "the-secret")
    ask(kind, script, lambda connections: connections.get("x"), auth=auth, api_key=None, headers=OWN)
    assert sent(script) == [VALUE, VALUE]
    assert script.requests[1].headers["authorization"] == "Bearer a-token-of-some-length"


def test_a_copy_adds_to_them_and_replaces_them() -> None:
    script = Script(reply(200, {"id": "x"}))
    one = tenant(script, headers=OWN)
    copy = one.with_options(headers={"x-gateway-key": "another-value", "X-Request-Id": "r-1"})
    for used in (copy, one, copy.with_options(timeout=1)):
        used.connections.get("x")
    assert sent(script) == ["another-value", VALUE, "another-value"]
    assert [request.headers.get("x-request-id") for request in script.requests] == ["r-1", None, "r-1"]


def test_the_generated_client_sends_them() -> None:
    with Sandbox(connections=1) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key, headers=OWN) as one:
        seen: list[httpx.Request] = []
        client = one.raw.get_httpx_client()
        client.event_hooks = {"request": [seen.append]}
        assert get_automation_connections.sync(client=one.raw, list_all=True) is not None
        with pytest.raises(httpx.ConnectError):
            client.get("http://127.0.0.1:1/elsewhere")
    assert [request.headers.get("x-gateway-key") for request in seen] == [VALUE, None]
    assert VALUE not in repr(client.headers)


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({"authorization": VALUE}, r"headers can't set authorization: pass api_key or auth\."),
        ({"HOST": VALUE}, r"headers can't set HOST: it is the tenant's\."),
        ({"Cookie": VALUE}, r"headers can't set Cookie: no cookie is sent\."),
        ({"Content-Length": VALUE}, "the client sets it"),
        ({VALUE + ":": "x"}, "has a name that is not an HTTP header's"),
        ({"X-Key": f"{VALUE}\r\nX-Other: 1"}, "the value of X-Key must be printable ASCII"),
        ({"X-Key": 7}, "the value of X-Key must be printable"),
        ([VALUE], "must be a mapping of names to values, not list"),
    ],
)
def test_what_cant_be_sent_is_refused_without_its_value(headers: Any, message: str) -> None:
    one = tenant(Script(reply(200, {"id": "x"})))
    uses: list[Callable[[], object]] = [
        lambda: Tenant(ADDRESS, api_key=KEY, headers=headers),
        lambda: one.with_options(headers=headers),
    ]
    for use in uses:
        with pytest.raises(ConfigurationError, match=message) as raised:
            use()
        shown = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
        ours = [frame for frame in shown.stack if "/qlik_automation_connections/" in frame.filename]
        assert VALUE not in str(raised.value)
        assert VALUE not in "".join(str(frame.locals) for frame in ours)


def test_a_value_that_the_service_repeats_is_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    body = b'{"errors": [{"code": "X", "title": "bad key %s"}]}' % VALUE.encode()
    script = Script(Reply(400, body, {"content-type": "application/json", "server": VALUE}))
    one = tenant(script, headers=OWN)
    with caplog.at_level("DEBUG", logger="qlik_automation_connections"), pytest.raises(BadRequestError) as raised:
        one.connections.get("x")
    error = raised.value
    assert error.response is not None
    assert error.request is not None
    shown = [str(error), repr(error), error.response.text, str(error.response.headers), str(error.request.headers)]
    assert not [text for text in (*shown, caplog.text, repr(vars(one))) if VALUE in text]
