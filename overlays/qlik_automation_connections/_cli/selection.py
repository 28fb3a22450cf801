"""Select the connections that a command works on: by ids, a file of ids, or a query."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple, TypeVar

import click
from attrs import frozen

from .. import ConnectionSummary, Pager, Tenant
from .._arguments import identifier, is_identifier
from .._text import counted
from ..admin import Progress
from ..admin._managed import is_managed
from .inputs import read_ids
from .running import bar

F = TypeVar("F", bound=Callable[..., Any])
ALL: Final = click.option("--all", "list_all", is_flag=True, help="Everyone's connections (for administrators).")
FILTER: Final = click.option("--filter", metavar="SCIM", help='Connections that match, such as: name eq "SMTP".')
IDS_FILE: Final = click.option(
    "--ids-file", metavar="FILE", help="Connections whose ids are in this file; - for standard input."
)


def given_ids(arguments: Iterable[str], file: str | None) -> list[str]:
    """Return the ids from arguments, where `-` means standard input, and from a file."""
    ids = [id for argument in arguments for id in (read_ids("-") if argument == "-" else [argument])]
    return ids + (read_ids(file) if file is not None else [])


def listed(pager: Pager[ConnectionSummary], most: int | None = None) -> list[ConnectionSummary]:
    """Fetch all items of a list, with a progress bar. Sends one GET per page (tier 1).

    Args:
        pager: The list.
        most: The maximum number of items; None for all.
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


class Selected(NamedTuple):
    """Selected connections: their names, None if unknown, by id.

    Attributes:
        names: Those that can be asked for.
        invalid: Those that a query found with an id that is not valid; the empty id if the list has none.
    """

    names: dict[str, str | None]
    invalid: dict[str, str | None]


INVALID: Final = "Its id is not valid, so it was left out."


@frozen
class Selection:
    """A selection of connections.

    Attributes:
        ids: Ids of connections; `-` reads ids from standard input.
        ids_file: A file of ids; `-` for standard input.
        filter: A SCIM expression that they match.
        owner: The id of their owner.
        list_all: Whether to select from everyone's connections.
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
        """Whether the connections are found by a query."""
        return self.filter is not None or self.owner is not None or self.list_all

    def named(self, tenant: Tenant, *, changeable: bool = False) -> Selected:
        """Return the selected connections.

        Args:
            tenant: The tenant to query.
            changeable: Whether to leave out, with a message, found connections that the service manages.

        Raises:
            click.UsageError: Nothing was selected, or both ids and a query were given.
            ConfigurationError: A given id is not valid.
        """
        if (self.ids or self.ids_file) and self.is_listed:
            raise click.UsageError("Pass ids, or --filter, --owner and --all; not both.")
        if not self.is_given:
            raise click.UsageError("No connections selected: pass ids, --ids-file, --filter, --owner or --all.")
        if not self.is_listed:
            # Validate all ids before sending anything.
            given = (identifier("An id", id) for id in given_ids(self.ids, self.ids_file or None))
            return Selected(dict.fromkeys(given), {})
        # The service returns others' connections only to administrators, and only with listAll.
        everybody = self.list_all or self.owner is not None
        found = listed(tenant.connections.list(filter=self.filter, owner_id=self.owner, list_all=everybody))
        kept = [item for item in found if not (changeable and is_managed(item.connector_id))]
        if len(kept) < len(found):
            click.echo(f"Left out because the service manages them: {counted(len(found) - len(kept))}.", err=True)
        names = {item.id or "": item.name for item in kept}
        invalid = {id: name for id, name in names.items() if not is_identifier(id)}
        return Selected({id: name for id, name in names.items() if id not in invalid}, invalid)


def selects(command: F) -> F:
    """Add arguments and options that select connections to a command, and pass it a `Selection` as `selection`."""

    @functools.wraps(command)
    def with_selection(*arguments: Any, **options: Any) -> Any:
        names = ("ids", "ids_file", "filter", "owner", "list_all")
        return command(*arguments, selection=Selection(**{name: options.pop(name) for name in names}), **options)

    decorated: Any = click.argument("ids", nargs=-1, metavar="[ID]...")(with_selection)
    owner = click.option("--owner", metavar="USER", help="Connections of this user, by id.")
    for option in (ALL, owner, FILTER, IDS_FILE):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]
