"""docs/benchmarks.md: read back, so that a run of one row leaves the others as they are, and written."""

from __future__ import annotations

import datetime
import re
import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from attrs import astuple, frozen

from .failure import BenchmarkError
from .figures import Figure, Skipped

_COLUMNS: Final = ("row", "measured", "against", "ratio", "bar", "verdict", "medians", "pairs", "run")
_RUN_COLUMNS: Final = ("run", "date", "machine", "versions")
_WIDTH: Final = 120
_CELL_END: Final = re.compile(r"(?<!\\)\|")

_INTRODUCTION: Final = """\
# Benchmarks

Written by `make bench`. Each line holds something that this client does against something that does the same without
it, measured side by side and turn about. The ratio is the median of the ratios of the pairs, and in brackets stands the
middle half of them; below 1, the client takes less. Where that half is wider than 15 % of the median, the machine was
busy: all pairs are measured again, up to twice, and the calmest time counts, whatever its ratio. A line with a bar is
judged; one without is shown for comparison. The medians of both sides are for orientation: they are those of one
machine on one day, and the ratios travel better.
"""
_HOW: Final = """\
## How to run it

```console
make bench
make bench ROW=decode
make bench PROFILE=decode
```

The first line measures every row, the second one of them, and leaves the lines of the others as they are; the third
prints where the time of the client's side goes. A row takes up to two minutes. The exit code is 1 if a bar is missed.
`python scripts/bench.py --quick` measures less often and leaves this page as it is; with `--write` it measures nothing
and writes the page anew, from its lines and the notes in `scripts/benchmarks/notes.md`.

The wheel of the checkout is built and installed into virtual environments of its own under `build/bench`, without
extras and with one each, with compiled bytecode; what is measured runs there, and nothing of the developer's
environment comes into it. Other clients are installed there, too, and left out where they can't be. Servers run in
processes of their own, on loopback. Where nothing else is said, the server repeats what a [sandbox](sandbox.md)
answered, with its headers, over plain sockets: a server that has to work would hide the client's own work.
"""


@frozen
class Run:
    """When and where something was measured.

    Attributes:
        date: the day, year-month-day.
        machine: cores, processor and operating system.
        versions: of all that took part.
    """

    date: str
    machine: str
    versions: str


@frozen
class Line:
    """A line of the page's table; the texts are those of the figure.

    Attributes:
        run: when and where it was measured.
    """

    row: str
    measured: str
    against: str
    ratio: str
    bar: str
    verdict: str
    medians: str
    pairs: str
    run: Run

    @property
    def key(self) -> tuple[str, str]:
        """What it is within its row."""
        return self.measured, self.against


def line(row: str, figure: Figure, run: Run) -> Line:
    """The line of a figure."""
    return Line(
        row,
        figure.what,
        figure.against,
        figure.ratio_words,
        figure.bar_words,
        figure.verdict,
        figure.medians,
        str(len(figure.pairs)),
        run,
    )


def updated(lines: Sequence[Line], found: Mapping[str, Sequence[Figure | Skipped]], run: Run) -> list[Line]:
    """The lines with those of some rows measured anew; what was skipped keeps the line that it had.

    Args:
        lines: those of the page.
        found: what was found, by row.
        run: when and where that was.
    """
    new = []
    for row, each in ((row, each) for row, comparisons in found.items() for each in comparisons):
        if isinstance(each, Figure):
            new.append(line(row, each, run))
        else:
            new += [old for old in lines if old.row == row and old.key == (each.what, each.against)]
    return [old for old in lines if old.row not in found] + new


def _cells(text: str) -> list[str]:
    parts = _CELL_END.split(text.strip())[1:-1]
    return [part.strip().replace("\\|", "|") for part in parts]


def _table(text: str, columns: Sequence[str]) -> Iterator[list[str]]:
    """The rows of the table with these columns; none if there is no such table."""
    inside = False
    for number, each in enumerate(text.splitlines(), start=1):
        if not each.startswith("|"):
            inside = False
            continue
        cells = _cells(each)
        if cells == list(columns):
            inside = True
        elif inside and not re.fullmatch(r"[|: -]+", each):
            if len(cells) != len(columns):
                raise BenchmarkError(f"line {number} of the page has {len(cells)} cells, not {len(columns)}")
            yield cells


def parse(text: str) -> list[Line]:
    """The lines of a page.

    Raises:
        BenchmarkError: it is not one that `render` wrote.
    """
    runs = {number: Run(*rest) for number, *rest in _table(text, _RUN_COLUMNS)}
    lines = []
    for *texts, number in _table(text, _COLUMNS):
        if number not in runs:
            raise BenchmarkError(f"the page has a line of run {number!r}, which it does not describe")
        row, measured, against, ratio, bar, verdict, medians, pairs = texts
        lines.append(Line(row, measured, against, ratio, bar, verdict, medians, pairs, runs[number]))
    return lines


def _written(columns: Sequence[str], rows: Collection[Sequence[str]]) -> str:
    every = [columns, ["---"] * len(columns), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(row)} |\n" for row in every)


def render(lines: Sequence[Line], rows: Mapping[str, str], notes: str) -> str:
    """The page.

    Args:
        lines: in any order; those of rows that are not among the next are left out.
        rows: what each row measures, by name, in the order of the page.
        notes: sections that end the page, written by hand.
    """
    order = list(rows)
    kept = sorted((each for each in lines if each.row in rows), key=lambda each: order.index(each.row))
    runs = sorted({each.run for each in kept}, key=astuple)
    numbers = {run: str(number) for number, run in enumerate(runs, start=1)}
    table = [[str(value) for value in astuple(each, recurse=False)[:-1]] + [numbers[each.run]] for each in kept]
    measured = {each.row for each in kept}
    explained = "\n".join(_entry(f"**{name}**: {how}") for name, how in rows.items() if name in measured)
    return "\n".join(
        [
            _INTRODUCTION,
            _written(_COLUMNS, table),
            "## What the rows measure\n",
            f"{explained}\n",
            "## Where and when\n",
            _written(_RUN_COLUMNS, [[numbers[run], *map(str, astuple(run))] for run in runs]),
            _HOW,
            notes.strip() + "\n",
        ]
    )


def _entry(text: str) -> str:
    """An entry of a list, in lines of the width of the other documents."""
    return textwrap.fill(
        " ".join(text.split()),
        _WIDTH,
        initial_indent="- ",
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def today() -> str:
    return datetime.datetime.now(datetime.UTC).date().isoformat()
