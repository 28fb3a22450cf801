"""A second sign-in, for automations alone: one principal changes connections, another reads everybody's automations."""

from __future__ import annotations

from collections.abc import Iterator

import anyio
import httpx
import pytest

from qlik_automation_connections import (
    ApiKey,
    AsyncTenant,
    ConfigurationError,
    OAuthClient,
    PermissionDeniedError,
    Tenant,
)
from qlik_automation_connections.sandbox import Sandbox

AUTOMATIONS = ("getAutomations", "getAutomation")
CLIENT = "QLIK_AUTOMATIONS_OAUTH_CLIENT_ID"
SECRET = "QLIK_AUTOMATIONS_OAUTH_CLIENT_SECRET"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(30) as running:
        yield running


def machine(sandbox: Sandbox) -> OAuthClient:
    return OAuthClient(sandbox.client_id, sandbox.client_secret)


def of_others(sandbox: Sandbox) -> str:
    """The automation of somebody who is not the administrator."""
    return next(item.id for item in sandbox.automations if item.owner_id != sandbox.users[0].id)


def principals(sandbox: Sandbox) -> dict[bool, set[str | None]]:
    """Who asked for automations, and who for anything else but a token."""
    found: dict[bool, set[str | None]] = {True: set(), False: set()}
    for entry in sandbox.ledger:
        if entry.operation != "oauthToken":
            found[entry.operation in AUTOMATIONS].add(entry.principal)
    return found


def assert_two_principals(sandbox: Sandbox) -> None:
    assert principals(sandbox) == {True: {f"client:{sandbox.client_id}"}, False: {f"user:{sandbox.users[0].id}"}}


def test_automations_are_asked_for_by_another_principal(sandbox: Sandbox) -> None:
    with Tenant(sandbox.url, api_key=sandbox.api_key, automations_auth=machine(sandbox)) as tenant:
        for asked in (tenant, tenant.with_options(timeout=5)):
            assert len(list(asked.automations.list(list_all=True))) == len(sandbox.automations)
            assert asked.automations.get(of_others(sandbox)).workspace is not None
            assert asked.automations.get_json(of_others(sandbox))["workspace"]
        made = tenant.connections.create(connector_id=sandbox.connectors[0].id, name="mail")
        tenant.connections.delete(made.id)
        tenant.connectors.get(sandbox.connectors[0].id)
    assert_two_principals(sandbox)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_so_they_are_where_the_tenant_is_async(sandbox: Sandbox, backend: str) -> None:
    async def run() -> None:
        async with AsyncTenant(sandbox.url, api_key=sandbox.api_key, automations_auth=machine(sandbox)) as tenant:
            assert len([item async for item in tenant.automations.list(list_all=True)]) == len(sandbox.automations)
            assert (await tenant.automations.get(of_others(sandbox))).workspace is not None
            await tenant.connections.check(sandbox.snapshot()[0]["id"])

    anyio.run(run, backend=backend)
    assert_two_principals(sandbox)


def test_a_client_of_ones_own_signs_in_twice_too(sandbox: Sandbox) -> None:
    with httpx.Client(trust_env=False) as http:
        key, bot = sandbox.api_key, machine(sandbox)
        tenant = Tenant(sandbox.url, api_key=key, automations_auth=bot, http_client=http)
        tenant.automations.get(of_others(sandbox))
        tenant.connections.get(sandbox.snapshot()[0]["id"])
    assert_two_principals(sandbox)


def test_a_refusal_says_which_sign_in_may_read_it(sandbox: Sandbox) -> None:
    with Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        assert tenant.automations_auth is tenant.auth
        with pytest.raises(PermissionDeniedError, match=r"scope admin\.automations.*automations_auth"):
            tenant.automations.get(of_others(sandbox))


def test_it_must_be_a_way_to_sign_in(sandbox: Sandbox) -> None:
    with pytest.raises(ConfigurationError, match=r"automations_auth must be an httpx\.Auth") as caught:
        Tenant(sandbox.url, api_key="k", automations_auth="marked-secret")  # type: ignore[arg-type]
    assert "marked-secret" not in caught.value.message


def test_the_environment_may_name_it(sandbox: Sandbox) -> None:
    access = {"QLIK_TENANT_URL": sandbox.url, "QLIK_API_KEY": sandbox.api_key}
    with Tenant.from_env({**access, CLIENT: sandbox.client_id, SECRET: f" {sandbox.client_secret}\n"}) as tenant:
        tenant.automations.get(of_others(sandbox))
        tenant.connections.get(sandbox.snapshot()[0]["id"])
    assert_two_principals(sandbox)
    given = ApiKey(sandbox.api_key)
    with Tenant.from_env({**access, CLIENT: "x", SECRET: "y"}, automations_auth=given) as tenant:
        assert tenant.automations_auth is given
    with Tenant.from_env({**access, CLIENT: " ", SECRET: ""}) as tenant:
        assert tenant.automations_auth is tenant.auth


@pytest.mark.parametrize(("given", "missing"), [(CLIENT, SECRET), (SECRET, CLIENT)])
def test_half_of_it_in_the_environment_is_refused(given: str, missing: str) -> None:
    for make in (Tenant, AsyncTenant):
        with pytest.raises(ConfigurationError, match=missing):
            make.from_env({"QLIK_TENANT_URL": "https://t.example", "QLIK_API_KEY": "k", given: "x"})
