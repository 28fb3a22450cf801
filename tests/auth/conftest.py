from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import pytest

from exchange.clock import Clock, install
from exchange.scripted import KINDS, Kind
from qlik_automation_connections.sandbox import Sandbox


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    """The way of calling; tests that use it are run in each."""
    return cast(Kind, request.param)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return install(monkeypatch)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(5) as sandbox:
        yield sandbox
