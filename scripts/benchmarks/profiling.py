"""Where the time of one side goes. Needs the standard library alone."""

from __future__ import annotations

import cProfile
import io
import pstats
import time
from collections.abc import Callable

SHOWN = 30
_SECONDS = 3.0


def profile(work: Callable[[], object]) -> str:
    """The functions that take most of the time of some work, which is done again for some seconds.

    Functions of threads other than the one that does the work are not seen.
    """
    work()
    profiler = cProfile.Profile()
    until = time.monotonic() + _SECONDS
    rounds = 0
    while rounds == 0 or time.monotonic() < until:
        profiler.runcall(work)
        rounds += 1
    printed = io.StringIO()
    pstats.Stats(profiler, stream=printed).strip_dirs().sort_stats("tottime").print_stats(SHOWN)
    return f"{rounds} rounds, the {SHOWN} functions with most time of their own\n{printed.getvalue()}"
