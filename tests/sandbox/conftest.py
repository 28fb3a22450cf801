"""A sandbox for each test, and clients that sign in to it."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from qlik_automation_connections.sandbox import Sandbox
from sandbox.machines import machine


def client(sandbox: Sandbox, key: str | None = None) -> httpx.Client:
    """A client that signs in with a key, the administrator's unless told otherwise."""
    headers = {"Authorization": f"Bearer {key or sandbox.api_key}"}
    # Nothing here speaks TLS; loading the certificates would take longer than the tests.
    return httpx.Client(base_url=sandbox.url, headers=headers, trust_env=False, verify=False)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def admin(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with client(sandbox) as signed_in:
        yield signed_in


@pytest.fixture
def user(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with client(sandbox, sandbox.user_api_key) as signed_in:
        yield signed_in


@pytest.fixture
def bot(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with client(sandbox) as signed_in:
        signed_in.headers.update(machine(sandbox))
        yield signed_in


@pytest.fixture
def find(sandbox: Sandbox) -> Callable[..., dict[str, Any]]:
    """The first connection whose fields are as wanted."""

    def first(**wanted: Any) -> dict[str, Any]:
        return next(item for item in sandbox.snapshot() if wanted.items() <= item.items())

    return first
