"""Every fault against every operation: the error, the requests, and that the tenant works afterwards."""

from __future__ import annotations

import copy
import pickle

import pytest

from qlik_automation_connections import APIError

from .faults import FAULTS, RESULT, RETRIES, Fault
from .measure import FLAVOURS, Flavour, Outcome, measure
from .targets import API_KEY, SECRET, TARGETS

pytestmark = pytest.mark.filterwarnings("ignore:Async generator:ResourceWarning")


@pytest.fixture(params=FAULTS, ids=lambda fault: fault.name, scope="module")
def fault(request: pytest.FixtureRequest) -> Fault:
    assert isinstance(request.param, Fault)
    return request.param


@pytest.mark.parametrize("target", TARGETS)
def test_fault(fault: Fault, target: str) -> None:
    outcomes = {flavour: measure(fault)[flavour, target] for flavour in FLAVOURS}
    for flavour, outcome in outcomes.items():
        assert outcome.seen == fault.expects(target), (flavour, outcome.error)
        assert outcome.understood is (outcome.seen.outcome == RESULT), flavour
        assert outcome.aftermath is None, flavour
        if outcome.error is not None:
            assert_useful(fault, target, outcome)


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


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_create_is_sent_again_only_where_nothing_was_done(fault: Fault, flavour: Flavour) -> None:
    outcome = measure(fault)[flavour, "create"]
    if outcome.seen.requests > 1:
        assert fault.name.startswith("429")
        assert outcome.seen.processed is not True
