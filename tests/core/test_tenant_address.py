"""The address of a tenant: what is made of it, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.scripted import KEY, Script, reply, scripted_client
from looping import for_each
from qlik_automation_connections import AsyncTenant, ConfigurationError, Tenant


@for_each(
    ("given_address", "url"),
    [
        ("https://acme.eu.qlikcloud.com", "https://acme.eu.qlikcloud.com"),
        ("https://acme.eu.qlikcloud.com/", "https://acme.eu.qlikcloud.com"),
        ("https://acme.eu.qlikcloud.com///", "https://acme.eu.qlikcloud.com"),
        ("acme.eu.qlikcloud.com", "https://acme.eu.qlikcloud.com"),
        ("acme.eu.qlikcloud.com/", "https://acme.eu.qlikcloud.com"),
        ("  acme.eu.qlikcloud.com\n", "https://acme.eu.qlikcloud.com"),
        ("HTTPS://ACME.eu.QlikCloud.com", "https://acme.eu.qlikcloud.com"),
        ("acme.eu.qlikcloud.com:8443", "https://acme.eu.qlikcloud.com:8443"),
        ("https://acme.eu.qlikcloud.com:443", "https://acme.eu.qlikcloud.com"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.8.9.10", "http://127.8.9.10"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("http://acme.localhost:8080", "http://acme.localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]"),
    ],
)
def test_an_address_is_read(given_address: str, url: str) -> None:
    script = Script(reply(200, {"id": "x"}))
    tenant = Tenant(given_address, api_key=KEY, http_client=scripted_client(script))
    assert tenant.url == url
    tenant.connections.get("x")
    assert str(script.requests[0].url) == f"{url}/api/workflows/automation-connections/x"


REFUSED: list[Any] = [
    *(None, 5, b"https://acme.eu.qlikcloud.com", "", "   ", "/", "https://", "https:///", "://acme"),
    *("https://acme.eu.qlikcloud.com/api", "acme.eu.qlikcloud.com/api/v1"),
    *("https://acme.eu.qlikcloud.com?x=1", "https://acme.eu.qlikcloud.com/?", "https://acme.eu.qlikcloud.com#x"),
    *("https://acme.eu.qlikcloud.com#", "https://bot@acme.eu.qlikcloud.com", "https://:pw@acme.eu.qlikcloud.com"),
    *("ftp://acme.eu.qlikcloud.com", "file:///etc", "javascript://x", "https://[::1", "https://acme:port"),
    *("http://acme.eu.qlikcloud.com", "http://10.0.0.1", "http://[2001:db8::1]", "http://0.0.0.0:8080"),
    *("http://localhost.evil.example", "http://127.0.0.1.evil.example", "http://127.0.0.1@evil.example"),
    *("https://acme.eu.qlikcloud.com:99999", "https://acme eu.qlikcloud.com", "https://acme\x00.example"),
]


@for_each("address", REFUSED)
@for_each("kind", [Tenant, AsyncTenant])
def test_an_address_is_refused(kind: type[Tenant] | type[AsyncTenant], address: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        kind(address, api_key=KEY)
    assert "address" in caught.value.message or "https" in caught.value.message
    assert KEY not in caught.value.message


@given(st.text() | st.text("htps:/@?#[]. a1%\\"))
def test_any_text_is_an_origin_or_is_refused(address: str) -> None:
    try:
        tenant = Tenant(address, api_key=KEY, http_client=scripted_client(Script(reply(200, {}))))
    except ConfigurationError:
        return
    scheme, _, rest = tenant.url.partition("://")
    assert scheme == "https" or rest.partition(":")[0] in ("localhost", "[") or rest.startswith("127.")
    assert rest
    assert not set(rest) & set("/?#@")


def test_a_tenant_says_how_long_its_calls_wait() -> None:
    with Tenant("https://acme.example", api_key="key", timeout=7) as tenant:
        assert tenant.timeout.read == 7
        assert tenant.with_options(timeout=3).timeout.read == 3
