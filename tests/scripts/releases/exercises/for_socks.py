"""The extra `socks`: a tenant through a SOCKS proxy, served here. Without it, a sentence names the extra."""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
import threading

import qlik_automation_connections as package

NAMED = "qlik-automation-connections[socks]"


def pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def relay(listener: socket.socket) -> None:
    """Serve one connection to an IPv4 address without a password."""
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


def main(mode: str, url: str, key: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=relay, args=(listener,), daemon=True).start()
        proxy = f"socks5://127.0.0.1:{listener.getsockname()[1]}"
        try:
            with package.Tenant(url, api_key=key, proxy=proxy) as tenant:
                count = len(list(tenant.connections.list()))
        except package.ConfigurationError as error:
            assert mode == "lacks", error
            assert NAMED in str(error), error
            print(f"without it: {error}")
            # A thread that waits for a connection keeps a listener from being closed.
            socket.create_connection(listener.getsockname()).close()
            return
    assert mode == "works", "a SOCKS proxy was used without the extra"
    assert count > 0
    print(f"{count} connections listed through a SOCKS proxy")


main(*sys.argv[1:])
