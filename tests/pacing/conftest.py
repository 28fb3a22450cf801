from __future__ import annotations

import os
import uuid
from collections.abc import Iterator

import pytest

from pacing import server


@pytest.fixture
def principal() -> str:
    """A name that no other test shares a budget with."""
    return uuid.uuid4().hex


@pytest.fixture
def redis_server() -> Iterator[server.RedisServer]:
    if server.PROGRAM is None:
        pytest.skip("redis-server is not installed")
    running = server.RedisServer()
    running.start()
    yield running
    running.kill()


@pytest.fixture
def not_root() -> None:
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        pytest.skip("the superuser may write everywhere")
