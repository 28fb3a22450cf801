"""Decode JSON files, and encode them to the same bytes again."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_left

from attrs import frozen

# The longer ones first: UTF-32-LE's begins with UTF-16-LE's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class InvalidContent(ValueError):
    """A file does not contain text, or not JSON. The message says where and why, without quoting the file."""


@frozen
class Encoding:
    """The encoding of a file.

    Attributes:
        name: Python's name for it.
        mark: The byte order mark at the start of the file, possibly empty.
    """

    name: str
    mark: bytes

    def encode(self, text: str) -> bytes:
        """Return the bytes of a file with this text."""
        return self.mark + text.encode(self.name)


def decode_file(content: bytes) -> tuple[str, Encoding]:
    """Decode a file: UTF-8, or UTF-16 or UTF-32 with a byte order mark.

    Raises:
        InvalidContent: The file has another encoding.
    """
    encoding = next((Encoding(name, mark) for mark, name in _MARKS if content.startswith(mark)), Encoding("utf-8", b""))
    body = content[len(encoding.mark) :]
    try:
        return body.decode(encoding.name), encoding
    except UnicodeDecodeError as error:
        before = body[: error.start].decode(encoding.name)
        line, column = LineIndex(before).at(len(before))
        raise InvalidContent(
            f"it is not valid {encoding.name.upper()} at line {line}, column {column}: save it as UTF-8, or export it"
            " again"
        ) from None


class LineIndex:
    """Line and column numbers of a text, both from 1; columns count characters.

    Args:
        text: The text.
    """

    def __init__(self, text: str) -> None:
        self._breaks = [match.start() for match in re.finditer("\n", text)]

    def at(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset."""
        before = bisect_left(self._breaks, offset)
        return before + 1, offset - (self._breaks[before - 1] if before else -1)
