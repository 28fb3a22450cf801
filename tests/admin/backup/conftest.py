"""A sandbox, a tenant on it, and what archives hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from admin.crash.killing import Killing
from qlik_automation_connections import Tenant
from qlik_automation_connections.sandbox import Sandbox

_RESOURCES, _MODELS = "qlik_automation_connections._resources._sync", "qlik_automation_connections_api.models"
USED: Final = (
    "qlik_automation_connections._exchange.drivers",
    "qlik_automation_connections.pacing",
    *(f"{_RESOURCES}.{name}" for name in ("connections", "automations", "users", "spaces")),
    *(f"{_MODELS}.{name}" for name in ("connection_list", "automation_list", "user_list", "space", "param")),
)
"""What each backup imports when it first needs it: imported once, for all children."""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(connections=23) as sandbox:
        yield sandbox


@pytest.fixture
def tenant(sandbox: Sandbox) -> Iterator[Tenant]:
    with Tenant(sandbox.url, api_key=sandbox.api_key, retries=0) as tenant:
        yield tenant


@pytest.fixture(scope="session")
def killing() -> Iterator[Killing]:
    with Killing("admin.backup.crashing", *USED) as killing:
        yield killing


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "backup.ndjson"
