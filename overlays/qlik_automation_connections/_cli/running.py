"""A job that runs: a bar on standard error, and an end where nothing is half done on Ctrl-C or SIGTERM."""

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
from typing import Final

from attrs import define, field, frozen

from ..admin import JobCancelled, Progress
from .exit_codes import Exit, Stopped

_SECONDS_TO_CLEAN_UP: Final = 1.0


@frozen
class Bar:
    """A bar, or nothing where standard error is not a terminal.

    Attributes:
        on_progress: what the job is to call.
        say: prints a line above the bar.
    """

    on_progress: Callable[[Progress], None] = lambda _: None
    say: Callable[[str], None] = lambda _: None


# The bars that are shown, the last one begun at the end. Whoever waits says so from another thread.
_bars: list[Callable[[str], None]] = []


def say_wait(line: str) -> None:
    """Say what a job waits for: in its bar, or on standard error where there is none."""
    if _bars:
        _bars[-1](line)
    else:
        sys.stderr.write(f"{line}\n")


@contextmanager
def bar(title: str, *, bad: str = "failed") -> Iterator[Bar]:
    """Show how far a job is, its rate and the time left, while the block runs.

    Args:
        title: what is done, in a word or two.
        bad: what to call the parts that a job counts as failed.
    """
    if not sys.stderr.isatty() or logging.getLogger("qlik_automation_connections").isEnabledFor(logging.INFO):
        # A log of each request and a bar would overwrite each other.
        yield Bar()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TextColumn
    from rich.progress import Progress as Live
    from rich.text import Text

    class Rate(ProgressColumn):
        """How many a second since the beginning, waits included, and how long the rest takes at that rate."""

        def render(self, task: Task) -> Text:
            if not task.elapsed or not task.completed:
                return Text("")
            rate = task.completed / task.elapsed
            left = "" if task.total is None else f" {timedelta(seconds=round((task.total - task.completed) / rate))}"
            return Text(f"{rate:,.1f}/s{left}")

    live = Live(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TextColumn("{task.fields[note]}"),
        console=Console(stderr=True, highlight=False, markup=False, emoji=False),
        transient=True,
        # What is printed is for a pipe, perhaps, and not for the bar's stream.
        redirect_stdout=False,
    )
    with live:
        task = live.add_task(title, total=None, note="")

        def on_progress(progress: Progress) -> None:
            note = f"{progress.failed:,} {bad}" if progress.failed else ""
            live.update(task, completed=progress.done, total=progress.total, note=note)

        _bars.append(lambda line: live.update(task, note=line))
        try:
            yield Bar(on_progress, lambda line: live.console.print(Text(line)))
        finally:
            _bars.pop()


@define
class Running:
    """What a job is given, and how to go on after it.

    Attributes:
        how_to_go_on: what to say when the command was stopped.
        on_progress: what the job is to call.
        say: prints a line above the bar.
        cancel: set when somebody stops the command.
        last_words: prints what was done, where the process ends before the job does.
    """

    how_to_go_on: str
    on_progress: Callable[[Progress], None] = lambda _: None
    say: Callable[[str], None] = lambda _: None
    cancel: threading.Event = field(factory=threading.Event)
    last_words: Callable[[], None] | None = None
    _code: Exit = field(default=Exit.INTERRUPTED, init=False)
    _at_once: bool = field(default=False, init=False)

    def stopped(self) -> Stopped:
        """Return what a command ends with that was stopped."""
        return Stopped(self.how_to_go_on, self._code, at_once=self._at_once)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if number == signal.SIGTERM:
            self._code = Exit.TERMINATED
        if self.cancel.is_set():
            # The second time, whatever is under way is left where it is: a job's threads would be waited for.
            self._at_once = True
            last = threading.Timer(_SECONDS_TO_CLEAN_UP, self._end)
            last.daemon = True
            last.start()
            signal.default_int_handler(number, frame)
        self.cancel.set()
        # Past Python's stream: it may be in the middle of writing, and takes nothing from a handler then.
        with suppress(OSError):
            os.write(2, b"\nStopping when pending requests are answered; interrupt again to stop now.\n")

    def _ended(self) -> Stopped:
        """The same, for a job that did not get to its end: what was done is printed."""
        if self.last_words is not None:
            self.last_words()
        return self.stopped()

    def _end(self) -> None:
        if sys.stderr.isatty():
            # The bar, which is gone, has hidden the cursor.
            with suppress(OSError):
                os.write(2, b"\x1b[?25h\n")
        stopped = self.stopped()
        with suppress(Exception):
            stopped = self._ended()
        stopped.show()


@contextmanager
def running(title: str, how_to_go_on: str = "Stopped.", *, bad: str = "failed") -> Iterator[Running]:
    """Show a bar while the block runs, let signals end it cleanly, and say then how to go on.

    Args:
        title: what is done, in a word or two.
        how_to_go_on: what to say when the command was stopped.
        bad: what to call the parts that a job counts as failed.
    """
    run = Running(how_to_go_on)
    numbers = (signal.SIGINT, signal.SIGTERM)
    try:
        before = [(number, signal.signal(number, run._on_signal)) for number in numbers]
    except ValueError:  # not in the main thread, where no signal arrives
        before = []
    try:
        with bar(title, bad=bad) as shown:
            run.on_progress, run.say = shown.on_progress, shown.say
            yield run
    except (JobCancelled, KeyboardInterrupt):
        # The bar is gone when this is said.
        raise run._ended() from None
    finally:
        for number, handler in before:
            signal.signal(number, handler)
