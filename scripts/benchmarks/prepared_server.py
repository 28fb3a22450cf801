"""A server that repeats what a sandbox answered: its arguments are connections and delay.

The first request for an address goes on to a sandbox in this process; the answer, with its headers, is kept and sent
again to whoever asks for the same. A thread each connection reads and writes a plain socket, so that the client's own
work is what is measured.
"""

from __future__ import annotations

import gc
import http.client
import re
import socket
import socketserver
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any, Final

_HEAD_END: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"(?i)\r\ncontent-length:[ \t]*(\d+)")
_OF_ONE_HOP: Final = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})


class Answers:
    """What a server answers, by the first line of a request.

    Args:
        host: host and port of the server that is asked first.
        delay: seconds until an answer is sent.
    """

    def __init__(self, host: str, delay: float) -> None:
        self.delay = delay
        self._host = host
        self._known: dict[bytes, bytes] = {}
        self._lock = threading.Lock()

    def answer(self, head: bytes, body: bytes) -> bytes:
        """The answer to a request, whole."""
        line, _, rest = head.partition(b"\r\n")
        known = self._known.get(line)
        if known is None:
            with self._lock:
                ok, known = self._asked(line.decode("ascii"), rest.decode("latin-1"), body)
            if ok:
                self._known[line] = known
        return known

    def _asked(self, line: str, rest: str, body: bytes) -> tuple[bool, bytes]:
        """Whether an answer is a success, and the answer."""
        method, target, _ = line.split(" ")
        asked = http.client.HTTPConnection(self._host)
        try:
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
            headers = [f"{name}: {value}" for name, value in response.getheaders() if name.lower() not in _OF_ONE_HOP]
        finally:
            asked.close()
        first = [f"HTTP/1.1 {response.status} {response.reason}", *headers, f"content-length: {len(content)}"]
        return response.status < 300, "\r\n".join(first).encode("latin-1") + _HEAD_END + content


def requests(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Head and body of each request in what comes over a connection."""
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

    def handle(self) -> None:
        try:
            for head, body in requests(iter(lambda: self.request.recv(65_536), b"")):
                answer = self.answers.answer(head, body)
                if self.answers.delay:
                    time.sleep(self.answers.delay)
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
    """Serves until standard input ends."""
    from qlik_automation_connections.sandbox import Sandbox

    connections, delay = int(arguments[0]), float(arguments[1])
    with Sandbox(connections) as sandbox:
        gc.freeze()
        answers = Answers(sandbox.url.removeprefix("http://"), delay)
        handler = type("Handler", (_Handler,), {"answers": answers})
        with _Server(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            print(f"http://127.0.0.1:{server.server_address[1]}", sandbox.api_key, flush=True)
            sys.stdin.read()
            server.shutdown()
