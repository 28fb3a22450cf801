"""The command: exit codes, what it prints, and which lines of the page it writes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

import bench
from benchmarks.context import Bench
from benchmarks.environments import Environments
from benchmarks.failure import BenchmarkError
from benchmarks.figures import Figure, Skipped
from benchmarks.measuring import Pair
from benchmarks.page import parse
from benchmarks.registry import Row


def row(*found: Figure | Skipped) -> Row:
    def measure(run: Bench) -> Sequence[Figure | Skipped]:
        run.environments.versions["Python"] = "3.99"
        return found

    return Row("How it is measured.", measure, lambda run: f"{run.repeats(60)} functions")


def failing(_: Bench) -> Sequence[Figure | Skipped]:
    raise BenchmarkError("the server is gone")


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page that is not there yet, and rows that find what they are told to."""
    rows = {
        "good": row(Figure("a", "b", [Pair(1.0, 2.0)], 0.5), Skipped("a", "c", "It is missing.")),
        "bad": row(Figure("a", "b", [Pair(3.0, 2.0)], 1.4)),
        "broken": Row("It fails.", failing, lambda _: ""),
    }
    monkeypatch.setattr(bench, "ROWS", rows)
    return tmp_path / "page.md"


def run(page: Path, *arguments: str) -> int:
    return bench.main([*arguments, "--page", str(page)])


def test_bars_that_are_met_are_success(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(page, "good") == 0
    printed = capsys.readouterr().out
    assert "a, against b: 0.50 (0.50 to 0.50), bar ≤ 0.50: PASS" in printed
    assert "a, against c: skipped. It is missing." in printed
    [line] = parse(page.read_text(encoding="utf-8"))
    assert (line.row, line.verdict, line.run.versions) == ("good", "PASS", "Python 3.99")


def test_a_bar_that_is_missed_is_told_and_written(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(page, "good", "bad") == 1
    assert "a bar is MISSED" in capsys.readouterr().out
    lines = parse(page.read_text(encoding="utf-8"))
    assert [(line.row, line.verdict) for line in lines] == [("good", "PASS"), ("bad", "MISSED")]
    assert len({line.run for line in lines}) == 1


def test_one_row_leaves_the_lines_of_the_others(page: Path) -> None:
    run(page, "good", "bad")
    text = page.read_text(encoding="utf-8").replace("Python 3.99", "Python 3.98")
    page.write_text(text, encoding="utf-8")
    assert run(page, "good") == 0
    versions = {line.row: line.run.versions for line in parse(page.read_text(encoding="utf-8"))}
    assert versions == {"good": "Python 3.99", "bad": "Python 3.98"}


def test_what_was_measured_before_a_failure_is_kept(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(page) == 2
    assert "nothing more was measured: the server is gone" in capsys.readouterr().err
    assert [line.row for line in parse(page.read_text(encoding="utf-8"))] == ["good", "bad"]


@pytest.mark.parametrize("mode", [("--quick", "good"), ("--profile", "good")])
def test_trying_out_writes_no_page(page: Path, mode: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(page, *mode) == 0
    assert not page.exists()
    assert ("60 functions" in capsys.readouterr().out) == (mode[0] == "--profile")


def test_the_page_can_be_written_without_measuring(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(page, "good")
    notes = tmp_path / "notes.md"
    notes.write_text("## What was tried\n\nMuch.\n", encoding="utf-8")
    monkeypatch.setattr(bench, "NOTES", notes)
    before = parse(page.read_text(encoding="utf-8"))
    assert run(page, "--write") == 0
    text = page.read_text(encoding="utf-8")
    assert parse(text) == before
    assert text.endswith("## What was tried\n\nMuch.\n")


def test_a_row_that_does_not_exist_is_refused(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        run(page, "speed")
    assert "there is no row 'speed': it must be one of good, bad, broken" in capsys.readouterr().err


def test_a_quick_run_measures_less_often_and_never_too_few_times(tmp_path: Path) -> None:
    environments = Environments(tmp_path, tmp_path)
    whole, quick = Bench(environments), Bench(environments, quick=True)
    assert [whole.repeats(count) for count in (5, 60)] == [5, 60]
    assert [quick.repeats(count) for count in (5, 60)] == [3, 10]


CALM = [[1.0, 2.0], [1.0, 2.0], [1.1, 2.0]]
WILD = [[1.0, 9.0], [1.0, 2.0], [9.0, 2.0]]
LESS_WILD = [[1.0, 1.0], [1.0, 4.0], [5.0, 4.0]]


@pytest.mark.parametrize(
    ("measured", "quick", "counts", "left_over"),
    [
        ([CALM, WILD], False, 0, 1),
        ([WILD, CALM, WILD], False, 1, 1),
        ([LESS_WILD, WILD, WILD, CALM], False, 0, 1),
        ([WILD, CALM], True, 0, 1),
    ],
    ids=["calm at once", "calm at last", "never calm", "quick"],
)
def test_ratios_that_scatter_are_measured_again_and_the_calmest_count(
    measured: list[list[list[float]]],
    quick: bool,
    counts: int,
    left_over: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left = iter(measured)
    monkeypatch.setattr("benchmarks.context.told", lambda *_: next(left))
    monkeypatch.setattr(Environments, "ours", lambda *_: tmp_path / "python")
    found = Bench(Environments(tmp_path, tmp_path), quick).pairs("get", {})
    assert found == [Pair(*pair) for pair in measured[counts]]
    assert len(list(left)) == left_over
