"""What a tenant sends with a client of its own is what httpx builds, though little of it is built for each request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anyio
import httpx
import pytest

from attack.server import HostileServer, answers_json
from core.scripted import KEY
from qlik_automation_connections import AsyncTenant, Tenant

ID = "ü %?/"
OPERATIONS: dict[str, Callable[[Any], Any]] = {
    "list": lambda c: c.list(name='a "b" & c=é', list_all=True, limit=7, cursor="a+b=%25").first(),
    "list the first page": lambda c: c.list().first(),
    "get": lambda c: c.get(ID),
    "check": lambda c: c.check(ID),
    "update": lambda c: c.update(ID, name="é"),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_it_is_what_httpx_builds(name: str) -> None:
    use = OPERATIONS[name]
    with HostileServer(answers_json(200, {"id": ID, "data": []})) as server:
        with Tenant(server.url, api_key=KEY) as own:
            headers = {"User-Agent": own.raw.get_httpx_client().headers["User-Agent"]}
            for _ in range(2):
                use(own.connections)
        with httpx.Client(headers=headers) as client:
            use(Tenant(server.url, api_key=KEY, http_client=client).connections)

        async def run() -> None:
            async with AsyncTenant(server.url, api_key=KEY) as own:
                await use(own.connections)

        anyio.run(run)
    first, *others = [(seen.method, seen.target, seen.headers, seen.body) for seen in server.requests]
    assert len(others) == 3
    assert all(other == first for other in others)


def test_what_is_changed_on_the_shared_client_counts_at_once() -> None:
    with HostileServer(answers_json(200, {"id": "x"})) as server, Tenant(server.url, api_key=KEY) as own:
        shared = own.raw.get_httpx_client()
        own.connections.get("x")
        shared.headers["X-Added"] = "1"
        shared.headers["Accept"] = "text/html"
        own.connections.get("x")
        shared.params = {"added": "2"}
        own.connections.get("x")
        shared.headers.pop("X-Added")
        shared.params = {}
        shared.cookies = httpx.Cookies({"added": "3"})
        own.connections.get("x")
    before, headers, params, cookies = server.requests
    assert headers.headers == {**before.headers, "x-added": "1"}
    assert params.headers == headers.headers
    assert params.target == f"{before.target}?added=2"
    assert cookies.headers == {**before.headers, "cookie": "added=3"}


def test_tenants_may_share_a_client() -> None:
    answers = answers_json(200, {"id": "x"})
    with HostileServer(answers) as one, HostileServer(answers) as two, Tenant(one.url, api_key=KEY) as own:
        shared = own.raw.get_httpx_client()
        for server in (one, two, one):
            Tenant(server.url, api_key=KEY, http_client=shared).connections.get("x")
    for server, count in ((one, 2), (two, 1)):
        assert [f"http://{seen.headers['host']}" for seen in server.requests] == [server.url] * count
