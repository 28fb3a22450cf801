"""What is logged, and what is raised, where real bytes are on the wire."""

from __future__ import annotations

import logging
import socketserver
import threading
from collections.abc import Iterator
from typing import Any

import h11
import pytest

from exchange.scripted import CREATE, KINDS, Ask, Kind, run
from leaks import marked, shown
from qlik_automation_connections import OAuthClient, QlikError
from qlik_automation_connections.sandbox import Sandbox

GET = "getAutomationConnection"
LOGGERS = ("qlik_automation_connections", "httpx", "httpcore", "anyio", "asyncio", "h11", "hpack")


class _Garbage(socketserver.BaseRequestHandler):
    """Answers with what it was sent, in a way that is no HTTP."""

    def handle(self) -> None:
        asked = b""
        while not asked.endswith(b"}") and not (b"\r\n\r\n" in asked and asked.startswith(b"GET")):
            asked += self.request.recv(65536)
        head, _, body = asked.partition(b"\r\n\r\n")
        (token,) = (line for line in head.split(b"\r\n") if line.lower().startswith(b"authorization:"))
        where, self.server.told = self.server.where, token + body  # type: ignore[attr-defined]
        self.request.sendall(where.replace(b"SECRET", token + b" " + body))


GARBAGE = {
    "the status line": b"SECRET\r\n\r\n",
    "the reason": b"HTTP/1.1 400 SECRET\r\ncontent-length: 0\r\n\r\n",
    "the version": b"HTTP/SECRET 200 OK\r\n\r\n",
    "a header's name": b"HTTP/1.1 200 OK\r\nSECRET\r\n\r\n",
    "a length": b"HTTP/1.1 200 OK\r\ncontent-length: SECRET\r\n\r\n",
    "a coding": b"HTTP/1.1 200 OK\r\ntransfer-encoding: SECRET\r\n\r\n",
    "a chunk": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nSECRET\r\n",
}


@pytest.fixture(params=list(GARBAGE.values()), ids=list(GARBAGE))
def garbage(request: pytest.FixtureRequest) -> Iterator[Any]:
    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        where = request.param
        told = b""

    server = Server(("127.0.0.1", 0), _Garbage)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("operation", [GET, CREATE])
def test_no_http_that_repeats_the_request(
    garbage: Any, log: pytest.LogCaptureFixture, operation: str, kind: Kind
) -> None:
    async def ask_once(ask: Ask) -> QlikError:
        arguments = {"params": {"password": marked.PARAM_SENT}} if operation == CREATE else {}
        with pytest.raises(QlikError) as caught:
            await ask(operation, **arguments)
        return caught.value

    url = f"http://127.0.0.1:{garbage.server_address[1]}"
    error = run(kind, ask_once, url=url, api_key=marked.API_KEY, retries=0)
    assert b"MARKEDAPIKEY" in garbage.told
    # Without what came, the error still says what kind of failure it was.
    assert "illegal status line" in error.message or garbage.where != GARBAGE["the status line"]
    # httpx's own log has the reason phrase of every answer, whatever it is.
    records = [record for record in log.records if record.name != "httpx"]
    assert records
    assert marked.found_in({**shown.of_error(error), **shown.of_records(records)}) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_every_operation_at_every_level(caplog: pytest.LogCaptureFixture, kind: Kind) -> None:
    """httpcore's own log at DEBUG has the headers of answers, and of requests no more than method and address."""
    for name in LOGGERS:
        caplog.set_level(logging.DEBUG, name)

    with Sandbox(3) as sandbox:
        connector = next(c for c in sandbox.connectors if any(p.field_type == "password" for p in c.params))
        values = {param.name: marked.PARAM_SENT for param in connector.params}

        async def everything(ask: Ask) -> None:
            created = await ask(CREATE, connector_id=connector.id, params=values)
            assert created.id
            await ask("getAutomationConnections", list_all=True)
            for operation in (GET, "updateAutomationConnection", "checkAutomationConnection"):
                with pytest.raises(QlikError):
                    await ask(operation)

        run(kind, everything, url=sandbox.url, api_key=sandbox.api_key, retries=0)
        auth = OAuthClient(sandbox.client_id, marked.CLIENT_SECRET)
        with pytest.raises(QlikError):
            run(kind, lambda ask: ask(GET), url=sandbox.url, auth=auth, retries=0)
        records = [record for record in caplog.records if not record.name.startswith("qlik_automation_connections.s")]
        assert {"qlik_automation_connections", "httpx", "httpcore"} <= {r.name.partition(".")[0] for r in records}
        texts = shown.of_records(records)
        assert marked.found_in(texts) == {}
        assert not any(sandbox.api_key in text for text in texts.values())


@pytest.mark.parametrize("kind", KINDS)
def test_the_log_of_this_package_names_what_is_allowed(log: pytest.LogCaptureFixture, kind: Kind) -> None:
    async def find(ask: Ask) -> None:
        await ask("getAutomationConnections", name=marked.PARAM_READ, list_all=True)

    with Sandbox(1) as sandbox:
        run(kind, find, url=sandbox.url, api_key=sandbox.api_key)
    (record,) = (record for record in log.records if record.name == "qlik_automation_connections")
    message = record.getMessage()
    assert message.startswith("GET /api/workflows/automation-connections 200 in ")
    assert "?" not in message
    assert "MARKED" not in message


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("interruption", [KeyboardInterrupt, MemoryError])
@pytest.mark.parametrize("operation", [GET, CREATE])
def test_an_interruption_while_the_request_is_written(
    monkeypatch: pytest.MonkeyPatch, operation: str, interruption: type[BaseException], kind: Kind
) -> None:
    stock = h11.Connection.send

    def send(self: h11.Connection, event: Any) -> Any:
        if isinstance(event, h11.EndOfMessage) or (isinstance(event, h11.Request) and operation == GET):
            raise interruption
        return stock(self, event)

    async def ask_once(ask: Ask) -> BaseException:
        arguments = {"params": {"password": marked.PARAM_SENT}} if operation == CREATE else {}
        with pytest.raises(interruption) as caught:
            await ask(operation, **arguments)
        return caught.value

    with Sandbox(1) as sandbox, monkeypatch.context() as patch:
        patch.setattr(h11.Connection, "send", send)
        error = run(kind, ask_once, url=sandbox.url, api_key=marked.API_KEY, retries=0)
    assert marked.found_in(shown.of_error(error)) == {}
