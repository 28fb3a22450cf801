"""The rows of the benchmark, in the order of its page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from attrs import frozen

from .context import Bench
from .figures import Figure, Skipped
from .rows import check, construct, decode, get, help, importing, listing, memory, side_by_side


@frozen
class Row:
    """A row.

    Attributes:
        how: what it measures, on what, and how often: one paragraph of Markdown.
        measure: makes its comparisons.
        profile: where the time of our side goes, as text.
    """

    how: str
    measure: Callable[[Bench], Sequence[Figure | Skipped]]
    profile: Callable[[Bench], str]


ROWS: Final[Mapping[str, Row]] = {
    "import": Row(importing.HOW, importing.measure, importing.profile),
    "help": Row(help.HOW, help.measure, help.profile),
    "construct": Row(construct.HOW, construct.measure, construct.profile),
    "get": Row(get.HOW, get.measure, get.profile),
    "decode": Row(decode.HOW, decode.measure, decode.profile),
    "list": Row(listing.HOW, listing.measure, listing.profile),
    "side-by-side": Row(side_by_side.HOW, side_by_side.measure, side_by_side.profile),
    "check": Row(check.HOW, check.measure, check.profile),
    "memory": Row(memory.HOW, memory.measure, memory.profile),
}
