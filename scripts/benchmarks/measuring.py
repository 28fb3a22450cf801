"""Two things, timed turn about, and their ratio. Needs the standard library alone: it runs in bare environments."""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

WARM_UPS = 2


class Pair(NamedTuple):
    """What both sides took, one right after the other, in the same unit."""

    ours: float
    theirs: float

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs


class Middle(NamedTuple):
    """The median of some values, and the bounds of the middle half of them."""

    median: float
    low: float
    high: float


def seconds(work: Callable[[], object], *, cpu: bool = False) -> float:
    """Return how long something takes; with `cpu`, of the processor, for what waits for nothing."""
    # Windows counts the processor's time too coarsely.
    clock = time.process_time if cpu and sys.platform != "win32" else time.perf_counter
    gc.collect()
    began = clock()
    work()
    return clock() - began


def paired(ours: Callable[[], float], theirs: Callable[[], float], repeats: int) -> list[Pair]:
    """Measure two things turn about, so that what else the machine does meets both.

    Args:
        ours: measures the one side once.
        theirs: measures the other.
        repeats: how often both are measured, after warm-ups that load code and fill caches.
    """
    for _ in range(WARM_UPS):
        ours()
        theirs()
    pairs = []
    for number in range(repeats):
        if number % 2:  # neither always comes second
            other = theirs()
            pairs.append(Pair(ours(), other))
        else:
            pairs.append(Pair(ours(), theirs()))
    return pairs


def middle(values: Sequence[float]) -> Middle:
    """Return the middle of one value or more."""
    if len(values) == 1:
        return Middle(values[0], values[0], values[0])
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return Middle(median, low, high)


def scatter(pairs: Sequence[Pair]) -> float:
    """Return how wide the middle half of the ratios is, by their median."""
    found = middle([pair.ratio for pair in pairs])
    return (found.high - found.low) / found.median


def peak_mib() -> float:
    """Return the most memory that this process had resident so far, in MiB; not on Windows."""
    if sys.platform == "win32":
        raise OSError("Windows has no ru_maxrss")
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
