"""What is wrong in a marker or in the options is said in a sentence, at the test that has it."""

from __future__ import annotations

import pytest

from pytest_plugin.conftest import Run

pytest_plugins = ["pytester"]
# Each starts a run of pytest of its own.
pytestmark = pytest.mark.exhaustive

MISTAKES = {
    "@pytest.mark.sandbox(conections=3)": "has no argument 'conections'; choose from connections, quirks, *",
    "@pytest.mark.sandbox(3)": "takes keyword arguments only, such as @pytest.mark.sandbox(connections=3).",
    "@pytest.mark.sandbox(connections=-1)": "can't be used: connections must be an integer, 0 or more.",
    "@pytest.mark.sandbox(connections='3')": "can't be used: connections must be an integer, 0 or more.",
    "@pytest.mark.sandbox(quirks=['no-such'])": "can't be used: *",
    "@pytest.mark.sandbox(faults=['getAutomationConnection'])": "needs `faults` to be a list of Fault, not str.",
    "@pytest.mark.sandbox(faults='reset')": "needs `faults` to be a list of Fault, not str.",
    "@pytest.mark.sandbox(faults=[Fault('getNothing')])": "can't be used: a fault's operation must be None or one of *",
    "@pytest.mark.sandbox(host='example.com')": "can't be used: host must be a loopback address: *",
}


def test_each_mistake_is_said_where_it_is(run: Run) -> None:
    tests = [f"{marker}\ndef test_{number}(sandbox): pass\n" for number, marker in enumerate(MISTAKES)]
    imports = "import pytest\nfrom qlik_automation_connections.sandbox import Fault\n"
    result = run("mistakes.py", mistakes=imports + "\n".join(tests))
    result.assert_outcomes(errors=len(MISTAKES))
    for number, sentence in enumerate(MISTAKES.values()):
        result.stdout.fnmatch_lines(
            [f"mistakes.py::test_{number}: the marker `sandbox`, or the fixture `sandbox_options`, {sentence}"]
        )
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")
    result.stdout.no_fnmatch_line("*During handling*")


@pytest.mark.parametrize("options", ["None", "[('connections', 3)]"])
def test_options_that_are_none_are_refused_in_a_sentence(run: Run, options: str) -> None:
    source = f"import pytest\n@pytest.fixture\ndef sandbox_options(): return {options}\ndef test_it(sandbox): pass\n"
    result = run("odd.py", odd=source)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["odd.py::test_it: the marker `sandbox`, *must map argument names to values, not return *"]
    )


def test_the_marker_is_listed(run: Run) -> None:
    result = run("--markers", test_none="")
    result.stdout.fnmatch_lines(["@pytest.mark.sandbox(connections=250, quirks=True, *): *"])


def test_a_project_keeps_its_own_fixture_and_marker(run: Run) -> None:
    result = run(
        test_it="""
import pytest

@pytest.fixture
def sandbox():
    return "a box of sand"

@pytest.mark.sandbox("payments", colour="red")
def test_it(sandbox):
    assert sandbox == "a box of sand"

@pytest.mark.sandbox("payments")
def test_other(): pass
"""
    )
    result.assert_outcomes(passed=2)


def test_a_run_that_uses_none_of_it_loads_nothing_of_it(run: Run) -> None:
    result = run(
        test_it="""
import sys

def test_it():
    ours = {name for name in sys.modules if name.startswith("qlik_automation_connections")}
    assert ours == {"qlik_automation_connections", "qlik_automation_connections.pytest_plugin"}
    assert not {"httpx", "attrs", "attr", "anyio", "starlette", "uvicorn", "jsonschema"} & set(sys.modules)
"""
    )
    result.assert_outcomes(passed=1)


def test_a_fixture_of_the_same_name_serves_the_others(run: Run) -> None:
    result = run(
        test_it="""
import pytest
from qlik_automation_connections.sandbox import Sandbox

@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(connections=2) as running:
        yield running

@pytest.mark.parametrize("time", [1, 2])
def test_it(sandbox, sandbox_tenant, time):
    assert len(list(sandbox_tenant.connections.list(list_all=True))) == 2
    assert len(sandbox.ledger) == time
"""
    )
    result.assert_outcomes(passed=2)
