"""Text of a JSON file, and back to the same bytes."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_left

from attrs import frozen

# The longer ones first: one begins like another.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class NoText(ValueError):
    """Bytes are no text in an encoding that is known; the message says where and why."""


@frozen
class Encoding:
    """How a file encodes its text.

    Attributes:
        name: as Python calls it.
        mark: the byte order mark that the file begins with, possibly none.
    """

    name: str
    mark: bytes

    def encode(self, text: str) -> bytes:
        """The bytes of a file with this text."""
        return self.mark + text.encode(self.name)


def decode_file(content: bytes) -> tuple[str, Encoding]:
    """The text of a file: UTF-8, or UTF-16 or UTF-32 with a byte order mark.

    Raises:
        NoText: it is in no such encoding.
    """
    encoding = next((Encoding(name, mark) for mark, name in _MARKS if content.startswith(mark)), Encoding("utf-8", b""))
    body = content[len(encoding.mark) :]
    try:
        return body.decode(encoding.name), encoding
    except UnicodeDecodeError as error:
        line, column = Places(body[: error.start].decode(encoding.name)).at(None)
        raise NoText(
            f"it is not {encoding.name.upper()} at line {line}, column {column}: save it as UTF-8, or export it again"
        ) from None


class Places:
    """Lines and columns of a text, both counted from 1; a column is a character.

    Args:
        text: the text.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._breaks: list[int] | None = None

    def at(self, offset: int | None) -> tuple[int, int]:
        """Line and column of an offset into the text; None is its end."""
        if self._breaks is None:
            self._breaks = [match.start() for match in re.finditer("\n", self._text)]
        if offset is None:
            offset = len(self._text)
        before = bisect_left(self._breaks, offset)
        return before + 1, offset - (self._breaks[before - 1] if before else -1)
