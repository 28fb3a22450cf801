"""Timing two things turn about, and their ratio. Needs the standard library alone: it runs in bare environments."""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

WARM_UPS = 2
_COARSE = 1e-5


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


def seconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    gc.collect()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def cpu_seconds(work: Callable[[], object]) -> float:
    """How much of a processor something takes that waits for nothing: what else the machine does is left out.

    Where the system counts that too coarsely, it is how long it takes.
    """
    if time.get_clock_info("process_time").resolution > _COARSE:
        return seconds(work)
    gc.collect()
    began = time.process_time()
    work()
    return time.process_time() - began


def paired(ours: Callable[[], float], theirs: Callable[[], float], repeats: int) -> list[Pair]:
    """Measures two things turn about, so that what else the machine does meets both.

    Args:
        ours: measures the one side once.
        theirs: measures the other.
        repeats: how often both are measured. The first measurements load code and fill caches, and do not count.
    """
    for _ in range(WARM_UPS):
        ours()
        theirs()
    pairs = []
    for number in range(repeats):
        # Turn about, so that neither always comes second.
        if number % 2:
            other = theirs()
            pairs.append(Pair(ours(), other))
        else:
            pairs.append(Pair(ours(), theirs()))
    return pairs


def timed_pairs(
    ours: Callable[[], object], theirs: Callable[[], object], repeats: int, *, cpu: bool = False
) -> list[Pair]:
    """The seconds of two things, measured turn about.

    Args:
        ours: the one.
        theirs: the other.
        repeats: as of `paired`.
        cpu: whether those of the processor are meant, for what waits for nothing.
    """
    clock = cpu_seconds if cpu else seconds
    return paired(lambda: clock(ours), lambda: clock(theirs), repeats)


def middle(values: Sequence[float]) -> Middle:
    """The middle of one value or more."""
    if len(values) == 1:
        return Middle(values[0], values[0], values[0])
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return Middle(median, low, high)


def scatter(pairs: Sequence[Pair]) -> float:
    """How wide the middle half of the ratios is, by their median."""
    found = middle([pair.ratio for pair in pairs])
    return (found.high - found.low) / found.median


def spread(values: Sequence[float], unit: str = "") -> str:
    """Median, and the lowest and the highest, in words."""
    return f"median {statistics.median(values):.3f}{unit}, from {min(values):.3f} to {max(values):.3f}"


def peak_mib() -> float:
    """The most memory that this process had resident so far, in MiB; not on Windows."""
    if sys.platform == "win32":
        raise OSError("Windows does not say how much memory a process had at most in a way that is read here")
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)
