"""A scene for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from admin.handover.scene import CONNECTIONS, Scene, quick
from qlik_automation_connections import Tenant
from qlik_automation_connections.sandbox import Sandbox


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with Sandbox(connections=CONNECTIONS) as sandbox, Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
        yield Scene(sandbox, quick(tenant), tmp_path)
