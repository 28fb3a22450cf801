"""How the tenant's certificate is verified, over TLS on this machine."""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import ssl
import threading
import warnings
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from attack.server import HostileServer, Peer, Seen, head
from cli.invoking import invoke
from exchange.scripted import Kind, Service, ask_once
from qlik_automation_connections import (
    APIConnectionError,
    AsyncTenant,
    ConfigurationError,
    InsecureTransportWarning,
    OAuthClient,
    Tenant,
    _network,
)

certificates = pytest.importorskip("auth.certificates", reason="needs cryptography")

GET = "getAutomationConnection"
CREATE = "createAutomationConnection"
CERTIFICATE_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSLKEYLOGFILE")


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in CERTIFICATE_VARIABLES:
        monkeypatch.delenv(name, raising=False)


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

    def do_CONNECT(self) -> None:
        self._answer(407, b"")

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


@contextlib.contextmanager
def _running(files: Any, verify_mode: ssl.VerifyMode = ssl.CERT_NONE) -> Iterator[_Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.server)
    context.load_verify_locations(files.authority)
    context.verify_mode = verify_mode
    with _Server(context) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def server(files: Any) -> Iterator[_Server]:
    with _running(files) as server:
        yield server


@pytest.fixture
def server_for_known_clients(files: Any) -> Iterator[_Server]:
    with _running(files, verify_mode=ssl.CERT_REQUIRED) as server:
        yield server


def test_an_unknown_authority_is_refused_at_once_and_the_error_says_what_helps(server: _Server, kind: Kind) -> None:
    for operation in (GET, CREATE):
        with pytest.raises(
            APIConnectionError, match=r"certificate of .* is not trusted.*--ca-file.*SSL_CERT_FILE"
        ) as caught:
            ask_once(kind, operation, url=server.url, api_key="key-1")
        assert caught.value.attempts == 1
        assert not caught.value.may_have_been_processed
    assert server.heard == []


def test_a_command_says_what_helps_too(server: _Server) -> None:
    result = invoke("list", QLIK_TENANT_URL=server.url, QLIK_API_KEY="key-1")
    assert result.exit_code == 6
    assert "--ca-file" in result.stderr


def test_it_is_refused_for_the_sign_in_too(server: _Server, kind: Kind) -> None:
    with pytest.raises(APIConnectionError, match=r"(?i)certificate"):
        ask_once(kind, CREATE, url=server.url, auth=OAuthClient("client-1", "secret-1"), retries=0)
    assert server.heard == []


def test_a_private_authority_by_path(server: _Server, files: Any, kind: Kind) -> None:
    for verify in (files.authority, str(files.authority)):
        assert ask_once(kind, GET, url=server.url, api_key="key-1", verify=verify).id == "c-1"
    assert server.heard == ["Bearer key-1"] * 2


def test_a_private_authority_by_the_environment(
    server: _Server, files: Any, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(files.authority))
    # Others read it; here it does not count where the variable above is set.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/not/there.pem")
    assert ask_once(kind, GET, url=server.url, api_key="key-1").id == "c-1"


def test_a_folder_of_authorities(
    server: _Server, files: Any, kind: Kind, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    content = files.authority.read_bytes()
    number = certificates.subject_hash(files.authority)
    (tmp_path / f"{number}.0").write_bytes(content)
    assert ask_once(kind, GET, url=server.url, api_key="key-1", verify=tmp_path).id == "c-1"
    monkeypatch.setenv("SSL_CERT_DIR", f"/not/there{os.pathsep}{tmp_path}")
    assert ask_once(kind, GET, url=server.url, api_key="key-1").id == "c-1"


def _tunnels(peer: Peer, seen: Seen) -> None:
    """What a proxy does that lets everybody through, but for one connection."""
    host, _, port = seen.target.rpartition(":")
    with socket.create_connection((host, int(port))) as target:
        peer.send(head(200))

        def back() -> None:
            with contextlib.suppress(OSError):
                while data := target.recv(65536):
                    peer.send(data)

        thread = threading.Thread(target=back, daemon=True)
        thread.start()
        with contextlib.suppress(OSError):
            while data := peer._socket.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_RDWR)
        thread.join(5)
    peer.close()


def test_a_private_authority_behind_a_proxy(server: _Server, files: Any, kind: Kind) -> None:
    with HostileServer(_tunnels) as proxy:
        options: dict[str, Any] = {"url": server.url, "api_key": "key-1", "proxy": proxy.url}
        assert ask_once(kind, GET, verify=files.authority, **options).id == "c-1"
        with pytest.raises(APIConnectionError, match=r"certificate of .* is not trusted") as caught:
            ask_once(kind, CREATE, **options)
    assert caught.value.attempts == 1
    assert {seen.method for seen in proxy.requests} == {"CONNECT"}
    assert server.heard == ["Bearer key-1"]


def test_the_certificate_of_a_proxy(server: _Server, files: Any, kind: Kind) -> None:
    options: dict[str, Any] = {"url": "https://tenant.example", "api_key": "key-1", "proxy": server.url}
    with pytest.raises(APIConnectionError, match=r"proxy refused the connection.*407"):
        ask_once(kind, GET, verify=files.authority, **options)
    with pytest.raises(APIConnectionError, match=r"certificate of .* is not trusted"):
        ask_once(kind, GET, **options)


def test_a_name_that_is_not_in_the_certificate(server: _Server, files: Any, kind: Kind) -> None:
    url = server.url.replace("127.0.0.1", "localhost")
    with pytest.raises(APIConnectionError, match=r"(?i)certificate"):
        ask_once(kind, GET, url=url, api_key="key-1", verify=files.authority, retries=0)
    assert server.heard == []


def test_no_verification_warns_once(server: _Server, kind: Kind) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert ask_once(kind, GET, url=server.url, api_key="key-1", verify=False).id == "c-1"
    assert [warning.category for warning in caught] == [InsecureTransportWarning]


def test_a_server_that_knows_its_clients(server_for_known_clients: _Server, files: Any, kind: Kind) -> None:
    url = server_for_known_clients.url
    with pytest.raises(APIConnectionError):
        ask_once(kind, CREATE, url=url, api_key="key-1", verify=files.authority, retries=0)
    assert server_for_known_clients.heard == []
    # A context is used as it is.
    context = ssl.create_default_context(cafile=str(files.authority))
    context.load_cert_chain(files.client)
    assert ask_once(kind, GET, url=url, api_key="key-1", verify=context).id == "c-1"


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
def test_a_file_without_certificates(make: type[Tenant] | type[AsyncTenant], tmp_path: Path) -> None:
    file = tmp_path / "authority.pem"
    for content in (None, "", "no PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        if content is not None:
            file.write_text(content)
        for verify in (file, str(file)):
            with pytest.raises(ConfigurationError, match=r"^verify \(--ca-file\)") as caught:
                make("https://tenant.example", api_key="key-1", verify=verify)
            assert "authority.pem" in caught.value.message


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("SSL_CERT_FILE", "gone.pem", "can't be loaded"),
        ("SSL_CERT_FILE", "text", "can't be loaded"),
        ("SSL_CERT_FILE", "unhashed", "openssl rehash"),
        ("SSL_CERT_DIR", "gone", "is not a folder"),
        ("SSL_CERT_DIR", "text", "is not a folder"),
        ("SSL_CERT_DIR", "unhashed", "openssl rehash"),
        ("REQUESTS_CA_BUNDLE", "text", "Set SSL_CERT_FILE"),
        ("CURL_CA_BUNDLE", "text", "Set SSL_CERT_FILE"),
        ("SSLKEYLOGFILE", "gone/keys", "can't be written"),
    ],
)
def test_a_setting_of_the_environment_that_can_not_be_used(
    variable: str,
    value: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    files: Any,
) -> None:
    _network._of_environment.cache_clear()
    (tmp_path / "text").write_text("no PEM")
    (tmp_path / "unhashed").mkdir()
    (tmp_path / "unhashed" / "authority.pem").write_bytes(files.authority.read_bytes())
    monkeypatch.setenv(variable, str(tmp_path / value))
    for make in (Tenant, AsyncTenant):
        with pytest.raises(ConfigurationError, match=f"^{variable} ?.*{said}"):
            make("https://tenant.example", api_key="key-1")
    result = invoke("list", QLIK_TENANT_URL="https://tenant.example", QLIK_API_KEY="key-1")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"Error: {variable}")
    # Others are given, or none are needed.
    if variable != "SSLKEYLOGFILE":
        Tenant("https://tenant.example", api_key="key-1", verify=files.authority)
        Tenant("http://127.0.0.1:9", api_key="key-1")


def test_a_verification_that_is_none() -> None:
    values: list[Any] = [None, 0, 1, b"file", ("cert", "key"), ""]
    for make, verify in itertools.product((Tenant, AsyncTenant), values):
        with pytest.raises(ConfigurationError, match="verify"):
            make("https://tenant.example", api_key="key-1", verify=verify)
