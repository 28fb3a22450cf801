"""The page: read back as it was written, and changed in nothing but what was measured."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bench
from benchmarks.failure import BenchmarkError
from benchmarks.figures import Figure, Skipped
from benchmarks.measuring import Pair
from benchmarks.page import Line, Run, line, parse, render, updated
from benchmarks.registry import ROWS

PAGE: Final = Path(__file__).parents[2] / "docs" / "benchmarks.md"
NAMES: Final = ("one", "two", "three")
HOW: Final = {name: f"What {name} measures, on `what|ever`, and how often." for name in NAMES}
NOW: Final = Run("2026-02-02", "4 cores", "Python 3.13")
BEFORE: Final = Run("2025-01-01", "2 cores", "Python 3.11")

cells = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=12).map(
    lambda text: " ".join(text.replace("\\", "/").split())
)
runs = st.builds(Run, *[cells] * 3)
lines = st.builds(Line, st.sampled_from(NAMES), *[cells] * 7, runs)


def in_order(found: list[Line]) -> list[Line]:
    return sorted(found, key=lambda each: NAMES.index(each.row))


@given(st.lists(lines, max_size=6))
def test_a_page_reads_back_as_it_was_written(found: list[Line]) -> None:
    text = render(found, HOW, "## Notes\n\n| a | b |\n| --- | --- |\n| c | d |\n")
    assert parse(text) == in_order(found)
    assert render(parse(text), HOW, "## Notes\n\n| a | b |\n| --- | --- |\n| c | d |\n") == text


def test_rows_stand_in_the_order_of_the_benchmark_and_others_are_left_out() -> None:
    found = [Line(name, "a", "b", "1", "", "shown", "", "3", NOW) for name in ("three", "gone", "one")]
    text = render(found, HOW, "")
    assert [each.row for each in parse(text)] == ["one", "three"]
    assert "**one**: What one measures" in text
    assert "**two**" not in text


def test_runs_are_told_once_each_and_forgotten_with_their_last_line() -> None:
    old = [
        Line("one", "a", "b", "1", "", "shown", "", "3", BEFORE),
        Line("two", "a", "b", "1", "", "shown", "", "3", BEFORE),
    ]
    figure = Figure("a", "b", [Pair(1.0, 2.0)], 0.6)
    text = render(updated(old, {"one": [figure]}, NOW), HOW, "")
    assert text.count("2 cores") == text.count("4 cores") == 1
    assert "2 cores" not in render(updated(parse(text), {"two": [figure]}, NOW), HOW, "")


def test_a_row_measured_anew_leaves_the_others_as_they_are() -> None:
    old = [
        Line("one", "gone", "b", "1", "", "shown", "", "3", BEFORE),
        Line("two", "kept", "b", "1", "", "shown", "", "3", BEFORE),
    ]
    figure = Figure("new", "b", [Pair(0.001, 0.002), Pair(0.003, 0.002), Pair(0.002, 0.002)], 0.9)
    found = updated(old, {"one": [figure]}, NOW)
    assert old[1] in found
    assert [each for each in found if each.row == "one"] == [line("one", figure, NOW)]
    new = line("one", figure, NOW)
    assert (new.ratio, new.bar, new.verdict) == ("1.00 (0.75 to 1.25)", "≤ 0.90", "MISSED")
    assert (new.medians, new.pairs) == ("2.00 ms, 2.00 ms", "3")


def test_what_is_skipped_keeps_the_line_that_it_had() -> None:
    old = [Line("one", "a", "other client", "1", "", "shown", "", "3", BEFORE)]
    figure = Figure("a", "b", [Pair(1.0, 2.0)])
    skipped = Skipped("a", "other client", "It is missing.")
    assert updated(old, {"one": [figure, skipped]}, NOW) == [line("one", figure, NOW), *old]
    assert updated([], {"one": [figure, skipped]}, NOW) == [line("one", figure, NOW)]


def test_notes_end_the_page() -> None:
    assert render([], HOW, "\n## Notes\n\nWhat was tried.\n\n").endswith("\n\n## Notes\n\nWhat was tried.\n")


def test_lines_are_not_longer_than_those_of_the_other_documents() -> None:
    text = render([Line("one", "a", "b", "1", "", "shown", "", "3", NOW)], {"one": "word " * 200}, "")
    assert max(len(each) for each in text.splitlines() if not each.startswith("|")) <= 120


@pytest.mark.parametrize(
    ("old", "new"),
    [("| shown |", "|"), ("| 3 | 1 |", "| 3 | 7 |")],
    ids=["a cell is missing", "a run is missing"],
)
def test_a_damaged_page_is_refused(old: str, new: str) -> None:
    text = render([Line("one", "a", "b", "1", "", "shown", "", "3", NOW)], HOW, "")
    assert old in text
    with pytest.raises(BenchmarkError, match="the page"):
        parse(text.replace(old, new))


def test_the_page_in_the_tree_is_one_that_the_benchmark_writes() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert bench.text_of(parse(text)) == text, "run: python scripts/bench.py --write"
    assert {each.row for each in parse(text)} == set(ROWS)
