"""Measures which lines and branches of the overlay its tests reach: `python scripts/coverage_run.py`.

Child processes are measured as well, unless they are killed, and so are threads. The limit is `fail_under` in
pyproject.toml. With --others it runs the rest of the tests, unmeasured.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from attrs import define, frozen

ROOT: Final = Path(__file__).resolve().parents[1]
DATA: Final = ROOT / ".cache" / "coverage"
PACKAGE: Final = "overlays/qlik_automation_connections"

LEFT_OUT: Final = {
    "api_change": "tests scripts",
    "attack": "goes by time-outs that measuring would stretch",
    "benchmarks": "tests scripts",
    "browser": "needs a browser, and measures scripts that run in it",
    "budget": "tests scripts",
    "documents": "runs what the documents show, all of which is tested elsewhere",
    "forge": "tests workflows",
    "measuring": "tests scripts",
    "reference_page": "tests scripts",
    "releases": "tests scripts",
    "soak": "takes minutes for what is tested elsewhere",
    "spec": "tests the spec and what is generated",
    "typing": "runs type checkers",
    "backup/test_backup_memory.py": "counts bytes, among which those of the measuring would be",
    "sandbox/test_ledger.py": "64 threads share one httpx client, whose pool may lose a connection where it is slowed",
}
"""Tests that are not measured, by folder or file, and why."""

MEASURED_ALL_THE_SAME: Final = ("browser/test_report_python.py",)
"""Files in such a folder that are measured: they are about the overlay, and need no browser."""


@define
class Reach:
    """What was reached of some code, and of how much."""

    lines: int = 0
    of_lines: int = 0
    branches: int = 0
    of_branches: int = 0

    def add(self, summary: Mapping[str, int]) -> None:
        """Counts a file in, by its summary in the JSON report."""
        self.lines += summary["covered_lines"]
        self.of_lines += summary["num_statements"]
        self.branches += summary["covered_branches"]
        self.of_branches += summary["num_branches"]

    @property
    def percent(self) -> float:
        """Lines and branches together, as `fail_under` counts them."""
        of = self.of_lines + self.of_branches
        return 100 * (self.lines + self.branches) / of if of else 100.0


@frozen
class Selection:
    """The tests, as arguments of pytest.

    Attributes:
        measured: those that are run under coverage.
        others: the rest.
    """

    measured: tuple[str, ...]
    others: tuple[str, ...]


def selection(folder: Path) -> Selection:
    """Which tests of a folder are measured: all that no entry of `LEFT_OUT` names."""
    folders = sorted(path.name for path in folder.iterdir() if any(path.glob("test_*.py")))
    ignored = sorted(name for name in LEFT_OUT if name.endswith(".py"))
    measured = [name for name in folders if name not in LEFT_OUT] + list(MEASURED_ALL_THE_SAME)
    place = folder.relative_to(ROOT) if folder.is_relative_to(ROOT) else folder
    return Selection(
        (
            *(f"{(place / name).as_posix()}" for name in measured),
            *(f"--ignore={place.as_posix()}/{n}" for n in ignored),
        ),
        tuple((place / name).as_posix() for name in sorted(LEFT_OUT)),
    )


def room_of(path: str) -> str:
    """The room of the overlay that a file is in, as in the budget."""
    first, _, rest = path.replace("\\", "/").rpartition(f"{PACKAGE}/")[2].partition("/")
    if rest:
        return first
    return first.removesuffix(".py") if first == "pytest_plugin.py" else "core"


def by_room(files: Mapping[str, Any]) -> dict[str, Reach]:
    """What was reached in each room, the largest room first.

    Args:
        files: `files` of coverage's JSON report.
    """
    rooms: defaultdict[str, Reach] = defaultdict(Reach)
    for path, file in files.items():
        rooms[room_of(path)].add(file["summary"])
    return dict(sorted(rooms.items(), key=lambda room: -room[1].of_lines))


def table(rooms: Mapping[str, Reach]) -> Iterable[str]:
    """A line for each room, and one for the whole."""
    whole = Reach()
    yield f"{'room':<14}{'lines':>15}{'branches':>15}{'reached':>10}"
    for reach in rooms.values():
        whole.lines, whole.of_lines = whole.lines + reach.lines, whole.of_lines + reach.of_lines
        whole.branches, whole.of_branches = whole.branches + reach.branches, whole.of_branches + reach.of_branches
    for name, reach in (*rooms.items(), ("all", whole)):
        lines, branches = f"{reach.lines}/{reach.of_lines}", f"{reach.branches}/{reach.of_branches}"
        yield f"{name:<14}{lines:>15}{branches:>15}{reach.percent:>9.1f}%"


def _coverage(*arguments: str) -> int:
    return subprocess.run([sys.executable, "-m", "coverage", *arguments], cwd=ROOT, check=False).returncode


def measure(tests: Selection) -> int:
    """Runs the tests and reports; returns the exit code of what failed first."""
    shutil.rmtree(DATA, ignore_errors=True)
    DATA.mkdir(parents=True)
    failed = _coverage("run", "-m", "pytest", "-q", *tests.measured)
    # A child process that was killed leaves a file without content, which is said and passed over.
    _coverage("combine", "--quiet")
    report = DATA / "report.json"
    _coverage("json", "--quiet", "--fail-under=0", "-o", str(report))
    below = _coverage("report")
    print(*table(by_room(json.loads(report.read_text(encoding="utf-8"))["files"])), sep="\n")
    return failed or below


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--others", action="store_true", help="run the tests that are not measured")
    others = parser.parse_args(arguments).others
    tests = selection(ROOT / "tests")
    if others:
        return subprocess.run([sys.executable, "-m", "pytest", "-q", *tests.others], cwd=ROOT, check=False).returncode
    return measure(tests)


if __name__ == "__main__":
    sys.exit(main())
