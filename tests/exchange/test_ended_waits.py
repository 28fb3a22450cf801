"""The wait between two tries ends with the job that it is part of."""

from __future__ import annotations

import pytest

from exchange.clock import Clock
from exchange.scripted import READS, Service, answers, ask_once, success
from qlik_automation_connections._interruption import Interrupted, interruptible


def test_a_wait_ends_when_the_job_around_it_is_to_end(clock: Clock) -> None:
    service = Service(answers(429, {"retry-after": "30"}), success(READS[1]))
    with interruptible(lambda: bool(service.requests)), pytest.raises(Interrupted):
        ask_once("sync", READS[1], service)
    assert len(service.requests) == 1
    assert clock.waits == []


def test_a_job_that_goes_on_waits_by_its_own_clock(clock: Clock) -> None:
    service = Service(answers(429, {"retry-after": "0.01"}), success(READS[1]))
    with interruptible(lambda: False) as interruption:
        assert ask_once("sync", READS[1], service).id == "c-1"
    assert interruption.waited > 0
    assert clock.waits == []
