"""The group of commands: help, version, what is imported when, and what is said where an extra is missing."""

import importlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from qlik_automation_connections import __version__
from qlik_automation_connections._cli.group import COMMANDS, qac
from qlik_automation_connections._extras import install_hint

Run = Callable[..., subprocess.CompletedProcess[str]]

MISSING = f"The command line needs an extra: {install_hint('cli')}\n"


def test_help_names_the_commands_and_version_the_version(run: Run) -> None:
    shown = run("--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "demo " in shown.stdout
    assert "sandbox " in shown.stdout
    assert run("--version").stdout == f"qac, version {__version__}\n"


@pytest.mark.parametrize("name", ["qac", "qlik-automation-connections"])
def test_it_is_installed_under_both_names(name: str) -> None:
    program = Path(sys.executable).with_name(name)
    shown = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30)
    assert shown.stdout == f"qac, version {__version__}\n"


def test_every_command_says_the_same_in_the_list_and_in_its_help() -> None:
    context = click.Context(qac)
    for name, summary in COMMANDS.items():
        command = qac.get_command(context, name)
        assert command is not None
        assert command.name == name
        assert (command.help or "").startswith(f"{summary}\n")


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["sandbox", "--help"], ["nonsense"]])
def test_help_imports_nothing_heavy(
    run_python: Callable[[str], subprocess.CompletedProcess[str]], arguments: list[str]
) -> None:
    ended = run_python(
        "import sys\n"
        f"sys.argv = ['qac', *{arguments!r}]\n"
        "from qlik_automation_connections._cli import main\n"
        "try:\n"
        "    main()\n"
        "except SystemExit:\n"
        "    heavy = {'httpx', 'rich', 'starlette', 'uvicorn', 'jsonschema', 'asyncio'}\n"
        "    print('imported:', sorted(heavy & set(sys.modules)))\n"
    )
    assert ended.stdout.splitlines()[-1] == "imported: []"


@pytest.mark.parametrize(("module", "command"), [("click", "--help"), ("click", "demo"), ("rich", "demo")])
def test_a_missing_extra_is_named(
    run_python: Callable[[str], subprocess.CompletedProcess[str]], module: str, command: str
) -> None:
    ended = run_python(
        "import sys\n"
        f"sys.modules[{module!r}] = None\n"
        f"sys.argv = ['qac', {command!r}]\n"
        "from qlik_automation_connections._cli import main\n"
        "main()\n"
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", MISSING)


def test_a_broken_installation_is_not_taken_for_a_missing_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    cli = importlib.import_module("qlik_automation_connections._cli")
    monkeypatch.setitem(sys.modules, "qlik_automation_connections._cli.group", None)
    with pytest.raises(ImportError, match="group"):
        cli.main()


@pytest.mark.parametrize("arguments", [["nonsense"], ["demo", "--nonsense"], ["demo", "more"], ["--nonsense"]])
def test_wrong_usage_exits_2(arguments: list[str]) -> None:
    ended = CliRunner().invoke(qac, arguments)
    assert ended.exit_code == 2
    assert "Traceback" not in ended.output
