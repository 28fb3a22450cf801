"""Reads the body of a response, up to a maximum size and a deadline."""

from __future__ import annotations

import time
import zlib
from typing import Final

from .._http import Response

MAX_BODY_BYTES: Final = 32 * 1024 * 1024
"""Larger bodies are refused. A page of 200 connections is about 100 kB."""

ACCEPT_ENCODING: Final = "gzip"
"""What `Body` can decode. The HTTP library would inflate a small body to any size before it could be refused."""


class BodyError(Exception):
    """A body can't be read."""


class BodyTimeoutError(Exception):
    """A body did not end before the deadline."""


class Body:
    """Collects the raw chunks of a response, and inflates them.

    Args:
        response: The response, with its body usually unread.
        deadline: When to stop reading, in monotonic seconds.

    Attributes:
        is_to_be_read: Whether to read the body from the response. False if the transport already read it, and for a
            204 that declares a body, which could be taken for the response to the next request; leaving it unread
            closes the connection.

    Raises:
        BodyError: The body is too large, or has an encoding that was not requested.
    """

    def __init__(self, response: Response, deadline: float) -> None:
        # Collected once, since each lookup in `response.headers` decodes all names again.
        headers: dict[bytes, bytes] = {}
        for name, value in response.headers.raw:
            name = name.lower()
            headers[name] = headers[name] + b", " + value if name in headers else value
        encoding = headers.get(b"content-encoding", b"").decode("latin-1").strip().lower()
        if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise BodyError("its content encoding was not requested")
        # 47: detect gzip or zlib.
        self._inflater = zlib.decompressobj(47) if encoding not in ("", "identity") else None
        self._content = bytearray()
        self._deadline = deadline
        length = headers.get(b"content-length", b"0")
        self._refuse_above(int(length) if length.isdigit() and len(length) < 19 else 0)
        declared = length != b"0" or b"transfer-encoding" in headers
        self.is_to_be_read = not response.is_stream_consumed and (response.status_code != 204 or not declared)
        if response.is_stream_consumed:
            self._inflater = None
            self._content += response.content

    @staticmethod
    def _refuse_above(size: int) -> None:
        if size > MAX_BODY_BYTES:
            raise BodyError(f"its body is larger than {MAX_BODY_BYTES // 1024 // 1024} MiB")

    def add(self, chunk: bytes) -> None:
        """Add the next chunk.

        Raises:
            BodyError: The body is too large or can't be inflated.
            BodyTimeoutError: The deadline has passed.
        """
        if self._inflater is not None:
            try:
                chunk = self._inflater.decompress(chunk, MAX_BODY_BYTES + 1 - len(self._content))
            except zlib.error:
                raise BodyError("its body is not valid gzip, despite its content encoding") from None
        self._refuse_above(len(self._content) + len(chunk))
        self._content += chunk
        if time.monotonic() > self._deadline:
            raise BodyTimeoutError("the body did not end within the time allowed for one call")

    def content(self) -> bytes:
        """Return the whole body.

        Raises:
            BodyError: The body is truncated.
        """
        if self._inflater is not None and self._content and not self._inflater.eof:
            raise BodyError("its gzip body is truncated")
        return bytes(self._content)
