"""Two tenants, and clients that sign in to them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from click.testing import Result

from cli.invoking import At
from qlik_automation_connections import Tenant
from qlik_automation_connections._exchange.retry import RetryPolicy
from qlik_automation_connections.admin._restore import creating
from qlik_automation_connections.sandbox import Sandbox

from .archives import archive_of, owners, spaces
from .scene import Opener, Scene

Run = Callable[..., Result]


@pytest.fixture
def development() -> Sandbox:
    """The tenant that archives are of; it does not serve."""
    return Sandbox(connections=12)


@pytest.fixture
def production() -> Iterator[Sandbox]:
    """The tenant that is restored into: empty, with other users and spaces."""
    with Sandbox(connections=0, name="production") as running:
        yield running


@pytest.fixture
def twin() -> Iterator[Sandbox]:
    """A tenant with the names of the archive's, and other ids."""
    with Sandbox(connections=12, name="production") as running:
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


@pytest.fixture
def scene(development: Sandbox, production: Sandbox, tmp_path: Path, at: Opener) -> Scene:
    """A restore into the empty tenant."""
    return Scene(development, production, tmp_path, at)


@pytest.fixture
def twins(development: Sandbox, twin: Sandbox, tmp_path: Path, at: Opener) -> Scene:
    """A restore into the tenant that has it all."""
    return Scene(development, twin, tmp_path, at)


@pytest.fixture
def own(tmp_path: Path, at: Opener) -> Iterator[Scene]:
    """A restore within one tenant, of a few connections."""
    with Sandbox(connections=6) as sandbox:
        yield Scene(sandbox, sandbox, tmp_path, at)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """What looks again does so at once."""
    monkeypatch.setattr(creating, "PAUSE", 0.0)
    monkeypatch.setattr(creating, "longest_way", lambda tenant: timedelta())


@pytest.fixture
def run(production: Sandbox) -> Run:
    return lambda *arguments, **more: At(production)("restore", *map(str, arguments), **more)


@pytest.fixture
def archive(development: Sandbox, tmp_path: Path) -> Path:
    return archive_of(development, tmp_path / "backup.ndjson")


@pytest.fixture
def mappings(development: Sandbox, production: Sandbox, tmp_path: Path) -> list[str]:
    (tmp_path / "owners.json").write_text(json.dumps(owners(development, production)), encoding="utf-8")
    (tmp_path / "spaces.json").write_text(json.dumps(spaces(development, production)), encoding="utf-8")
    return ["--all", "--owners", str(tmp_path / "owners.json"), "--spaces", str(tmp_path / "spaces.json")]
