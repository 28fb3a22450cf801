"""`--dry-run` and `--yes`, for every command that changes something."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from .exit_codes import Exit, Failed

F = TypeVar("F", bound=Callable[..., Any])


def changes_something(command: F) -> F:
    """Gives a command the options, and passes them as `dry_run` and `yes`."""
    command = click.option("--yes", "-y", is_flag=True, help="Do not ask.")(command)
    return click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")(command)


def confirmed(what: str, *, dry_run: bool, yes: bool) -> bool:
    """Whether to go on with a change; asks a person who is there.

    Args:
        what: the change as a question without its question mark, such as `Delete 3 connections`.
        dry_run: whether nothing is to be changed.
        yes: whether nobody is to be asked.

    Returns:
        False for a dry run, which is said.

    Raises:
        click.UsageError: nobody is there to be asked.
        Failed: the answer was no.
        click.Abort: there was no answer.
    """
    if dry_run:
        click.echo("A dry run: nothing was changed.", err=True)
        return False
    if yes:
        return True
    if not sys.stdin.isatty():
        raise click.UsageError(f"{what}? Nobody is there to be asked: say --yes, or --dry-run.")
    if not click.confirm(f"{what}?", err=True):
        raise Failed("Not confirmed: nothing was changed.", Exit.FAILED)
    return True
