"""How the tenant's certificate is verified, over TLS on this machine."""

from __future__ import annotations

import ssl
import threading
import warnings
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from qlik_automation_connections import (
    APIConnectionError,
    AsyncTenant,
    ConfigurationError,
    InsecureTransportWarning,
    OAuthClient,
    Tenant,
)
from retrying.scripted import KINDS, Kind, Service, ask_once

certificates = pytest.importorskip("sign_in.certificates", reason="needs cryptography")

GET = "getAutomationConnection"
CREATE = "createAutomationConnection"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return certificates.make(tmp_path_factory.mktemp("certificates"))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(200, b'{"id": "c-1"}')

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self._answer(200, b'{"access_token": "token-1"}')

    def _answer(self, status: int, body: bytes) -> None:
        self.server.heard.append(self.headers["authorization"])  # type: ignore[attr-defined]
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self._context = context
        self.heard: list[str | None] = []
        self.url = f"https://127.0.0.1:{self.server_port}"

    def get_request(self) -> tuple[Any, Any]:
        connection, address = super().get_request()
        return self._context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


@pytest.fixture(params=[False, True], ids=["any client", "known clients"])
def server(request: pytest.FixtureRequest, files: Any) -> Iterator[_Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.server)
    if request.param:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(files.authority)
    server = _Server(context)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


any_client = pytest.mark.parametrize("server", [False], ids=["any client"], indirect=True)
known_clients = pytest.mark.parametrize("server", [True], ids=["known clients"], indirect=True)


@any_client
@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_authority_is_refused(server: _Server, kind: Kind) -> None:
    with pytest.raises(APIConnectionError, match=r"(?i)certificate") as caught:
        ask_once(kind, CREATE, url=server.url, api_key="key-1", retries=0)
    assert not caught.value.may_have_been_processed
    assert server.heard == []


@any_client
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_refused_for_the_sign_in_too(server: _Server, kind: Kind) -> None:
    with pytest.raises(APIConnectionError, match=r"(?i)certificate"):
        ask_once(kind, CREATE, url=server.url, auth=OAuthClient("client-1", "secret-1"), retries=0)
    assert server.heard == []


@any_client
@pytest.mark.parametrize("kind", KINDS)
def test_a_private_authority_by_path(server: _Server, files: Any, kind: Kind) -> None:
    for verify in (files.authority, str(files.authority)):
        assert ask_once(kind, GET, url=server.url, api_key="key-1", verify=verify).id == "c-1"
    assert server.heard == ["Bearer key-1"] * 2


@any_client
@pytest.mark.parametrize("kind", KINDS)
def test_a_name_that_is_not_in_the_certificate(server: _Server, files: Any, kind: Kind) -> None:
    url = server.url.replace("127.0.0.1", "localhost")
    with pytest.raises(APIConnectionError, match=r"(?i)certificate"):
        ask_once(kind, GET, url=url, api_key="key-1", verify=files.authority, retries=0)
    assert server.heard == []


@any_client
@pytest.mark.parametrize("kind", KINDS)
def test_no_verification_warns_once(server: _Server, kind: Kind) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert ask_once(kind, GET, url=server.url, api_key="key-1", verify=False).id == "c-1"
    assert [warning.category for warning in caught] == [InsecureTransportWarning]


@known_clients
@pytest.mark.parametrize("kind", KINDS)
def test_a_context_is_used_as_it_is(server: _Server, files: Any, kind: Kind) -> None:
    context = ssl.create_default_context(cafile=str(files.authority))
    context.load_cert_chain(files.client)
    assert ask_once(kind, GET, url=server.url, api_key="key-1", verify=context).id == "c-1"


@known_clients
@pytest.mark.parametrize("kind", KINDS)
def test_a_client_without_its_certificate(server: _Server, files: Any, kind: Kind) -> None:
    with pytest.raises(APIConnectionError):
        ask_once(kind, CREATE, url=server.url, api_key="key-1", verify=files.authority, retries=0)
    assert server.heard == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_that_comes_after_the_handshake(kind: Kind) -> None:
    """With TLS 1.3 a client learns late that its certificate is missing, and not every transport wraps that error."""

    def refuses(request: httpx.Request) -> httpx.Response:
        raise ssl.SSLError(1, "tlsv13 alert certificate required")

    with pytest.raises(APIConnectionError, match="certificate required"):
        ask_once(kind, GET, Service(refuses), retries=0)


@pytest.mark.parametrize("make", [Tenant, AsyncTenant])
def test_the_warning_names_the_callers_line(make: type[Tenant] | type[AsyncTenant]) -> None:
    with pytest.warns(InsecureTransportWarning, match="verify=False") as caught:
        make("https://tenant.example", api_key="key-1", verify=False)
    assert [warning.filename for warning in caught] == [__file__]


@pytest.mark.parametrize("make", [Tenant, AsyncTenant])
@pytest.mark.parametrize(
    "content", [None, "", "no PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_a_file_without_certificates(
    make: type[Tenant] | type[AsyncTenant], content: str | None, tmp_path: Path
) -> None:
    file = tmp_path / "authority.pem"
    if content is not None:
        file.write_text(content)
    for verify in (file, str(file)):
        with pytest.raises(ConfigurationError, match="verify") as caught:
            make("https://tenant.example", api_key="key-1", verify=verify)
        assert "authority.pem" in caught.value.message


@pytest.mark.parametrize("make", [Tenant, AsyncTenant])
@pytest.mark.parametrize("verify", [None, 0, 1, b"file", ("cert", "key"), ""])
def test_a_verification_that_is_none(make: type[Tenant] | type[AsyncTenant], verify: Any) -> None:
    with pytest.raises(ConfigurationError, match="verify"):
        make("https://tenant.example", api_key="key-1", verify=verify)
