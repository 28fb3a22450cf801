"""Measures the client beside what does the same without it: `python scripts/bench.py [ROW]`, or `make bench`.

pyperf and pytest-benchmark time one thing, and compare runs of it; what counts here is the ratio of two that take
turns, with bars. The exit code is 1 if a bar is missed, 2 if a row can't be measured. docs/benchmarks.md gets the lines
of what was measured, and keeps everything else.
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

from benchmarks.rows import ROWS, VERSIONS, Figure, PeerMissingError
from steps import ROOT, StepError

PAGE = ROOT / "docs" / "benchmarks.md"


def run_of_today() -> list[str]:
    """Return the day, the machine and what took part, as cells."""
    info = Path("/proc/cpuinfo")
    text = info.read_text(encoding="utf-8", errors="replace") if info.exists() else ""
    model = re.search(r"^model name\s*:\s*(.+?)\s*$", text, re.MULTILINE)
    try:
        system = platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        system = f"{platform.system()} {platform.release()}"
    machine = f"{os.cpu_count()} cores of {model[1] if model else platform.machine()}, {system}"
    return [str(datetime.datetime.now(datetime.UTC).date()), machine, ", ".join(map(" ".join, VERSIONS.items()))]


def updated(page: str, figures: Sequence[Figure], run: Sequence[str]) -> str:
    """Return the page with the lines of these figures, and with the runs that its lines name.

    Args:
        page: Its text.
        figures: What was measured. A new line follows the last one of its row.
        run: Where and when, as cells.
    """
    tables = [re.compile(rf"(?<=\n)(\| {name} \|.*\n\| ---.*\n)((?:\|.*\n)*)") for name in ("row", "run")]
    rows, runs = ([line[2:-2].split(" | ") for line in t.findall(page)[0][1].splitlines()] for t in tables)
    number = str(max((int(each[0]) for each in runs), default=0) + 1)
    lines = {tuple(cells[:3]): cells for cells in rows}
    lines |= {tuple(figure.cells[:3]): [*figure.cells, number] for figure in figures}
    order = list(dict.fromkeys(row for row, *_ in lines))
    rows = sorted(lines.values(), key=lambda cells: order.index(cells[0]))
    used = {cells[-1] for cells in rows}
    runs = [*(cells for cells in runs if cells[0] in used), [number, *run]]
    for table, found in zip(tables, (rows, runs), strict=True):
        text = "".join(f"| {' | '.join(cells)} |\n" for cells in found)
        page = page.replace("".join(table.findall(page)[0]), table.findall(page)[0][0] + text)
    return page


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(description="Measure the client beside what does the same without it.")
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"all by default: {', '.join(ROWS)}")
    parser.add_argument("--page", type=Path, default=PAGE, help="the page to update (default: docs/benchmarks.md)")
    parser.add_argument("--quick", action="store_true", help="measure less often, and leave the page as it is")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.rows if name not in ROWS]:
        parser.error(f"there is no row {unknown[0]!r}: it must be one of {', '.join(ROWS)}")
    figures: list[Figure] = []
    failure = None
    for row, measure in [(name, each) for name in options.rows or ROWS for each in ROWS[name]]:
        try:
            for figure in measure(row, options.quick):
                figures.append(figure)
                print(" | ".join(filter(None, figure.cells)), flush=True)
        except PeerMissingError as missing:
            print(f"  a line of {row}: skipped: {missing}")
        except StepError as error:
            failure = error
            break
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
