"""What multiplies other tests: a sample of it in every run, the whole of it where `exhaustive` tests run."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

sampled_and_whole = pytest.mark.parametrize(
    "step", [pytest.param(9, id="sample"), pytest.param(1, id="whole", marks=pytest.mark.exhaustive)]
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
