"""A scene for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from admin.handover.scene import CONNECTIONS, Scene, quick
from qlik_automation_connections import Tenant
from qlik_automation_connections.sandbox import Sandbox


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    # Nothing here speaks TLS; loading the certificates would take longer than most tests.
    with Sandbox(connections=CONNECTIONS) as sandbox, httpx.Client(trust_env=False, verify=False) as client:
        yield Scene(sandbox, quick(Tenant(sandbox.url, api_key=sandbox.api_key, http_client=client)), tmp_path)
