"""Stop a job while it waits, or at a point where nothing is half done."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from .._interruption import Interrupted, interruptible
from ._errors import JobCancelled


def check_cancelled(cancel: threading.Event | None, job: str) -> None:
    """Raise `JobCancelled` if `cancel` is set.

    Args:
        cancel: The job's event; None if it can't be cancelled.
        job: Name of the job, for the message.

    Raises:
        JobCancelled: `cancel` is set.
    """
    if cancel is not None and cancel.is_set():
        raise JobCancelled(f"The {job} was cancelled.")


@contextmanager
def cancellable(cancel: threading.Event | None, job: str) -> Iterator[None]:
    """Interrupt the waits of calls in the block when `cancel` is set.

    Args:
        cancel: The job's event; None if it can't be cancelled.
        job: Name of the job, for the message.

    Raises:
        JobCancelled: A wait was interrupted; the request it was for was not sent.
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
