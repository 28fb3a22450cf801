"""Every command in the documents runs against a fake tenant and prints what is shown, or says why it doesn't run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from documents.console import NOW, Reader, blocks, left_out_of
from qlik_automation_connections.sandbox import Sandbox
from sampling import few

ROOT = Path(__file__).parents[2]
WEEK = ROOT / "docs" / "week.md"
"""Has a test of its own, test_week.py."""
DOCUMENTS = [ROOT / "README.md", *sorted({*(ROOT / "docs").rglob("*.md")} - {WEEK})]
WITH_COMMANDS = sorted(
    (document for document in DOCUMENTS if "```console" in document.read_text(encoding="utf-8")),
    key=lambda path: path.name not in {"README.md", "start.md"},
)
"""Those first that are read first."""
MOST_LEFT_OUT = 20
"""How many commands may be left out by a remark: whoever adds one raises this, and says why in the document."""

needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="the commands are those of a POSIX shell")


@needs_bash
@pytest.mark.parametrize("document", few(WITH_COMMANDS), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_run(document: Path, tmp_path: Path) -> None:
    with Sandbox(now=NOW) as sandbox, Sandbox(connections=0, name="production", now=NOW) as other:
        wrong, left_out = Reader(tmp_path, sandbox, other).follow(document.read_text(encoding="utf-8"))
    assert wrong == [], "\n".join(["left out:", *left_out])


def test_few_commands_are_left_out() -> None:
    left_out = [
        f"{document.name}:{block.line}: {command}: {block.left_out}"
        for document in WITH_COMMANDS
        for block in blocks(document.read_text(encoding="utf-8"))
        for command in block.commands
        if block.left_out is not None
    ]
    assert len(left_out) <= MOST_LEFT_OUT, "\n".join(left_out)


def test_a_prompt_tells_commands_from_what_they_print() -> None:
    [block] = blocks("```console\n$ qac list \\\n    --all\nid  name\n$ qac check --all\n```\n")
    assert block.commands == ("qac list     --all", "qac check --all")
    assert block.shown == ("id  name", "")


def test_a_remark_is_for_the_next_block_alone() -> None:
    text = "<!-- not run: it asks -->\n```console\nqac a\n```\n\n<!-- exit codes: 4 -->\n```console\nqac b\n```\n"
    first, second = blocks(text)
    assert (first.left_out, second.left_out) == ("it asks", None)
    assert (first.fine, second.fine) == (frozenset({0, 1, 5}), frozenset({4}))


def test_only_what_can_not_be_run_here_is_left_out_unasked() -> None:
    assert left_out_of("export QLIK_API_KEY=x")
    assert left_out_of("make docs")
    assert left_out_of("qac list") is None


@needs_bash
def test_a_command_that_is_wrong_is_noticed(tmp_path: Path) -> None:
    text = "```console\nqac list --no-such-option\nqac get no-such-connection\nfalse\nqac list\n```\n"
    text += "```console\n$ echo a\na\n$ echo b\nc\n```\n"
    with Sandbox(connections=40, now=NOW) as sandbox, Sandbox(connections=0, name="production") as other:
        wrong, left_out = Reader(tmp_path, sandbox, other).follow(text)
    assert [line.partition(": exit code ")[2][:1] for line in wrong[:3]] == ["2", "4", "1"]
    assert wrong[3:] == ["line 7: echo b is not shown as it prints:\nb\n"]
    assert left_out == []
