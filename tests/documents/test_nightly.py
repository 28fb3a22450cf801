"""The files of the page "Every night": the page shows them, their formats are right, and so are their commands.

scripts/check_workflows.py lints the workflow.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import click
import pytest

from qlik_automation_connections._cli.group import qac

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLES = DOCS / "examples"
UNITS = ("qac-audit.service", "qac-audit.timer")
ENTRY = re.compile(r"(?:(?:\*|\d+(?:-\d+)?)(?:/\d+)?(?:,\d+(?:-\d+)?)*\s+){5}(?P<command>\S.*)")
SETTING = re.compile(r"[A-Z_]+=\S+|#.*|")


def read(name: str) -> str:
    return (EXAMPLES / name).read_text(encoding="utf-8")


def entries() -> list[str]:
    """The commands of the crontab; its other lines are settings, remarks, or empty."""
    lines = [line for line in read("qac.crontab").splitlines() if not SETTING.fullmatch(line)]
    found = [ENTRY.fullmatch(line) for line in lines]
    assert None not in found, lines
    return [entry["command"] for entry in found if entry]


def test_the_page_shows_each_file_as_it_is() -> None:
    page = (DOCS / "nightly.md").read_text(encoding="utf-8")
    shown = dict(re.findall(r'^```\w+ title="([^"]+)"\n(.*?)^```$', page, re.MULTILINE | re.DOTALL))
    assert shown == {file.name: file.read_text(encoding="utf-8") for file in EXAMPLES.iterdir()}


def test_the_crontab_escapes_what_cron_takes_for_a_line_break() -> None:
    assert len(entries()) == 2
    assert not any(re.search(r"(?<!\\)%", entry) for entry in entries())


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_has_the_form_of_units(name: str) -> None:
    unit = RawConfigParser(strict=True)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(read(name))
    assert "Description" in unit["Unit"]
    assert ("ExecStart" in unit["Service"]) if name.endswith(".service") else ("OnCalendar" in unit["Timer"])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    for name in UNITS:
        text = read(name).replace("/usr/local/bin/qac", str(shutil.which("true")))  # it must exist
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / name) for name in UNITS)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=60)
    said = [
        line for line in done.stderr.splitlines() if "qac-audit" in line
    ]  # it may also tell of this machine's units
    assert (done.returncode, said) == (0, [])


def commands() -> list[list[str]]:
    text = "\n".join((*entries(), read("qac-audit.service"), read("qac-audit.yml")))
    return [shlex.split(found) for found in re.findall(r"[ /]qac ([a-z].*?)(?= > | >> |$)", text, re.MULTILINE)]


def test_commands_have_options_that_exist() -> None:
    assert [command[0] for command in commands()] == ["audit", "backup", "audit", "audit"]
    for command in commands():
        with click.Context(qac, info_name="qac") as context:
            name, found, arguments = qac.resolve_command(context, command)
            assert found is not None
            found.make_parser(click.Context(found, parent=context, info_name=name)).parse_args(arguments)
