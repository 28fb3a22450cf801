"""Standard input, output and error, such as the shell left them: closed, broken, full, or unable to show a letter."""

from __future__ import annotations

import os
import sys
from contextlib import suppress


def _onto_nothing(descriptor: int) -> None:
    """Lets a descriptor lead nowhere."""
    nothing = os.open(os.devnull, os.O_RDWR)
    if nothing != descriptor:
        os.dup2(nothing, descriptor)
        os.close(nothing)


def prepare_streams() -> None:
    """Opens what the shell closed, or the next file would take its place, and makes any character printable."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            _onto_nothing(descriptor)
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for the whole process
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        # A console or pipe whose encoding lacks a character of a name gets a question mark, not a traceback.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def silence_broken_streams() -> None:
    """Lets what can't be written any more fall to nothing, or it would fail again when the process ends."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                _onto_nothing(stream.fileno())
                stream.flush()


def read_text(path: str) -> str:
    """A whole text file in UTF-8, with or without a byte order mark; `-` is standard input.

    Raises:
        OSError, UnicodeError: it can't be read, or is no such text.
    """
    if path == "-":
        return sys.stdin.buffer.read().decode("utf-8-sig")
    with open(path, encoding="utf-8-sig") as file:
        return file.read()


def why_unreadable(error: OSError | ValueError) -> str:
    """Why `read_text` failed, in words."""
    return error.strerror or "it can't be opened" if isinstance(error, OSError) else "it is no text in UTF-8"
