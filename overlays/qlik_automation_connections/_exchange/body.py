"""Takes in the body of a response, up to a size and a moment."""

from __future__ import annotations

import time
import zlib
from typing import Final

from .._http import Response

MAX_BODY_BYTES: Final = 32 * 1024 * 1024
"""Larger bodies are refused: a page of 200 connections has some 100 kB."""

ACCEPT_ENCODING: Final = "gzip"
"""What `Body` can read. The HTTP library would inflate a small body to any size before anybody could refuse it."""


class BodyError(Exception):
    """A body can't be taken in."""


class BodyTimeoutError(Exception):
    """A body did not end in the time that one call may take."""


class Body:
    """Gathers the raw chunks of a response, and inflates them.

    Args:
        response: what was received, with its body still to come.
        deadline: when to give up, on the monotonic clock.

    Attributes:
        is_to_be_read: whether the body is still to be read. Left unread, the connection is closed with it. A 204 has no
            body: one that says it has would be taken for the answer to the next request. A transport without a network
            may hand out responses that were read already.

    Raises:
        BodyError: it is too large, or in an encoding that was not asked for.
    """

    def __init__(self, response: Response, deadline: float) -> None:
        # Once for all of them: each look-up in the headers of a response decodes the names anew.
        headers: dict[bytes, bytes] = {}
        for name, value in response.headers.raw:
            name = name.lower()
            headers[name] = headers[name] + b", " + value if name in headers else value
        encoding = headers.get(b"content-encoding", b"").decode("latin-1").strip().lower()
        if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise BodyError("its content encoding was not asked for")
        # 47: gzip or zlib, whichever it is.
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
        """Takes in what came next.

        Raises:
            BodyError: the body is too large or can't be inflated.
            BodyTimeoutError: the deadline has passed.
        """
        if self._inflater is not None:
            try:
                chunk = self._inflater.decompress(chunk, MAX_BODY_BYTES + 1 - len(self._content))
            except zlib.error:
                raise BodyError("its body is not the gzip that it claims to be") from None
        self._refuse_above(len(self._content) + len(chunk))
        self._content += chunk
        if time.monotonic() > self._deadline:
            raise BodyTimeoutError("the body did not end in the time that one call may take")

    def content(self) -> bytes:
        """The whole body.

        Raises:
            BodyError: it is cut off.
        """
        if self._inflater is not None and self._content and not self._inflater.eof:
            raise BodyError("its gzip is cut off")
        return bytes(self._content)
