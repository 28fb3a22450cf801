"""`qac demo`: the walk, what it shows, and that it notices what is not as it should be."""

import ast
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from qlik_automation_connections import CheckResult, ConfigurationError, NotFoundError, QlikError
from qlik_automation_connections._cli.demo.expectations import Expectations, UnmetExpectation
from qlik_automation_connections._cli.demo.move import MOVE_STEPS
from qlik_automation_connections._cli.demo.walk import STEPS
from qlik_automation_connections._cli.group import qac
from qlik_automation_connections._resources._sync.connections import Connections
from qlik_automation_connections.sandbox import Fault, Sandbox

Run = Callable[..., subprocess.CompletedProcess[str]]

STEPS_SHOWN = [*((step.title, step.code) for step in STEPS), *((step.title, step.code) for step in MOVE_STEPS)]
SECRETS = ("sandbox-admin-key", "sandbox-user-key", "a-wrong-key", "made up", "smtp.example.com", "smtp2.example.com")


def test_it_ends_well_and_shows_the_main_facts(run: Run) -> None:
    ended = run("demo")
    assert (ended.returncode, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    assert [line for line in lines if line[:3].strip().rstrip(".").isdecimal()] == [
        f"{number:>2}. {title}" for number, (title, _) in enumerate(STEPS_SHOWN, start=1)
    ]
    words = " ".join(ended.stdout.split())
    for fact in (
        "not a real tenant",
        "and 245 more, in 3 pages from 3 requests.",
        "Müller & Söhne",
        "Mail (SMTP) 62 10",
        "PermissionDeniedError",
        "status 404",
        "forced=true",
        "now 249",
        "the undo file brought all back",
        "the undo file brought all back",
    ):
        assert fact in words  # how wide a column is, each version of rich decides for itself
    assert lines[-2].startswith("All as expected: 18 steps, ")
    assert lines[-1] == "It ran against the embedded sandbox, not a real tenant."


def test_it_fits_80_columns_and_shows_no_secret(run: Run) -> None:
    shown = run("demo").stdout
    assert max(map(cell_len, shown.splitlines())) <= 80
    assert "\x1b" not in shown
    assert [secret for secret in SECRETS if secret in shown] == []


@pytest.mark.parametrize("width", ["20", "40", "100", "300"])
def test_it_fits_any_width(run: Run, width: str) -> None:
    ended = run("demo", COLUMNS=width)
    assert ended.returncode == 0
    assert max(map(cell_len, ended.stdout.splitlines())) <= min(int(width), 100)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_an_encoding_that_lacks_characters_is_no_failure(run: Run, encoding: str) -> None:
    ended = run("demo", PYTHONIOENCODING=encoding)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "All as expected" in ended.stdout


def test_a_reader_that_leaves_is_no_traceback(start: Callable[..., subprocess.Popen[str]]) -> None:
    process = start("demo", PYTHONUNBUFFERED="1")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(timeout=10) == 141
    process.stderr.close()


def test_the_python_that_is_shown_is_python() -> None:
    for _, code in STEPS_SHOWN:
        ast.parse("\n".join(code))
        assert max(map(len, code)) <= 76


def demo() -> tuple[int, str]:
    ended = CliRunner().invoke(qac, ["demo"])
    assert ended.exception is None or isinstance(ended.exception, SystemExit)
    return ended.exit_code, ended.stdout


def test_a_wrong_result_is_shown_and_exits_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connections, "check", lambda self, id: CheckResult(connected=True))
    code, shown = demo()
    assert code == 1
    assert "Step 8 is not as expected: the new one works, the one without consent does not" in shown
    assert "expected: [True, False]" in shown
    assert "came:     [True, True]" in shown
    assert "All as expected" not in shown


@pytest.mark.parametrize(
    ("method", "step"),
    [("update", 6), ("change_owner", 7), ("change_space", 7), ("delete", 9)],
)
def test_a_change_that_has_no_effect_is_noticed(monkeypatch: pytest.MonkeyPatch, method: str, step: int) -> None:
    monkeypatch.setattr(Connections, method, lambda self, *arguments, **options: None)
    code, shown = demo()
    assert code == 1
    assert f"Step {step} is not as expected: " in shown


def test_a_list_with_a_wrong_field_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = Sandbox.snapshot

    def renamed(self: Sandbox) -> list[dict[str, Any]]:
        documents = snapshot(self)
        documents[100]["name"] = "not the name that was sent"
        return documents

    monkeypatch.setattr(Sandbox, "snapshot", renamed)
    code, shown = demo()
    assert code == 1
    assert "Step 1 is not as expected: every field" in shown
    assert "not the name that was sent" in " ".join(shown.split())


@pytest.mark.parametrize(
    ("operation", "step"),
    [("createAutomationConnection", 5), ("getAutomationConnection", 4), ("getAutomationConnections", 1)],
)
def test_an_unexpected_error_is_shown_and_exits_1(monkeypatch: pytest.MonkeyPatch, operation: str, step: int) -> None:
    start = Sandbox.start

    def start_failing(self: Sandbox) -> Sandbox:
        self.fail(Fault(operation, "status", status=400, times=None))
        return start(self)

    monkeypatch.setattr(Sandbox, "start", start_failing)
    code, shown = demo()
    assert code == 1
    assert f"Step {step} failed: BadRequestError: " in shown


def test_an_empty_tenant_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sandbox.__init__, "__defaults__", (0,))
    code, shown = demo()
    assert code == 1
    assert "Step 1 is not as expected: " in shown


def no_error() -> None:
    pass


def not_found() -> None:
    raise ConfigurationError("the id is empty")


@pytest.mark.parametrize(
    ("action", "came"), [(no_error, "no error"), (not_found, "ConfigurationError: the id is empty")]
)
def test_the_wrong_error_is_not_the_expected_one(action: Callable[[], None], came: str) -> None:
    said: list[str] = []
    expect = Expectations(said.append)
    with pytest.raises(UnmetExpectation) as raised, expect.error("it is missing", NotFoundError):
        action()
    assert (raised.value.expected, raised.value.came) == ("NotFoundError", came)
    assert (said, expect.met) == ([], 0)


def test_a_more_general_error_is_not_the_expected_one() -> None:
    expect = Expectations(lambda statement: None)
    with pytest.raises(UnmetExpectation), expect.error("it is missing", QlikError):
        raise ConfigurationError("the id is empty")


def test_expectations_show_the_first_difference_of_long_lists() -> None:
    expect = Expectations(lambda statement: None)
    with pytest.raises(UnmetExpectation) as lengths:
        expect.equal("they are equal", list(range(20)), list(range(21)))
    assert (lengths.value.expected, lengths.value.came) == ("21 items", "20 items")
    with pytest.raises(UnmetExpectation) as items:
        expect.equal("they are equal", [*range(10), -1, *range(11, 20)], list(range(20)))
    assert (items.value.expected, items.value.came) == ("item 10: 10", "item 10: -1")


@pytest.mark.parametrize("came", [None, False, "false", "true", 1])
def test_only_true_is_true(came: object) -> None:
    with pytest.raises(UnmetExpectation):
        Expectations(lambda statement: None).true("it is connected", came)
