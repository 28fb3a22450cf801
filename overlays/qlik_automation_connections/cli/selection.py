"""Which connections a command is about: ids, a file of them, or what a list finds."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click
from attrs import frozen

from .. import ConnectionSummary, Tenant
from .exits import Exit, Failed

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

    def named(self, tenant: Tenant) -> dict[str, str | None]:
        """Ids and, where a list told them, names.

        Raises:
            click.UsageError: nothing was selected, or in two ways at once.
        """
        if (self.ids or self.file) and self.asks_the_tenant:
            raise click.UsageError("Give ids, or --filter, --owner and --all to find them; not both.")
        if self.asks_the_tenant:
            return {connection.id: connection.name for connection in self._listed(tenant) if connection.id is not None}
        if not self.is_named:
            raise click.UsageError("Say which connections: ids, --ids-file, --filter, --owner or --all.")
        given = [id for argument in self.ids for id in (read_ids("-") if argument == "-" else [argument])]
        return dict.fromkeys([*given, *(read_ids(self.file) if self.file else [])])

    def _listed(self, tenant: Tenant) -> Iterator[ConnectionSummary]:
        # Somebody else's connections are seen by administrators alone, and by them only if they ask for all.
        everybody = self.list_all or self.owner is not None
        return iter(tenant.connections.list(filter=self.filter, owner_id=self.owner, list_all=everybody))


def read_ids(file: str) -> list[str]:
    """Ids in a file: a line each, or JSON: a list of ids or of objects with an `id`, or such objects in lines."""
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise Failed(f"{file} can't be read: {why}.", Exit.USAGE) from None
    try:
        ids = _of_json(json.loads(text))
    except ValueError:
        ids = [_of_line(line) for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if not ids:
        raise Failed(f"{'Standard input' if file == '-' else file} holds no ids.", Exit.USAGE)
    return ids


def _of_line(line: str) -> str:
    try:
        return _of_json([json.loads(line)])[0]
    except ValueError:
        return line.strip()


def _of_json(document: object) -> list[str]:
    if isinstance(document, dict):
        # What `qac audit --json` and `qac check --json` print.
        for name in ("connections", "checked", "data"):
            if isinstance(document.get(name), list):
                return _of_json(document[name])
        document = [document]
    if not isinstance(document, list):
        return [str(document)]
    ids = [entry.get("id") if isinstance(entry, dict) else entry for entry in document]
    wrong = next((number for number, id in enumerate(ids, start=1) if not isinstance(id, str) or not id), None)
    if wrong is not None:
        raise Failed(f"Entry {wrong} of the ids is neither an id nor an object with one.", Exit.USAGE)
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
