"""The same change for many connections, with a line for each that failed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import click
from attrs import field, frozen

from .. import APIError, Tenant
from .._text import printable
from ..admin._parallel import side_by_side
from ..admin._progress import Progress
from .access import Access
from .confirm import confirmed
from .exit_codes import Exit, exit_code, finish
from .format import counted
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
    warn: Callable[[Tenant, Collection[str]], None] | None = None,
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
        warn: says what should be known of the connections before anything is changed.
    """
    with access.open() as opened:
        named = selection.named(opened.tenant, changeable=True)
        _announce(named, what)
        if warn is not None and named:
            warn(opened.tenant, named)
        outcome = _Outcome(named)
        if not named or not confirmed(f"{what} {counted(len(named))}", dry_run=dry_run, yes=yes):
            if form == "json":
                outcome.print(form, done)
            return
        with interruptible_command() as interrupt, bar(what) as shown:

            def work(id: str) -> None:
                # Noted here: of what is under way when it all ends, nothing is handed over any more.
                try:
                    change(opened.tenant, id)
                except APIError as error:
                    outcome.errors[id] = error
                    raise
                outcome.changed.append(id)

            def take(_: object) -> None:
                number = len(outcome.changed) + len(outcome.errors)
                shown.on_progress(Progress(what, number, len(named), len(outcome.errors)))

            def last_words() -> None:
                outcome.print(form, done)
                click.echo("Of those that are left, some may have been changed all the same.", err=True)

            interrupt.last_words = last_words
            interrupt.how_to_go_on = (
                "Stopped. To go on: the same command with the ids that are left; --json names them."
            )
            failure: APIError | None = None
            try:
                side_by_side(work, named, take, cancel=interrupt.event)
            except APIError as error:
                failure = error
    # Past the bar, which would take the last lines away with it.
    outcome.print(form, done, but=failure)
    if failure is not None:
        raise failure
    if outcome.left:
        raise interrupt.stopped()
    finish(outcome.code)


@frozen
class _Outcome:
    """What came of each connection so far.

    Attributes:
        named: all of them.
        changed: those that were changed.
        errors: why others were not.
    """

    named: Mapping[str, str | None]
    changed: list[str] = field(factory=list)
    errors: dict[str, APIError] = field(factory=dict)

    @property
    def left(self) -> list[str]:
        """Those that were not reached."""
        reached = {*self.changed, *self.errors}
        return [id for id in self.named if id not in reached]

    @property
    def code(self) -> Exit:
        """What the command ends with."""
        if not self.errors:
            return Exit.FINE
        if self.changed:
            return Exit.IN_PART
        codes = [exit_code(error) for error in self.errors.values()]
        # Several of one kind are that kind where it is about the tenant, and a failure where it is about each.
        return codes[0] if len(codes) == 1 or set(codes) == {Exit.UNREACHABLE} else Exit.FAILED

    def print(self, form: Form, done: str, *, but: APIError | None = None) -> None:
        """Prints it; an error that ends the command is told at its end."""
        if form == "json":
            failed = [{"id": id, "error": str(error)} for id, error in self.errors.items()]
            print_json({"done": self.changed, "failed": failed, "left": self.left})
            return
        for error in self.errors.values():
            if str(error) != str(but):
                click.echo(str(error), err=True)
        rest = [
            f"{number:,} {word}"
            for number, word in ((len(self.errors), "failed"), (len(self.left), "left as they were"))
            if number
        ]
        click.echo(f"{', '.join([f'{counted(len(self.changed))} {done}', *rest])}.")


def _announce(named: Mapping[str, str | None], what: str) -> None:
    if not named:
        click.echo("Nothing was found.", err=True)
    for id, name in list(named.items())[:20]:
        click.echo(f"{what}: {printable(id)}{'' if name is None else f' ({printable(name)})'}", err=True)
    if len(named) > 20:
        click.echo(f"and {len(named) - 20:,} more", err=True)
