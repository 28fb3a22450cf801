"""How a tenant is reached where the environment, or an argument, names a proxy."""

from __future__ import annotations

import gc
import itertools
import os
import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from attack.server import HostileServer, Peer, answers
from cli.invoking import invoke
from exchange.scripted import Kind, ask_once
from leaks import marked, shown
from qlik_automation_connections import (
    APIConnectionError,
    APIStatusError,
    AsyncTenant,
    ConfigurationError,
    OAuthClient,
    Tenant,
)

URL = "https://tenant.example"
GET = "getAutomationConnection"
CREATE = "createAutomationConnection"
VARIABLES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "Https_Proxy")
MAKERS = [Tenant, AsyncTenant]
WRONG = (
    "ftp://proxy.example:8080",
    "socks4://proxy.example:1080",
    "http://proxy.example:99999",
    "http://proxy.example:0",
    "http://proxy.example:port",
    "http://:8080",
    "http://",
    "http://[::1",
    "http://proxy example:8080",
    "http://proxy.example:8080/path",
    "http://proxy.example:8080?query",
    f"http://user:{marked.PASSWORD}/x@proxy.example:8080",
    f"http://user:12#{marked.PASSWORD}@proxy.example:8080",
    f"http://user:12?{marked.PASSWORD}@proxy.example:8080",
    f"ftp://user:{marked.PASSWORD}@proxy.example",
    f"http://user:{marked.PASSWORD}@proxy.example:99999",
)


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def proxy() -> Iterator[HostileServer]:
    with HostileServer(answers(407, headers={"Proxy-Authenticate": "Basic"})) as server:
        yield server


@pytest.mark.parametrize("make", MAKERS)
def test_a_setting_that_can_not_be_used_is_named(make: type[Tenant] | type[AsyncTenant]) -> None:
    cases = [*((VARIABLES[0], address) for address in WRONG), *((variable, WRONG[0]) for variable in VARIABLES[1:])]
    for variable, address in cases:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(variable, address)
            with pytest.raises(ConfigurationError, match=f"^{variable} must be the address of a proxy") as caught:
                make(URL, api_key=marked.API_KEY)
            assert marked.found_in(shown.of_error(caught.value)) == {}, address
            # On this machine it does not count, nor where the proxy is given.
            make("http://127.0.0.1:9", api_key="key-1")
            make(URL, api_key="key-1", proxy="http://proxy.example:8080")


@pytest.mark.parametrize("make", MAKERS)
def test_an_argument_is_read_by_the_same_rules(make: type[Tenant] | type[AsyncTenant]) -> None:
    for address in WRONG:
        with pytest.raises(ConfigurationError, match=r"^proxy must be the address of a proxy") as caught:
            make(URL, api_key=marked.API_KEY, proxy=address)
        assert marked.found_in(shown.of_error(caught.value)) == {}, address


def test_socks_without_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "socksio", None)
    for make, scheme in itertools.product(MAKERS, ("socks5", "socks5h")):
        monkeypatch.setenv("ALL_PROXY", f"{scheme}://user:{marked.PASSWORD}@proxy.example:1080")
        with pytest.raises(ConfigurationError, match=r"^ALL_PROXY is .*pip install .*\[socks\]") as caught:
            make(URL, api_key=marked.API_KEY)
        assert marked.found_in(shown.of_error(caught.value)) == {}


def test_a_command_ends_with_2_and_sends_nothing(proxy: HostileServer) -> None:
    for variables in ({"HTTPS_PROXY": "ftp://proxy.example"}, {"https_proxy": proxy.url.replace("http:", "socks4:")}):
        result = invoke("list", QLIK_TENANT_URL=URL, QLIK_API_KEY="key-1", **variables)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(f"Error: {next(iter(variables))} must be")
    assert proxy.connections == 0


@pytest.mark.parametrize("operation", [GET, CREATE])
@pytest.mark.parametrize(
    ("status", "attempts"),
    [(407, 1), (403, 1), (401, 1), (404, 1), (502, 3), (503, 3), (429, 3)],
)
def test_what_a_proxy_refuses_is_tried_once(kind: Kind, operation: str, status: int, attempts: int) -> None:
    with HostileServer(answers(status)) as proxy, pytest.MonkeyPatch.context() as patch:
        patch.setenv("https_proxy", f" {proxy.url.replace('//', f'//user:{marked.PASSWORD}@')}\n")
        patch.setattr("random.uniform", lambda low, high: 0.0)
        with pytest.raises(APIConnectionError, match=str(status)) as caught:
            ask_once(kind, operation, url=URL, api_key="key-1", retries=2)
    assert [seen.method for seen in proxy.requests] == ["CONNECT"] * attempts
    assert caught.value.attempts == attempts
    assert not caught.value.may_have_been_processed
    assert ("Check the user name and password of the proxy" in caught.value.message) is (attempts == 1)
    assert marked.found_in(shown.of_error(caught.value)) == {}


def test_a_refusal_of_the_sign_in(kind: Kind, proxy: HostileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    with pytest.raises(APIConnectionError, match=r"the proxy refused.*proxy="):
        ask_once(kind, GET, url=URL, auth=OAuthClient("client-1", "secret-1"))
    assert len(proxy.requests) == 1


def test_a_command_that_a_proxy_refuses(proxy: HostileServer) -> None:
    result = invoke("list", QLIK_TENANT_URL=URL, QLIK_API_KEY="key-1", HTTPS_PROXY=proxy.url)
    assert result.exit_code == 6
    assert "407" in result.stderr
    assert "HTTPS_PROXY" in result.stderr
    assert len(proxy.requests) == 1


def test_a_proxy_before_a_tenant_of_plain_http(kind: Kind, proxy: HostileServer) -> None:
    """Without a tunnel the proxy's answer comes as the tenant's, and is not tried again either."""
    with pytest.raises(APIStatusError, match=r"407.*HTTPS_PROXY"):
        ask_once(kind, GET, url="http://127.0.0.1:9", api_key="key-1", proxy=proxy.url)
    assert len(proxy.requests) == 1


@pytest.mark.parametrize(
    ("no_proxy", "bypassed"),
    [
        ("*", True),
        ("tenant.example", True),
        (".example", True),
        ("other.example, tenant.example", True),
        ("tenant.example:443", False),
        ("[::1],10.0.0.0/8", False),
        ("http://[", False),
        ("nant.example", False),
        ("", False),
    ],
)
def test_tenants_that_need_no_proxy(
    no_proxy: str, bypassed: bool, proxy: HostileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None of these can keep a tenant from being made."""
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    monkeypatch.setenv("NO_PROXY", no_proxy)

    def unresolved(*_: Any, **__: Any) -> Any:
        raise OSError("not looked up in a test")

    if bypassed:
        monkeypatch.setattr(socket, "getaddrinfo", unresolved)
    with pytest.raises(APIConnectionError):
        ask_once("sync", GET, url=URL, api_key="key-1", retries=0)
    assert len(proxy.requests) == (0 if bypassed else 1)


def test_the_address_may_lack_its_scheme_and_a_variable_may_be_blank(
    kind: Kind, proxy: HostileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", " ")
    monkeypatch.setenv("ALL_PROXY", proxy.url.removeprefix("http://"))
    with pytest.raises(APIConnectionError, match="407"):
        ask_once(kind, GET, url=URL, api_key="key-1")
    assert len(proxy.requests) == 1


class Socks(HostileServer):
    """A SOCKS proxy that says something to the first bytes of each connection, and then something else."""

    def __init__(self, *replies: bytes) -> None:
        def behave(peer: Peer) -> None:
            for reply in replies:
                peer._socket.recv(65536)
                peer.send(reply)
            peer.close()

        super().__init__(answers(200), on_connect=behave)


# httpcore leaves the sockets of refused connections to the garbage collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("replies", "attempts"),
    [
        ((b"\x05\xff",), 1),
        ((b"\x05\x02", b"\x01\x01"), 1),
        ((b"\x05\x02", b"\x01\x00", b"\x05\x02\x00\x01" + bytes(6)), 1),
        ((b"\x05\x02", b"\x01\x00", b"\x05\x04\x00\x01" + bytes(6)), 2),
    ],
    ids=["no method", "wrong password", "not allowed", "unreachable"],
)
def test_what_a_socks_proxy_refuses(
    kind: Kind, replies: tuple[bytes, ...], attempts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("socksio", reason="needs the extra socks")
    monkeypatch.setattr("random.uniform", lambda low, high: 0.0)
    with Socks(*replies) as proxy:
        monkeypatch.setenv("ALL_PROXY", proxy.url.replace("http://", f"socks5://user:{marked.PASSWORD}@"))
        with pytest.raises(APIConnectionError) as caught:
            ask_once(kind, CREATE, url=URL, api_key="key-1", retries=1)
        assert proxy.connections == attempts
    gc.collect()
    assert caught.value.attempts == attempts
    assert not caught.value.may_have_been_processed
    assert marked.found_in(shown.of_error(caught.value)) == {}
