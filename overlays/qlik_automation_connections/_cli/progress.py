"""A bar on standard error, with rate and time left; nothing where that is no terminal."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from attrs import frozen

from ..admin._progress import OnProgress, Progress, ignore


@frozen
class Bar:
    """What a job is given.

    Attributes:
        on_progress: what the job is to call.
        say: prints a line above the bar; nothing where there is no terminal.
    """

    on_progress: OnProgress
    say: Callable[[str], None]


# The bars that are shown, the last one begun at the end. Whoever waits says so from another thread.
_bars: list[Callable[[str], None]] = []


def _say_nothing(_: str) -> None:
    """Does nothing with it."""


@contextmanager
def bar(title: str, *, bad: str = "failed") -> Iterator[Bar]:
    """Shows how far a job is while the block runs.

    Args:
        title: what is done, in a word or two.
        bad: what is said of the parts that a job counts as failed.
    """
    if not sys.stderr.isatty() or logging.getLogger("qlik_automation_connections").isEnabledFor(logging.INFO):
        # A log of each request and a bar would overwrite each other.
        yield Bar(ignore, _say_nothing)
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


def say_wait(line: str) -> None:
    """Says for what a job waits: in its bar, or on standard error where there is none."""
    if _bars:
        _bars[-1](line)
    else:
        sys.stderr.write(f"{line}\n")
