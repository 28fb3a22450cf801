from __future__ import annotations

from collections.abc import Iterator

import pytest

from exchange.clock import Clock, install
from qlik_automation_connections.sandbox import Sandbox


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return install(monkeypatch)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(5) as sandbox:
        yield sandbox
