"""A pytest plugin: a fake tenant for each test, clients for it, and an environment that points to it.

pytest loads it wherever the package is installed, so it imports nothing large until a test uses a fixture.
`-p no:qlik_automation_connections` disables it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from . import AsyncTenant, Tenant
    from .pacing import Pacing
    from .sandbox import Fault, Sandbox

_MARKER: Final = (
    "sandbox(connections=250, quirks=True, limits=False, speed=1.0, faults=None, token_lifetime=21600,"
    " host='127.0.0.1', port=0, name='', backup=None, now=None, ledger_limit=None): arguments for this"
    " test's `sandbox` fixture, as for qlik_automation_connections.sandbox.Sandbox."
)
_OF_ANOTHER_PRINCIPAL: Final = (
    "QLIK_OAUTH_CLIENT_ID",
    "QLIK_OAUTH_CLIENT_SECRET",
    "QLIK_AUTOMATIONS_OAUTH_CLIENT_ID",
    "QLIK_AUTOMATIONS_OAUTH_CLIENT_SECRET",
)
_SHOWN_REQUESTS: Final = 50
_OPTIONS: Final = pytest.StashKey[dict[str, Any]]()


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker `sandbox`."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture
def sandbox_options() -> Mapping[str, Any]:
    """Return the `Sandbox` arguments of every `sandbox` fixture. Override it; the marker `sandbox` takes precedence.

    Returns:
        An empty mapping: 250 connections, strict about the spec, the default quirks on, rate limits off.
    """
    return {}


@pytest.fixture
def sandbox(request: pytest.FixtureRequest, sandbox_options: Mapping[str, Any]) -> Iterator[Sandbox]:
    """Provide a running `Sandbox` for the test, closed afterwards. Needs the extra `sandbox`.

    `sandbox_options` and `@pytest.mark.sandbox(…)` set its arguments; for each argument the closest marker wins. Faults
    are copied for each test; `sandbox.faults` holds the copies. If the test fails, its report lists the requests that
    the sandbox received.

    Returns:
        The sandbox.
    """
    if not isinstance(sandbox_options, Mapping):
        raise _refusal(request.node, f"must map argument names to values, not return {type(sandbox_options).__name__}")
    options = {**sandbox_options, **_marked(request.node)}
    running = _started(request.node, options)
    request.node.stash[_OPTIONS] = options
    with running:
        yield running
    seen = _requests(running)
    if seen:
        request.node.add_report_section("teardown", "sandbox requests", seen)


@pytest.fixture
def sandbox_tenant(request: pytest.FixtureRequest, sandbox: Sandbox) -> Iterator[Tenant]:
    """Provide a `Tenant` for `sandbox`, signed in as the administrator, closed after the test.

    It retries as often as any tenant but without backoff: only a `Retry-After`, a 429 without one (one second), and a
    `Fault` of kind "delay" take time. Requests are paced only if the sandbox's limits are on, by the sandbox's clock.

    Returns:
        The tenant.
    """
    from . import Tenant

    with Tenant(sandbox.url, api_key=sandbox.api_key, **_unhurried(request.node)) as tenant:
        yield tenant


@pytest.fixture
def async_sandbox_tenant(request: pytest.FixtureRequest, sandbox: Sandbox) -> AsyncTenant:
    """Provide an `AsyncTenant` for `sandbox`, otherwise like `sandbox_tenant`.

    It isn't bound to an event loop until used, so it works with or without a plugin for async tests. Close it in the
    test: `async with async_sandbox_tenant as tenant:`.

    Returns:
        The tenant.
    """
    from . import AsyncTenant

    return AsyncTenant(sandbox.url, api_key=sandbox.api_key, **_unhurried(request.node))


@pytest.fixture
def sandbox_env(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Point `Tenant.from_env()` and `qac` to `sandbox`, in this process and its child processes.

    Until the test ends, `QLIK_TENANT_URL` and `QLIK_API_KEY` are set, and the variables of an OAuth client are removed.

    Returns:
        The two variables, to pass to other programs.
    """
    variables = {"QLIK_TENANT_URL": sandbox.url, "QLIK_API_KEY": sandbox.api_key}
    for name in _OF_ANOTHER_PRINCIPAL:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return variables


def _marked(item: pytest.Item) -> dict[str, Any]:
    """Merge the arguments of a test's markers; the closest marker wins."""
    options: dict[str, Any] = {}
    of_params = list(getattr(getattr(item, "callspec", None), "marks", ()))
    found = list(item.iter_markers_with_node("sandbox"))
    decorators = [marker for node, marker in found if node is item and marker not in of_params]
    around = [(node, marker) for node, marker in found if node is not item]
    nodes = list(dict.fromkeys(node for node, _ in around))
    # A class lists inherited markers first; a function lists its closest decorator first.
    markers = [marker for node in reversed(nodes) for other, marker in around if other is node]
    markers += [*reversed(decorators), *(marker for marker in of_params if marker.name == "sandbox")]
    for marker in markers:
        if marker.args:
            raise _refusal(item, "takes keyword arguments only, such as @pytest.mark.sandbox(connections=3)")
        options.update(marker.kwargs)
    return options


def _started(item: pytest.Item, options: dict[str, Any]) -> Sandbox:
    import inspect

    from .sandbox import Sandbox

    known = list(inspect.signature(Sandbox).parameters)
    unknown = sorted(set(options) - set(known))
    if unknown:
        raise _refusal(item, f"has no argument {', '.join(map(repr, unknown))}; choose from {', '.join(known)}")
    try:
        return Sandbox(**{**options, "faults": _copies(item, options.get("faults"))}).start()
    except (ValueError, TypeError) as error:
        raise _refusal(item, f"can't be used: {error}") from None
    except ImportError as error:
        raise pytest.fail.Exception(f"{item.nodeid} uses a sandbox: {error}", pytrace=False) from None


def _copies(item: pytest.Item, faults: object) -> list[Fault]:
    """Return unused copies of the faults, because a marker is created once however often its test runs."""
    from attrs import evolve

    from .sandbox import Fault

    given: list[object] = [] if faults is None else list(faults) if isinstance(faults, list | tuple) else [faults]
    copies = []
    for fault in given:
        if not isinstance(fault, Fault):
            raise _refusal(item, f"needs `faults` to be a list of Fault, not {type(fault).__name__}")
        copies.append(evolve(fault))
    return copies


def _refusal(item: pytest.Item, complaint: str) -> BaseException:
    """Return an exception that fails a test with one sentence, without a traceback into this plugin."""
    sentence = f"{item.nodeid}: the marker `sandbox`, or the fixture `sandbox_options`, {complaint}."
    return pytest.fail.Exception(sentence, pytrace=False)


def _unhurried(item: pytest.Item) -> dict[str, Any]:
    from . import RetryPolicy
    from .pacing import Pacing

    options = item.stash.get(_OPTIONS, {})
    pacing: str | Pacing = "off"
    if options.get("limits"):
        pacing = Pacing(window=min(86_400.0, 300.0 / options.get("speed", 1.0)))
    return {"retries": RetryPolicy(backoff=0.0), "pacing": pacing}


def _requests(sandbox: Sandbox) -> str:
    entries = sandbox.ledger.snapshot()
    left_out = len(entries) - _SHOWN_REQUESTS
    lines = [f"({left_out} earlier requests not shown)"] if left_out > 0 else []
    for entry in entries[-_SHOWN_REQUESTS:]:
        asked = f"{entry.method} {entry.path}{'?' if entry.query else ''}{entry.query}"
        outcome = "dropped" if entry.status is None else str(entry.status)
        lines.append(f"{entry.number:>4}  {outcome:<7}  {entry.operation or 'no operation'}  {asked}")
    return "\n".join(lines)
