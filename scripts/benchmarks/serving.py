"""Servers that are asked, each a process of its own, so that its work is not counted as the client's.

The prepared one repeats what a sandbox answered, over plain sockets: a server that works hides what the client does.
"""

from __future__ import annotations

import gc
import http.client
import json
import re
import socket
import socketserver
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

_HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"(?i)\r\ncontent-length:[ \t]*(\d+)")
_OF_ONE_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})


class Answers:
    """What a server answers, by the first line of a request; the first time, it asks the one at `host`."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._known: dict[bytes, bytes] = {}
        self._lock = threading.Lock()

    def answer(self, head: bytes, body: bytes) -> bytes:
        """Return the answer to a request, whole."""
        line, _, rest = head.partition(b"\r\n")
        known = self._known.get(line)
        if known is None:
            with self._lock:
                ok, known = self._asked(line.decode("ascii"), rest.decode("latin-1"), body)
            if ok:
                self._known[line] = known
        return known

    def _asked(self, line: str, rest: str, body: bytes) -> tuple[bool, bytes]:
        method, target, _ = line.split(" ")
        asked = http.client.HTTPConnection(self._host)
        # The host stays the one that was asked for, so that the links in a page lead here.
        asked.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for header in rest.split("\r\n"):
            name, _, value = header.partition(":")
            if name.lower() not in _OF_ONE_HOP:
                asked.putheader(name, value.strip())
        asked.putheader("Content-Length", str(len(body)))
        asked.endheaders(body)
        response = asked.getresponse()
        content = response.read()
        asked.close()
        headers = [f"{name}: {value}" for name, value in response.getheaders() if name.lower() not in _OF_ONE_HOP]
        first = [f"HTTP/1.1 {response.status} {response.reason}", *headers, f"content-length: {len(content)}"]
        return response.status < 300, "\r\n".join(first).encode("latin-1") + _HEAD_END + content


def requests(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield head and body of each request in what comes over a connection."""
    waiting = b""
    for chunk in chunks:
        waiting += chunk
        while (end := waiting.find(_HEAD_END)) >= 0:
            head = waiting[:end]
            length = None if head.startswith(b"GET ") else _LENGTH.search(head)
            after = end + len(_HEAD_END) + (int(length[1]) if length else 0)
            if len(waiting) < after:
                break
            body, waiting = waiting[end + len(_HEAD_END) : after], waiting[after:]
            yield head, body


class _Handler(socketserver.BaseRequestHandler):
    answers: Answers
    delay: float

    def handle(self) -> None:
        try:
            for head, body in requests(iter(lambda: self.request.recv(65_536), b"")):
                answer = self.answers.answer(head, body)
                if self.delay:
                    time.sleep(self.delay)
                self.request.sendall(answer)
        except ConnectionError:
            return


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64

    def get_request(self) -> tuple[socket.socket, Any]:
        request, address = super().get_request()
        request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return request, address


def main(arguments: Sequence[str]) -> None:
    """Serve so many connections until standard input ends.

    Args:
        arguments: `prepared` or `sandbox`; how many; seconds until an answer is sent, by a sandbox one with a page.
    """
    from qlik_automation_connections.sandbox import Fault, Sandbox

    kind, connections, delay = arguments[0], int(arguments[1]), float(arguments[2])
    slow = [Fault("getAutomationConnections", kind="delay", seconds=delay, times=None)]
    slow = slow if delay and kind == "sandbox" else []
    with Sandbox(connections, name="production" if slow else "", faults=slow) as sandbox:
        gc.freeze()
        told: dict[str, Any] = {"url": sandbox.url, "key": sandbox.api_key}
        if slow:  # a target of a restore, in which all works
            for item in sandbox.snapshot():
                if "redirect" in item:
                    sandbox.consent(item["id"])
            told |= {"users": [each.id for each in sandbox.users], "spaces": [each.id for each in sandbox.spaces]}
        answers = Answers(sandbox.url.removeprefix("http://"))
        with _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"answers": answers, "delay": delay})) as server:
            if kind == "prepared":
                threading.Thread(target=server.serve_forever, daemon=True).start()
                told["url"] = f"http://127.0.0.1:{server.server_address[1]}"
            print(json.dumps(told), flush=True)
            sys.stdin.read()
            if kind == "prepared":
                server.shutdown()
