"""A server that repeats what a sandbox answered, over plain sockets: one that works would hide what the client does."""

from __future__ import annotations

import gc
import http.client
import json
import socketserver
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from qlik_automation_connections.admin._backup.scrubbing import Scrubbed
from qlik_automation_connections.admin._backup.writer import ArchiveWriter
from qlik_automation_connections.sandbox import Sandbox

_OF_ONE_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})


class Handler(socketserver.StreamRequestHandler):
    """Answers a request by its first line, from memory once the sandbox has answered it.

    Attributes:
        sandbox: Host and port of the sandbox.
        delay: Seconds before each response.
        known: Successful responses, by the first line of the request.
    """

    sandbox: str
    delay: float
    known: dict[bytes, bytes]
    disable_nagle_algorithm = True

    def handle(self) -> None:
        """Answer all requests of a connection."""
        while line := self.rfile.readline():
            headers: dict[str, str] = {}
            while (header := self.rfile.readline()) not in (b"\r\n", b""):
                name, _, value = header.decode("latin-1").partition(":")
                headers[name.lower()] = value.strip()
            body = self.rfile.read(int(headers.get("content-length", 0)))
            answer = self.known.get(line) or self._asked(line, headers, body)
            if self.delay:
                time.sleep(self.delay)
            with suppress(ConnectionError):
                self.wfile.write(answer)

    def _asked(self, line: bytes, headers: dict[str, str], body: bytes) -> bytes:
        method, target, _ = line.decode("ascii").split(" ")
        asked = http.client.HTTPConnection(self.sandbox)
        # With the caller's own Host, so that the links in a page lead back to this server.
        asked.request(method, target, body or None, {n: v for n, v in headers.items() if n not in _OF_ONE_HOP})
        response = asked.getresponse()
        content = response.read()
        asked.close()
        kept = [f"{name}: {value}" for name, value in response.getheaders() if name.lower() not in _OF_ONE_HOP]
        head = [f"HTTP/1.1 {response.status} {response.reason}", *kept, f"content-length: {len(content)}", "", ""]
        answer = "\r\n".join(head).encode("latin-1") + content
        if response.status < 300:
            self.known[line] = answer
        return answer


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64


def write_archive(path: Path, sandbox: Sandbox, url: str) -> None:
    """Write a backup of all connections, none of which waits for a person's consent."""
    with ArchiveWriter(path, None, url, {"list_all": True}, overwrite=False) as writer:
        for item in sandbox.snapshot():
            kept = {name: value for name, value in item.items() if name not in ("redirect", "oauthAccountName")}
            bare = [{name: part for name, part in param.items() if name != "value"} for param in item["params"]]
            writer.write_item("connection", item["id"], Scrubbed({**kept, "params": bare, "isConnected": True}))
        writer.finish()


def main(connections: str, delay: str, *archive: str) -> None:
    """Serve so many connections until standard input ends, each response after so many seconds.

    Args:
        connections: How many.
        delay: The seconds.
        archive: A file to write their backup to; none by default.
    """
    with Sandbox(int(connections)) as sandbox:
        gc.freeze()
        settings = {"sandbox": sandbox.url.removeprefix("http://"), "delay": float(delay), "known": {}}
        with _Server(("127.0.0.1", 0), type("Handler", (Handler,), settings)) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            url = f"http://127.0.0.1:{server.server_address[1]}"
            for path in archive:
                write_archive(Path(path), sandbox, url)
            print(json.dumps({"url": url, "key": sandbox.api_key}), flush=True)
            sys.stdin.read()
            server.shutdown()


if __name__ == "__main__":
    main(*sys.argv[1:])
