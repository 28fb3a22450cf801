"""Writes docs/commands.md from the commands of `qac`: `python scripts/command_page.py`.

mkdocs-click makes such a page within MkDocs alone, which the site does not use; this one is read in the checkout, too.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from qlik_automation_connections._cli.group import qac

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "commands.md"
_HEAD: Final = """\
# Commands and options

What `qac COMMAND --help` says of each command, in one place; [The command line](cli.md) says how they go together.
Written by `scripts/command_page.py` from the commands themselves: change those.
"""
_SHARED: Final = "Options for the tenant"
Record = tuple[str, str]


def _commands(command: click.Command, context: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    """A command and those below it, in alphabetical order."""
    yield command, context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None and not below.hidden:
                yield from _commands(below, click.Context(below, info_name=name, parent=context))


def _records(command: click.Command, context: click.Context) -> list[Record]:
    """The options as help shows them, but for --help itself."""
    options = [each for each in command.get_params(context) if isinstance(each, click.Option)]
    records = [each.get_help_record(context) for each in options if "--help" not in each.opts]
    return [(names, " ".join(said.split())) for names, said in filter(None, records)]


def _plain(text: str) -> str:
    """Text of a terminal as Markdown that reads the same; what stands in backticks stays as it is."""
    parts = re.split(r"(`[^`]+`)", text)
    return "".join(part if number % 2 else _marked(part) for number, part in enumerate(parts))


def _marked(text: str) -> str:
    text = re.sub(r"([*|\[\]])", r"\\\1", text).replace("<", "&lt;")
    return re.sub(r"(?<![\w`-])(--[a-z][a-z-]*\w|QLIK_[A-Z_]*[A-Z])(?!`)", r"`\1`", text)


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        # A line with \b keeps the breaks of its paragraph in a terminal; a page has room to run on.
        yield _plain(" ".join(line.strip() for line in paragraph.splitlines() if line.strip() != "\b"))


def _table(records: list[Record]) -> str:
    rows = [f"| `{names.replace('|', chr(92) + '|')}` | {_plain(said)} |\n" for names, said in records]
    return "| option | |\n|---|---|\n" + "".join(rows)


def _section(command: click.Command, context: click.Context, shared: list[Record]) -> str:
    records = _records(command, context)
    takes_shared = set(shared) <= set(records)
    own = [record for record in records if not takes_shared or record not in shared]
    level = "##" if context.parent is None or context.parent.parent is None else "###"
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    parts = [f"{level} {context.command_path}", f"```text\n{usage}\n```", *_paragraphs(command.help or "")]
    if own:
        parts.append(_table(own).rstrip())
    if takes_shared:
        parts.append(f"It also takes the [options for the tenant](#{_SHARED.lower().replace(' ', '-')}).")
    return "\n\n".join(part for part in parts if part) + "\n"


def page() -> str:
    """The page."""
    found = list(_commands(qac, click.Context(qac, info_name="qac")))
    records = [_records(command, context) for command, context in found]
    asking = [each for each in records if any(names.startswith("--tenant ") for names, _ in each)]
    shared = [record for record in asking[0] if all(record in each for each in asking)]
    sections = [_section(command, context, shared) for command, context in found]
    said = "Of every command that asks a tenant:"
    return "\n".join((_HEAD, *sections, f"## {_SHARED}\n\n{said}\n\n{_table(shared)}"))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
