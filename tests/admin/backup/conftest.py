"""A sandbox, a tenant on it, and what archives hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qlik_automation_connections import Tenant
from qlik_automation_connections.sandbox import Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(connections=23) as sandbox:
        yield sandbox


@pytest.fixture
def tenant(sandbox: Sandbox) -> Iterator[Tenant]:
    with Tenant(sandbox.url, api_key=sandbox.api_key, retries=0) as tenant:
        yield tenant


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "backup.ndjson"
