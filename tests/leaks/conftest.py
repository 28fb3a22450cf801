from __future__ import annotations

import logging

import pytest

from exchange.clock import Clock, install


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return install(monkeypatch)


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """The log of this package at every level, and that of all others from INFO on."""
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, "qlik_automation_connections")
    return caplog
