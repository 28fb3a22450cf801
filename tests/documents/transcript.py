"""A page whose console blocks are what a terminal of 80 columns shows: run again, compared, or rewritten."""

from __future__ import annotations

import fcntl
import itertools
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pyte

COLUMNS: Final = 80
_PATIENCE: Final = 120.0
_BLOCK: Final = re.compile(r"^(?:<!-- not run: .* -->\n)?```console\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_PORT: Final = "48080"
_QUESTION: Final = b"[y/N]: "
_CHANGING: Final = (
    (re.compile(r"\b\d+\.\d\d\b"), "0.00"),
    (re.compile(r"\b\d+:\d\d\b"), "0:00"),
    (re.compile(r"\b\d+ s\b"), "0 s"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "0" * 32),
)


def commands(block: str) -> Iterator[str]:
    """The commands of a block, without their prompts."""
    for found in re.finditer(r"^\$ (?P<command>(?:.*\\\n)*.*)$", block, re.MULTILINE):
        yield found["command"]


def shown(command: str, folder: Path, environment: Mapping[str, str]) -> str:
    """What stands on the screen once a command has ended; whoever asks whether to go on is answered with `y`."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
    screen = pyte.HistoryScreen(COLUMNS, 24, history=10_000)
    stream = pyte.ByteStream(screen)
    with subprocess.Popen(
        ["bash", "-c", command],
        cwd=folder,
        env={**environment, "TERM": "xterm-256color"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as process:
        os.close(theirs)
        until, told = time.monotonic() + _PATIENCE, b""
        while select.select([ours], [], [], max(0.0, until - time.monotonic()))[0]:
            try:
                data = os.read(ours, 65_536)
            except OSError:  # the end, on Linux
                break
            if not data:
                break
            stream.feed(data)
            told += data
            if told.endswith(_QUESTION):
                os.write(ours, b"y\n")
                told = b""
        else:
            process.kill()
            raise AssertionError(f"{command} took too long; until then: {told!r}")
    os.close(ours)
    above = ["".join(line[column].data for column in range(COLUMNS)) for line in screen.history.top]
    return "".join(f"{line.rstrip()}\n" for line in (*above, *screen.display)).rstrip("\n")


class Transcript:
    """A page, run against a sandbox.

    Args:
        page: The page's text.
        folder: Where its commands run.
        environment: Their variables.
        address: The sandbox's, which the page shows with another port, as long as its own.
    """

    def __init__(self, page: str, folder: Path, environment: Mapping[str, str], address: str) -> None:
        self._page = page
        self._folder = folder
        self._environment = environment
        self._port = re.compile(r"\n?".join(address.rpartition(":")[2]))

    def run(self) -> str:
        """Run all commands, one after the other, and return the page with what they show."""
        return _BLOCK.sub(self._block, self._page)

    def _block(self, found: re.Match[str]) -> str:
        if not found[0].startswith("```"):
            return found[0]
        parts = []
        for command in commands(found["text"]):
            text = self._port.sub(_with_port, shown(command, self._folder, self._environment))
            parts.append(f"$ {command}\n{text}\n" if text else f"$ {command}\n")
        return f"```console\n{''.join(parts)}```"


def _with_port(found: re.Match[str]) -> str:
    # A line may break within it.
    digits = itertools.cycle(_PORT)
    return "".join(next(digits) if character != "\n" else character for character in found[0])


def timeless(page: str) -> str:
    """A page without what differs from one run to the next."""
    for pattern, instead in _CHANGING:
        page = pattern.sub(instead, page)
    return page
