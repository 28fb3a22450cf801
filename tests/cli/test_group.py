"""The group of commands: help, version, what is imported when, and what is said where an extra is missing."""

import importlib
import subprocess
import sys
from pathlib import Path

import click
import pytest

from cli.invoking import run_python
from qlik_automation_connections import __version__
from qlik_automation_connections._cli.group import COMMANDS, qac
from qlik_automation_connections._extras import install_hint

MISSING = f"The command line needs an extra: {install_hint('cli')}\n"
NO_SANDBOX = f"Error: the sandbox needs its extra: {install_hint('sandbox')}\n"


def test_it_is_installed_under_both_names() -> None:
    for name in ("qac", "qlik-automation-connections"):
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


def test_help_and_completion_import_nothing_heavy() -> None:
    ended = run_python(
        "import os, sys\n"
        "from qlik_automation_connections._cli import main\n"
        "def run(*words):\n"
        "    sys.argv[1:] = words\n"
        "    try:\n"
        "        main()\n"
        "    except SystemExit:\n"
        "        heavy = {'httpx', 'rich', 'starlette', 'uvicorn', 'jsonschema', 'asyncio'}\n"
        "        print('imported:', sorted(heavy & set(sys.modules)))\n"
        "for words in (['--help'], ['--version'], ['sandbox', '--help'], ['nonsense']):\n"
        "    run(*words)\n"
        "os.environ.update(_QAC_COMPLETE='bash_complete', COMP_WORDS='qac ', COMP_CWORD='1')\n"
        "sys.argv[0] = 'qac'\n"
        "run()\n"
    )
    lines = ended.stdout.splitlines()
    assert [line for line in lines if line.startswith("imported:")] == ["imported: []"] * 5
    assert {f"plain,{name}" for name in COMMANDS} <= set(lines)


def test_a_missing_extra_is_named() -> None:
    cases = [
        ("click", "--help", MISSING),
        ("click", "demo", MISSING),
        ("rich", "demo", MISSING),
        *((module, "demo", NO_SANDBOX) for module in ("starlette", "uvicorn", "jsonschema")),
        ("starlette", "sandbox", NO_SANDBOX),
    ]
    ended = run_python(
        "import sys\n"
        f"for module, command, _ in {cases!r}:\n"
        "    # As in a process of its own.\n"
        "    for name in [name for name in sys.modules if name.startswith(('qlik_', 'click', module))]:\n"
        "        del sys.modules[name]\n"
        "    sys.modules[module] = None\n"
        "    from qlik_automation_connections._cli import main\n"
        "    sys.argv[1:] = [command]\n"
        "    try:\n"
        "        main()\n"
        "    except SystemExit as ended:\n"
        "        print(ended.code)\n"
        "    del sys.modules[module]\n"
    )
    assert ended.stdout.splitlines() == ["2"] * len(cases)
    assert ended.stderr == "".join(said for _, _, said in cases)


def test_a_broken_installation_is_not_taken_for_a_missing_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    cli = importlib.import_module("qlik_automation_connections._cli")
    monkeypatch.setitem(sys.modules, "qlik_automation_connections._cli.group", None)
    with pytest.raises(ImportError, match="group"):
        cli.main()
