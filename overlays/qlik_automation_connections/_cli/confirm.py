"""Prompts for confirmation and for secrets; `--dry-run` and `--yes`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

import click

from .._secrets import Secret
from .._text import printable
from .exit_codes import Exit, Failed
from .format import ID, NAME, connector, owner
from .help import all_of
from .output import Column, Row, print_table, say

changes_something: Final = all_of(
    click.option("--dry-run", is_flag=True, help="Show what would be done, and change nothing."),
    click.option("--yes", "-y", is_flag=True, help="Do not ask for confirmation."),
)
MOST_SHOWN: Final = 10
_COLUMNS: Final = (
    NAME,
    Column("Connector", connector, wrap=True, least=9, spare=3),
    Column("Owner", owner, wrap=True, least=9, spare=2),
    ID,
)


def check_can_ask(what: str, *, dry_run: bool, yes: bool) -> None:
    """Raise if a question is needed, and nobody is there to answer it."""
    if not dry_run and not yes and not sys.stdin.isatty():
        raise Failed(f"{what}? Not an interactive terminal; pass --yes to continue, or --dry-run.", Exit.USAGE)


def confirmed(what: str, about: str | Sequence[Row] = "", *, dry_run: bool, yes: bool) -> bool:
    """Say what will change and where, and return whether to do so, asking for confirmation if necessary.

    Args:
        what: The question without its question mark, such as `Delete 3 connections in https://…`.
        about: Details, or the connections.
        dry_run: Whether to change nothing.
        yes: Whether to skip the question.

    Returns:
        False for a dry run, otherwise True.

    Raises:
        Failed: Standard input is not a terminal, or the answer was no.
        click.Abort: There was no answer.
    """
    check_can_ask(what, dry_run=dry_run, yes=yes)
    if isinstance(about, str) or (yes and not dry_run):
        line = about if isinstance(about, str) else _names(about)
        if line or yes or dry_run:
            say(printable(f"{what}: {line}." if line else f"{what}."), err=True)
    else:
        say(printable(f"{what}:"), err=True)
        print_table(about[:MOST_SHOWN], _COLUMNS, err=True)
        if len(about) > MOST_SHOWN:
            say(f"and {len(about) - MOST_SHOWN:,} more", err=True)
    if dry_run:
        say("Dry run: nothing was changed.", err=True)
        return False
    if not yes and not click.confirm(printable(f"{what}?"), err=True):
        raise Failed("Not confirmed: nothing was changed.")
    return True


def _names(rows: Sequence[Row]) -> str:
    more = [f"{len(rows) - MOST_SHOWN:,} more"] if len(rows) > MOST_SHOWN else []
    named = (f"{row['name']} ({row['id']})" if row["name"] else str(row["id"]) for row in rows[:MOST_SHOWN])
    return ", ".join([*named, *more])


def is_interactive() -> bool:
    """Return whether a secret can be prompted for."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask_secret(what: str, *, may_be_empty: bool = False) -> Secret[str]:
    """Prompt for a secret without echoing it.

    Args:
        what: The prompt.
        may_be_empty: Whether to accept an empty answer instead of asking again.
    """
    default = "" if may_be_empty else None
    return Secret(click.prompt(what, hide_input=True, default=default, show_default=False, err=True))
