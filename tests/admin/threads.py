"""Threads that tests start, and those that must be gone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

PATIENCE: Final = 30.0
"""Seconds after which a test gives up on what should long have happened."""


def wait_for(event: threading.Event) -> None:
    """Waits until something happened, and fails if it never does."""
    assert event.wait(PATIENCE), "what was waited for did not happen"


@contextmanager
def meanwhile(work: Callable[[], None]) -> Iterator[None]:
    """Does something in another thread while the block runs; what it raises is raised at the end of the block."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised below
            failures.append(error)

    thread = threading.Thread(target=run, name="meanwhile")
    thread.start()
    try:
        yield
    finally:
        thread.join(PATIENCE)
        assert not thread.is_alive(), "the other thread did not end"
        if failures:
            raise failures[0]


@contextmanager
def no_thread_is_left() -> Iterator[None]:
    """Fails if a thread that was started in the block outlives it; that of the pacing ends by itself."""
    before = set(threading.enumerate())

    def left() -> list[threading.Thread]:
        return [thread for thread in threading.enumerate() if thread not in before and thread.name != "pacing"]

    yield
    # Ctrl-C may come while a thread is being started: nobody can wait for it then, and it ends without doing anything.
    for thread in left():
        thread.join(PATIENCE)
    assert left() == []
