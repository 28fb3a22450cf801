"""`qac delete`, `change-owner` and `change-space`: apply one change to many connections."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Final

import click

from .. import APIError, Tenant
from .._text import counted, printable
from ..admin import JobError
from ..admin._bulk import BulkChange, BulkReport, ChangedConnection
from ..admin._usage.report import UsageAnswer
from .access import Access
from .auth_options import signs_in
from .confirm import MOST_SHOWN, changes_something, check_can_ask, confirmed
from .exit_codes import Exit, Failed, exit_code, finish, in_cli_words, missing_code
from .format import THEIRS
from .help import Command, all_of
from .output import Form, print_json, prints, say
from .resolving import space_id, user_id
from .running import running
from .selection import INVALID, Selection, selects
from .usage import warn_of_usage

_WORDS: Final = {
    "delete": ("Delete", "deleted"),
    "change-owner": ("Hand over", "handed over"),
    "change-space": ("Move", "moved"),
}
"""The verb before the number of connections, and its past participle, by the name of the change."""


def _code(bulk: BulkChange) -> Exit:
    """Return the exit code."""
    if not bulk.report.failed:
        return Exit.FINE
    if bulk.report.done:
        return Exit.IN_PART
    codes = [exit_code(error) for error in bulk.errors.values()]
    # An unreachable tenant is one cause for all; other errors concern each connection.
    return codes[0] if len(codes) == 1 or set(codes) == {Exit.UNREACHABLE} else Exit.FAILED


def _print(report: BulkReport, form: Form, done: str, *, but: Exception | None = None) -> None:
    """Print a report, except the error `but`, which click prints when the command ends."""
    if form == "json":
        print_json(report.to_dict())
        return
    for failed in report.failed:
        if failed.error != str(but):
            why = in_cli_words(failed.error or "")
            say(printable(f"{failed.id}: {why}") if failed.error == INVALID else why, err=True)
    before = f" ({report.resumed:,} of them before)" if report.resumed else ""
    parts = [f"{counted(len(report.done))} {done}{before}"]
    parts += [f"{len(report.failed):,} failed"] if report.failed else []
    parts += [f"{len(report.left):,} unchanged"] if report.left else []
    say(f"{', '.join(parts)}.")


def _change_many(
    name: str,
    change: Callable[[Tenant, str, str | None], None],
    *,
    to: str | None = None,
    find: Callable[[Tenant, str, str], str] | None = None,
    journal: str | None,
    access: Access,
    selection: Selection,
    dry_run: bool,
    yes: bool,
    form: Form,
    warn: Callable[[Tenant, Collection[str]], dict[str, UsageAnswer]] | None = None,
) -> None:
    """Change the selected connections, and end the command with its exit code.

    Args:
        name: The change's name, such as `delete`.
        change: Changes one connection.
        to: The new owner or space, by id or name.
        find: Finds the id of `to`.
        journal: The file that records progress; None to record nothing.
        access: The tenant to work on.
        selection: The connections to change.
        dry_run: Whether to change nothing.
        yes: Whether to skip the confirmation.
        form: How to print the result.
        warn: Prints whether automations use the connections, and returns it, before anything is changed.
    """
    what, done = _WORDS[name]
    with access.open() as opened:
        selected = selection.named(opened.tenant, changeable=True)
        named = selected.names
        if to is not None and find is not None:
            to = find(opened.tenant, to, "--to")
        if not named:
            say(f"Nothing was found.{f' {THEIRS}' if selection.is_own else ''}", err=True)
        if named:
            check_can_ask(f"{what} {counted(len(named))} in {opened.place}", dry_run=dry_run, yes=yes)
        # Before a question, those that it shows are looked up; in a dry run all are.
        missing = [] if yes and not dry_run else selected.look_up(opened.tenant, None if dry_run else MOST_SHOWN)
        failed = [ChangedConnection(id, error) for id, error in selected.errors]
        bulk = BulkChange(opened.tenant, named, name, to, failed=failed)
        for id in missing:
            say(f"{printable(id)}: the connection does not exist, or you may not see it.", err=True)
        if warn is not None and named:
            bulk.usage = warn(opened.tenant, [id for id in named if id not in missing])
        if dry_run or not yes:
            # Only those that are shown need names.
            opened.look_up([selected.found[id] for id in list(named)[:MOST_SHOWN] if id in selected.found])
        names = opened.look_up(users=[to] if find is user_id else [], spaces=[to] if find is space_id else [])
        target = f" to {names.users.get(to) or names.spaces.get(to) or to}" if to else ""
        question = f"{what} {counted(len(named))}{target} in {opened.place}"
        gone = not named or len(missing) == len(named)
        if gone or not confirmed(question, selected.rows(opened.names), dry_run=dry_run, yes=yes):
            if form == "json" or (failed and not named):
                _print(bulk.report, form, done)
            finish(missing_code(len(missing), len(named)) if named else _code(bulk))
            return
        left = " with the ids that --json lists as left" if journal is None else ""
        with running(what, f"Stopped. To finish, run the same command{left}.") as run:
            failure: APIError | Failed | None = None
            in_doubt = True

            def last_words() -> None:
                _print(bulk.report, form, done, but=failure)
                if failure is not None:
                    say(str(failure), err=True)
                if in_doubt:
                    say("Some of the unchanged ones may have been changed after all.", err=True)

            run.last_words = last_words
            try:
                bulk.run(lambda id: change(opened.tenant, id, to), journal=journal, **run.callbacks)
            except APIError as error:
                failure = error
            except JobError as error:
                if not bulk.report.done:
                    raise Failed(str(error), Exit.USAGE) from None
                failure = Failed(str(error))
            in_doubt = False
    # After the bar has gone, or it would erase the last lines.
    _print(bulk.report, form, done, but=failure)
    if failure is not None:
        raise failure
    finish(_code(bulk))


_changes_many: Final = all_of(
    selects,
    click.option("--journal", metavar="FILE", help="Record progress in this file, to resume from it."),
    changes_something,
    prints("json"),
    signs_in,
)
"""Adds the options that `_change_many` takes to a command."""


@click.command("delete", cls=Command)
@click.option("--forced", is_flag=True, help="Also delete connections that automations use.")
@click.option("--no-usage", is_flag=True, help="Do not look up which automations use them.")
@_changes_many
def delete_command(forced: bool, no_usage: bool, **how: Any) -> None:
    """Delete connections.

    Before asking, it lists the automations that use them, like `qac usage`. Make a backup first; secrets can't be
    recovered even from a backup. Exit code 5: some were deleted and others not.

    Examples:
        qac delete 03215fc0-2a85-5d26-9859-33eba33fbf2e --dry-run
        qac list --filter 'name eq "old"' -o name | qac delete - --yes
    """
    warn = None if no_usage else warn_of_usage
    _change_many("delete", lambda tenant, id, _: tenant.connections.delete(id, forced=forced), warn=warn, **how)


@click.command("change-owner", cls=Command)
@click.option("--to", "user", required=True, metavar="USER", help="The new owner: id, name or e-mail address.")
@_changes_many
def change_owner_command(user: str, **how: Any) -> None:
    """Hand over connections to another user.

    Automations keep their owners. `qac handover` hands over all connections of a user, with a plan and an undo file.
    Exit code 5: some were handed over and others not.

    Examples:
        qac change-owner --owner bob@example.com --to ada@example.com
        qac change-owner --ids-file ids.txt --to ada@example.com --dry-run
    """

    def change(tenant: Tenant, id: str, owner: str | None) -> None:
        tenant.connections.change_owner(id, user_id=owner or "")

    _change_many("change-owner", change, to=user, find=user_id, **how)


@click.command("change-space", cls=Command)
@click.option("--to", "space", metavar="SPACE", help="The new space: id or name.")
@click.option("--personal", is_flag=True, help="Move each to its owner's personal space.")
@_changes_many
def change_space_command(space: str | None, personal: bool, **how: Any) -> None:
    """Move connections to another space.

    Exit code 5: some were moved and others not.

    Examples:
        qac change-space 03215fc0-2a85-5d26-9859-33eba33fbf2e --personal
        qac change-space --ids-file ids.txt --to Finance --dry-run
    """
    if (space is None) != personal:
        raise click.UsageError("Pass either --to SPACE or --personal.")

    def change(tenant: Tenant, id: str, space: str | None) -> None:
        tenant.connections.change_space(id, space_id=space)

    _change_many("change-space", change, to=space, find=space_id, **how)
