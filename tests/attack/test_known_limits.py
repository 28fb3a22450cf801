"""What can't be mended from here: each test would fail if it could, and then says so."""

from __future__ import annotations

import pytest

from .faults import AFTER_THE_ANSWER, ENDLESS, Fault
from .measure import EVERY, FLAVOURS, Cell, measure

CELLS = [
    pytest.param(frozenset(zip(FLAVOURS, ("get", "create", "list"), strict=True)), id="sample"),
    pytest.param(EVERY, id="whole", marks=pytest.mark.exhaustive),
]
"""Which operations meet the fault, and in which way of calling."""


def wrong(fault: Fault, cells: frozenset[Cell]) -> set[Cell]:
    """Those whose outcome is not the expected one."""
    outcomes = measure(fault, cells)
    return {cell for cell, got in outcomes.items() if got.seen != fault.expects(cell[1]) or got.aftermath}


def sync(cells: frozenset[Cell]) -> frozenset[Cell]:
    return frozenset(cell for cell in cells if cell[0] == "sync")


@pytest.mark.parametrize("cells", CELLS)
@pytest.mark.parametrize("fault", ENDLESS, ids=lambda fault: fault.name)
def test_headers_without_end_are_left_by_tasks_and_not_by_threads(fault: Fault, cells: frozenset[Cell]) -> None:
    """httpx checks its time-outs from one read to the next, and no others."""
    assert wrong(fault, cells) == sync(cells)


@pytest.mark.parametrize("cells", CELLS)
@pytest.mark.parametrize("fault", AFTER_THE_ANSWER, ids=lambda fault: fault.name)
def test_what_comes_after_an_answer_is_taken_for_the_next_one(fault: Fault, cells: frozenset[Cell]) -> None:
    """By httpcore; whoever checks a connection finds in one of another that it is connected."""
    assert wrong(fault, cells) >= {cell for cell in cells if cell[1] != "check"}
