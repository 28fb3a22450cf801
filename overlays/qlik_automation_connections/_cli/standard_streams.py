"""Handle standard streams that are closed, broken, full, or can't encode a character, and log to one."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO


def _onto_nothing(descriptor: int) -> None:
    """Redirect a file descriptor to the null device."""
    nothing = os.open(os.devnull, os.O_RDWR)
    if nothing != descriptor:
        os.dup2(nothing, descriptor)
        os.close(nothing)


def _writing_all(stream: TextIO) -> TextIO:
    """Return a stream that writes a text as a whole or raises, also if Python is told not to buffer.

    An unbuffered stream writes once and loses what the system did not take, without an error.
    """
    if not isinstance(getattr(stream, "buffer", None), io.RawIOBase):
        return stream
    # Line by line: what a user waits for still shows at once.
    return open(stream.fileno(), "w", buffering=1, encoding=stream.encoding, closefd=False)


def prepare_streams() -> None:
    """Reopen closed streams, whose descriptors the next files would get, and let them write all of any text."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            _onto_nothing(descriptor)
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for the whole process
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout, sys.stderr = _writing_all(sys.stdout), _writing_all(sys.stderr)
    for stream in (sys.stdout, sys.stderr):
        # Print a question mark instead of failing if the encoding lacks a character.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def silence_broken_streams() -> None:
    """Discard what can't be written, or it would fail again when the process exits."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                _onto_nothing(stream.fileno())
                stream.flush()


@contextmanager
def logging_to_stderr(name: str, form: str = "%(message)s") -> Iterator[None]:
    """Write what a logger and those below it say to standard error while the block runs."""
    import logging  # which help does not need

    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(form, "%H:%M:%S"))
    logger = logging.getLogger(name)
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.setLevel(before)
        logger.removeHandler(handler)
