"""What a row found, and how it is judged and written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from attrs import field, frozen

from .measuring import Middle, Pair, middle

Unit = Literal["s", "MiB"]
_TIMES: Final = ((1.0, "s", 2), (1e-3, "ms", 2), (1e-6, "µs", 1))
_SMALL: Final = 0.1


def amount(value: float, unit: Unit) -> str:
    """A time or an amount of memory, in words."""
    if unit == "MiB":
        return f"{value:.1f} MiB"
    for size, name, digits in _TIMES:
        if abs(value) >= size:
            return f"{value / size:.{digits}f} {name}"
    return f"{value * 1e6:.1f} µs"


def number(ratio: float) -> str:
    """A ratio, in digits that tell small ones apart."""
    return f"{ratio:z.2f}" if abs(ratio) >= _SMALL else f"{ratio:z.3f}"


@frozen
class Figure:
    """One comparison that was made.

    Attributes:
        what: what was measured, within its row.
        against: what it was held against.
        pairs: what both took, in the unit; one pair at least.
        bar: the most that the median ratio may be; None for one that is shown and not judged.
        unit: of the pairs.
        times: how often the work was done in each measurement.
    """

    what: str
    against: str
    pairs: Sequence[Pair] = field(repr=False)
    bar: float | None = None
    unit: Unit = "s"
    times: tuple[int, int] = (1, 1)

    @property
    def ratio(self) -> Middle:
        """How much more our side takes."""
        ours, theirs = self.times
        return middle([pair.ratio * theirs / ours for pair in self.pairs])

    @property
    def is_met(self) -> bool:
        """Whether it is within its bar."""
        return self.bar is None or self.ratio.median <= self.bar

    @property
    def verdict(self) -> str:
        return "shown" if self.bar is None else "PASS" if self.is_met else "MISSED"

    @property
    def medians(self) -> str:
        """What one piece of work takes, ours and the other's."""
        ours = middle([pair.ours for pair in self.pairs]).median / self.times[0]
        theirs = middle([pair.theirs for pair in self.pairs]).median / self.times[1]
        return f"{amount(ours, self.unit)}, {amount(theirs, self.unit)}"

    @property
    def ratio_words(self) -> str:
        """The median ratio, and the middle half of the ratios."""
        median, low, high = map(number, self.ratio)
        return f"{median} ({low} to {high})"

    @property
    def bar_words(self) -> str:
        return "" if self.bar is None else f"≤ {self.bar:.2f}"

    def __str__(self) -> str:
        bar = f", bar {self.bar_words}" if self.bar is not None else ""
        times = "" if self.times == (1, 1) else f" of {self.times[0]} and {self.times[1]}"
        return (
            f"  {self.what}, against {self.against}: {self.ratio_words}{bar}: {self.verdict}"
            f"\n    medians {self.medians}; {len(self.pairs)} pairs{times}"
        )


@frozen
class Skipped:
    """A comparison that could not be made here.

    Attributes:
        what, against: as of the figure that it would have been.
        why: what is missing, as a sentence.
    """

    what: str
    against: str
    why: str

    def __str__(self) -> str:
        return f"  {self.what}, against {self.against}: skipped. {self.why}"
