"""Completion, and help: what shells and people are told without anything heavy being loaded."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from cli.invoking import environment
from qlik_automation_connections._cli.group import COMMANDS, qac
from sampling import few

SHELLS = ("bash", "zsh", "fish")


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A path with `qac` of this checkout on it."""
    program = tmp_path / "bin" / "qac"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m qlik_automation_connections "$@"\n')
    program.chmod(0o755)
    return f"{program.parent}:/usr/bin:/bin"


def in_shell(shell: str, script: str, path: str) -> str:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    arguments = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    ended = subprocess.run(
        [shell, *arguments, "-c", script],
        capture_output=True,
        encoding="utf-8",
        env=environment(PATH=path),
        timeout=60,
    )
    assert ended.stderr == ""
    return ended.stdout


@pytest.mark.parametrize("shell", SHELLS)
def test_scripts_name_the_program_and_are_valid(shell: str, tmp_path: Path) -> None:
    printed = CliRunner().invoke(qac, ["completion", shell])
    assert printed.exit_code == 0
    assert "qac" in printed.stdout
    assert f"_QAC_COMPLETE={shell}_complete" in printed.stdout
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    (tmp_path / "script").write_text(printed.stdout)
    ended = subprocess.run([shell, "-n", tmp_path / "script"], capture_output=True, text=True, timeout=30)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_bash_completes_commands_and_options(path: str) -> None:
    complete = (
        'eval "$(qac completion bash)"; complete_word() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=();'
        ' _qac_completion qac; echo "${COMPREPLY[@]}"; }; '
    )
    asked = "complete_word qac change; complete_word qac list --ow"
    assert in_shell("bash", complete + asked, path).splitlines() == ["change-owner change-space", "--owner"]


def test_fish_completes_commands(path: str) -> None:
    found = in_shell("fish", "qac completion fish | source; complete --do-complete 'qac che'", path)
    assert found.split("\t")[0].strip() == "check"


def test_zsh_is_told_of_commands_with_their_summaries() -> None:
    asked = {"_QAC_COMPLETE": "zsh_complete", "COMP_WORDS": "qac che", "COMP_CWORD": "1"}
    told = CliRunner().invoke(qac, prog_name="qac", env=asked).stdout
    assert told.split("\n")[:3] == ["plain", "check", COMMANDS["check"]]


def test_files_complete_where_files_are_wanted() -> None:
    for words in (["list", "--names"], ["check", "--ids-file"], ["backup", "verify"], ["restore"], ["remap"]):
        [found] = ShellComplete(qac, {}, "qac", "_QAC_COMPLETE").get_completions(words, "")
        assert found.type == "file", words


@pytest.mark.parametrize("width", few([60, 80, 200]))
def test_help_of_every_command_fits_and_describes_every_option(width: int) -> None:
    context = click.Context(qac)
    for name in [
        "list", "get", "create", "update", "delete", "change-owner", "change-space", "check", "audit", "completion",
    ]:  # fmt: skip
        command = qac.get_command(context, name)
        assert command is not None
        shown = CliRunner().invoke(qac, [name, "--help"], terminal_width=width).stdout
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                assert parameter.help, (name, parameter.name)
                assert parameter.opts[0] in shown
        # A shell's line to be copied is not broken.
        lines = [line for line in shown.splitlines() if "completion" not in line and not line.startswith("  qac ")]
        longest = max(lines, key=len)
        assert len(longest) <= width, longest
        assert "--sandbox" in shown or name == "completion"


def test_commands_and_exit_codes_are_in_the_help() -> None:
    shown = CliRunner().invoke(qac, ["--help"]).stdout
    for code in ("0 success", "1 findings or failures", "2 wrong usage", "3 sign-in refused", "4 not found"):
        assert code in shown
    for code in ("5 partly done", "6 tenant unreachable", "130", "143", "141"):
        assert code in shown
    assert [name for name in COMMANDS if f"  {name} " not in shown] == []
