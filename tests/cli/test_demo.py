"""`qac demo`: the walk, what it shows, and that it notices what is not as it should be."""

import os
from pathlib import Path

import pytest
from rich.cells import cell_len

from cli.invoking import invoke, run_python
from qlik_automation_connections import CheckResult
from qlik_automation_connections._resources._sync.connections import Connections
from qlik_automation_connections.sandbox import Fault, Sandbox
from sampling import few

SECRETS = ("sandbox-admin-key", "sandbox-user-key", "sandbox-client-secret", "from-the-vault", "smtp.example.com")


def test_it_ends_well_shows_the_main_facts_and_shares_no_rate_limits() -> None:
    ended = invoke("demo")
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert not Path(os.environ["XDG_STATE_HOME"]).exists()
    lines = ended.stdout.splitlines()
    numbers = [line[:3] for line in lines if line[:3].strip().rstrip(".").isdecimal()]
    assert numbers == [f"{number:>2}." for number in range(1, 8)]
    words = " ".join(ended.stdout.split())
    for fact in (
        "no real tenant is contacted",
        "development$ qac audit --all --html audit.html",
        "Report: audit.html",
        "Used by the automation",
        "a block for files uses it",
        "No automation uses it: all 3 automations were read.",
        "Not known whether automations use it: 2 of 3",
        "development.ndjson is intact: 26 connections",
        "production$ qac deploy development.ndjson",
        "All are connected.",
        "the undo file reverted everything",
    ):
        assert fact in words
    assert lines[-1].startswith("All as expected: 7 steps, ")
    # No secret, and no colour in a pipe.
    assert [secret for secret in (*SECRETS, "\x1b") if secret in ended.stdout] == []


@pytest.mark.parametrize("width", few(["60", "80", "300"], 0))
def test_it_fits_any_usual_width(width: str) -> None:
    ended = invoke("demo", COLUMNS=width)
    assert ended.exit_code == 0
    steps = ended.stdout.splitlines()[1:-1]
    assert max(map(cell_len, steps)) <= min(int(width) + 20, 100)
    tables = [line for line in steps if line.startswith("    Id  ")]
    assert tables
    assert max(map(cell_len, tables)) <= min(int(width), 100)


@pytest.mark.exhaustive
def test_an_encoding_that_lacks_characters_is_no_failure() -> None:
    source = "import sys; from qlik_automation_connections._cli import main; sys.argv[1:] = ['demo']; main()"
    ended = run_python(source, PYTHONIOENCODING="ascii")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "All as expected" in ended.stdout


@pytest.mark.exhaustive
def test_the_report_is_kept_and_replaces_nothing_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert demo("--report", "report.html")[0] == 0
    assert Path("report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    Path("report.html").write_text("mine")
    code, shown = demo("--report", "report.html")
    assert (code, Path("report.html").read_text()) == (1, "mine")
    assert "report.html already exists" in shown
    assert demo("--report", "report.html", "--overwrite")[0] == 0
    assert Path("report.html").read_text(encoding="utf-8") != "mine"


def demo(*arguments: str) -> tuple[int, str]:
    ended = invoke("demo", *arguments)
    return ended.exit_code, ended.output


@pytest.mark.parametrize(
    ("method", "result", "step"),
    [
        ("update", None, "Step 2: qac update ended with exit code "),
        ("change_owner", None, "Step 2 is not as expected: it has its new name, owner and space\n"),
        ("change_space", None, "Step 2 is not as expected: it has its new name, owner and space\n"),
        ("delete", None, "Step 2 is not as expected: it is gone, and nothing else changed\n"),
        ("check", CheckResult(connected=False), "Step 6: qac check ended with exit code 1 rather than 0"),
    ],
)
def test_what_has_no_effect_is_noticed(
    monkeypatch: pytest.MonkeyPatch, method: str, result: CheckResult | None, step: str
) -> None:
    if method == "update":
        monkeypatch.setattr(Connections, method, lambda self, id, **options: self.get("nobody"))
    else:
        monkeypatch.setattr(Connections, method, lambda self, *arguments, **options: result)
    code, shown = demo()
    assert code == 1
    assert f"Error: {step}" in shown
    assert "All as expected" not in shown


@pytest.mark.parametrize(
    ("fault", "step"),
    few(
        [
            (Fault("getAutomationConnections", "status", status=400, times=None), "Step 1: qac audit"),
            (Fault("createAutomationConnection", "status", status=400, times=None), "Step 2: qac create"),
            (Fault("createAutomationConnection", "status", status=403, times=1), "Step 5: qac deploy"),
        ],
        2,
    ),
)
def test_a_command_that_fails_ends_it(monkeypatch: pytest.MonkeyPatch, fault: Fault, step: str) -> None:
    start = Sandbox.start

    def start_failing(self: Sandbox) -> Sandbox:
        if step.startswith("Step 5") != (len(self.snapshot()) > 4):
            self.fail(fault)
        return start(self)

    monkeypatch.setattr(Sandbox, "start", start_failing)
    code, shown = demo()
    assert code == 1
    assert f"Error: {step} ended with exit code " in shown


def test_a_list_that_is_not_what_the_tenant_holds_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = Sandbox.snapshot
    monkeypatch.setattr(Sandbox, "snapshot", lambda self: snapshot(self)[1:])
    code, shown = demo()
    assert code == 1
    assert "Error: Step 1 is not as expected: every connection is counted, and whether it works\n" in shown
    assert "expected: True\n  came:     False" in shown
