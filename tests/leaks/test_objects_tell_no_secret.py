"""What is printed or logged of the objects that users have in hand."""

from __future__ import annotations

import copy
import logging
import pickle
import warnings
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from exchange.clock import Clock
from exchange.scripted import URL, Kind, Service, answers, success
from leaks import marked, shown
from leaks.asked import KINDS, outcomes_of
from looping import for_each, in_turn
from qlik_automation_connections import (
    ApiKey,
    AsyncTenant,
    ImpersonatedUser,
    OAuthClient,
    Tenant,
    TokenCallable,
)
from qlik_automation_connections._auth.oauth import SignInError
from qlik_automation_connections._exchange.call import Call
from qlik_automation_connections._exchange.send import Send
from qlik_automation_connections._raw_response import RawResponse
from qlik_automation_connections._resources.requests import create
from qlik_automation_connections._secrets import Secret

AUTHS: dict[str, Callable[[], httpx.Auth]] = {
    "key": lambda: ApiKey(marked.API_KEY),
    "machine": lambda: OAuthClient("client-1", marked.CLIENT_SECRET),
    "user": lambda: ImpersonatedUser("client-1", marked.CLIENT_SECRET, user_id="u-1"),
    "vault": lambda: TokenCallable(Secret(marked.API_KEY).get_secret_value),
}
DETAIL = {
    "id": "c-1",
    "name": "mail",
    "params": [
        {"id": "p-1", "name": "password", "value": marked.PARAM_READ},
        {"id": "p-2", "name": "odd", "value": [marked.PARAM_READ], "order": marked.PARAM_READ},
        {"id": "p-3", "name": "new", "secretOfTomorrow": marked.PARAM_READ},
    ],
    "secretOfTomorrow": marked.PARAM_READ,
    "createdAt": marked.PARAM_READ,
}


def _parts(value: Any, depth: int = 6) -> list[Any]:
    """An object and what hangs on it."""
    if depth == 0 or isinstance(value, str | bytes | int | float | type | Secret | None):
        return []
    inside = vars(value).values() if hasattr(value, "__dict__") else ()
    return [value, *(part for attribute in list(inside) for part in _parts(attribute, depth - 1))]


@for_each("way", AUTHS)
def test_tenants_and_ways_to_sign_in(clock: Clock, way: str) -> None:
    auth = AUTHS[way]()
    token = answers(200, content={"access_token": marked.ACCESS_TOKEN})
    service = Service(success("getAutomationConnection"), tokens=(token,))
    with httpx.Client(transport=httpx.MockTransport(service)) as http:
        tenant = Tenant(URL, auth=auth, http_client=http)
        tenant.connections.get("c-1")
        assert "MARKED" in service.requests[0].headers["authorization"]
        other = tenant.with_options(timeout=3)
        objects = [*_parts(tenant), other, other.connections, tenant.connections.list(), tenant.raw, *_parts(auth)]
    assert auth in objects
    assert marked.found_in(shown.of_objects(objects)) == {}


@for_each("make", [Tenant, AsyncTenant])
def test_tenants_with_clients_of_their_own(make: type[Tenant] | type[AsyncTenant]) -> None:
    for way in AUTHS.values():
        tenant = make(URL, auth=way())
        assert marked.found_in(shown.of_objects([*_parts(tenant), tenant.raw])) == {}


@for_each("way", AUTHS)
@for_each("act", [pickle.dumps, copy.deepcopy])
def test_ways_to_sign_in_are_not_written_down(act: Callable[[Any], Any], way: str) -> None:
    auth = AUTHS[way]()
    with pytest.raises(TypeError, match="pickle") as caught:
        act(auth)
    assert marked.found_in(shown.of_error(caught.value)) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_connections(clock: Clock, log: pytest.LogCaptureFixture, kind: Kind) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        results = [
            *outcomes_of(kind, answers(200, content=DETAIL), operations=("getAutomationConnection",)),
            *outcomes_of(kind, answers(201, content=DETAIL), operations=("createAutomationConnection",)),
            *outcomes_of(kind, answers(200, content=DETAIL), operations=("updateAutomationConnection",)),
        ]
    for connection in results:
        assert connection.params[0].value == marked.PARAM_READ
        logging.getLogger("elsewhere").warning("%s %r", connection, connection.params)
        pickled = pickle.loads(pickle.dumps(connection))
        assert pickled == connection
        assert marked.found_in(shown.of_objects([connection, pickled, copy.copy(connection), *connection.params])) == {}
    assert caught
    assert marked.found_in({str(number): str(warning.message) for number, warning in enumerate(caught)}) == {}
    assert marked.found_in(shown.of_records(log.records)) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_automations(clock: Clock, log: pytest.LogCaptureFixture, kind: Kind) -> None:
    secret = marked.PARAM_READ
    content = {
        "id": "c-1",
        "executionToken": secret,
        "workspace": {"blocks": [{"inputs": [{"id": "password", "value": secret}]}], "variables": [secret]},
        "lastRun": {"error": [secret]},
        "createdAt": secret,
    }
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        (automation,) = outcomes_of(kind, answers(200, content=content), operations=("getAutomation",))
        ((summary,),) = outcomes_of(kind, answers(200, content={"data": [content]}), operations=("getAutomations",))
    assert automation.execution_token == summary.execution_token == secret
    logging.getLogger("elsewhere").warning("%s %r", automation, [summary])
    pickled = pickle.loads(pickle.dumps(automation))
    assert pickled == automation
    assert marked.found_in(shown.of_objects([automation, pickled, summary, copy.copy(summary)])) == {}
    assert caught
    assert marked.found_in({str(number): str(warning.message) for number, warning in enumerate(caught)}) == {}
    assert marked.found_in(shown.of_records(log.records)) == {}


@for_each(
    "error",
    [
        {"message": f"the password {marked.PARAM_SENT} is wrong"},
        f"the password {marked.PARAM_SENT} is wrong",
        [marked.PARAM_SENT],
    ],
)
@in_turn
def test_a_connection_created_with_an_error(
    clock: Clock, log: pytest.LogCaptureFixture, error: Any, kind: Kind
) -> None:
    content = {"id": "c-1", "error": error}
    (connection,) = outcomes_of(kind, answers(201, content=content), operations=("createAutomationConnection",))
    assert connection.error
    assert marked.found_in(shown.of_records(log.records)) == {}
    assert marked.found_in(shown.of_objects([connection])) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_a_warning_that_is_an_error(clock: Clock, log: pytest.LogCaptureFixture, kind: Kind) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (error,) = outcomes_of(kind, answers(200, content=DETAIL), operations=("getAutomationConnection",))
    assert isinstance(error, UserWarning)
    assert marked.found_in({**shown.of_error(error), "rich": shown.rich_traceback(error)}) == {}


def test_what_is_on_its_way() -> None:
    call: Call[Any] = create(
        connector_id="k-1", name="mail", params=Secret({"password": marked.PARAM_SENT}), space_id=None
    )
    headers = {"authorization": f"Bearer {marked.API_KEY}"}
    request = httpx.Request("POST", URL, headers=headers, json=call.arguments["json"])
    answer = RawResponse(request, 200, httpx.Headers({"x-echo": marked.API_KEY}), marked.PARAM_READ.encode(), 0.1)
    objects = [
        call,
        Send(call, request, 5.0),
        answer,
        request,
        request.headers,
        SignInError(answer, "it is no success"),
    ]
    assert marked.found_in(shown.of_objects([*objects, objects])) == {}


def test_a_concealed_value() -> None:
    secret = Secret(marked.API_KEY)
    assert secret.get_secret_value() == marked.API_KEY
    assert secret == Secret(marked.API_KEY)
    assert secret != Secret("another")
    assert marked.found_in(shown.of_objects([secret, [secret], {"key": secret}])) == {}
    for act in (pickle.dumps, copy.copy, copy.deepcopy, hash):
        with pytest.raises(TypeError) as caught:
            act(secret)
        assert marked.found_in(shown.of_error(caught.value)) == {}
