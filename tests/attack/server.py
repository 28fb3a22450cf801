"""A server on loopback that answers each request as its script says, however wrong that is.

It speaks through bare sockets, for a library that speaks HTTP would refuse to send most of what is needed here.
"""

from __future__ import annotations

import contextlib
import json
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from attrs import frozen

LONGEST = 8.0
"""Seconds after which the server lets go of a client that should have given up long before."""


@frozen
class Seen:
    """A request as it arrived."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    connection: int


class Peer:
    """One connection, from the server's side."""

    def __init__(self, connection: socket.socket, number: int, stopping: threading.Event) -> None:
        self._socket = connection
        self._buffer = b""
        self._stopping = stopping
        self.number = number
        self.open = True
        self.sent = 0

    def read_request(self) -> Seen | None:
        """The next request; None if the client hung up instead."""
        while b"\r\n\r\n" not in self._buffer:
            if not self._more():
                return None
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", "0"))
        while len(self._buffer) < length:
            if not self._more():
                return None
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        return Seen(method, target, headers, body, self.number)

    def _more(self) -> bool:
        try:
            data = self._socket.recv(65536)
        except OSError:
            return False
        self._buffer += data
        return bool(data)

    def send(self, data: bytes) -> bool:
        """Sends; False if the client is gone."""
        view = memoryview(data)
        while view:
            try:
                count = self._socket.send(view)
            except OSError:
                self.close()
                return False
            self.sent += count
            view = view[count:]
        return True

    def drip(self, data: bytes, *, seconds: float) -> None:
        """Sends over and over, a little at a time, each in time, until the client is gone."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and not self._stopping.wait(0.03):
            if not self.send(data) or self._client_left():
                break

    def _client_left(self) -> bool:
        try:
            readable, _, _ = select.select([self._socket], [], [], 0)
            return bool(readable) and self._socket.recv(1, socket.MSG_PEEK) == b""
        except (OSError, ValueError):
            return True

    def wait_for_client_to_leave(self, seconds: float = LONGEST) -> None:
        """Says nothing until the client is gone."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and not self._stopping.wait(0.01):
            if self._client_left():
                break
        self.close()

    def reset_unread(self) -> None:
        """Waits until a request comes, and ends the connection with a RST instead of reading it."""
        with contextlib.suppress(OSError):
            select.select([self._socket], [], [], LONGEST)
        self.reset()

    def reset(self) -> None:
        """Ends the connection with a RST."""
        with contextlib.suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self) -> None:
        self.open = False
        with contextlib.suppress(OSError):
            self._socket.close()


Behaviour = Callable[[Peer, Seen], None]


class HostileServer:
    """Answers the n-th request by the n-th behaviour of its script, and all later ones by the last.

    Args:
        script: the behaviours.
        on_connect: done with each connection before a request is read from it.
        listening: whether it accepts connections at all.
    """

    def __init__(
        self, *script: Behaviour, on_connect: Callable[[Peer], None] | None = None, listening: bool = True
    ) -> None:
        self._script: Sequence[Behaviour] = script
        self._on_connect = on_connect
        self._position = 0
        self._lock = threading.Lock()
        self._idle = threading.Condition(self._lock)
        self._busy = 0
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._peers: list[Peer] = []
        self.requests: list[Seen] = []
        # Bound and not listening, a port refuses connections and stays ours.
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._listening = listening
        if listening:
            self._start()

    @property
    def connections(self) -> int:
        """How many connections were accepted."""
        return len(self._peers)

    @property
    def sent(self) -> int:
        """How many bytes it could send."""
        return sum(peer.sent for peer in self._peers)

    def play(self, *script: Behaviour) -> None:
        """Starts another script, on connections that are open and on new ones, once the last answer is finished."""
        with self._idle:
            self._idle.wait_for(lambda: self._busy == 0, LONGEST)
            self._script = script
            self._position = 0
            self._on_connect = None
        if not self._listening:
            self._listening = True
            self._start()

    def _start(self) -> None:
        self._listener.listen(512)
        thread = threading.Thread(target=self._accept, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            peer = Peer(connection, len(self._peers) + 1, self._stopping)
            self._peers.append(peer)
            thread = threading.Thread(target=self._serve, args=(peer,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, peer: Peer) -> None:
        if self._on_connect is not None:
            self._on_connect(peer)
        while peer.open and not self._stopping.is_set():
            seen = peer.read_request()
            if seen is None:
                break
            with self._lock:
                self.requests.append(seen)
                behaviour = self._script[min(self._position, len(self._script) - 1)]
                self._position += 1
                self._busy += 1
            behaviour(peer, seen)
            with self._idle:
                self._busy -= 1
                self._idle.notify_all()
        peer.close()

    def close(self) -> None:
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for peer in self._peers:
            with contextlib.suppress(OSError):
                peer._socket.shutdown(socket.SHUT_RDWR)
            peer.close()
        for thread in self._threads:
            thread.join(LONGEST)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def head(status: int, headers: Mapping[str, str] | None = None, *, reason: str = "Whatever") -> bytes:
    """A status line and headers."""
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in (headers or {}).items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def message(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """A whole answer, with the length of its body unless another is given."""
    lengths = {} if status in (204, 304) or status < 200 else {"Content-Length": str(len(body))}
    return head(status, {"Content-Type": "application/json", **lengths, **(headers or {})}) + body


def sends(data: bytes) -> Behaviour:
    """Sends just this, and keeps the connection."""

    def behave(peer: Peer, seen: Seen) -> None:
        peer.send(data)

    return behave


def answers(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Behaviour:
    return sends(message(status, body, headers))


def answers_json(status: int, content: Any, headers: Mapping[str, str] | None = None) -> Behaviour:
    return answers(status, json.dumps(content).encode(), headers)


def sends_and_closes(data: bytes) -> Behaviour:
    def behave(peer: Peer, seen: Seen) -> None:
        peer.send(data)
        peer.close()

    return behave


def sends_and_resets(data: bytes) -> Behaviour:
    def behave(peer: Peer, seen: Seen) -> None:
        if data:
            peer.send(data)
            time.sleep(0.02)  # A RST discards what the client has not read yet.
        peer.reset()

    return behave


def sends_and_falls_silent(data: bytes) -> Behaviour:
    def behave(peer: Peer, seen: Seen) -> None:
        peer.send(data)
        peer.wait_for_client_to_leave()

    return behave


def sends_and_drips(data: bytes, drop: bytes, *, seconds: float = 4.0) -> Behaviour:
    def behave(peer: Peer, seen: Seen) -> None:
        peer.send(data)
        peer.drip(drop, seconds=seconds)
        peer.close()

    return behave


def sends_many(data: bytes, block: bytes, times: int) -> Behaviour:
    """Sends a block over and over, until the client is gone."""

    def behave(peer: Peer, seen: Seen) -> None:
        if peer.send(data):
            for _ in range(times):
                if not peer.send(block):
                    break
        peer.close()

    return behave
