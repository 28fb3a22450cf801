"""A tenant from the environment."""

from __future__ import annotations

import json

import httpx
import pytest

from exchange.scripted import Service, success
from qlik_automation_connections import AsyncTenant, ConfigurationError, Tenant
from qlik_automation_connections.sandbox import Sandbox

URL = "QLIK_TENANT_URL"
KEY = "QLIK_API_KEY"
CLIENT = "QLIK_OAUTH_CLIENT_ID"
SECRET = "QLIK_OAUTH_CLIENT_SECRET"
FULL = {URL: "https://tenant.example", KEY: "key-1", CLIENT: "client-1", SECRET: "secret-1"}


def _sent(environment: dict[str, str]) -> Service:
    service = Service(success("getAutomationConnection"))
    with httpx.Client(transport=httpx.MockTransport(service)) as http:
        Tenant.from_env(environment, http_client=http).connections.get("c-1")
    return service


@pytest.mark.parametrize("make", [Tenant, AsyncTenant])
@pytest.mark.parametrize("blank", [None, "", "  \n"])
def test_what_is_missing_is_named(make: type[Tenant] | type[AsyncTenant], blank: str | None) -> None:
    cases: dict[tuple[str, ...], set[str]] = {
        (): {URL, KEY, CLIENT, SECRET},
        (KEY,): {URL},
        (URL,): {KEY, CLIENT, SECRET},
        (URL, CLIENT): {SECRET},
        (URL, SECRET): {CLIENT},
        (CLIENT, SECRET): {URL},
        (CLIENT,): {URL, SECRET},
        (SECRET,): {URL, CLIENT},
    }
    for given, missing in cases.items():
        environment = {name: FULL[name] for name in given}
        if blank is not None:
            environment |= {name: blank for name in FULL if name not in given}
        with pytest.raises(ConfigurationError) as caught:
            make.from_env(environment)
        assert {name for name in FULL if name in caught.value.message} == missing, given
        assert "key-1" not in caught.value.message
        assert "secret-1" not in caught.value.message


def test_the_process_has_one_too(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in FULL:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ConfigurationError, match=URL):
        Tenant.from_env()
    monkeypatch.setenv(URL, "tenant.example/")
    monkeypatch.setenv(KEY, "key-1")
    with Tenant.from_env() as tenant:
        assert tenant.url == "https://tenant.example"


def test_a_given_environment_stands_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, "key-1")
    with pytest.raises(ConfigurationError, match=KEY):
        Tenant.from_env({URL: "https://tenant.example"})


def test_the_key_comes_first() -> None:
    service = _sent(FULL)
    assert service.requests[0].headers["authorization"] == "Bearer key-1"
    assert service.sign_ins == []


def test_an_oauth_client() -> None:
    service = _sent({name: FULL[name] for name in (URL, CLIENT, SECRET)})
    assert service.requests[0].headers["authorization"] == "Bearer token-1"
    assert json.loads(service.sign_ins[0].content) == {
        "client_id": "client-1",
        "client_secret": "secret-1",
        "grant_type": "client_credentials",
    }


def test_a_blank_key_does_not_hide_the_oauth_client() -> None:
    assert _sent({**FULL, KEY: " "}).requests[0].headers["authorization"] == "Bearer token-1"


def test_space_around_the_values_is_no_part_of_them() -> None:
    service = _sent({name: f"  {value}\n" for name, value in FULL.items()})
    assert service.requests[0].headers["authorization"] == "Bearer key-1"
    assert service.requests[0].url.host == "tenant.example"


def test_a_key_that_can_not_be_one() -> None:
    with pytest.raises(ConfigurationError, match="API key") as caught:
        Tenant.from_env({URL: FULL[URL], KEY: "key-1\nkey-2"})
    assert "key-2" not in caught.value.message


def test_at_a_tenant(sandbox: Sandbox) -> None:
    for credentials in (
        {KEY: sandbox.api_key},
        {CLIENT: sandbox.client_id, SECRET: sandbox.client_secret},
    ):
        with Tenant.from_env({URL: sandbox.url, **credentials}, retries=0) as tenant:
            assert len(list(tenant.connections.list(list_all=True))) == 5
