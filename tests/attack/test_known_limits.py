"""What can't be mended from here: each test would fail if it could, and then says so."""

from __future__ import annotations

import pytest

from .faults import AFTER_THE_ANSWER, ENDLESS, Fault
from .measure import FLAVOURS, Flavour, measure
from .targets import TARGETS


def wrong(fault: Fault, flavour: Flavour) -> list[str]:
    """The operations whose outcome is not the expected one."""
    outcomes = {target: measure(fault)[flavour, target] for target in TARGETS}
    return [
        target for target, outcome in outcomes.items() if outcome.seen != fault.expects(target) or outcome.aftermath
    ]


@pytest.mark.parametrize("fault", ENDLESS, ids=lambda fault: fault.name)
@pytest.mark.parametrize("flavour", FLAVOURS[1:])
def test_headers_without_end_are_left_by_tasks(fault: Fault, flavour: Flavour) -> None:
    assert wrong(fault, flavour) == []


@pytest.mark.parametrize("fault", ENDLESS, ids=lambda fault: fault.name)
@pytest.mark.xfail(strict=True, reason="httpx checks its time-outs from one read to the next, and no others")
def test_headers_without_end_are_left_by_threads(fault: Fault) -> None:
    assert wrong(fault, "sync") == []


@pytest.mark.parametrize("fault", AFTER_THE_ANSWER, ids=lambda fault: fault.name)
@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.xfail(strict=True, reason="httpcore takes what comes after an answer for the next one")
def test_what_comes_after_an_answer_is_not_the_next_one(fault: Fault, flavour: Flavour) -> None:
    assert wrong(fault, flavour) == []
