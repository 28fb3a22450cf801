"""What commands print: a table for people, or JSON, JSON lines or CSV for programs."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, TypeVar

import click
from attrs import frozen

F = TypeVar("F", bound=Callable[..., Any])
Form = Literal["table", "json", "ndjson", "csv"]
Row = dict[str, Any]

# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@frozen
class Column:
    """A column of a table.

    Attributes:
        heading: what stands above it.
        text: what stands in it for a row.
        whole: whether a cell that does not fit is broken into lines rather than cut short.
    """

    heading: str
    text: Callable[[Row], str]
    whole: bool = False


def prints(*forms: Form) -> Callable[[F], F]:
    """Gives a command options for what it can print, and passes the chosen one as `form`; a table is the default."""
    helps = {"json": "Print JSON.", "ndjson": "Print a line of JSON for each.", "csv": "Print CSV."}

    def decorate(command: F) -> F:
        for form in reversed(forms):
            command = click.option(f"--{form}", "form", flag_value=form, help=helps[form])(command)
        return click.option("--table", "form", flag_value="table", default="table", hidden=True)(command)

    return decorate


def print_json(document: Any) -> None:
    """Prints one JSON document."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def print_rows(
    form: Form, rows: Iterable[Row], columns: Sequence[Column], *, empty: str = "Nothing was found."
) -> None:
    """Prints rows, as they come where the form allows it.

    Args:
        form: how.
        rows: what, as JSON has it; all with the same keys.
        columns: the columns of a table.
        empty: what a table says that has no rows.
    """
    if form == "json":
        print_json(list(rows))
    elif form == "ndjson":
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
    elif form == "csv":
        print_csv(rows, [])
    else:
        print_table(list(rows), columns, empty=empty)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def print_csv(rows: Iterable[Row], keys: Sequence[str]) -> None:
    """Prints rows as CSV. A cell that a spreadsheet would take for a formula gets an apostrophe in front.

    Args:
        rows: the rows.
        keys: the headings, where there may be no row to take them from.
    """
    writer = csv.writer(sys.stdout, lineterminator="\n")
    headings = list(keys)
    if headings:
        writer.writerow(headings)
    for row in rows:
        if not headings:
            headings = list(row)
            writer.writerow(headings)
        writer.writerow([_cell(row[heading]) for heading in headings])


def print_table(rows: Sequence[Row], columns: Sequence[Column], *, empty: str = "Nothing was found.") -> None:
    """Prints a table that fits the terminal; in a pipe it is as wide as its cells.

    Args:
        rows: the rows.
        columns: the columns.
        empty: what to say if there are no rows.
    """
    from ..decoding import printable
    from .tables import Printout

    printout = Printout(widest=None, indent=0)
    if not rows:
        printout.line(empty)
        return
    printout.rows(
        [column.heading for column in columns],
        [[printable(column.text(row)) for column in columns] for row in rows],
        whole=[column.heading for column in columns if column.whole],
    )
