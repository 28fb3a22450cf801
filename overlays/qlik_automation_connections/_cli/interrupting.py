"""Lets Ctrl-C, and a signal that ends the process, end a job where nothing is half done."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final

from attrs import define, field

from ..admin._errors import JobCancelled
from .exit_codes import Exit, Stopped

_SECONDS_TO_CLEAN_UP: Final = 1.0


@define
class Interrupt:
    """What a job is given as its `cancel`, and how to go on after it.

    Attributes:
        event: set when somebody stops the command.
        how_to_go_on: what to say then.
        last_words: prints what was done, where the process ends before the job does.
    """

    event: threading.Event = field(factory=threading.Event)
    how_to_go_on: str = "Stopped."
    last_words: Callable[[], None] | None = None
    _code: Exit = field(default=Exit.INTERRUPTED, init=False)
    _at_once: bool = field(default=False, init=False)

    def stopped(self) -> Stopped:
        """What a command ends with that was stopped."""
        return Stopped(self.how_to_go_on, self._code, at_once=self._at_once)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if number == signal.SIGTERM:
            self._code = Exit.TERMINATED
        if self.event.is_set():
            # The second time, whatever is under way is left where it is: a job's threads would be waited for.
            self._at_once = True
            last = threading.Timer(_SECONDS_TO_CLEAN_UP, self._end)
            last.daemon = True
            last.start()
            signal.default_int_handler(number, frame)
        self.event.set()
        # Past Python's stream: it may be in the middle of writing, and takes nothing from a handler then.
        with suppress(OSError):
            os.write(2, b"\nStopping, when what was sent is answered; once more stops at once.\n")

    def ended(self) -> Stopped:
        """The same, for a job that did not get to its end: what was done is printed."""
        if self.last_words is not None:
            self.last_words()
        return self.stopped()

    def _end(self) -> None:
        if sys.stderr.isatty():
            # A bar that is no more has hidden the cursor.
            with suppress(OSError):
                os.write(2, b"\x1b[?25h\n")
        stopped = self.stopped()
        with suppress(Exception):
            stopped = self.ended()
        stopped.show()


@contextmanager
def interruptible_command(how_to_go_on: str = "Stopped.") -> Iterator[Interrupt]:
    """Makes signals set an event while the block runs, and the end of the process tell how to go on.

    Args:
        how_to_go_on: what to say when the command was stopped.
    """
    interrupt = Interrupt(how_to_go_on=how_to_go_on)
    numbers = (signal.SIGINT, signal.SIGTERM)
    try:
        before = [(number, signal.signal(number, interrupt._on_signal)) for number in numbers]
    except ValueError:  # not in the main thread, where no signal arrives
        before = []
    try:
        yield interrupt
    except (JobCancelled, KeyboardInterrupt):
        raise interrupt.ended() from None
    finally:
        for number, handler in before:
            signal.signal(number, handler)
