"""What multiplies other tests: a sample of it in every run, the whole of it where `exhaustive` tests run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import pytest

WAYS_OF_CALLING = ("sync", "asyncio", "trio")

sampled_and_whole = pytest.mark.parametrize(
    "step", [pytest.param(25, id="sample"), pytest.param(1, id="whole", marks=pytest.mark.exhaustive)]
)
"""Run a test with a `step` that leaves most of a sequence out, and among the exhaustive tests with all of it."""


def few(values: Sequence[object], kept: int = 1) -> list[object]:
    """Return parameters, tuples of them if a test has several, of which all but the first are exhaustive tests."""
    return [
        *values[:kept],
        *(
            pytest.param(*(value if isinstance(value, tuple) else (value,)), marks=pytest.mark.exhaustive)
            for value in values[kept:]
        ),
    ]


def mark_ways_of_calling(items: Iterable[pytest.Item]) -> None:
    """Make tests exhaustive that repeat a case in another way of calling: of many cases each keeps one, in turn.

    Tests of one or two cases keep all.
    """
    tests: defaultdict[str, defaultdict[str, list[tuple[str, pytest.Item]]]] = defaultdict(lambda: defaultdict(list))
    for item in items:
        ways = getattr(item, "callspec", None)
        kind = ways.params.get("kind") if ways is not None else None
        if ways is not None and kind in WAYS_OF_CALLING:
            test, _, _ = item.nodeid.partition("[")
            tests[test]["-".join(part for part in ways.id.split("-") if part != kind)].append((kind, item))
    for cases in tests.values():
        for number, ways_of_one in enumerate(cases.values() if len(cases) > 2 else ()):
            kept = ways_of_one[number % len(ways_of_one)][0]
            for kind, item in ways_of_one:
                if kind != kept:
                    item.add_marker(pytest.mark.exhaustive)
