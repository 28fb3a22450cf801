"""What commands print: a table for people, or JSON, JSON lines or CSV for programs."""

from __future__ import annotations

import csv
import functools
import io
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
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - these are meant


@frozen
class Column:
    """A column of a table.

    Attributes:
        heading: what stands above it.
        text: what stands in it for a row.
        whole: whether a cell that does not fit is broken into lines rather than cut short.
        least: columns of the terminal that it needs to be of use.
        spare: whether it is left out where the terminal is too narrow for all; the highest goes first, 0 never.
    """

    heading: str
    text: Callable[[Row], str]
    whole: bool = False
    least: int = 10
    spare: int = 0


def prints(*forms: Form) -> Callable[[F], F]:
    """Gives a command options for what it can print, and passes the chosen one as `form`; a table is the default."""
    helps = {"json": "Print JSON.", "ndjson": "Print a line of JSON for each.", "csv": "Print CSV."}

    def decorate(command: F) -> F:
        @functools.wraps(command)
        def with_form(*arguments: Any, **options: Any) -> Any:
            chosen = [form for form in forms if options.pop(f"as_{form}")]
            if len(chosen) > 1:
                raise click.UsageError(f"Say one of {' and '.join(f'--{form}' for form in chosen)}.")
            return command(*arguments, form=chosen[0] if chosen else "table", **options)

        decorated: Any = with_form
        for form in reversed(forms):
            decorated = click.option(f"--{form}", f"as_{form}", is_flag=True, help=helps[form])(decorated)
        return decorated  # type: ignore[no-any-return]

    return decorate


def _json(document: Any, indent: int | None = None) -> str:
    """JSON, in which letters stand as they are, where they can, and nothing can upset a terminal."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "").replace("_", "")
    text = json.dumps(document, ensure_ascii=not encoding.startswith("utf"), indent=indent)
    if text.isascii() and "\x7f" not in text:
        return text
    return "".join(c if c.isprintable() or c == "\n" else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    return "\\u007f" if character == "\x7f" else json.dumps(character)[1:-1]


def print_json(document: Any) -> None:
    """Prints one JSON document."""
    click.echo(_json(document, 2))


def print_rows(
    form: Form,
    rows: Iterable[Row],
    columns: Sequence[Column],
    *,
    keys: Sequence[str] = (),
    empty: str = "Nothing was found.",
) -> None:
    """Prints rows, as they come where the form allows it.

    Args:
        form: how.
        rows: what, as JSON has it; all with the same keys.
        columns: the columns of a table.
        keys: the headings of CSV, where there may be no row to take them from.
        empty: what a table says that has no rows.
    """
    if form == "json":
        print_json(list(rows))
    elif form == "ndjson":
        for row in rows:
            click.echo(_json(row))
    elif form == "csv":
        print_csv(rows, keys)
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
    headings = list(keys)
    if headings:
        _print_csv_line(headings)
    for row in rows:
        if not headings:
            headings = list(row)
            _print_csv_line(headings)
        _print_csv_line([_cell(row[heading]) for heading in headings])


def _print_csv_line(cells: Sequence[str]) -> None:
    from .._text import printable

    if sys.stdout.isatty():
        cells = [printable(cell) for cell in cells]
    line = io.StringIO(newline="")
    # With both characters in the terminator, either is put into quotes.
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    # Without this, click would take out of a name what looks like a colour.
    click.echo(line.getvalue().removesuffix("\r\n"), color=True)


def say(text: str = "") -> None:
    """Prints a line of prose, broken between words where the terminal ends."""
    from .tables import Printout

    Printout(widest=None, indent=0).line(text)


def print_table(rows: Sequence[Row], columns: Sequence[Column], *, empty: str = "Nothing was found.") -> None:
    """Prints a table that fits the terminal; in a pipe it is as wide as its cells.

    Args:
        rows: the rows.
        columns: the columns.
        empty: what to say if there are no rows.
    """
    from .._text import printable
    from .tables import GAP, Printout, cell_width

    printout = Printout(widest=None, indent=0)
    if not rows:
        printout.line(empty)
        return
    cells = [[printable(column.text(row)) for row in rows] for column in columns]
    widths = [cell_width([column.heading, *texts]) for column, texts in zip(columns, cells, strict=True)]
    shown = _fitting(columns, widths, printout.width, GAP)
    printout.rows(
        [columns[index].heading for index in shown],
        list(zip(*(cells[index] for index in shown), strict=True)),
        whole=[columns[index].heading for index in shown if columns[index].whole],
        least=[columns[index].least for index in shown],
    )
    if len(shown) < len(columns):
        left_out = ", ".join(column.heading for index, column in enumerate(columns) if index not in shown)
        printout.note(f"Left out, for the terminal is too narrow: {left_out}.")


def _fitting(columns: Sequence[Column], widths: Sequence[int], room: int, gap: int) -> list[int]:
    """Which columns fit side by side into so many columns of a terminal."""
    shown = list(range(len(columns)))
    spare = sorted((index for index in shown if columns[index].spare), key=lambda index: columns[index].spare)
    while spare and sum(min(widths[index], columns[index].least) + gap for index in shown) - gap > room:
        shown.remove(spare.pop())
    return shown
