"""Prompts for confirmation and for secrets; `--dry-run` and `--yes`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from .._secrets import Secret
from .exit_codes import Failed

F = TypeVar("F", bound=Callable[..., Any])


def changes_something(command: F) -> F:
    """Add `--dry-run` and `--yes` to a command, and pass them as `dry_run` and `yes`."""
    command = click.option("--yes", "-y", is_flag=True, help="Do not ask for confirmation.")(command)
    return click.option("--dry-run", is_flag=True, help="Show what would be done, and change nothing.")(command)


def confirmed(what: str, *, dry_run: bool, yes: bool) -> bool:
    """Return whether to make a change, asking for confirmation if necessary.

    Args:
        what: The question without its question mark, such as `Delete 3 connections`.
        dry_run: Whether to change nothing.
        yes: Whether to skip the question.

    Returns:
        False for a dry run, otherwise True.

    Raises:
        click.UsageError: Standard input is not a terminal.
        Failed: The answer was no.
        click.Abort: There was no answer.
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
