"""Lets Ctrl-C, and a signal that ends the process, end a job where nothing is half done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click
from attrs import define, field

from ..admin.errors import JobCancelled
from .exits import Exit, Stopped


@define
class Interrupt:
    """What a job is given as its `cancel`, and how to go on after it.

    Attributes:
        event: set when somebody stops the command.
        how_to_go_on: what to say then.
    """

    event: threading.Event = field(factory=threading.Event)
    how_to_go_on: str = "Stopped."
    _code: Exit = field(default=Exit.INTERRUPTED, init=False)

    def stopped(self) -> Stopped:
        """What a command ends with that was stopped."""
        return Stopped(self.how_to_go_on, self._code)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if number == signal.SIGTERM:
            self._code = Exit.TERMINATED
        if self.event.is_set():
            # The second time, whatever is under way is left where it is.
            signal.default_int_handler(number, frame)
        self.event.set()
        click.echo("\nStopping, when what was sent is answered; once more stops at once.", err=True)


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
        raise interrupt.stopped() from None
    finally:
        for number, handler in before:
            signal.signal(number, handler)
