"""Print tables for people, and JSON, JSON lines or CSV for programs."""

from __future__ import annotations

import csv
import functools
import io
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click
from attrs import frozen

from .._text import printable

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

F = TypeVar("F", bound=Callable[..., Any])
Form = Literal["table", "json", "ndjson", "csv"]
Row = dict[str, Any]

# A spreadsheet would take a cell with one of these prefixes for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - intended
_GAP = 2


@frozen
class Column:
    """A column of a table.

    Attributes:
        heading: The heading.
        value: The key of the value in a row, or a function of the row.
        wrap: Whether cells too long for the terminal are wrapped instead of cut.
        least: The minimum useful width.
        spare: The order in which columns are left out if the terminal is too narrow: highest first, 0 never.
    """

    heading: str
    value: str | Callable[[Row], object]
    wrap: bool = False
    least: int = 10
    spare: int = 0

    def cell(self, row: Row) -> str:
        """Return the text of this column's cell in a row."""
        value = row[self.value] if isinstance(self.value, str) else self.value(row)
        return "" if value is None else printable(str(value))


def prints(*forms: Form) -> Callable[[F], F]:
    """Add an option for each form to a command, and pass it the chosen one, or `table`, as `form`."""
    helps = {"json": "Print JSON.", "ndjson": "Print one line of JSON for each.", "csv": "Print CSV."}

    def decorate(command: F) -> F:
        @functools.wraps(command)
        def with_form(*arguments: Any, **options: Any) -> Any:
            chosen = [form for form in forms if options.pop(f"as_{form}")]
            if len(chosen) > 1:
                raise click.UsageError(f"Pass only one of {' and '.join(f'--{form}' for form in chosen)}.")
            return command(*arguments, form=chosen[0] if chosen else "table", **options)

        decorated: Any = with_form
        for form in reversed(forms):
            decorated = click.option(f"--{form}", f"as_{form}", is_flag=True, help=helps[form])(decorated)
        return decorated  # type: ignore[no-any-return]

    return decorate


def _json(document: Any, indent: int | None = None) -> str:
    """Return JSON with non-ASCII letters if the encoding has them, and with control characters escaped."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "").replace("_", "")
    text = json.dumps(document, ensure_ascii=not encoding.startswith("utf"), indent=indent)
    if text.isascii() and "\x7f" not in text:
        return text
    return "".join(c if c.isprintable() or c == "\n" else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    return "\\u007f" if character == "\x7f" else json.dumps(character)[1:-1]


def print_json(document: Any) -> None:
    """Print one JSON document."""
    click.echo(_json(document, 2))


def print_rows(
    form: Form,
    rows: Iterable[Row],
    columns: Sequence[Column],
    *,
    keys: Sequence[str],
    empty: str = "Nothing was found.",
) -> None:
    """Print rows; JSON lines and CSV are printed as the rows arrive.

    Args:
        form: How to print them.
        rows: The rows, as in JSON.
        columns: The columns of a table.
        keys: The keys of the CSV columns.
        empty: The text to print for a table without rows.
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


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def print_csv(rows: Iterable[Row], keys: Sequence[str]) -> None:
    """Print rows as CSV, with an apostrophe before cells that a spreadsheet would take for formulas.

    Args:
        rows: The rows.
        keys: The headings.
    """
    _print_csv_line(keys)
    for row in rows:
        _print_csv_line([_csv_cell(row[key]) for key in keys])


def _print_csv_line(cells: Sequence[str]) -> None:
    if sys.stdout.isatty():
        cells = [printable(cell) for cell in cells]
    line = io.StringIO(newline="")
    # With both characters in the terminator, csv quotes cells that contain either.
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    # Without this, click would strip text that looks like a color code.
    click.echo(line.getvalue().removesuffix("\r\n"), color=True)


def say(text: str = "", *, style: str = "") -> None:
    """Print a line of prose, wrapped between words and in a rich style if in a terminal."""
    if sys.stdout.isatty():
        from rich.text import Text

        _print_in_terminal(Text(text, style=style))
    else:
        # click would write UTF-8 even if the encoding is ASCII.
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def print_table(rows: Sequence[Row], columns: Sequence[Column], *, empty: str = "Nothing was found.") -> None:
    """Print a table, fitted to the terminal; in a pipe, without lines and with nothing cut or wrapped.

    Args:
        rows: The rows.
        columns: The columns.
        empty: The text to print if there are no rows.
    """
    from rich.cells import cell_len

    if not rows:
        say(empty)
        return
    cells = [[column.cell(row) for row in rows] for column in columns]
    widths = [max(map(cell_len, [column.heading, *texts])) for column, texts in zip(columns, cells, strict=True)]
    numbers = [all(text.isdecimal() for text in texts) for texts in cells]
    if sys.stdout.isatty():
        _print_for_people(columns, cells, widths, numbers)
        return
    for line in zip(*([column.heading, *texts] for column, texts in zip(columns, cells, strict=True)), strict=True):
        padded = (
            f"{' ' * (width - cell_len(cell))}{cell}" if number else f"{cell}{' ' * (width - cell_len(cell))}"
            for cell, width, number in zip(line, widths, numbers, strict=True)
        )
        sys.stdout.write(f"{(' ' * _GAP).join(padded).rstrip(' ')}\n")
    sys.stdout.flush()


def _print_for_people(
    columns: Sequence[Column], cells: Sequence[Sequence[str]], widths: Sequence[int], numbers: Sequence[bool]
) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = fitting(columns, widths, Console().width)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, header_style="bold", padding=(0, 1, 0, 0), pad_edge=False)
    for index in shown:
        # rich shrinks the widest columns; those at their minimum must keep their width.
        stays = widths[index] <= columns[index].least
        table.add_column(Text(columns[index].heading), no_wrap=stays, justify="right" if numbers[index] else "left")
    for row in zip(*(cells[index] for index in shown), strict=True):
        table.add_row(
            *(
                Text(cell, no_wrap=not columns[index].wrap, overflow="fold" if columns[index].wrap else "ellipsis")
                for index, cell in zip(shown, row, strict=True)
            )
        )
    _print_in_terminal(table)
    left_out = [column.heading for index, column in enumerate(columns) if index not in shown]
    if left_out:
        _print_in_terminal(Text(f"Left out because the terminal is too narrow: {', '.join(left_out)}.", style="dim"))


def _print_in_terminal(what: Table | Text) -> None:
    from rich.console import Console

    Console(highlight=False, markup=False, emoji=False).print(what)


def room_needed(columns: Sequence[Column], widths: Sequence[int]) -> int:
    """Return the width of the narrowest terminal in which each column has its minimum width.

    rich shrinks the widest columns to equal widths, so the largest minimum applies to all of them.
    """
    level = max(
        (column.least for column, width in zip(columns, widths, strict=True) if width > column.least), default=0
    )
    kept = (
        width if width <= column.least else min(width, level) for column, width in zip(columns, widths, strict=True)
    )
    return sum(kept) + _GAP * (len(columns) - 1)


def fitting(columns: Sequence[Column], widths: Sequence[int], room: int) -> list[int]:
    """Return the indexes of the columns that fit.

    Args:
        columns: All columns.
        widths: The widths of their widest cells.
        room: The width of the terminal.
    """
    shown = list(range(len(columns)))
    spare = sorted((index for index in shown if columns[index].spare), key=lambda index: columns[index].spare)
    while spare and room_needed([columns[index] for index in shown], [widths[index] for index in shown]) > room:
        shown.remove(spare.pop())
    return shown
