"""Run a job with a progress bar on standard error, and stop it cleanly on Ctrl-C or SIGTERM."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from types import FrameType
from typing import Any, Final

import click
from attrs import define, field, frozen

from .. import PacingWait
from ..admin import JobCancelled, Progress
from .exit_codes import Exit, Stopped
from .pace import Pace

_SECONDS_TO_CLEAN_UP: Final = 1.0


@frozen
class Bar:
    """A progress bar; it does nothing if standard error is not a terminal.

    Attributes:
        on_progress: The callback for the job.
        say: Prints a line above the bar.
        on_wait: Shows a wait for the service's limits.
    """

    on_progress: Callable[[Progress], None] = lambda _: None
    say: Callable[[str], None] = lambda _: None
    on_wait: Callable[[PacingWait], None] = lambda _: None


# The visible bars, latest last. Waits are reported from other threads.
_bars: list[Bar] = []


def show_wait(wait: PacingWait) -> bool:
    """Show a wait for the service's limits in the bar. Return False if there is none."""
    for bar in _bars[-1:]:
        bar.on_wait(wait)
    return bool(_bars)


def say_above(line: str) -> None:
    """Print a line on standard error, above the bar if there is one."""
    if _bars:
        _bars[-1].say(line)
    else:
        click.echo(line, err=True)


@contextmanager
def bar(title: str, *, bad: str = "failed") -> Iterator[Bar]:
    """Show a job's progress, rate and remaining time while the block runs.

    Args:
        title: One or two words for the job.
        bad: The word for items that the job counts as failed.
    """
    if not sys.stderr.isatty() or logging.getLogger("qlik_automation_connections").isEnabledFor(logging.INFO):
        # The log of requests and a bar would overwrite each other.
        yield Bar()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TextColumn
    from rich.progress import Progress as Live
    from rich.text import Text

    pace = Pace()

    class Rate(ProgressColumn):
        """The average rate, waits included, and the time left."""

        def render(self, task: Task) -> Text:
            if not task.elapsed or not task.completed:
                return Text("")
            rate = pace.rate(task.completed, task.elapsed)
            if task.total is None:
                return Text(f"{rate:,.1f}/s")
            left = round(pace.left(task.completed, task.total, task.elapsed))
            return Text(f"{rate:,.1f}/s {timedelta(seconds=left)}")

    class Note(ProgressColumn):
        """What the job waits for, or how much has failed."""

        def render(self, task: Task) -> Text:
            return Text(pace.waiting(task.elapsed or 0.0) or task.fields["note"])

    live = Live(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        Note(),
        console=Console(stderr=True, highlight=False, markup=False, emoji=False),
        transient=True,
        # Standard output may be a pipe, so it must not go to the bar's stream.
        redirect_stdout=False,
    )
    with live:
        task = live.add_task(title, total=None, note="")

        def on_progress(progress: Progress) -> None:
            note = f"{progress.failed:,} {bad}" if progress.failed else ""
            live.update(task, completed=progress.done, total=progress.total, note=note)

        def on_wait(wait: PacingWait) -> None:
            pace.wait(wait, live.tasks[0].elapsed or 0.0)

        _bars.append(Bar(on_progress, lambda line: live.console.print(Text(line)), on_wait))
        try:
            yield _bars[-1]
        finally:
            _bars.pop()


@define
class Running:
    """A running job's callbacks, and how to resume it.

    Attributes:
        how_to_go_on: The message for a stopped command.
        on_progress: The callback for the job.
        say: Prints a line above the bar.
        cancel: Set when the user stops the command.
        last_words: Prints what was done if the command is stopped.
    """

    how_to_go_on: str
    on_progress: Callable[[Progress], None] = lambda _: None
    say: Callable[[str], None] = lambda _: None
    cancel: threading.Event = field(factory=threading.Event)
    last_words: Callable[[], None] | None = None
    _code: Exit = field(default=Exit.INTERRUPTED, init=False)
    _at_once: bool = field(default=False, init=False)

    @property
    def callbacks(self) -> dict[str, Any]:
        """What every job takes to report its progress and to be stopped."""
        return {"on_progress": self.on_progress, "cancel": self.cancel}

    def stopped(self) -> Stopped:
        """Return the exception that ends a stopped command."""
        return Stopped(self.how_to_go_on, self._code, at_once=self._at_once)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if number == signal.SIGTERM:
            self._code = Exit.TERMINATED
        if self.cancel.is_set():
            # On the second signal, don't wait for the job's threads.
            self._at_once = True
            last = threading.Timer(_SECONDS_TO_CLEAN_UP, self._end)
            last.daemon = True
            last.start()
            signal.default_int_handler(number, frame)
        self.cancel.set()
        # Python's stream may be in the middle of a write, and can't be used from a handler then.
        with suppress(OSError):
            os.write(2, b"\nStopping when pending requests are answered; interrupt again to stop now.\n")

    def _ended(self) -> Stopped:
        """Print what was done, and return the exception that ends the command."""
        if self.last_words is not None:
            self.last_words()
        return self.stopped()

    def _end(self) -> None:
        if sys.stderr.isatty():
            # Show the cursor again, which the bar has hidden.
            with suppress(OSError):
                os.write(2, b"\x1b[?25h\n")
        stopped = self.stopped()
        with suppress(Exception):
            stopped = self._ended()
        stopped.show()


@contextmanager
def running(title: str, how_to_go_on: str = "Stopped.", *, bad: str = "failed") -> Iterator[Running]:
    """Show a bar while the block runs, and turn signals into a clean stop with a message.

    Args:
        title: One or two words for the job.
        how_to_go_on: The message for a stopped command.
        bad: The word for items that the job counts as failed.
    """
    run = Running(how_to_go_on)
    numbers = (signal.SIGINT, signal.SIGTERM)
    try:
        before = [(number, signal.signal(number, run._on_signal)) for number in numbers]
    except ValueError:  # signals only reach the main thread
        before = []
    try:
        with bar(title, bad=bad) as shown:
            run.on_progress, run.say = shown.on_progress, shown.say
            yield run
    except (JobCancelled, KeyboardInterrupt):
        # Here the bar is gone.
        raise run._ended() from None
    finally:
        for number, handler in before:
            signal.signal(number, handler)
    if run.cancel.is_set():
        # The job ended by itself, complete or with what it had, and what follows it must not begin.
        raise run._ended()
