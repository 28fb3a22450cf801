"""A sandbox for each test, and clients that sign in to it."""

from collections.abc import Callable, Iterator
from typing import Any, Final

import httpx
import pytest

from qlik_automation_connections.sandbox import Sandbox
from sandbox.machines import machine

SIZE: Final = 100
"""Connections of a sandbox that a test may change."""
CHANGE_NOTHING: Final = frozenset(
    f"test_{name}.py"
    for name in ("access", "connectors_and_automations", "filter", "listing", "routing", "sign_in", "users_and_spaces")
)
"""Files whose tests leave their sandbox as it was, so that they share one."""


def client(sandbox: Sandbox, key: str | None = None) -> httpx.Client:
    """A client that signs in with a key, the administrator's unless told otherwise, or not at all if it is empty."""
    headers = {} if key == "" else {"Authorization": f"Bearer {key or sandbox.api_key}"}
    # Nothing here speaks TLS; loading the certificates would take longer than the tests.
    return httpx.Client(base_url=sandbox.url, headers=headers, trust_env=False, verify=False)


def listed(caller: httpx.Client, path: str, **query: str | int) -> list[dict[str, Any]]:
    """All items of a list, page by page, by the links."""
    items: list[dict[str, Any]] = []
    url: str | None = str(httpx.URL(path, params=query))
    while url:
        page = caller.get(url).raise_for_status().json()
        items += page["data"]
        url = page["links"]["next"].get("href")
    return items


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    """A sandbox for several tests, of so many connections that they fill pages."""
    with Sandbox() as running:
        before = running.snapshot(secrets=True)
        yield running
        assert running.snapshot(secrets=True) == before


@pytest.fixture
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    if request.path.name in CHANGE_NOTHING:
        running = request.getfixturevalue("shared")
        running.ledger.clear()
        yield running
    else:
        with Sandbox(SIZE) as running:
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
