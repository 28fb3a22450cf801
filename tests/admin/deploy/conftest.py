"""Two tenants, and a backup of one of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from qlik_automation_connections import Tenant
from qlik_automation_connections.admin._restore import creating
from qlik_automation_connections.sandbox import Sandbox

from .scene import backed_up, development_tenant, opened


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """What looks again, or tries again, does so at once."""
    monkeypatch.setattr(creating, "PAUSE", 0.0)
    monkeypatch.setattr(creating, "longest_way", lambda tenant: timedelta())
    monkeypatch.setattr("qlik_automation_connections._exchange.retry.random.uniform", lambda least, most: 0.0)


@pytest.fixture(scope="session")
def development() -> Iterator[Sandbox]:
    with development_tenant() as running:
        yield running


@pytest.fixture(scope="session")
def source(development: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return backed_up(development, tmp_path_factory.mktemp("source") / "backup.ndjson")


@pytest.fixture
def production() -> Iterator[Sandbox]:
    with Sandbox(connections=0, name="production") as running:
        yield running


@pytest.fixture
def tenant(production: Sandbox) -> Iterator[Tenant]:
    with opened(production) as tenant:
        yield tenant


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "deploy.journal"
