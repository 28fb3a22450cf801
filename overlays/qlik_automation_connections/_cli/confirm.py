"""Questions to whoever sits at the terminal: `--dry-run`, `--yes`, and secrets."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from .._secrets import Secret
from .exit_codes import Failed

F = TypeVar("F", bound=Callable[..., Any])


def changes_something(command: F) -> F:
    """Give a command the options, and pass them as `dry_run` and `yes`."""
    command = click.option("--yes", "-y", is_flag=True, help="Do not ask.")(command)
    return click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")(command)


def confirmed(what: str, *, dry_run: bool, yes: bool) -> bool:
    """Return whether to make a change, after asking whoever is there.

    Args:
        what: the change as a question without its question mark, such as `Delete 3 connections`.
        dry_run: whether to change nothing.
        yes: whether not to ask.

    Returns:
        False for a dry run.

    Raises:
        click.UsageError: standard input is not a terminal.
        Failed: the answer was no.
        click.Abort: there was no answer.
    """
    if dry_run:
        click.echo("Dry run: nothing was changed.", err=True)
        return False
    if yes:
        return True
    if not sys.stdin.isatty():
        raise click.UsageError(f"{what}? Not an interactive terminal; pass --yes to continue, or --dry-run.")
    if not click.confirm(f"{what}?", err=True):
        raise Failed("Not confirmed: nothing was changed.")
    return True


def is_interactive() -> bool:
    """Return whether somebody can be asked for a secret."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask_secret(what: str, *, may_be_empty: bool = False) -> Secret[str]:
    """Ask for a secret without echoing it.

    Args:
        what: what to type.
        may_be_empty: whether to take an empty answer rather than to ask again.
    """
    default = "" if may_be_empty else None
    return Secret(click.prompt(what, hide_input=True, default=default, show_default=False, err=True))
