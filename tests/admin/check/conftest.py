"""A sandbox for each test, and a tenant that is quick about its retries. No test leaves a thread behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from admin.threads import no_thread_is_left
from qlik_automation_connections import RetryPolicy, Tenant
from qlik_automation_connections.sandbox import Sandbox

CONNECTIONS = 40


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(CONNECTIONS) as running:
        yield running


@pytest.fixture
def quick(sandbox: Sandbox) -> Iterator[Tenant]:
    """Tries nothing twice."""
    with Tenant(sandbox.url, api_key=sandbox.api_key, retries=RetryPolicy(retries=0)) as tenant:
        yield tenant


@pytest.fixture
def ids(sandbox: Sandbox) -> list[str]:
    return [item["id"] for item in sandbox.snapshot()]


@pytest.fixture(autouse=True)
def threads_that_end(sandbox: Sandbox) -> Iterator[None]:
    with no_thread_is_left():
        yield
