"""Print tables for people, and JSON, JSON lines, YAML, CSV or ids for programs."""

from __future__ import annotations

import csv
import functools
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any, Final, Literal, TypeVar

import click
from attrs import evolve, frozen

from .._text import printable
from .help import or_list, passes

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

F = TypeVar("F", bound=Callable[..., Any])
Form = Literal["table", "json", "ndjson", "csv", "name"]
Row = dict[str, Any]

# A spreadsheet would take a cell with one of these prefixes for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - intended
_GAP = 2
# Ids of connections and connectors; ids of users and spaces.
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24}", re.IGNORECASE)


@frozen
class Column:
    """A column of a table.

    Attributes:
        heading: The heading.
        value: The key of the value in a row, or a function of the row.
        wrap: Whether long cells are wrapped, in the room that the other columns leave.
        least: The minimum useful width, if cells are wrapped.
        most: The width at which cells are cut, if they are not wrapped.
        spare: The order in which columns are shown if there is room for them: lowest first, 0 always.
    """

    heading: str
    value: str | Callable[[Row], object]
    wrap: bool = False
    least: int = 14
    most: int = 20
    spare: int = 0

    def cell(self, row: Row) -> str:
        """Return the text of this column's cell in a row."""
        value = row[self.value] if isinstance(self.value, str) else self.value(row)
        return "" if value is None else printable(str(value))


_HELPS: Final = {"json": "Print JSON.", "ndjson": "Print one line of JSON for each.", "csv": "Print CSV."}
_YAML: Final = "qlik_automation_connections.yaml"
"""A key of click's context: whether documents are printed as YAML instead of JSON."""


def prints(*forms: Form) -> Callable[[F], F]:
    """Add `-o` and an option for each form to a command, and pass it the chosen one, or `table`, as `form`.

    Forms of which a document or rows are printed also come as YAML, which `print_json` knows, and as ids alone.
    """
    flags = [form for form in forms if form in _HELPS]
    choices = ["table", "json", "yaml", *(form for form in forms if form != "json")]
    choices += ["name"] * ("ndjson" in forms)

    def form_of(output_form: str | None, **is_given: bool) -> str:
        given = [form for form in flags if is_given[f"as_{form}"]]
        chosen = [*(f"--{form}" for form in given), *([] if output_form is None else [f"-o {output_form}"])]
        if len(chosen) > 1:
            raise click.UsageError(f"Pass only one of {' and '.join(chosen)}.")
        form = output_form or (given or ["table"])[0]
        click.get_current_context().meta[_YAML] = form == "yaml"
        return "json" if form == "yaml" else form

    words = f"Print as {or_list(choices)}{' (ids alone, for pipes)' if 'name' in choices else ''}."
    return passes(
        "form",
        form_of,
        click.option("-o", "output_form", type=click.Choice(choices), metavar="FORM", help=words),
        *(click.option(f"--{form}", f"as_{form}", is_flag=True, help=_HELPS[form]) for form in flags),
    )


def _json(document: Any, indent: int | None = None) -> str:
    """Return JSON with non-ASCII letters if the encoding has them, and with control characters escaped."""
    text = json.dumps(document, ensure_ascii=not _is_unicode(), indent=indent)
    if text.isascii() and "\x7f" not in text:
        return text
    return "".join(c if c.isprintable() or c == "\n" else _escaped(c) for c in text)


def _is_unicode() -> bool:
    return (getattr(sys.stdout, "encoding", None) or "utf-8").lower().startswith("utf")


def _escaped(character: str) -> str:
    return "\\u007f" if character == "\x7f" else json.dumps(character)[1:-1]


def _yaml(document: Any) -> str:
    """Return YAML with non-ASCII letters, or without any if some characters must be escaped."""
    import yaml

    dump = functools.partial(yaml.safe_dump, document, sort_keys=False, width=sys.maxsize)
    text = str(dump(allow_unicode=True))
    if _is_unicode() and text.replace("\n", "").isprintable():
        return text.removesuffix("\n")
    return str(dump()).removesuffix("\n")


def print_json(document: Any) -> None:
    """Print one document: as JSON, or as YAML with `-o yaml`."""
    context = click.get_current_context(silent=True)
    click.echo(_yaml(document) if context is not None and context.meta.get(_YAML) else _json(document, 2))


def some_of(names: Sequence[str], most: int) -> str:
    """Return the first of some names, and how many more there are."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return printable(", ".join(names[:most])) + more


def print_ids(ids: Iterable[str | None]) -> None:
    """Print each id once, on a line of its own."""
    for id in dict.fromkeys(filter(None, ids)):
        click.echo(printable(id))


def row_of(item: object, keys: Sequence[str], **others: object) -> Row:
    """Return a row of an item's attributes, and of others under keys that are none of them."""
    return {key: others[key] if key in others else getattr(item, key) for key in keys}


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
    elif form == "name":
        print_ids(row["id"] for row in rows)
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


def say(text: str = "", *, style: str = "", err: bool = False) -> None:
    """Print a line of prose, wrapped between words and in a rich style if in a terminal.

    Args:
        text: The line.
        style: The style.
        err: Whether to print to standard error.
    """
    stream = sys.stderr if err else sys.stdout
    if stream.isatty():
        from rich.text import Text

        _print_in_terminal(Text(text, style=style), stream)
    elif err:
        click.echo(text, err=True)
    else:
        print_line(text)


def print_line(text: str) -> None:
    """Print a line as it is. click would write UTF-8 even if the encoding is ASCII, which suits documents alone."""
    print(text, flush=True)  # noqa: T201 - the output of a command


def print_fields(fields: Mapping[str, object]) -> None:
    """Print what is known of one thing, a line per field; those that are None are left out."""
    known = {name: str(value) for name, value in fields.items() if value is not None}
    width = max(9, *map(len, known))
    for name, value in known.items():
        print_line(f"{name:<{width}}  {printable(value)}")


def print_table(
    rows: Sequence[Row], columns: Sequence[Column], *, empty: str = "Nothing was found.", err: bool = False
) -> None:
    """Print a table, fitted to the terminal; in a pipe, with nothing cut or wrapped.

    Args:
        rows: The rows.
        columns: The columns.
        empty: The text to print if there are no rows.
        err: Whether to print to standard error.
    """
    from rich.cells import cell_len

    if not rows:
        say(empty)
        return
    stream = sys.stderr if err else sys.stdout
    if stream.isatty():
        columns = [column for column in columns if any(map(column.cell, rows))]
    cells = [[column.cell(row) for row in rows] for column in columns]
    widths = [max(map(cell_len, [column.heading, *texts])) for column, texts in zip(columns, cells, strict=True)]
    numbers = [all(text.isdecimal() for text in texts) for texts in cells]
    if stream.isatty():
        # An id is shown whole or not at all, also in place of a name.
        longest = (max((len(text) for text in texts if _ID.fullmatch(text)), default=0) for texts in cells)
        columns = [
            evolve(each, most=max(each.most, size), wrap=each.wrap and not size)
            for each, size in zip(columns, longest, strict=True)
        ]
        _print_for_people(columns, cells, widths, numbers, stream)
        return
    for line in zip(*([column.heading, *texts] for column, texts in zip(columns, cells, strict=True)), strict=True):
        padded = (
            f"{' ' * (width - cell_len(cell))}{cell}" if number else f"{cell}{' ' * (width - cell_len(cell))}"
            for cell, width, number in zip(line, widths, numbers, strict=True)
        )
        stream.write(f"{(' ' * _GAP).join(padded).rstrip(' ')}\n")
    stream.flush()


def _print_for_people(
    columns: Sequence[Column],
    cells: Sequence[Sequence[str]],
    widths: Sequence[int],
    numbers: Sequence[bool],
    stream: IO[str],
) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = fitting(columns, widths, Console(file=stream).width)
    table = Table(box=None, header_style="bold", padding=(0, _GAP, 0, 0), pad_edge=False)
    for index in shown:
        column = columns[index]
        # rich shrinks only columns that wrap.
        table.add_column(
            Text(column.heading),
            no_wrap=not column.wrap,
            max_width=None if column.wrap else column.most,
            justify="right" if numbers[index] else "left",
        )
    for row in zip(*(cells[index] for index in shown), strict=True):
        table.add_row(
            *(
                Text(cell, no_wrap=not columns[index].wrap, overflow="fold" if columns[index].wrap else "ellipsis")
                for index, cell in zip(shown, row, strict=True)
            )
        )
    _print_in_terminal(table, stream)
    left_out = [column.heading for index, column in enumerate(columns) if index not in shown]
    if left_out:
        words = Text(f"Left out because the terminal is too narrow: {', '.join(left_out)}.", style="dim")
        _print_in_terminal(words, stream)


def _print_in_terminal(what: Table | Text, stream: IO[str]) -> None:
    from rich.console import Console

    Console(file=stream, highlight=False, markup=False, emoji=False).print(what)


def room_needed(columns: Sequence[Column], widths: Sequence[int]) -> int:
    """Return the width of the narrowest terminal in which each column has its minimum width.

    rich shrinks the widest columns to equal widths, so the largest minimum applies to all of them.
    """
    level = max((column.least for column in columns if column.wrap), default=0)
    kept = (min(width, level if column.wrap else column.most) for column, width in zip(columns, widths, strict=True))
    return sum(kept) + _GAP * (len(columns) - 1)


def fitting(columns: Sequence[Column], widths: Sequence[int], room: int) -> list[int]:
    """Return the indexes of the columns that fit.

    Args:
        columns: All columns.
        widths: The widths of their widest cells.
        room: The width of the terminal.
    """
    shown: list[int] = []
    for index in sorted(range(len(columns)), key=lambda index: columns[index].spare):
        more = sorted([*shown, index])
        needed = room_needed([columns[each] for each in more], [widths[each] for each in more])
        if not columns[index].spare or needed <= room:
            shown = more
    return shown
