"""What commands print: a table for people, or JSON, JSON lines or CSV for programs."""

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

# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - these are meant
_GAP = 2


@frozen
class Column:
    """A column of a table.

    Attributes:
        heading: its heading.
        value: the key of its value in a row, or a function that makes it from the row.
        wrap: whether a cell that is too long for the terminal is wrapped rather than cut.
        least: the width it needs to be of use.
        spare: in which order columns are left out where the terminal is too narrow: the highest first, 0 never.
    """

    heading: str
    value: str | Callable[[Row], object]
    wrap: bool = False
    least: int = 10
    spare: int = 0

    def cell(self, row: Row) -> str:
        """Return the text of its cell in a row."""
        value = row[self.value] if isinstance(self.value, str) else self.value(row)
        return "" if value is None else printable(str(value))


def prints(*forms: Form) -> Callable[[F], F]:
    """Give a command an option for each form but the table, and pass the chosen one as `form`."""
    helps = {"json": "Print JSON.", "ndjson": "Print a line of JSON for each.", "csv": "Print CSV."}

    def decorate(command: F) -> F:
        @functools.wraps(command)
        def with_form(*arguments: Any, **options: Any) -> Any:
            chosen = [form for form in forms if options.pop(f"as_{form}")]
            if len(chosen) > 1:
                raise click.UsageError(f"Give one of {' and '.join(f'--{form}' for form in chosen)}.")
            return command(*arguments, form=chosen[0] if chosen else "table", **options)

        decorated: Any = with_form
        for form in reversed(forms):
            decorated = click.option(f"--{form}", f"as_{form}", is_flag=True, help=helps[form])(decorated)
        return decorated  # type: ignore[no-any-return]

    return decorate


def _json(document: Any, indent: int | None = None) -> str:
    """JSON that keeps letters readable where the encoding allows it, and can't upset a terminal."""
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
    """Print rows; JSON lines and CSV as they come.

    Args:
        form: how.
        rows: what, as JSON has it.
        columns: the columns of a table.
        keys: the keys that CSV has.
        empty: what a table without rows says.
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
    """Print rows as CSV. A cell that a spreadsheet would take for a formula gets an apostrophe in front.

    Args:
        rows: the rows.
        keys: the headings.
    """
    _print_csv_line(keys)
    for row in rows:
        _print_csv_line([_csv_cell(row[key]) for key in keys])


def _print_csv_line(cells: Sequence[str]) -> None:
    if sys.stdout.isatty():
        cells = [printable(cell) for cell in cells]
    line = io.StringIO(newline="")
    # With both characters in the terminator, either is put into quotes.
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    # Without this, click would take out of a name what looks like a colour.
    click.echo(line.getvalue().removesuffix("\r\n"), color=True)


def say(text: str = "", *, style: str = "") -> None:
    """Print a line of prose; a terminal gets it wrapped between words, and in rich's style."""
    if sys.stdout.isatty():
        from rich.text import Text

        _print_in_terminal(Text(text, style=style))
    else:
        # Not by click, which writes UTF-8 where the encoding is ASCII.
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def print_table(rows: Sequence[Row], columns: Sequence[Column], *, empty: str = "Nothing was found.") -> None:
    """Print a table: in a terminal as wide as fits, in a pipe with nothing cut, wrapped or drawn.

    Args:
        rows: the rows.
        columns: the columns.
        empty: what to say if there are no rows.
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
        # rich takes the room that is missing from the widest; columns that only just suffice are left to stay.
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
        _print_in_terminal(Text(f"Left out, as the terminal is too narrow: {', '.join(left_out)}.", style="dim"))


def _print_in_terminal(what: Table | Text) -> None:
    from rich.console import Console

    Console(highlight=False, markup=False, emoji=False).print(what)


def room_needed(columns: Sequence[Column], widths: Sequence[int]) -> int:
    """Return the narrowest terminal in which each column keeps what it needs.

    rich narrows the widest columns until they are equally wide, so all of them need what the neediest does.
    """
    level = max(
        (column.least for column, width in zip(columns, widths, strict=True) if width > column.least), default=0
    )
    kept = (
        width if width <= column.least else min(width, level) for column, width in zip(columns, widths, strict=True)
    )
    return sum(kept) + _GAP * (len(columns) - 1)


def fitting(columns: Sequence[Column], widths: Sequence[int], room: int) -> list[int]:
    """Return which columns fit side by side.

    Args:
        columns: all columns.
        widths: how wide their cells are.
        room: the width of the terminal.
    """
    shown = list(range(len(columns)))
    spare = sorted((index for index in shown if columns[index].spare), key=lambda index: columns[index].spare)
    while spare and room_needed([columns[index] for index in shown], [widths[index] for index in shown]) > room:
        shown.remove(spare.pop())
    return shown
