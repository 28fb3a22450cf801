"""A terminal of a given width with `qac` in it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from types import TracebackType
from typing import Self

from cli.invoking import QAC, environment

_SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>]")
_PATIENCE = 30.0
IN_ONE_PROCESS = """
import sys
from qlik_automation_connections._cli import main
codes = []
for words in sys.argv[1:]:
    print("==", words, flush=True)
    sys.argv[1:] = words.split()
    try:
        main()
    except SystemExit as ended:
        codes.append(ended.code or 0)
sys.exit(max(codes))
"""
"""Runs several commands, each given as one argument and announced by a line; ends with the highest exit code."""


def parts(lines: list[str]) -> dict[str, list[str]]:
    """The lines of each command that ran in one process."""
    found: dict[str, list[str]] = {}
    for line in lines:
        if line.startswith("== "):
            found[line.removeprefix("== ")] = mine = []
        else:
            mine.append(line)
    return found


class Terminal:
    """Runs `qac` in a terminal; a context manager.

    Args:
        arguments: those of `qac`.
        width: columns.
        variables: of the environment.
        piped: whether standard output goes into a pipe; `output` has it at the end.
        several: whether each argument is a command of its own, run one after the other.
    """

    def __init__(
        self, *arguments: str, width: int = 80, piped: bool = False, several: bool = False, **variables: str
    ) -> None:
        self.text = ""
        self.output = ""
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
        self.process = subprocess.Popen(
            [*([sys.executable, "-c", IN_ONE_PROCESS] if several else QAC), *arguments],
            stdin=theirs,
            stdout=subprocess.PIPE if piped else theirs,
            stderr=theirs,
            env=environment(**variables),
            start_new_session=True,
            # Prompts without an echo open the terminal that controls the process.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(theirs)

    @property
    def lines(self) -> list[str]:
        """All that stood in a line of the terminal at some time, without colours and the like."""
        return [line.rstrip() for line in re.split(r"[\r\n]+", _SEQUENCE.sub("", self.text)) if line.strip()]

    def _read(self, until: float) -> bool:
        ready, _, _ = select.select([self._ours], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            raise AssertionError(f"it took too long; until then: {self.text!r}")
        try:
            data = os.read(self._ours, 65_536)
        except OSError:
            return False
        self.text += data.decode("utf-8", "replace")
        return bool(data)

    def expect(self, text: str) -> None:
        """Waits until a text is shown."""
        until = time.monotonic() + _PATIENCE
        while text not in self.text:
            assert self._read(until), f"{text!r} never came: {self.text!r}"

    def enter(self, text: str) -> None:
        """Types something."""
        os.write(self._ours, text.encode())

    def echoes(self) -> bool:
        """Whether what is typed is shown."""
        return bool(termios.tcgetattr(self._ours)[3] & termios.ECHO)

    def interrupt(self, number: signal.Signals = signal.SIGINT) -> None:
        """Sends a signal."""
        self.process.send_signal(number)

    def interrupt_question(self, number: signal.Signals = signal.SIGINT) -> None:
        """Interrupts whoever waits for an answer; again, as people do, where it came just before the waiting began."""
        for _ in range(10):
            self.interrupt(number)
            try:
                self.process.wait(timeout=2)
            except subprocess.TimeoutExpired:
                continue
            return

    def end(self) -> int:
        """Waits for the end, and returns the exit code."""
        until = time.monotonic() + _PATIENCE
        if self.process.stdout is not None:
            self.output = self.process.stdout.read().decode()
        while self._read(until):
            pass
        return self.process.wait(timeout=_PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait(timeout=_PATIENCE)
        if self.process.stdout is not None:
            self.process.stdout.close()
        os.close(self._ours)
