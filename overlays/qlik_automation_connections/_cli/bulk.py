"""`qac delete`, `change-owner` and `change-space`: the same change for many connections."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

import click

from .. import APIError, Tenant
from .._text import counted, printable
from ..admin import JobError
from ..admin._bulk import BulkChange, BulkReport
from .access import Access
from .auth_options import signs_in
from .confirm import changes_something, confirmed
from .exit_codes import Exit, Failed, exit_code, finish
from .output import Form, print_json, prints
from .running import running
from .selection import Selection, selects
from .usage import warn_of_usage

F = TypeVar("F", bound=Callable[..., Any])
_MOST_ANNOUNCED = 20


def _code(bulk: BulkChange) -> Exit:
    """What the command ends with."""
    if not bulk.errors:
        return Exit.FINE
    if bulk.report.done:
        return Exit.IN_PART
    codes = [exit_code(error) for error in bulk.errors.values()]
    # Several of one kind are that kind where it is about the tenant, and a failure where it is about each.
    return codes[0] if len(codes) == 1 or set(codes) == {Exit.UNREACHABLE} else Exit.FAILED


def _print(report: BulkReport, form: Form, done: str, *, but: Exception | None = None) -> None:
    """Print it; an error that ends the command is told at its end."""
    if form == "json":
        print_json(report.to_dict())
        return
    for failed in report.failed:
        if failed.error != str(but):
            click.echo(failed.error, err=True)
    before = f" ({report.resumed:,} of them before)" if report.resumed else ""
    parts = [f"{counted(len(report.done))} {done}{before}"]
    parts += [f"{len(report.failed):,} failed"] if report.failed else []
    parts += [f"{len(report.left):,} unchanged"] if report.left else []
    click.echo(f"{', '.join(parts)}.")


def _announce(named: Mapping[str, str | None], what: str) -> None:
    if not named:
        click.echo("Nothing was found.", err=True)
    for id, name in list(named.items())[:_MOST_ANNOUNCED]:
        click.echo(f"{what}: {printable(id)}{'' if name is None else f' ({printable(name)})'}", err=True)
    if len(named) > _MOST_ANNOUNCED:
        click.echo(f"and {len(named) - _MOST_ANNOUNCED:,} more", err=True)


def _change_many(
    change: Callable[[Tenant, str], None],
    name: str,
    what: str,
    done: str,
    *,
    to: str | None = None,
    journal: str | None,
    access: Access,
    selection: Selection,
    dry_run: bool,
    yes: bool,
    form: Form,
    warn: Callable[[Tenant, Collection[str]], None] | None = None,
) -> None:
    """Change the connections of a selection, and end the command with its exit code.

    Args:
        change: changes one.
        name: of the change, such as `delete`.
        what: the change as words before the number of connections, such as `Delete`.
        done: the same as what was done, such as `deleted`.
        to: the new owner or space.
        journal: the file that keeps what was done; None for none.
        access: where.
        selection: which.
        dry_run: whether to change nothing.
        yes: whether not to ask.
        form: how to print the outcome.
        warn: says what should be known of the connections before anything is changed.
    """
    with access.open() as opened:
        named = selection.named(opened.tenant, changeable=True)
        _announce(named, what)
        if warn is not None and named:
            warn(opened.tenant, named)
        bulk = BulkChange(opened.tenant, named, name, to)
        if not named or not confirmed(f"{what} {counted(len(named))}", dry_run=dry_run, yes=yes):
            if form == "json":
                _print(bulk.report, form, done)
            return
        left = " with the ids that --json lists as left" if journal is None else ""
        with running(what, f"Stopped. To finish, run the same command{left}.") as run:

            def last_words() -> None:
                _print(bulk.report, form, done)
                click.echo("Some of those that are left may have been changed all the same.", err=True)

            run.last_words = last_words
            failure: APIError | Failed | None = None
            try:
                bulk.run(
                    lambda id: change(opened.tenant, id),
                    journal=journal,
                    on_progress=run.on_progress,
                    cancel=run.cancel,
                )
            except APIError as error:
                failure = error
            except JobError as error:
                if not bulk.report.done:
                    raise Failed(str(error), Exit.USAGE) from None
                failure = Failed(str(error))
    # Past the bar, which would take the last lines away with it.
    _print(bulk.report, form, done, but=failure)
    if failure is not None:
        raise failure
    if bulk.report.left:
        raise run.stopped()
    finish(_code(bulk))


def _changes_many(command: F) -> F:
    """Give a command the options that `_change_many` takes."""
    journal = click.option("--journal", metavar="FILE", help="Where to keep what was done, to go on from later.")
    for decorate in (signs_in, prints("json"), changes_something, journal, selects):
        command = decorate(command)
    return command


@click.command("delete")
@click.option("--forced", is_flag=True, help="Also those that automations use.")
@click.option("--no-usage", is_flag=True, help="Do not look up which automations use them.")
@_changes_many
def delete_command(forced: bool, no_usage: bool, **how: Any) -> None:
    """Delete connections.

    It first says which automations use them, as `qac usage` does. Make a backup first: nothing brings a connection's
    secrets back. Exit code 5: some were deleted and others not.
    """
    warn = None if no_usage else warn_of_usage
    _change_many(
        lambda tenant, id: tenant.connections.delete(id, forced=forced), "delete", "Delete", "deleted", warn=warn, **how
    )


@click.command("change-owner")
@click.option("--to", "user", required=True, metavar="USER", help="The new owner, by id.")
@_changes_many
def change_owner_command(user: str, **how: Any) -> None:
    """Hand connections to another user.

    Automations stay with their owners. `qac handover` does the same for all connections of a user, with a plan, and a
    file to undo it. Exit code 5: some were handed over and others not.
    """
    _change_many(
        lambda tenant, id: tenant.connections.change_owner(id, user_id=user),
        "change-owner",
        "Hand over",
        "handed over",
        to=user,
        **how,
    )


@click.command("change-space")
@click.option("--to", "space", metavar="SPACE", help="The new space, by id.")
@click.option("--personal", is_flag=True, help="The personal space of each owner.")
@_changes_many
def change_space_command(space: str | None, personal: bool, **how: Any) -> None:
    """Move connections into another space.

    Exit code 5: some were moved and others not.
    """
    if (space is None) != personal:
        raise click.UsageError("Say where: --to SPACE, or --personal.")
    _change_many(
        lambda tenant, id: tenant.connections.change_space(id, space_id=space),
        "change-space",
        "Move",
        "moved",
        to=space,
        **how,
    )
