"""Standard input, output and error, such as the shell left them: closed, broken, full, or unable to show a letter."""

from __future__ import annotations

import os
import sys
from contextlib import suppress


def _onto_nothing(descriptor: int) -> None:
    """Let a descriptor lead nowhere."""
    nothing = os.open(os.devnull, os.O_RDWR)
    if nothing != descriptor:
        os.dup2(nothing, descriptor)
        os.close(nothing)


def prepare_streams() -> None:
    """Open what the shell closed, or the next file would take its place, and make any character printable."""
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
    """Let what can't be written any more fall to nothing, or it would fail again when the process ends."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                _onto_nothing(stream.fileno())
                stream.flush()
