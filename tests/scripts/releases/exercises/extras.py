"""What an extra brings, where it is installed and where it isn't: `extras.py EXTRA works|lacks URL KEY`.

Each extra is used in a process of its own: a function below per extra. Without it, a sentence names the extra.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
import sysconfig
import tempfile
import threading
from pathlib import Path

import qlik_automation_connections as package

CONTEXT = """current-context: here
contexts:
  here:
    server: {url}
    server-type: cloud
    headers:
      Authorization: Bearer {key}
"""
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "exercise", "version": "1"}},
}


class Without(Exception):
    """What is said without the extra."""


def run(url: str, key: str, *command: str | Path, sent: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "QLIK_TENANT_URL": url, "QLIK_API_KEY": key}
    return subprocess.run(command, env=environment, input=sent, capture_output=True, encoding="utf-8", check=False)


def listed(tenant: package.Tenant) -> int:
    with tenant:
        count = len(list(tenant.connections.list(list_all=True)))
    assert count > 0
    return count


def cli(url: str, key: str) -> str:
    program = Path(sysconfig.get_path("scripts")) / ("qac.exe" if os.name == "nt" else "qac")
    shown = run(url, key, program, "list")
    if shown.returncode == 2:
        raise Without(shown.stderr)
    assert shown.returncode == 0, shown
    assert shown.stdout.strip(), shown
    for arguments, words in (("--help", "Usage: qac"), ("audit --help", "Usage: qac audit"), ("list --json", "{")):
        done = run(url, key, program, *arguments.split())
        assert done.returncode == 0, done
        assert words in done.stdout, done
    return "qac --help, list as a table and as JSON"


def context(url: str, key: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "contexts.yml").write_text(CONTEXT.format(url=url, key=key), encoding="utf-8")
        os.environ["QLIK_CLI_USER_HOME_DIR"] = folder
        return f"{listed(package.Tenant.from_context('here'))} connections listed with a context"


def mcp(url: str, key: str) -> str:
    command = (sys.executable, "-I", "-m", "qlik_automation_connections", "mcp")
    said = run(url, key, *command, sent=f"{json.dumps(HELLO)}\n")
    if said.returncode == 2:
        # Without any extra, the one of the command line comes first.
        raise Without(said.stderr.replace("[cli]", "[mcp]"))
    assert json.loads(said.stdout.splitlines()[0])["result"]["serverInfo"]["name"] == "qac", said
    return "an agent was answered"


def otel(url: str, key: str) -> str:
    """Calls are spans once a provider is set. Without the extra, nothing of OpenTelemetry is loaded, or named."""
    with package.Tenant(url, api_key=key) as tenant:
        tenant.connections.list().pages().__next__()
        assert not [name for name in sys.modules if name.startswith("opentelemetry")]
        try:
            from opentelemetry import trace
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import SimpleSpanProcessor
            from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
        except ImportError:
            raise Without("calls are no spans; see qlik-automation-connections[otel]") from None
        exporter, provider = InMemorySpanExporter(), TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        trace.set_tracer_provider(provider)
        tenant.connections.list().pages().__next__()
    assert [span.name for span in exporter.get_finished_spans()] == ["getAutomationConnections"]
    return "a call was a span"


def redis(url: str, key: str) -> str:
    """The rate limits are shared in Redis, at REDIS_URL if set."""
    store = os.environ.get("REDIS_URL")
    try:
        count = listed(package.Tenant(url, api_key=key, pacing=store or "redis://127.0.0.1:1/0"))
    except package.ConfigurationError as error:
        if store or "[redis]" in str(error):
            raise
        return f"without a server: {error}"
    return f"{count} connections listed, their requests counted in Redis"


def sandbox(url: str, key: str) -> str:
    from qlik_automation_connections.sandbox import Sandbox

    with Sandbox(connections=5) as served:
        assert listed(package.Tenant(served.url, api_key=served.api_key)) == 5
    return "5 connections of a sandbox listed"


def pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def relay(listener: socket.socket) -> None:
    """Serve one connection to an IPv4 address, as a SOCKS proxy without a password."""
    client, _ = listener.accept()
    with client:
        client.recv(65536)
        client.sendall(b"\x05\x00")
        request = client.recv(65536)
        host, port = socket.inet_ntoa(request[4:8]), struct.unpack(">H", request[8:10])[0]
        with socket.create_connection((host, port)) as target:
            client.sendall(b"\x05\x00\x00\x01" + bytes(6))
            back = threading.Thread(target=pump, args=(target, client), daemon=True)
            back.start()
            pump(client, target)
            back.join(5)


def socks(url: str, key: str) -> str:
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=relay, args=(listener,), daemon=True).start()
    proxy = f"socks5://127.0.0.1:{listener.getsockname()[1]}"
    return f"{listed(package.Tenant(url, api_key=key, proxy=proxy))} connections listed through a SOCKS proxy"


def speed(url: str, key: str) -> str:
    """Answers are decoded with orjson where it is installed, and with `json` where it isn't."""
    count = listed(package.Tenant(url, api_key=key))
    if "orjson" not in sys.modules:
        raise Without("decoded with json; see qlik-automation-connections[speed]")
    return f"{count} connections listed, decoded with orjson"


EXTRAS = {use.__name__: use for use in (cli, context, mcp, otel, redis, sandbox, socks, speed)}


def main(extra: str, mode: str, url: str, key: str) -> None:
    try:
        shown = EXTRAS[extra](url, key)
    except (Without, package.ConfigurationError, ImportError) as error:
        assert mode == "lacks", error
        assert f"qlik-automation-connections[{extra}]" in str(error), error
        print(f"without it: {error}")
        return
    assert mode == "works", f"it works without the extra {extra}"
    print(shown)


main(*sys.argv[1:])
