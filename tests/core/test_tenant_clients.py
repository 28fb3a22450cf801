"""What a tenant does with its pool of connections, its copies, its generation of paths and the generated client."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from typing import Any

import anyio
import httpx
import pytest

from core.scripted import (
    ADDRESS,
    KEY,
    KINDS,
    PATHS,
    Kind,
    Reply,
    Script,
    ask,
    reply,
    scripted_client,
    tenant,
)
from looping import for_each, in_turn
from qlik_automation_connections import (
    AsyncTenant,
    ConfigurationError,
    ConnectionSummary,
    InsecureTransportWarning,
    Tenant,
)
from qlik_automation_connections._exchange.call import call_about
from qlik_automation_connections.sandbox import Sandbox
from qlik_automation_connections_api.api.automation_connections import (
    get_automation_connection,
    get_automation_connections,
)
from qlik_automation_connections_api.models.connection_list import ConnectionList

FOUND = reply(200, {"id": "x"})
CREATED = reply(201, {"id": "x"})


def own_pool() -> Tenant:
    # Plain http on this machine: nothing is connected before a call.
    return Tenant("http://127.0.0.1:9", api_key=KEY)


def test_a_closed_tenant_has_closed_its_pool_and_says_so() -> None:
    with own_pool() as closed:
        assert not closed.is_closed
    assert closed.is_closed
    for use in (lambda c: c.get("x"), lambda c: c.delete("x"), lambda c: list(c.list())):
        with pytest.raises(ConfigurationError, match="closed"):
            use(closed.connections)


def test_a_closed_async_tenant_has_closed_its_pool_and_says_so() -> None:
    async def run() -> None:
        async with AsyncTenant("http://127.0.0.1:9", api_key=KEY) as closed:
            await closed.with_options(timeout=1).aclose()
            assert not closed.is_closed
        assert closed.is_closed
        with pytest.raises(ConfigurationError, match="closed"):
            await closed.connections.get("x")

    anyio.run(run)


def test_a_copy_shares_the_pool_and_leaves_it_open() -> None:
    with own_pool() as original:
        with original.with_options(timeout=1) as copy:
            assert not copy.is_closed
        assert not original.is_closed
        other = original.with_options(retries=0)
    assert other.is_closed


def test_a_copy_has_options_of_its_own() -> None:
    script = Script(FOUND)
    original = tenant(script, timeout=7)
    copy = original.with_options(timeout=3)
    for used in (original, copy, original):
        used.connections.get("x")
    assert [request.extensions["timeout"]["read"] for request in script.requests] == [7, 3, 7]


def test_no_timeout_is_endless_unless_asked_for() -> None:
    script = Script(FOUND)
    tenant(script).connections.get("x")
    timeout = script.requests[0].extensions["timeout"]
    assert all(timeout[part] is not None for part in ("connect", "read", "write"))


def test_a_given_client_is_used_and_not_closed() -> None:
    script = Script(FOUND)
    client = scripted_client(script)
    with Tenant(ADDRESS, api_key=KEY, http_client=client) as one:
        one.connections.get("x")
    assert not client.is_closed
    client.close()
    assert one.is_closed

    async def run() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(script), trust_env=False) as client:
            async with AsyncTenant(ADDRESS, api_key=KEY, http_client=client) as one:
                await one.connections.get("x")
            assert not client.is_closed

    anyio.run(run)
    assert len(script.requests) == 2


def test_the_address_and_the_key_of_a_given_client_do_not_count() -> None:
    script = Script(FOUND)
    client = httpx.Client(
        transport=httpx.MockTransport(script), base_url="https://other.example/x", auth=("bot", "pw"), trust_env=False
    )
    Tenant(ADDRESS, api_key=KEY, http_client=client).connections.get("x")
    request = script.requests[0]
    assert request.url.host == "acme.eu.qlikcloud.com"
    assert request.headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("kind", KINDS)
def test_each_request_is_signed_and_asks_for_json(kind: Kind) -> None:
    script = Script(FOUND)
    ask(kind, script, lambda connections: connections.get("x"))
    headers = script.requests[0].headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["accept"] == "application/json"
    # The client was given, and is used as it is.
    assert headers["user-agent"].startswith("python-httpx/")


def test_a_client_of_our_own_says_what_it_is() -> None:
    with Sandbox(connections=1) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as own:
        request = own._request(call_about(get_automation_connection, "x"), own._options)
        assert request is not None
        assert request.headers["user-agent"].startswith("qlik-automation-connections/")


def test_a_given_client_keeps_its_time_out() -> None:
    script = Script(FOUND, FOUND)
    with httpx.Client(transport=httpx.MockTransport(script), timeout=7) as http:
        given = Tenant(ADDRESS, api_key=KEY, http_client=http)
        given.connections.get("x")
        given.connections.get("x", timeout=3)
    assert [request.extensions["timeout"]["read"] for request in script.requests] == [7, 3]


def test_the_generated_client_is_signed_in() -> None:
    with Sandbox(connections=3) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as one:
        page = get_automation_connections.sync(client=one.raw, limit=2, list_all=True)
        assert isinstance(page, ConnectionList)
        assert len(page.data) == 2
        assert all(isinstance(item, ConnectionSummary) for item in page.data)
        assert sandbox.api_key not in repr(one.raw)
        one.raw.get_httpx_client()
    assert one.is_closed


def test_the_generated_client_is_signed_in_async() -> None:
    async def run(url: str, key: str) -> None:
        async with AsyncTenant(url, api_key=key) as one:
            page = await get_automation_connections.asyncio(client=one.raw, list_all=True)
            assert isinstance(page, ConnectionList)
            assert len(page.data) == 3
            assert key not in repr(one.raw)

    with Sandbox(connections=3) as sandbox:
        anyio.run(run, sandbox.url, sandbox.api_key)


EACH: dict[str, tuple[Callable[[Any], Any], Reply, str]] = {
    "list": (lambda c: c.list(), reply(200, {}), ""),
    "create": (lambda c: c.create(connector_id="c"), CREATED, ""),
    "get": (lambda c: c.get("x"), FOUND, "/x"),
    "update": (lambda c: c.update("x", name="n"), FOUND, "/x"),
    "delete": (lambda c: c.delete("x"), Reply(204), "/x"),
    "change_owner": (lambda c: c.change_owner("x", user_id="u"), Reply(204), "/x/actions/change-owner"),
    "change_space": (lambda c: c.change_space("x", space_id=None), Reply(204), "/x/actions/change-space"),
    "check": (lambda c: c.check("x"), reply(200, {}), "/x/actions/check"),
}


@for_each("name", EACH)
@in_turn
def test_v1_warns_once_and_uses_its_own_paths(kind: Kind, name: str) -> None:
    use, answer, ending = EACH[name]
    script = Script(answer)
    with pytest.warns(DeprecationWarning, match="2027-11-30") as caught:
        ask(kind, script, use, api_version="v1")
    assert len(caught) == 1
    # The present ones are used without a word.
    ask(kind, script, use)
    assert script.raw_paths == [PATHS["v1"] + ending, PATHS["workflows"] + ending]


def test_the_warning_names_the_line_that_chose_v1() -> None:
    script = Script(FOUND)
    with pytest.warns(DeprecationWarning, match="v1") as caught:
        chosen = Tenant(ADDRESS, api_key=KEY, http_client=scripted_client(script), api_version="v1")
    assert [warning.filename for warning in caught] == [__file__]
    with pytest.warns(DeprecationWarning, match="v1") as caught:
        tenant(script).with_options(api_version="v1")
    assert [warning.filename for warning in caught] == [__file__]
    with pytest.warns(DeprecationWarning, match="v1") as caught:
        Tenant.from_env(
            {"QLIK_TENANT_URL": ADDRESS, "QLIK_API_KEY": KEY}, api_version="v1", http_client=scripted_client(script)
        )
    assert [warning.filename for warning in caught] == [__file__]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(3):
            chosen.connections.get("x")
        chosen.with_options(timeout=1, api_version="v1").connections.get("x")
        chosen.with_options(api_version="workflows").connections.get("x")
    assert script.raw_paths == [*[f"{PATHS['v1']}/x"] * 4, f"{PATHS['workflows']}/x"]


def test_the_warning_about_unverified_certificates_names_the_line_that_asked_for_it() -> None:
    with pytest.warns(InsecureTransportWarning) as caught:
        Tenant(ADDRESS, api_key=KEY, verify=False).close()
    assert [warning.filename for warning in caught] == [__file__]


BODIES: dict[str, tuple[Callable[[Any], Any], list[Reply], Any]] = {
    "create with all": (
        lambda c: c.create(connector_id="c", name="mail", params={"user": "bot", "pw": "x"}, space_id="s"),
        [CREATED],
        {
            "connectorId": "c",
            "name": "mail",
            "params": [{"name": "user", "value": "bot"}, {"name": "pw", "value": "x"}],
            "spaceId": "s",
        },
    ),
    "create sends no space for None": (
        lambda c: c.create(connector_id="c", space_id=None),
        [CREATED],
        {"connectorId": "c"},
    ),
    "create with a sequence": (
        lambda c: c.create(connector_id="c", params=[{"name": "user", "value": "bot"}]),
        [CREATED],
        {"connectorId": "c", "params": [{"name": "user", "value": "bot"}]},
    ),
    "update the name alone": (lambda c: c.update("x", name="new"), [FOUND], {"name": "new"}),
    "update params by id": (
        lambda c: c.update("x", params=[{"id": "p1", "value": "v"}]),
        [FOUND],
        {"params": [{"id": "p1", "value": "v"}]},
    ),
    "update params by name": (
        lambda c: c.update("x", name="new", params={"user": "bot"}),
        [reply(200, {"id": "x", "params": [{"id": "p0", "name": "pw"}, {"id": "p1", "name": "user"}]}), FOUND],
        {"name": "new", "params": [{"id": "p1", "value": "bot"}]},
    ),
    "change_owner": (lambda c: c.change_owner("x", user_id="u"), [Reply(204)], {"userId": "u"}),
    "change_space": (lambda c: c.change_space("x", space_id="s"), [Reply(204)], {"spaceId": "s"}),
    "change_space to the personal one": (
        lambda c: c.change_space("x", space_id=None),
        [Reply(204)],
        {"spaceId": ""},
    ),
}


@for_each("name", BODIES)
@in_turn
def test_a_body_is_sent(kind: Kind, name: str) -> None:
    use, answers, body = BODIES[name]
    script = Script(*answers)
    ask(kind, script, use)
    assert len(script.requests) == len(answers)
    assert json.loads(script.requests[-1].content) == body
    assert script.requests[-1].headers["content-type"] == "application/json"


@for_each("forced", [True, False])
def test_a_deletion_is_forced_only_if_asked(forced: bool) -> None:
    script = Script(Reply(204))
    tenant(script).connections.delete("x", forced=forced)
    assert dict(script.requests[0].url.params) == ({"forced": "true"} if forced else {})
