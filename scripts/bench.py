"""Measures the client side by side with what a user would do without it: `python scripts/bench.py`, or `make bench`.

Comparisons have bars; the exit code is 1 if one is missed, and 2 if something can't be measured. What was found is
written into docs/benchmarks.md, which keeps the lines of the rows that were not measured.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.context import Bench
from benchmarks.environments import Environments
from benchmarks.failure import BenchmarkError
from benchmarks.figures import Figure, Skipped
from benchmarks.machine import machine, versions_in_words
from benchmarks.page import Line, Run, parse, render, today, updated
from benchmarks.registry import ROWS

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
NOTES = ROOT / "scripts" / "benchmarks" / "notes.md"


def read(page: Path) -> list[Line]:
    """The lines of a page; none if there is no page yet."""
    return parse(page.read_text(encoding="utf-8")) if page.is_file() else []


def text_of(lines: Sequence[Line]) -> str:
    """The page with these lines, and the notes of today."""
    return render(lines, {name: row.how for name, row in ROWS.items()}, NOTES.read_text(encoding="utf-8"))


def measure(bench: Bench, names: Sequence[str], page: Path | None) -> bool:
    """Measures rows, prints what each found, writes the page after each, and tells whether all bars were met."""
    met = True
    before = read(page) if page is not None else []
    found: dict[str, Sequence[Figure | Skipped]] = {}
    for name in names:
        began = time.monotonic()
        print(textwrap.fill(f"{name}: {' '.join(ROWS[name].how.split())}", 120), flush=True)
        found[name] = ROWS[name].measure(bench)
        for each in found[name]:
            print(each, flush=True)
            met &= not isinstance(each, Figure) or each.is_met
        print(f"  measured in {time.monotonic() - began:.0f} s\n", flush=True)
        if page is not None:
            run = Run(today(), machine(), versions_in_words(bench.environments.versions))
            page.write_text(text_of(updated(before, found, run)), encoding="utf-8")
    return met


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures what is asked for, and returns the exit code."""
    parser = argparse.ArgumentParser(description="Measure the client side by side with what does the same without it.")
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"all by default: {', '.join(ROWS)}")
    parser.add_argument("--page", type=Path, default=PAGE, help="the page to write (default: docs/benchmarks.md)")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--quick", action="store_true", help="measure less often, and write no page")
    instead.add_argument("--profile", metavar="ROW", choices=ROWS, help="print where the time of our side goes")
    instead.add_argument("--write", action="store_true", help="measure nothing, and write the page anew with its notes")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.rows if name not in ROWS]
    if unknown:
        parser.error(f"there is no row {unknown[0]!r}: it must be one of {', '.join(ROWS)}")
    bench = Bench(Environments(ROOT, ROOT / "build" / "bench"), options.quick)
    try:
        if options.profile:
            print(ROWS[options.profile].profile(bench))
            return 0
        if options.write:
            options.page.write_text(text_of(read(options.page)), encoding="utf-8")
            return 0
        met = measure(bench, options.rows or list(ROWS), None if options.quick else options.page)
    except BenchmarkError as error:
        print(f"nothing more was measured: {error}", file=sys.stderr)
        return 2
    print("all bars are met" if met else "a bar is MISSED")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
