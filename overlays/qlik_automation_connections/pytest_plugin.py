"""A plugin for pytest: a fake tenant for each test, clients on it, and an environment that leads to it.

pytest loads it wherever the package is installed, so it imports nothing large until one of its fixtures is asked for.
`-p no:qlik_automation_connections` leaves it out.
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
    " host='127.0.0.1', port=0, name=''): how the fixture `sandbox` of this test begins, by the arguments of"
    " qlik_automation_connections.sandbox.Sandbox."
)
_OF_ANOTHER_PRINCIPAL: Final = ("QLIK_OAUTH_CLIENT_ID", "QLIK_OAUTH_CLIENT_SECRET")
_SHOWN_REQUESTS: Final = 50
_OPTIONS: Final = pytest.StashKey[dict[str, Any]]()


def pytest_configure(config: pytest.Config) -> None:
    """Tells pytest of the marker `sandbox`."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture
def sandbox_options() -> Mapping[str, Any]:
    """How every `sandbox` begins: arguments of `Sandbox`, by name. To be overridden; the marker `sandbox` comes first.

    Returns:
        Nothing: 250 connections, strict to the spec, the service's quirks on, rate limits off.
    """
    return {}


@pytest.fixture
def sandbox(request: pytest.FixtureRequest, sandbox_options: Mapping[str, Any]) -> Iterator[Sandbox]:
    """A running `Sandbox` of the test's own, closed after it. Needs the extra `sandbox`.

    It begins as `sandbox_options` and `@pytest.mark.sandbox(…)` say; of several markers the nearest decides, argument
    by argument. Faults are copied for each test: `sandbox.faults` has the ones that count. Where a test fails, the
    requests that the sandbox saw are in its report.

    Returns:
        The sandbox.
    """
    if not isinstance(sandbox_options, Mapping):
        raise _refusal(request.node, f"must give arguments by name, not {type(sandbox_options).__name__}")
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
    """A `Tenant` on `sandbox`, signed in as its administrator, closed after the test.

    It tries failures again as often as any tenant, and without a wait of its own: only a `Retry-After`, a second after
    a 429 that has none, and a `Fault` of kind "delay" take time. Requests are paced only where the sandbox has its
    limits on, by the same clock.

    Returns:
        The tenant.
    """
    from . import Tenant

    with Tenant(sandbox.url, api_key=sandbox.api_key, **_unhurried(request.node)) as tenant:
        yield tenant


@pytest.fixture
def async_sandbox_tenant(request: pytest.FixtureRequest, sandbox: Sandbox) -> AsyncTenant:
    """An `AsyncTenant` on `sandbox`, otherwise like `sandbox_tenant`.

    It belongs to no event loop until it is used, so it goes with any plugin for async tests, and with none. The test
    closes it: `async with async_sandbox_tenant as tenant:`.

    Returns:
        The tenant.
    """
    from . import AsyncTenant

    return AsyncTenant(sandbox.url, api_key=sandbox.api_key, **_unhurried(request.node))


@pytest.fixture
def sandbox_env(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An environment in which `Tenant.from_env()` and `qac` reach `sandbox`, in this process and in those it starts.

    Sets `QLIK_TENANT_URL` and `QLIK_API_KEY`, and takes an OAuth client out of the environment, until the test ends.

    Returns:
        The two variables, to be handed to other programs.
    """
    variables = {"QLIK_TENANT_URL": sandbox.url, "QLIK_API_KEY": sandbox.api_key}
    for name in _OF_ANOTHER_PRINCIPAL:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return variables


def _marked(item: pytest.Item) -> dict[str, Any]:
    """What the markers of a test say, the nearest last."""
    options: dict[str, Any] = {}
    of_params = list(getattr(getattr(item, "callspec", None), "marks", ()))
    found = list(item.iter_markers_with_node("sandbox"))
    decorators = [marker for node, marker in found if node is item and marker not in of_params]
    around = [(node, marker) for node, marker in found if node is not item]
    nodes = list(dict.fromkeys(node for node, _ in around))
    # A class lists what it inherits first, a function the decorator that stands next to it.
    markers = [marker for node in reversed(nodes) for other, marker in around if other is node]
    markers += [*reversed(decorators), *(marker for marker in of_params if marker.name == "sandbox")]
    for marker in markers:
        if marker.args:
            raise _refusal(item, "takes its arguments by name, such as @pytest.mark.sandbox(connections=3)")
        options.update(marker.kwargs)
    return options


def _started(item: pytest.Item, options: dict[str, Any]) -> Sandbox:
    import inspect

    from .sandbox import Sandbox

    known = list(inspect.signature(Sandbox).parameters)
    unknown = sorted(set(options) - set(known))
    if unknown:
        raise _refusal(item, f"has no argument {', '.join(map(repr, unknown))}; it has {', '.join(known)}")
    try:
        return Sandbox(**{**options, "faults": _copies(item, options.get("faults"))}).start()
    except (ValueError, TypeError) as error:
        raise _refusal(item, f"can't be used: {error}") from None
    except ImportError as error:
        raise pytest.fail.Exception(f"{item.nodeid} asks for a sandbox: {error}", pytrace=False) from None


def _copies(item: pytest.Item, faults: object) -> list[Fault]:
    """Faults that have struck nobody yet: a marker is made once, however often its test runs."""
    from attrs import evolve

    from .sandbox import Fault

    given: list[object] = [] if faults is None else list(faults) if isinstance(faults, list | tuple) else [faults]
    copies = []
    for fault in given:
        if not isinstance(fault, Fault):
            raise _refusal(item, f"takes a list of Fault as `faults`, not {type(fault).__name__}")
        copies.append(evolve(fault))
    return copies


def _refusal(item: pytest.Item, complaint: str) -> BaseException:
    """What fails a test with a sentence alone, without a traceback into this plugin."""
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
    lines = [f"({left_out} more before these)"] if left_out > 0 else []
    for entry in entries[-_SHOWN_REQUESTS:]:
        asked = f"{entry.method} {entry.path}{'?' if entry.query else ''}{entry.query}"
        outcome = "dropped" if entry.status is None else str(entry.status)
        lines.append(f"{entry.number:>4}  {outcome:<7}  {entry.operation or 'no operation'}  {asked}")
    return "\n".join(lines)
