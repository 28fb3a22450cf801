"""The same change for many connections, with a line for each that failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import click

from .. import APIError, Tenant
from ..admin.errors import JobCancelled
from ..admin.progress import Progress
from ..admin.side_by_side import Done, side_by_side
from ..decoding import printable
from .access import Access
from .confirming import confirmed
from .exits import Exit, exit_code, finish
from .interrupting import interruptible_command
from .output import Form, print_json
from .progress import bar
from .selection import Selection


def change_many(
    access: Access,
    selection: Selection,
    change: Callable[[Tenant, str], None],
    *,
    what: str,
    done: str,
    dry_run: bool,
    yes: bool,
    form: Form,
) -> None:
    """Changes the connections of a selection, and ends the command with its exit code.

    Args:
        access: where.
        selection: which.
        change: changes one.
        what: the change as words before the number of connections, such as `Delete`.
        done: the same as what was done, such as `deleted`.
        dry_run: whether nothing is to be changed.
        yes: whether nobody is to be asked.
        form: how to print what came of it.
    """
    with access.open() as opened:
        named = selection.named(opened.tenant)
        _announce(named, what)
        if not named or not confirmed(f"{what} {_counted(len(named))}", dry_run=dry_run, yes=yes):
            return
        errors: dict[str, APIError] = {}
        changed: list[str] = []
        with interruptible_command() as interrupt, bar(what) as shown:

            def take(one: Done[str, None]) -> None:
                if one.error is None:
                    changed.append(one.item)
                else:
                    errors[one.item] = one.error
                number = len(changed) + len(errors)
                shown.on_progress(Progress(what, number, len(named), len(errors)))

            try:
                side_by_side(lambda id: change(opened.tenant, id), named, take, cancel=interrupt.event)
            except APIError:
                _print(form, done, changed, errors, _left(named, changed, errors))
                raise
            left = _left(named, changed, errors)
            if left:
                interrupt.how_to_go_on = f"Stopped: {_counted(len(changed))} {done}, {len(left)} left as they were."
                _print(form, done, changed, errors, left)
                raise JobCancelled(interrupt.how_to_go_on)
    _print(form, done, changed, errors, left)
    if errors:
        first = next(iter(errors.values()))
        finish(Exit.IN_PART if changed else exit_code(first) if len(errors) == 1 else Exit.FAILED)


def _left(named: Mapping[str, str | None], changed: list[str], errors: Mapping[str, APIError]) -> list[str]:
    reached = {*changed, *errors}
    return [id for id in named if id not in reached]


def _counted(number: int) -> str:
    return "1 connection" if number == 1 else f"{number:,} connections"


def _announce(named: Mapping[str, str | None], what: str) -> None:
    if not named:
        click.echo("Nothing was found.", err=True)
    for id, name in list(named.items())[:20]:
        click.echo(f"{what}: {printable(id)}{'' if name is None else f' ({printable(name)})'}", err=True)
    if len(named) > 20:
        click.echo(f"and {len(named) - 20:,} more", err=True)


def _print(form: Form, done: str, changed: list[str], errors: Mapping[str, APIError], left: list[str]) -> None:
    if form == "json":
        failed = [{"id": id, "error": str(error)} for id, error in errors.items()]
        print_json({"done": changed, "failed": failed, "left": left})
        return
    for error in errors.values():
        click.echo(str(error), err=True)
    click.echo(f"{_counted(len(changed))} {done}" + (f", {len(errors)} failed." if errors else "."))
