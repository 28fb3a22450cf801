"""What is only seen in a terminal: tables that fit, bars, live views and questions."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from qlik_automation_connections import Tenant
from qlik_automation_connections.sandbox import Fault, Sandbox
from sampling import few

pytest.importorskip("termios")

from cli.invoking import At
from cli.terminal import Terminal, parts

COMMANDS = ("list --all", "audit --all", "check --all")
HOSTILE = "\x1b[31mred\x1b]0;title\x07\nforged: line\r\u202eright\x9b2J\u200bend"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(connections=60) as sandbox:
        with Tenant(sandbox.url, api_key=sandbox.api_key) as tenant:
            for id in sandbox.in_use:
                tenant.connections.update(id, name=f"{id[:4]} {HOSTILE}")
        yield sandbox


@pytest.fixture(autouse=True)
def no_faults(sandbox: Sandbox) -> None:
    sandbox.faults.clear()
    sandbox.ledger.clear()


def terminal(
    sandbox: Sandbox, tmp_path: Path, *arguments: str, width: int = 80, piped: bool = False, several: bool = False
) -> Terminal:
    variables = {**At(sandbox).environment, "XDG_CONFIG_HOME": str(tmp_path)}
    return Terminal(*arguments, width=width, piped=piped, several=several, **variables)


def harmless(text: str) -> bool:
    """Whether nothing of the hostile name reached the terminal as it is."""
    return not any(part in text for part in ("\x1b[31m", "\x1b]0;", "\x07", "\u202e", "\x9b", "\u200b", "\nforged"))


@pytest.mark.parametrize("width", few([40, 80, 200]))
def test_tables_fit_and_names_upset_no_terminal(sandbox: Sandbox, tmp_path: Path, width: int) -> None:
    with terminal(sandbox, tmp_path, *COMMANDS, width=width, several=True) as shown:
        assert shown.end() == 1
    assert max(map(cell_len, shown.lines)) <= width
    assert harmless(shown.text)
    for command, lines in parts(shown.lines).items():
        heading = next(line for line in lines if "Name" in line.split())
        if width >= 80:
            # An id is shown whole or not at all.
            assert heading.endswith(" Id")
            ids = [line.split()[-1] for line in lines if re.search(r" [0-9a-f]{8}-[0-9a-f-]+$", line)]
            assert len({item["id"] for item in sandbox.snapshot()}.intersection(ids)) >= 8
            assert {len(id) for id in ids} == {36}
        if width == 200:
            assert not any("Left out" in line for line in lines)
        elif command != "check --all":
            assert any("Left out because the terminal is too narrow: " in line for line in lines) or width == 40


def test_piped_output_is_quiet_and_has_no_spaces_at_the_ends_of_lines(sandbox: Sandbox, tmp_path: Path) -> None:
    with terminal(sandbox, tmp_path, *COMMANDS, piped=True, several=True) as shown:
        shown.end()
    assert "\x1b" not in shown.output
    lines = shown.output.splitlines()
    assert [line for line in lines if line != line.rstrip()] == []
    assert [mine[0].split()[0] for mine in parts(lines).values()] == ["Name"] * 3
    # In a pipe nothing is cut short: a column begins where its heading does, whatever the terminal.
    assert "…" not in shown.output


def test_a_check_shows_a_bar_with_rate_and_time_left_and_what_is_broken_or_failed(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.fail(Fault("checkAutomationConnection", status=403, times=3))
    sandbox.fail(Fault("checkAutomationConnection", kind="delay", seconds=0.3, times=None, after=20))
    with terminal(sandbox, tmp_path, "check", "--all", "--json", piped=True, width=300) as shown:
        assert shown.end() == 5
    assert max(map(cell_len, shown.lines)) <= 300
    assert any(re.search(r"Check .* \d+/60 .*[\d.]+/s 0:00:\d\d", line) for line in shown.lines)
    summary = json.loads(shown.output)["summary"]
    # Those are told above the bar at once, and what could not be checked is not known to be broken.
    assert sum(line.endswith(": not connected") for line in shown.lines) == summary["not_connected"] > 0
    assert sum("403 Forbidden" in line for line in shown.lines) == summary["failed"] == 3
    in_bar = [int(match[1]) for match in re.finditer(r"(\d+) not connected", shown.text)]
    assert max(in_bar) == summary["not_connected"]
    assert harmless(shown.text)
    assert "\x1b" not in shown.output


@pytest.mark.exhaustive
def test_a_log_of_requests_and_a_bar_do_not_mix(sandbox: Sandbox, tmp_path: Path) -> None:
    with terminal(sandbox, tmp_path, "check", "--all", "-v", piped=True, width=200) as shown:
        shown.end()
    assert not any(line.startswith("Check ") for line in shown.lines)
    assert sum("/actions/check 200 in " in line for line in shown.lines) == 60


NOT_CONFIRMED = "Not confirmed: nothing was changed."


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    few(
        [
            ("\n", 1, NOT_CONFIRMED),
            (signal.SIGINT, 130, "Stopped."),
            (signal.SIGTERM, 143, "Stopped."),
            ("\x04", 130, "Stopped."),
        ],
        2,
    ),
)
def test_whoever_does_not_confirm_changes_nothing(
    sandbox: Sandbox, tmp_path: Path, answer: str | signal.Signals, code: int, said: str
) -> None:
    with terminal(sandbox, tmp_path, "delete", sandbox.in_use[0], "--no-usage") as shown:
        shown.expect(f"Delete 1 connection in {sandbox.url}? [y/N]: ")
        if isinstance(answer, str):
            shown.enter(answer)
        else:
            shown.interrupt_question(answer)
        assert shown.end() == code
    assert shown.lines[-1].endswith(said)
    assert "Traceback" not in shown.text
    assert sandbox.ledger.count(operation="deleteAutomationConnection") == 0


def test_a_change_is_announced_confirmed_and_done(sandbox: Sandbox, tmp_path: Path) -> None:
    space = sandbox.spaces[0].id
    with terminal(sandbox, tmp_path, "change-space", "--to", space, "--owner", sandbox.users[2].id, width=120) as shown:
        shown.expect("? [y/N]: ")
        shown.enter("y\n")
        assert shown.end() == 0
    moved = sandbox.ledger.select(operation="automationConnectionChangeSpace", processed=True)
    assert moved
    assert {entry.connection_id for entry in moved} == {
        item["id"] for item in sandbox.snapshot() if item["ownerId"] == sandbox.users[2].id
    }
    announced = [line.split()[-1] for line in shown.lines if re.search(r" [0-9a-f]{8}-[0-9a-f-]+$", line)]
    assert set(announced) <= {entry.connection_id for entry in moved}
    assert len(announced) == min(len(moved), 10)
    assert harmless(shown.text)


def test_a_key_and_values_are_asked_for_without_an_echo(sandbox: Sandbox, tmp_path: Path) -> None:
    arguments = ("create", "--connector", sandbox.connectors[0].id, "--name", "asked", "--param-prompt", "password")
    with Terminal(*arguments, "--tenant", sandbox.url, QLIK_API_KEY="", XDG_CONFIG_HOME=str(tmp_path)) as shown:
        for question, answer in (("Value of password: ", "never shown anywhere"), ("The API key: ", sandbox.api_key)):
            shown.expect(question)
            assert not shown.echoes()
            shown.enter(f"{answer}\n")
        shown.expect("? [y/N]: ")
        shown.enter("y\n")
        assert shown.end() == 0
    assert sandbox.api_key not in shown.text
    assert "never shown" not in shown.text
    made = next(item for item in sandbox.snapshot(secrets=True) if item["name"] == "asked")
    assert {param["name"]: param["value"] for param in made["params"]}["password"] == "never shown anywhere"


def test_the_secret_of_a_client_is_asked_for_without_an_echo(sandbox: Sandbox, tmp_path: Path) -> None:
    arguments = ("delete", sandbox.in_use[0], "--tenant", sandbox.url, "--client-id", sandbox.client_id)
    with Terminal(*arguments, XDG_CONFIG_HOME=str(tmp_path)) as shown:
        shown.expect("The secret of the OAuth client: ")
        assert not shown.echoes()
        shown.enter(f"{sandbox.client_secret}\n")
        shown.expect("? [y/N]: ")
        shown.enter("n\n")
        assert shown.end() == 1
    assert sandbox.client_secret not in shown.text
    assert sandbox.ledger.count(operation="deleteAutomationConnection") == 0
