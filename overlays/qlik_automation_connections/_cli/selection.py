"""Which connections a command is about: ids, a file of them, or what a list finds."""

from __future__ import annotations

import csv
import functools
import io
import json
from collections.abc import Callable
from typing import Any, TypeVar

import click
from attrs import frozen

from .. import Tenant
from .._arguments import identifier
from ..admin._managed import is_managed
from .exit_codes import Exit, Failed
from .format import counted
from .listing import listed
from .standard_streams import read_text, why_unreadable

F = TypeVar("F", bound=Callable[..., Any])


@frozen
class Selection:
    """Which connections are meant.

    Attributes:
        ids: these; one of them may be `-`, for ids from standard input.
        file: those in a file; `-` for standard input.
        filter: those that a SCIM expression names.
        owner: those of a user.
        list_all: everybody's, where a list is asked for.
    """

    ids: tuple[str, ...]
    file: str | None
    filter: str | None
    owner: str | None
    list_all: bool

    @property
    def is_named(self) -> bool:
        """Whether anything was selected."""
        return bool(self.ids or self.file) or self.asks_the_tenant

    @property
    def asks_the_tenant(self) -> bool:
        """Whether a list finds them."""
        return self.filter is not None or self.owner is not None or self.list_all

    def named(self, tenant: Tenant, *, changeable: bool = False) -> dict[str, str | None]:
        """Ids and, where a list told them, names.

        Args:
            tenant: where.
            changeable: whether to leave out, and say so, what a list finds that the service manages itself.

        Raises:
            click.UsageError: nothing was selected, or in two ways at once.
            ConfigurationError: an id can't be one.
        """
        if (self.ids or self.file) and self.asks_the_tenant:
            raise click.UsageError("Give ids, or --filter, --owner and --all to find them; not both.")
        if self.asks_the_tenant:
            return self._listed(tenant, changeable=changeable)
        if not self.is_named:
            raise click.UsageError("Say which connections: ids, --ids-file, --filter, --owner or --all.")
        given = [id for argument in self.ids for id in (read_ids("-") if argument == "-" else [argument])]
        given += read_ids(self.file) if self.file else []
        # All are looked at before anything is sent for the first.
        return dict.fromkeys(identifier("An id", id) for id in given)

    def _listed(self, tenant: Tenant, *, changeable: bool) -> dict[str, str | None]:
        # Somebody else's connections are seen by administrators alone, and by them only if they ask for all.
        everybody = self.list_all or self.owner is not None
        found = listed(tenant.connections.list(filter=self.filter, owner_id=self.owner, list_all=everybody))
        managed = [item for item in found if changeable and is_managed(item.connector_id)]
        if managed:
            click.echo(f"Left out, as the service manages them itself: {counted(len(managed))}.", err=True)
        left_out = {id(item) for item in managed}
        return {item.id: item.name for item in found if item.id is not None and id(item) not in left_out}


def read_ids(file: str) -> list[str]:
    """Ids in a file: a line each, or what the commands print as JSON, JSON lines or CSV.

    Args:
        file: the file; `-` for standard input.
    """
    where = "Standard input" if file == "-" else file
    try:
        text = read_text(file)
    except (OSError, ValueError) as error:
        raise Failed(f"{where} can't be read: {why_unreadable(error)}.", Exit.USAGE) from None
    try:
        ids = _ids(text)
    except ValueError as error:
        raise Failed(f"{where}: {error}", Exit.USAGE) from None
    if not ids:
        raise Failed(f"{where} holds no ids.", Exit.USAGE)
    return ids


def _ids(text: str) -> list[str]:
    # An id alone may look like a number of JSON.
    if text.lstrip().startswith(("[", "{")):
        try:
            return _of_json(json.loads(text))
        except json.JSONDecodeError:
            pass
        except RecursionError:
            raise ValueError("it is no list of ids.") from None
    lines = [line.strip() for line in text.splitlines()]
    if any(line.startswith("id,") for line in lines[:1]):
        return _of_csv(text)
    return [_of_line(number, line) for number, line in enumerate(lines, start=1) if line and not line.startswith("#")]


def _of_csv(text: str) -> list[str]:
    ids = [row.get("id") or "" for row in csv.DictReader(io.StringIO(text, newline=""))]
    if "" in ids:
        raise ValueError(f"row {ids.index('') + 1} below the headings has no id.")
    return ids


def _of_line(number: int, line: str) -> str:
    if not line.startswith(("{", "[", '"')):
        return line
    try:
        return _of_json([json.loads(line)])[0]
    except (ValueError, RecursionError):
        raise ValueError(f"line {number} is neither an id nor an object of JSON with one.") from None


def _of_json(document: object) -> list[str]:
    if isinstance(document, dict):
        # What `qac audit --json` and `qac check --json` print.
        for name in ("connections", "checked", "data"):
            if isinstance(document.get(name), list):
                return _of_json(document[name])
        document = [document]
    entries = document if isinstance(document, list) else [document]
    ids = [entry.get("id") if isinstance(entry, dict) else entry for entry in entries]
    wrong = next((number for number, id in enumerate(ids, start=1) if not isinstance(id, str) or not id), None)
    if wrong is not None:
        raise ValueError(f"entry {wrong} is neither an id nor an object with one.")
    return [str(id) for id in ids]


def selects(command: F) -> F:
    """Gives a command arguments and options that select connections, and passes them as `selection`."""

    @functools.wraps(command)
    def with_selection(
        *arguments: Any,
        ids: tuple[str, ...],
        ids_file: str | None,
        filter: str | None,
        owner: str | None,
        list_all: bool,
        **options: Any,
    ) -> Any:
        return command(*arguments, selection=Selection(ids, ids_file, filter, owner, list_all), **options)

    decorated: Any = click.argument("ids", nargs=-1, metavar="[ID]...")(with_selection)
    for option in (
        click.option("--all", "list_all", is_flag=True, help="Everybody's connections (for administrators)."),
        click.option("--owner", metavar="USER", help="The connections of this user."),
        click.option("--filter", metavar="SCIM", help='Those that an expression names, such as: name eq "SMTP".'),
        click.option("--ids-file", metavar="FILE", help="Those whose ids are in a file; - for standard input."),
    ):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]
