"""Measures the client beside what does the same without it: `python scripts/bench.py [ROW]`, or `make bench`.

pyperf and pytest-benchmark time one thing, and compare runs of it; what counts here is the ratio of two that take
turns, with bars. The exit code is 1 if a bar is missed, 2 if a row can't be measured. docs/benchmarks.md gets the lines
of what was measured, and keeps all else that stands there.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import build_dist
from benchmarks.processes import VERSIONS, BenchmarkError
from benchmarks.rows import ROWS, Figure

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
_RUN = re.compile(r"^\| (\d+) \| \d{4}-\d\d-\d\d \|.*\n", re.MULTILINE)


def run_of_today() -> str:
    """Return the day, the machine and what took part, as cells."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    model = re.search(r"^model name\s*:\s*(.+?)\s*$", text, re.MULTILINE)
    processor = model[1] if model else platform.processor() or platform.machine()
    try:
        system = platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        system = f"{platform.system()} {platform.release()}"
    day = datetime.datetime.now(datetime.UTC).date()
    return f"{day} | {os.cpu_count()} cores of {processor}, {system} | {', '.join(map(' '.join, VERSIONS.items()))}"


def updated(page: str, figures: Sequence[Figure], run: str) -> str:
    """Return the page with the lines of these figures, and with the runs that its lines name.

    Args:
        page: its text. A figure without a line of its own follows the last one of its row, or of the table.
        figures: what was measured.
        run: where and when, as cells.
    """
    lines = page.splitlines(keepends=True)
    first = next(number for number, line in enumerate(lines) if line.startswith("| row |"))
    number = max((int(each) for each in _RUN.findall(page)), default=0) + 1
    for figure in figures:
        cells = [*figure.cells, str(number)]
        end = next(each for each in range(first, len(lines) + 1) if each == len(lines) or lines[each][0] != "|")
        table = range(first, end)
        same = [each for each in table if lines[each].startswith(f"| {' | '.join(cells[:3])} |")]
        of_row = [each for each in table if lines[each].startswith(f"| {cells[0]} |")]
        place = same[0] if same else (of_row[-1] if of_row else end - 1) + 1
        lines[place : place + len(same)] = [f"| {' | '.join(cells)} |\n"]
    text = "".join(lines)
    used = set(re.findall(r"^\|.*\| (\d+) \|$", text, re.MULTILINE))
    text = _RUN.sub(lambda each: each[0] if each[1] in used else "", text)
    head = text.index("| --- |", text.index("\n| run |"))
    table_of_runs = re.compile(r"(?:\|.*\n)+").match(text, head)
    assert table_of_runs is not None
    at = table_of_runs.end()
    return f"{text[:at]}| {number} | {run} |\n{text[at:]}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for, and return the exit code."""
    parser = argparse.ArgumentParser(description="Measure the client beside what does the same without it.")
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"all by default: {', '.join(ROWS)}")
    parser.add_argument("--page", type=Path, default=PAGE, help="the page to update (default: docs/benchmarks.md)")
    parser.add_argument("--quick", action="store_true", help="measure less often, and leave the page as it is")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.rows if name not in ROWS]:
        parser.error(f"there is no row {unknown[0]!r}: it must be one of {', '.join(ROWS)}")
    figures: list[Figure] = []
    failure = None
    try:
        for name in options.rows or ROWS:
            for figure in ROWS[name](options.quick):
                figures.append(figure)
                print(" | ".join(filter(None, figure.cells)), flush=True)
    except (BenchmarkError, build_dist.BuildError) as error:
        failure = error
    if figures and not options.quick:
        page = options.page.read_text(encoding="utf-8")
        options.page.write_text(updated(page, figures, run_of_today()), encoding="utf-8", newline="\n")
    if failure is not None:
        print(f"Nothing more was measured: {failure}", file=sys.stderr)
        return 2
    met = all(figure.is_met for figure in figures)
    print("All bars are met." if met else "A bar is MISSED.")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
