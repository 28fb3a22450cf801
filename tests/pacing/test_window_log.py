"""The log of one tier by itself, with moments that the tests make up."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from qlik_automation_connections.pacing._window_log import LONGEST_STOP, WindowLog


def test_a_place_is_held_until_the_window_has_passed_since_its_response() -> None:
    log = WindowLog(1, 303.0)
    log.take()
    assert log.next_free(1000.0) is None
    assert log.free(1000.0) == 0
    log.complete(1000.0)
    assert log.next_free(1000.0) == 1303.0
    assert log.free(1302.999) == 0
    assert log.free(1303.0) == 1


def test_a_refusal_stops_until_its_time_is_over() -> None:
    log = WindowLog(500, 300.0)
    log.take()
    log.refuse(10.0, 12.0)
    assert log.free(21.999) == 0
    assert log.next_free(10.0) == 22.0
    assert log.free(22.0) == 1


def test_a_stop_holds_for_places_that_come_free_meanwhile() -> None:
    log = WindowLog(2, 300.0)
    log.take()
    log.complete(0.0)
    log.take()
    log.refuse(250.0, 100.0)
    assert log.free(310.0) == 0
    assert log.next_free(310.0) == 350.0
    assert log.free(350.0) == 2


def test_after_a_refusal_the_places_of_strangers_come_free_over_the_rest_of_the_window() -> None:
    log = WindowLog(500, 300.0)
    for _ in range(100):
        log.take()
        log.complete(0.0)
    log.take()
    log.refuse(100.0, 100.0)
    # 400 of foreign, from 200 s on, all free at 400 s.
    assert [log.free(moment) for moment in (199.0, 200.0, 250.0)] == [0, 1, 101]
    assert log.free(400.0) == 500


def test_refusals_of_requests_that_left_together_teach_the_same_once() -> None:
    log = WindowLog(10, 300.0)
    for _ in range(5):
        log.take()
    for _ in range(5):
        log.refuse(0.0, 100.0)
    assert log.free(99.9) == 0
    assert log.free(100.0) == 1
    assert log.free(300.0) == 10


@pytest.mark.parametrize(
    ("told", "stops"), [(float("nan"), 1.0), (-5.0, 1.0), (float("inf"), LONGEST_STOP), (0.0, 0.0)]
)
def test_an_odd_time_to_wait_is_kept_within_reason(told: float, stops: float) -> None:
    log = WindowLog(1, 1.0)
    log.take()
    log.refuse(0.0, told)
    assert log.stopped_until == stops


def test_a_wider_window_holds_for_places_that_are_taken_already() -> None:
    log = WindowLog(1, 100.0)
    log.take()
    log.complete(0.0)
    log.widen(300.0)
    log.widen(200.0)
    assert log.next_free(0.0) == 300.0


class AnyTraffic(RuleBasedStateMachine):
    """Whatever is sent, answered, released and refused: no window holds more than it may, and none is wasted."""

    @initialize(capacity=st.integers(1, 6), window=st.sampled_from([1.0, 300.0, 303.0]))
    def begin(self, capacity: int, window: float) -> None:
        self.log = WindowLog(capacity, window)
        self.now = 0.0
        self.flying: list[float] = []
        self.done: list[tuple[float, float]] = []
        self.refusals = 0

    @rule(part=st.floats(0, 1.2))
    def time_passes(self, part: float) -> None:
        self.now += part * self.log.window

    @rule()
    def time_passes_until_a_place_is_free(self) -> None:
        moment = self.log.next_free(self.now)
        if moment is not None:
            before = (self.now + moment) / 2
            if before < moment:
                assert self.log.free(before) == 0
            self.now = moment
            assert self.log.free(self.now) > 0

    @precondition(lambda self: self.log.free(self.now) > 0)
    @rule()
    def send(self) -> None:
        self.log.take()
        self.flying.append(self.now)

    @precondition(lambda self: bool(self.flying))
    @rule(index=st.integers(0, 10))
    def response(self, index: int) -> None:
        sent = self.flying.pop(index % len(self.flying))
        self.log.complete(self.now)
        self.done.append((sent, self.now))

    @precondition(lambda self: bool(self.flying))
    @rule()
    def not_sent(self) -> None:
        self.flying.pop()
        self.log.release()

    @precondition(lambda self: bool(self.flying))
    @rule(part=st.floats(0, 1))
    def refusal(self, part: float) -> None:
        self.flying.pop()
        self.log.refuse(self.now, part * self.log.window)
        self.refusals += 1

    @invariant()
    def no_window_is_over_its_capacity(self) -> None:
        # The service may count a request at any moment between its sending and its response.
        held = sum(1 for _, answered in self.done if answered + self.log.window > self.now) + len(self.flying)
        assert held <= self.log.capacity

    @invariant()
    def without_refusals_every_place_is_used(self) -> None:
        if not self.refusals:
            held = sum(1 for _, answered in self.done if answered + self.log.window > self.now) + len(self.flying)
            assert self.log.free(self.now) == self.log.capacity - held


TestAnyTraffic = AnyTraffic.TestCase
TestAnyTraffic.settings = settings(stateful_step_count=40)


@given(st.lists(st.floats(0, 1000), max_size=40), st.integers(1, 5))
def test_a_client_that_takes_each_place_at_once_never_meets_the_limit(gaps: list[float], capacity: int) -> None:
    log = WindowLog(capacity, 300.0)
    now, sent = 0.0, list[float]()
    for gap in gaps:
        now = log.next_free(now) or now
        log.take()
        sent.append(now)
        now += gap
        log.complete(now)
    for first in sent:
        assert sum(first <= moment < first + 300.0 for moment in sent) <= capacity
