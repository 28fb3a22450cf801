"""Text for people."""

from __future__ import annotations


def printable(text: str) -> str:
    """Escape characters that could forge a line or garble a terminal."""
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def shortened(text: str, most: int = 2_000) -> str:
    """Return a text of at most `most` characters: of a longer one, its beginning and its end."""
    return text if len(text) <= most else f"{text[: most - 405]} […] {text[-400:]}"


def counted(number: int, one: str = "connection", many: str | None = None) -> str:
    """Return a number with its noun, such as `1 connection` or `2,000 connections`."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
