"""Ends a job where it waits, or at a point where nothing is half done."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from .._interruption import Interrupted, interruptible
from ._errors import JobCancelled


def check_cancelled(cancel: threading.Event | None, job: str) -> None:
    """Raises if a job is to end.

    Args:
        cancel: set to end it; None if nobody will.
        job: its name, for the message.

    Raises:
        JobCancelled: it is.
    """
    if cancel is not None and cancel.is_set():
        raise JobCancelled(f"The {job} was cancelled.")


@contextmanager
def cancellable(cancel: threading.Event | None, job: str) -> Iterator[None]:
    """Ends the waits of a block's calls when the job is to end.

    Args:
        cancel: set to end it; None if nobody will.
        job: its name, for the message.

    Raises:
        JobCancelled: a wait was ended, and what it was for was not sent.
    """
    if cancel is None:
        yield
        return
    check_cancelled(cancel, job)
    try:
        with interruptible(cancel.is_set):
            yield
    except Interrupted:
        raise JobCancelled(f"The {job} was cancelled.") from None
