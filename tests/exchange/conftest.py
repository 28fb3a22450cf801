from __future__ import annotations

import pytest

from exchange import scripted
from exchange.clock import Clock, install


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return install(monkeypatch)


@pytest.fixture(autouse=True)
def few_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets what asks without end fail soon: none of these tests asks often."""
    monkeypatch.setattr(scripted, "MOST", 100)
