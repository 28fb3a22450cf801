"""Two tenants, and clients that sign in to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest

from qlik_automation_connections import Tenant
from qlik_automation_connections.admin.restores import creating
from qlik_automation_connections.retry import RetryPolicy
from qlik_automation_connections.sandbox import Sandbox

Opener = Callable[..., Tenant]


@pytest.fixture
def development() -> Sandbox:
    """The tenant that archives are of; it does not serve."""
    return Sandbox(connections=20)


@pytest.fixture
def production() -> Iterator[Sandbox]:
    """The tenant that is restored into: empty, with other users and spaces."""
    with Sandbox(connections=0, name="production") as running:
        yield running


@pytest.fixture
def twin() -> Iterator[Sandbox]:
    """A tenant with the names of the archive's, and other ids."""
    with Sandbox(connections=20, name="production") as running:
        yield running


@pytest.fixture
def at() -> Iterator[Opener]:
    """Opens a tenant, as its administrator unless told otherwise. It tries twice and does not wait."""
    with ExitStack() as stack:

        def open_tenant(sandbox: Sandbox, *, key: str | None = None, retries: int = 1, timeout: float = 5) -> Tenant:
            # Nothing here speaks TLS; loading the certificates would take longer than the tests.
            client = stack.enter_context(httpx.Client(trust_env=False, verify=False, timeout=timeout))
            policy = RetryPolicy(retries=retries, backoff=0)
            return stack.enter_context(
                Tenant(sandbox.url, api_key=key or sandbox.api_key, http_client=client, retries=policy)
            )

        yield open_tenant


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """What looks again does so at once."""
    monkeypatch.setattr(creating, "PAUSE", 0.0)
