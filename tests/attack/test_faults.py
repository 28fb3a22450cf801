"""Every fault against every operation: the error, the requests, and that the tenant works afterwards."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable

import pytest

from qlik_automation_connections import APIError

from .faults import FAULTS, RESULT, RETRIES, Fault
from .measure import EVERY, Cell, Outcome, measure, sample
from .targets import API_KEY, SECRET

pytestmark = pytest.mark.filterwarnings("ignore:Async generator:ResourceWarning")


SOME = pytest.param(sample, id="sample")
WHOLE = pytest.param(lambda fault: EVERY, id="whole", marks=pytest.mark.exhaustive)


@pytest.mark.parametrize("cells", [SOME, WHOLE])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault(fault: Fault, cells: Callable[[Fault], frozenset[Cell]]) -> None:
    outcomes = measure(fault, cells(fault))
    for (flavour, target), outcome in outcomes.items():
        assert outcome.seen == fault.expects(target), (flavour, target, outcome.error)
        assert outcome.understood is (outcome.seen.outcome == RESULT), (flavour, target)
        assert outcome.aftermath is None, (flavour, target)
        if outcome.error is not None:
            assert_useful(fault, target, outcome)
        if target == "create" and outcome.seen.requests > 1:
            # It is sent again only where nothing was done.
            assert fault.name.startswith("429"), flavour
            assert outcome.seen.processed is not True, flavour


def test_the_samples_have_every_operation_in_every_way() -> None:
    assert frozenset().union(*map(sample, FAULTS)) == EVERY


def assert_useful(fault: Fault, target: str, outcome: Outcome) -> None:
    """The error says what users need, survives pickling and copying, and shows no secret."""
    error = outcome.error
    assert isinstance(error, APIError)
    if not fault.listening or fault.on_connect is not None:
        assert error.attempts == (1 if target == "create" and fault.listening else RETRIES + 1)
    else:
        assert error.attempts == outcome.seen.requests
    if target == "create" and error.may_have_been_processed:
        assert "connections.list(name='mail', connector_id='K1')" in error.message
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(other) is type(error)
        assert other.message == error.message
        assert other.may_have_been_processed is error.may_have_been_processed
    shown = f"{error!s} {error!r} {error.__dict__!r}".encode() + pickle.dumps(error)
    assert API_KEY.encode() not in shown
    assert SECRET.encode() not in shown
