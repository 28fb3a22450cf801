"""Select the connections that a command works on: by ids, a file of ids, or a query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import click

import qlik_automation_connections as package

from .. import NotFoundError, Page, Pager, Tenant
from .._arguments import identifier, is_identifier
from .._text import counted
from ..admin import Names, Progress
from ..admin._managed import is_managed
from ..admin._parallel import Done, run_concurrently
from .format import ROW_KEYS, row
from .help import passes
from .inputs import read_named
from .output import Row, say
from .resolving import user_id
from .running import bar, running

ALL: Final = click.option("--all", "list_all", is_flag=True, help="Everyone's connections (for administrators).")
FILTER: Final = click.option("--filter", metavar="SCIM", help='Connections that match, such as: name eq "SMTP".')
IDS_FILE: Final = click.option(
    "--ids-file", metavar="FILE", help="Connections whose ids are in this file; - for standard input."
)


def given_names(arguments: Iterable[str], file: str | None) -> dict[str, str | None]:
    """Return ids with the names that came with them: from arguments, where `-` means standard input, and a file."""
    files = [(argument, argument == "-") for argument in arguments] + ([(file, True)] if file is not None else [])
    given: dict[str, str | None] = {}
    for argument, is_file in files:
        for id, name in read_named(argument) if is_file else [(argument, None)]:
            given[id] = given.get(id) or name
    return given


def listed(pager: Pager[package.ConnectionSummary], most: int | None = None) -> Page[package.ConnectionSummary]:
    """Fetch all items of a list as one page, with a progress bar. Sends one GET per page (tier 1).

    Args:
        pager: The list.
        most: The maximum number of items; None for all.
    """
    found: list[package.ConnectionSummary] = []
    left_out: list[str | None] = []
    with bar("List") as shown:
        for page in pager.pages():
            found.extend(page.items)
            left_out.extend(page.left_out)
            is_all = page.next_cursor is None or (most is not None and len(found) >= most)
            shown.on_progress(Progress("list", len(found), len(found) if is_all else None))
            if is_all:
                break
    return Page(found[:most], None, left_out=left_out)


INVALID: Final = "Its id is not valid, so it was left out."


class Selected(NamedTuple):
    """Selected connections: their names, None if unknown, by id.

    Attributes:
        names: Those that can be asked for.
        invalid: Those that a query found with an id that is not valid.
        found: What is known of them, by id.
        left_out: Names of those that a query found without an id.
    """

    names: dict[str, str | None]
    invalid: dict[str, str | None]
    found: dict[str, package.ConnectionSummary | package.Connection]
    left_out: Sequence[str | None] = ()

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Ids and errors of those that can't be asked for; the id is empty if the list has none."""
        return [(id, INVALID) for id in self.invalid] + [
            ("", f"The list has no id for {'it' if name is None else repr(name)}, so it was left out.")
            for name in self.left_out
        ]

    def look_up(self, tenant: Tenant, most: int | None = None) -> list[str]:
        """Read what is not known yet. Sends a GET (tier 1) for each.

        Args:
            tenant: The tenant.
            most: Look only at this many connections; None for all.

        Returns:
            The ids of those that are not there.
        """
        wanted = [id for id in list(self.names)[:most] if id not in self.found]
        missing: list[str] = []
        if not wanted:
            return missing

        def take(done: Done[str, package.Connection]) -> None:
            if done.result is not None:
                self.found[done.item] = done.result
                self.names[done.item] = done.result.name
            elif isinstance(done.error, NotFoundError):
                missing.append(done.item)

        with running("Read", "Stopped: nothing was changed.") as run:
            run_concurrently(tenant.connections.get, wanted, take, cancel=run.cancel, ordered=True)
        return missing

    def rows(self, names: Names) -> list[Row]:
        """Return a row for each connection, for tables."""
        return [
            row(self.found[id], names) if id in self.found else {**dict.fromkeys(ROW_KEYS), "id": id, "name": name}
            for id, name in self.names.items()
        ]


class Selection(NamedTuple):
    """A selection of connections.

    Attributes:
        ids: Ids of connections; `-` reads ids from standard input.
        ids_file: A file of ids; `-` for standard input.
        filter: A SCIM expression that they match.
        owner: The id, name or e-mail address of their owner.
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

    @property
    def is_own(self) -> bool:
        """Whether the query finds only the caller's connections."""
        return self.is_listed and not self.list_all and self.owner is None

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
            given = given_names(self.ids, self.ids_file or None)
            return Selected({identifier("An id", id): name for id, name in given.items()}, {}, {})
        # The service returns others' connections only to administrators, and only with listAll.
        everybody = self.list_all or self.owner is not None
        owner = None if self.owner is None else user_id(tenant, self.owner, "--owner")
        page = listed(tenant.connections.list(filter=self.filter, owner_id=owner, list_all=everybody))
        kept = [item for item in page.items if not (changeable and is_managed(item.connector_id))]
        if managed := len(page.items) - len(kept):
            say(f"Left out because the service manages them: {counted(managed)}.", err=True)
        names = {item.id: item.name for item in kept}
        invalid = {id: name for id, name in names.items() if not is_identifier(id)}
        known: dict[str, package.ConnectionSummary | package.Connection] = {item.id: item for item in kept}
        return Selected({id: name for id, name in names.items() if id not in invalid}, invalid, known, page.left_out)


selects: Final = passes(
    "selection",
    Selection,
    IDS_FILE,
    FILTER,
    click.option("--owner", metavar="USER", help="Connections of this user: id, name or e-mail address."),
    ALL,
    click.argument("ids", nargs=-1, metavar="[ID]..."),
)
"""Adds arguments and options that select connections to a command, and passes it a `Selection`."""
