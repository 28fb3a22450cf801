"""What is in an archive, printed as it is read."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator

import click

from .._text import printable
from ..admin._backup.archive import Archive, ArchivedConnection
from ..admin._errors import JobError
from ..admin._names import Names
from .exit_codes import Exit, Failed
from .format import day, name_or_id, row, space
from .output import Column, Form, Row, print_json

_COLUMNS = (
    Column("Id", lambda item: str(item["id"] or "")),
    Column("Name", lambda item: str(item["name"] or "")),
    Column("Connector", lambda item: name_or_id(item, "connector")),
    Column("Owner", lambda item: name_or_id(item, "owner")),
    Column("Space", space),
    Column("Changed", lambda item: day(item["updated_at"])),
    Column("Params", lambda item: str(item["params"])),
)
_GAP = "  "
_NARROWEST = 6


def _row(archived: ArchivedConnection, names: Names) -> Row | None:
    """A connection as the commands print it; None if its document is not one of a connection."""
    try:
        connection = archived.connection
    except JobError:
        return None
    return {**row(connection, names), "id": archived.id, "params": len(connection.params), "read_at": archived.read_at}


def _rows(archive: Archive, name: str | None, names: Names, *, tell: bool = True) -> Iterator[Row]:
    for archived in archive.records():
        found = _row(archived, names)
        if found is None and tell:
            click.echo(
                f"{printable(archived.id)}: its document is not one of a connection; see it with --id.", err=True
            )
        if found is not None and (name is None or name.casefold() in str(found["name"] or "").casefold()):
            yield found


def print_contents(archive: Archive, name: str | None, names: Names, form: Form) -> None:
    """Prints the connections of an archive, one at a time.

    Args:
        archive: the archive.
        name: what their names contain; None for all.
        names: names in place of ids.
        form: how.
    """
    rows = _rows(archive, name, names)
    if form == "ndjson":
        for item in rows:
            click.echo(json.dumps(item, ensure_ascii=False))
    elif form == "json":
        _print_array(rows)
    else:
        _print_table(archive, name, names)


def _print_array(rows: Iterator[Row]) -> None:
    click.echo("[", nl=False)
    separator = "\n  "
    for item in rows:
        click.echo(separator + json.dumps(item, ensure_ascii=False), nl=False)
        separator = ",\n  "
    click.echo("\n]")


def _cells(item: Row) -> list[str]:
    return [printable(column.text(item)) for column in _COLUMNS]


def _print_table(archive: Archive, name: str | None, names: Names) -> None:
    """Goes through the archive twice, for how wide the columns are, and to print them."""
    from rich.cells import cell_len, set_cell_size

    headings = [column.heading for column in _COLUMNS]
    widths = [cell_len(heading) for heading in headings]
    count = 0
    for item in _rows(archive, name, names):
        widths = [max(width, cell_len(cell)) for width, cell in zip(widths, _cells(item), strict=True)]
        count += 1
    if sys.stdout.isatty():
        room = shutil.get_terminal_size().columns - len(_GAP) * (len(widths) - 1)
        while sum(widths) > room and max(widths) > _NARROWEST:
            widths[widths.index(max(widths))] -= 1

    def print_line(cells: list[str]) -> None:
        fitting = [
            set_cell_size(cell if cell_len(cell) <= width else set_cell_size(cell, width - 1) + "…", width)
            for cell, width in zip(cells, widths, strict=True)
        ]
        click.echo(_GAP.join(fitting).rstrip())

    if count:
        print_line(headings)
        print_line(["─" * width for width in widths])
        for item in _rows(archive, name, names, tell=False):
            print_line(_cells(item))
    click.echo(f"{count:,} of {_total(archive)}, from {archive.header.tenant}, {archive.header.began_at}.")


def _total(archive: Archive) -> str:
    summary = archive.summary()
    total = "1 connection" if summary.connections == 1 else f"{summary.connections:,} connections"
    return f"{total} ({summary.unread:,} could not be read)" if summary.unread else total


def print_document(archive: Archive, id: str) -> None:
    """Prints the document of one connection.

    Raises:
        Failed: there is none with this id.
    """
    for archived in archive.records():
        if archived.id == id:
            print_json(archived.document)
            return
    for unread in archive.unread():
        if unread.id == id:
            raise Failed(f"The backup could not read {id!r}: {unread.reason}", Exit.NOT_FOUND)
    raise Failed(f"{archive.path} holds no connection {id!r}.", Exit.NOT_FOUND)
