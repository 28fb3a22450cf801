"""The token goes to the tenant's own origin, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable

import anyio
import httpx
import pytest

from exchange.scripted import KINDS, OPERATIONS, URL, Kind, Service, answers, ask_once, success
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


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("address", OWN + FOREIGN)
def test_where_a_request_is_signed(address: str, way: str, kind: Kind) -> None:
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
    if address in OWN:
        assert token in ("Bearer key-1", "Bearer token-1")
    else:
        assert "Bearer" not in token
        assert service.sign_ins == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    "location", ["https://other.example/", "http://tenant.example/", "/elsewhere", "//other.example"]
)
def test_no_redirect_is_followed(location: str, operation: str, way: str, kind: Kind) -> None:
    service = Service(answers(307, {"location": location}), success(operation))
    with pytest.raises(UnexpectedResponseError, match="redirects"):
        ask_once(kind, operation, service, auth=WAYS[way]())
    assert len(service.requests) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_nor_one_of_the_token_endpoint(kind: Kind) -> None:
    service = Service(
        success("getAutomationConnection"), tokens=(answers(307, {"location": "https://other.example/"}),)
    )
    with pytest.raises(UnexpectedResponseError):
        ask_once(kind, "getAutomationConnection", service, auth=WAYS["machine"]())
    assert [request.url.host for request in service.sign_ins] == ["tenant.example"]
    assert service.requests == []


@pytest.mark.parametrize("kind", KINDS)
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


@pytest.mark.parametrize("kind", KINDS)
def test_a_next_page_elsewhere_is_asked_of_the_tenant(kind: Kind) -> None:
    first = answers(200, content={"data": [], "links": {"next": {"href": "https://other.example/x?cursor=abc"}}})
    service = Service(first, success("getAutomationConnections"))
    ask_once(kind, "getAutomationConnections", service)
    assert [request.url.host for request in service.requests] == ["tenant.example", "tenant.example"]
    assert service.requests[1].url.params["cursor"] == "abc"


@pytest.mark.parametrize("make", [Tenant, AsyncTenant])
@pytest.mark.parametrize("address", ["http://tenant.example", "http://10.0.0.1", "http://127.0.0.1.example"])
def test_plain_http_is_for_this_machine(make: type[Tenant] | type[AsyncTenant], address: str) -> None:
    with pytest.raises(ConfigurationError, match="https"):
        make(address, api_key="key-1")
