"""The token goes to the tenant's own origin, and nowhere else."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import anyio
import httpx
import pytest

from exchange.scripted import URL, Kind, Service, answers, ask_once, success
from qlik_automation_connections import (
    ApiKey,
    AsyncTenant,
    ConfigurationError,
    ImpersonatedUser,
    OAuthClient,
    Tenant,
    TokenCallable,
    UnexpectedResponseError,
)
from qlik_automation_connections._exchange.signing import AsyncSigningClient, Signer, SigningClient
from qlik_automation_connections.sandbox import Fault, Sandbox

WAYS: dict[str, Callable[[], httpx.Auth]] = {
    "key": lambda: ApiKey("key-1"),
    "machine": lambda: OAuthClient("client-1", "secret-1"),
    "user": lambda: ImpersonatedUser("client-1", "secret-1", user_id="u-1"),
    "vault": lambda: TokenCallable(lambda: "token-1"),
}
OWN = ["https://tenant.example/", "https://tenant.example/api/v1/items?x=1", "https://TENANT.example:443/"]
FOREIGN = [
    "https://other.example/",
    "https://tenant.example.other.example/",
    "https://sub.tenant.example/",
    "https://tenant.example:8443/",
    "http://tenant.example/",
    "http://tenant.example:443/",
    "https://tenant.example@other.example/",
    "https://tenant.example./",
]


@pytest.mark.parametrize("way", WAYS)
def test_where_a_request_is_signed(way: str, kind: Kind) -> None:
    def signed(address: str) -> bool:
        service = Service(answers(200))
        transport = httpx.MockTransport(service)
        signer = Signer(WAYS[way](), httpx.URL(URL))

        async def get() -> None:
            async with AsyncSigningClient(signer=signer, transport=transport) as http:
                await http.get(address)

        if kind == "sync":
            with SigningClient(signer=signer, transport=transport) as http:
                http.get(address)
        else:
            anyio.run(get, backend=kind)
        (request,) = service.requests
        token = request.headers.get("authorization", "")
        if token in ("Bearer key-1", "Bearer token-1"):
            return True
        assert "Bearer" not in token, address
        assert service.sign_ins == [], address
        return False

    assert [address for address in OWN + FOREIGN if signed(address)] == OWN


def test_no_redirect_is_followed(kind: Kind) -> None:
    locations = ["https://other.example/", "http://tenant.example/", "/elsewhere", "//other.example"]
    for location, way in itertools.product(locations, WAYS.values()):
        service = Service(answers(307, {"location": location}), success("getAutomationConnection"))
        with pytest.raises(UnexpectedResponseError, match="redirects"):
            ask_once(kind, "getAutomationConnection", service, auth=way())
        assert len(service.requests) == 1, location


def test_nor_one_of_the_token_endpoint(kind: Kind) -> None:
    service = Service(
        success("getAutomationConnection"), tokens=(answers(307, {"location": "https://other.example/"}),)
    )
    with pytest.raises(UnexpectedResponseError):
        ask_once(kind, "getAutomationConnection", service, auth=WAYS["machine"]())
    assert [request.url.host for request in service.sign_ins] == ["tenant.example"]
    assert service.requests == []


def test_the_raw_client_signs_for_the_tenant_alone(kind: Kind) -> None:
    path = "/api/workflows/automation-connections"

    async def get(own: str, other: str, key: str) -> None:
        async with AsyncTenant(own, api_key=key) as tenant:
            http = tenant.raw.get_async_httpx_client()
            assert (await http.get(path)).status_code == 200
            assert (await http.get(other + path)).status_code == 401
            assert (await http.get(path, follow_redirects=True)).status_code == 401

    with Sandbox(1) as tenant_sandbox, Sandbox(1) as other_sandbox:
        # After a plain answer, a redirect to the other one, which knows the same key.
        away = {"location": other_sandbox.url + path}
        tenant_sandbox.fail(Fault("getAutomationConnections", status=307, headers=away, after=1))
        if kind == "sync":
            with Tenant(tenant_sandbox.url, api_key=tenant_sandbox.api_key) as tenant:
                http = tenant.raw.get_httpx_client()
                assert http.get(path).status_code == 200
                assert http.get(other_sandbox.url + path).status_code == 401
                assert http.get(path, follow_redirects=True).status_code == 401
        else:
            anyio.run(get, tenant_sandbox.url, other_sandbox.url, tenant_sandbox.api_key, backend=kind)
        assert [entry.principal for entry in other_sandbox.ledger] == [None, None]


@pytest.mark.parametrize("make", [Tenant, AsyncTenant])
def test_plain_http_is_for_this_machine(make: type[Tenant] | type[AsyncTenant]) -> None:
    for address in ("http://tenant.example", "http://10.0.0.1", "http://127.0.0.1.example"):
        with pytest.raises(ConfigurationError, match="https"):
            make(address, api_key="key-1")
