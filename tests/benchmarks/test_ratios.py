"""Pairs, their ratios, and what is said of them."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.figures import Figure, Skipped, amount, number
from benchmarks.measuring import WARM_UPS, Pair, cpu_seconds, middle, paired, peak_mib, seconds, timed_pairs

taken = st.floats(1e-6, 1e3)
pairs = st.lists(st.builds(Pair, taken, taken), min_size=1, max_size=30)


def test_both_sides_come_first_as_often_and_the_first_measurements_do_not_count() -> None:
    order: list[str] = []
    values = iter(range(1, 100))

    def side(name: str) -> float:
        order.append(name)
        return float(next(values))

    found = paired(lambda: side("ours"), lambda: side("theirs"), 4)
    warm = 2 * WARM_UPS
    assert order[warm:] == ["ours", "theirs", "theirs", "ours", "ours", "theirs", "theirs", "ours"]
    assert found == [
        Pair(warm + 1.0, warm + 2),
        Pair(warm + 4, warm + 3),
        Pair(warm + 5, warm + 6),
        Pair(warm + 8, warm + 7),
    ]


@pytest.mark.parametrize("cpu", [False, True])
def test_what_takes_longer_has_the_larger_ratio(cpu: bool) -> None:
    def work(rounds: int) -> int:
        return sum(range(rounds))

    found = timed_pairs(lambda: work(400_000), lambda: work(2_000), 5, cpu=cpu)
    assert len(found) == 5
    assert Figure("long", "short", found).ratio.median > 1


def test_work_is_done_once_a_measurement() -> None:
    done: list[int] = []
    assert seconds(lambda: done.append(1)) >= 0
    assert cpu_seconds(lambda: done.append(2)) >= 0
    assert done == [1, 2]


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=50))
def test_a_quarter_of_the_values_lies_on_each_side_of_the_middle(values: list[int]) -> None:
    found = middle(values)
    assert min(values) <= found.low <= found.median <= found.high <= max(values)
    assert found.median == statistics.median(values)
    most = (len(values) - 1) // 4 + 1
    assert sum(value < found.low for value in values) <= most
    assert sum(value > found.high for value in values) <= most


@given(pairs, st.integers(1, 50), st.integers(1, 50))
def test_a_ratio_is_that_of_one_piece_of_work(pairs: list[Pair], ours: int, theirs: int) -> None:
    once = Figure("a", "b", pairs)
    often = Figure("a", "b", [Pair(pair.ours * ours, pair.theirs * theirs) for pair in pairs], times=(ours, theirs))
    assert often.ratio == pytest.approx(once.ratio)


@given(pairs, st.floats(0.01, 10))
def test_the_median_alone_is_judged(pairs: list[Pair], bar: float) -> None:
    figure = Figure("a", "b", pairs, bar)
    assert figure.is_met == (figure.ratio.median <= bar)
    assert figure.verdict == ("PASS" if figure.is_met else "MISSED")
    assert figure.verdict in str(figure)


def test_what_has_no_bar_is_shown_and_met() -> None:
    figure = Figure("a", "b", [Pair(9.0, 1.0)])
    assert (figure.is_met, figure.verdict, figure.bar_words) == (True, "shown", "")
    assert "bar" not in str(figure)


def test_a_bar_is_met_by_what_equals_it() -> None:
    assert Figure("a", "b", [Pair(3.0, 2.0)], 1.5).is_met
    assert not Figure("a", "b", [Pair(3.0, 2.0)], 1.499).is_met


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (2.5, "s", "2.50 s"),
        (0.0125, "s", "12.50 ms"),
        (0.00025, "s", "250.0 µs"),
        (2e-8, "s", "0.0 µs"),
        (-0.0125, "s", "-12.50 ms"),
        (35.25, "MiB", "35.2 MiB"),
    ],
)  # fmt: skip
def test_amounts_in_words(value: float, unit: str, words: str) -> None:
    assert amount(value, "MiB" if unit == "MiB" else "s") == words


def test_small_ratios_are_told_apart() -> None:
    assert [number(ratio) for ratio in (1.234, 0.1, 0.0123, -0.0001)] == ["1.23", "0.10", "0.012", "0.000"]


def test_what_is_skipped_says_why() -> None:
    assert str(Skipped("a", "b", "npm is missing.")) == "  a, against b: skipped. npm is missing."


def test_memory_that_was_had_is_counted() -> None:
    pytest.importorskip("resource", reason="Windows does not say")
    held = bytearray(b"x" * 2**24)
    assert peak_mib() > len(held) / 2**20
