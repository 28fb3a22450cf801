"""What tests of others get from the plugin."""

from __future__ import annotations

import os
from importlib.metadata import entry_points

import pytest

from pytest_plugin.conftest import PLUGIN, Run
from sampling import few

pytest_plugins = ["pytester"]

IMPORTS = """
import os, subprocess, sys
import pytest
from qlik_automation_connections import AsyncTenant, InternalServerError, Tenant
from qlik_automation_connections.sandbox import Fault
"""

# A test has a tenant of its own.
TENANTS = """
addresses = []

def test_first(sandbox, sandbox_tenant):
    assert sandbox_tenant.url == sandbox.url
    assert len(list(sandbox_tenant.connections.list(list_all=True))) == 250
    sandbox_tenant.connections.delete(sandbox.snapshot()[0]["id"], forced=True)
    addresses.append((sandbox, sandbox_tenant))

def test_second(sandbox, sandbox_tenant):
    assert len(sandbox.snapshot()) == 250
    first, tenant = addresses[0]
    assert first is not sandbox and tenant.is_closed
    with pytest.raises(RuntimeError, match="closed"):
        first.start()

def test_quirks_are_on(sandbox_tenant):
    raw = sandbox_tenant.connections.get_json(next(iter(sandbox_tenant.connections.list())).id)
    assert {param["isOptional"] for param in raw["params"]} <= {"true", "false"}

async def many(tenant):
    async with tenant:
        return [item.id async for item in tenant.connections.list(list_all=True)]

def test_async(async_sandbox_tenant):
    import asyncio
    assert isinstance(async_sandbox_tenant, AsyncTenant)
    assert len(asyncio.run(many(async_sandbox_tenant))) == 250
    assert async_sandbox_tenant.is_closed

def test_async_and_never_used(async_sandbox_tenant):
    assert not async_sandbox_tenant.is_closed
"""

# Markers and options say how it begins.
OPTIONS = """
LIST = "getAutomationConnections"
pytestmark = pytest.mark.sandbox(connections=3, name="module")

@pytest.fixture
def sandbox_options():
    return {"connections": 9, "speed": 2.0}

def count(sandbox):
    return len(sandbox.snapshot())

def test_of_the_module(sandbox):
    assert count(sandbox) == 3

class TestNearer:
    pytestmark = pytest.mark.sandbox(connections=4)

    def test_of_the_class(self, sandbox):
        assert count(sandbox) == 4

    @pytest.mark.sandbox(connections=5)
    def test_of_the_function(self, sandbox):
        assert count(sandbox) == 5

@pytest.mark.sandbox(connections=7)
@pytest.mark.parametrize("wanted", [pytest.param(6, marks=pytest.mark.sandbox(connections=6)), 7])
def test_of_a_param(sandbox, wanted):
    assert count(sandbox) == wanted

@pytest.mark.sandbox(connections=2)
@pytest.mark.sandbox(connections=1)
def test_of_the_next_decorator(sandbox):
    assert count(sandbox) == 1

@pytest.mark.sandbox(connections=8)
class TestBase:
    wanted = 8

    def test_inherited(self, sandbox):
        assert count(sandbox) == self.wanted

@pytest.mark.sandbox(connections=2)
class TestOfABase(TestBase):
    wanted = 2

@pytest.mark.sandbox(faults=[Fault(LIST, status=503, times=2)])
@pytest.mark.parametrize("time", [1, 2])
def test_faults_strike_anew_in_each_test(sandbox, sandbox_tenant, time):
    assert len(list(sandbox_tenant.connections.list(list_all=True))) == 3
    assert [entry.status for entry in sandbox.ledger] == [503, 503, 200]
    assert sandbox.faults[0].struck == 2

@pytest.mark.sandbox(faults=[Fault(LIST, status=503, times=None)])
def test_failures_come_through_in_the_end(sandbox, sandbox_tenant):
    with pytest.raises(InternalServerError) as caught:
        list(sandbox_tenant.connections.list())
    assert caught.value.attempts == len(sandbox.ledger) == 5

@pytest.mark.sandbox(connections=1, limits=True, speed=100_000.0)
def test_limits_are_paced_by_the_clock_of_the_sandbox(sandbox, sandbox_tenant):
    id = sandbox.snapshot()[0]["id"]
    for _ in range(520):
        sandbox_tenant.connections.check(id)
    assert sandbox.ledger.count(status=429) == 0
"""

# The environment leads to it.
ENVIRONMENT = """
SCRIPT = "from qlik_automation_connections import Tenant; print(len(list(Tenant.from_env().connections.list())))"

def test_here_and_in_another_process(sandbox, sandbox_env):
    assert sandbox_env == {"QLIK_TENANT_URL": sandbox.url, "QLIK_API_KEY": sandbox.api_key}
    assert not {"QLIK_OAUTH_CLIENT_ID", "QLIK_OAUTH_CLIENT_SECRET"} & set(os.environ)
    with Tenant.from_env() as tenant:
        mine = len(list(tenant.connections.list()))
    seen = len(sandbox.ledger)
    there = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert int(there.stdout) == mine > 0
    assert len(sandbox.ledger) == 2 * seen

def test_as_it_was_before():
    assert os.environ["QLIK_TENANT_URL"] == "https://acme.example.com"
    assert os.environ["QLIK_OAUTH_CLIENT_SECRET"] == "s3cret"
    assert "QLIK_API_KEY" not in os.environ
"""

# A failing test shows what was asked.
FAILING = """
@pytest.mark.sandbox(connections=1, faults=[Fault("getAutomationConnection", kind="reset")])
def test_fails(sandbox, sandbox_tenant):
    sandbox_tenant.connections.get(sandbox.snapshot()[0]["id"])
    assert False

def test_passes(sandbox_tenant):
    list(sandbox_tenant.connections.list(name="nobody has this"))

def test_sends_nothing(sandbox):
    assert False

def test_asks_much(sandbox, sandbox_tenant):
    for _ in range(60):
        list(sandbox_tenant.connections.list(limit=200))
    assert False
"""


def test_pytest_finds_the_plugin_by_itself() -> None:
    (found,) = entry_points(group="pytest11", name="qlik_automation_connections")
    assert found.value == PLUGIN


def test_tests_get_what_they_ask_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QLIK_TENANT_URL", "https://acme.example.com")
    monkeypatch.setenv("QLIK_OAUTH_CLIENT_ID", "somebody")
    monkeypatch.setenv("QLIK_OAUTH_CLIENT_SECRET", "s3cret")
    monkeypatch.delenv("QLIK_API_KEY", raising=False)
    sources = {"tenants": TENANTS, "options": OPTIONS, "environment": ENVIRONMENT, "failing": FAILING}
    result = run(**{f"test_{name}": IMPORTS + source for name, source in sources.items()})
    result.assert_outcomes(passed=5 + 12 + 2 + 1, failed=3)
    result.stdout.fnmatch_lines(
        [
            "*sandbox requests*",
            "   1  dropped  getAutomationConnection  GET /api/workflows/automation-connections/*",
            "   2  200      getAutomationConnection  GET /api/workflows/automation-connections/*",
            "*sandbox requests*",
            "(10 earlier requests not shown)",
            "  11  200      getAutomationConnections  GET /api/workflows/automation-connections?limit=200",
        ]
    )
    assert result.stdout.str().count("sandbox requests") == 2
    result.stdout.no_fnmatch_line("*nobody*")


@pytest.mark.parametrize("fixture", few(["sandbox", "sandbox_tenant", "async_sandbox_tenant", "sandbox_env"]))
def test_without_the_extra_it_is_named(
    run: Run, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, fixture: str
) -> None:
    blocked = pytester.mkdir("blocked")
    (blocked / "uvicorn.py").write_text("raise ImportError('no uvicorn', name='uvicorn')\n", encoding="utf-8")
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([str(blocked), *os.environ.get("PYTHONPATH", "").split(os.pathsep)])
    )
    result = run(test_lacking=f"def test_it({fixture}): pass\ndef test_other(): pass\n")
    result.assert_outcomes(errors=1, passed=1)
    result.stdout.fnmatch_lines(["*::test_it uses a sandbox: *pip install *?sandbox?'"])
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*During handling*")
