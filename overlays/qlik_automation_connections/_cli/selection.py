"""Which connections a command is about: ids, a file of them, or what a list finds."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

import click
from attrs import frozen

from .. import ConnectionSummary, Pager, Tenant
from .._arguments import identifier
from .._text import counted
from ..admin import Progress
from ..admin._managed import is_managed
from .inputs import read_ids
from .running import bar

F = TypeVar("F", bound=Callable[..., Any])
ALL: Final = click.option("--all", "list_all", is_flag=True, help="Everybody's connections (for administrators).")
FILTER: Final = click.option("--filter", metavar="SCIM", help='Those that match, such as: name eq "SMTP".')
IDS_FILE: Final = click.option(
    "--ids-file", metavar="FILE", help="Those whose ids are in a file; - for standard input."
)


def given_ids(arguments: Iterable[str], file: str | None) -> list[str]:
    """Return the ids of arguments, where `-` stands for standard input, and of a file."""
    ids = [id for argument in arguments for id in (read_ids("-") if argument == "-" else [argument])]
    return ids + (read_ids(file) if file is not None else [])


def listed(pager: Pager[ConnectionSummary], most: int | None = None) -> list[ConnectionSummary]:
    """Fetch a whole list, with a bar.

    Args:
        pager: the list.
        most: how many at most; None for all.

    Sends one GET a page (tier 1).
    """
    found: list[ConnectionSummary] = []
    with bar("List") as shown:
        for page in pager.pages():
            found.extend(page.items)
            is_all = page.next_cursor is None or (most is not None and len(found) >= most)
            shown.on_progress(Progress("list", len(found), len(found) if is_all else None))
            if is_all:
                break
    return found[:most]


@frozen
class Selection:
    """Which connections are meant.

    Attributes:
        ids: these; one of them may be `-`, for ids from standard input.
        ids_file: those in a file; `-` for standard input.
        filter: those that match a SCIM expression.
        owner: those of a user.
        list_all: everybody's, where a list is asked for.
    """

    ids: tuple[str, ...]
    ids_file: str | None
    filter: str | None
    owner: str | None
    list_all: bool

    @property
    def is_given(self) -> bool:
        """Whether anything was selected."""
        return bool(self.ids or self.ids_file) or self.is_listed

    @property
    def is_listed(self) -> bool:
        """Whether a list finds them."""
        return self.filter is not None or self.owner is not None or self.list_all

    def named(self, tenant: Tenant, *, changeable: bool = False) -> dict[str, str | None]:
        """Return ids and, where a list had them, names.

        Args:
            tenant: where.
            changeable: whether to leave out, and say so, what a list finds that the service manages itself.

        Raises:
            click.UsageError: nothing was selected, or in two ways at once.
            ConfigurationError: an id can't be one.
        """
        if (self.ids or self.ids_file) and self.is_listed:
            raise click.UsageError("Give ids, or --filter, --owner and --all to find them; not both.")
        if not self.is_given:
            raise click.UsageError("Say which connections: ids, --ids-file, --filter, --owner or --all.")
        if not self.is_listed:
            # All are looked at before anything is sent for the first.
            return dict.fromkeys(identifier("An id", id) for id in given_ids(self.ids, self.ids_file or None))
        # Only administrators see others' connections, and only if they ask for all.
        everybody = self.list_all or self.owner is not None
        found = listed(tenant.connections.list(filter=self.filter, owner_id=self.owner, list_all=everybody))
        kept = [item for item in found if not (changeable and is_managed(item.connector_id))]
        if len(kept) < len(found):
            click.echo(f"Left out, as the service manages them itself: {counted(len(found) - len(kept))}.", err=True)
        return {item.id: item.name for item in kept if item.id is not None}


def selects(command: F) -> F:
    """Give a command arguments and options that select connections, and pass them as `selection`."""

    @functools.wraps(command)
    def with_selection(*arguments: Any, **options: Any) -> Any:
        names = ("ids", "ids_file", "filter", "owner", "list_all")
        return command(*arguments, selection=Selection(**{name: options.pop(name) for name in names}), **options)

    decorated: Any = click.argument("ids", nargs=-1, metavar="[ID]...")(with_selection)
    owner = click.option("--owner", metavar="USER", help="The connections of this user.")
    for option in (ALL, owner, FILTER, IDS_FILE):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]
