"""What commands print for people: headings, tables and notes, in a terminal and in a pipe."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from datetime import datetime

_WIDEST = 100
_INDENT = 4
GAP = 2
_NARROWEST = 3
_UNLIMITED = 10_000


def cell_width(cells: Iterable[str]) -> int:
    """Columns of a terminal that the widest of some cells takes."""
    return max(cell_len(line) for cell in cells for line in cell.split("\n"))


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leaves it to the command; rich would end the process with a code of its own."""
        raise


class Printout:
    """Prints to standard output, as wide as the terminal; in 80 columns where there is none.

    Args:
        widest: the most columns to take; None for all, and for as many as cells need where there is no terminal.
        indent: columns before tables, notes and ticks.
    """

    def __init__(self, *, widest: int | None = _WIDEST, indent: int = _INDENT) -> None:
        self._console = _Console(highlight=False, markup=False, emoji=False)
        self._indent = indent
        if widest is not None:
            self._console.width = min(self._console.width, widest)
        elif not self._console.is_terminal and "COLUMNS" not in os.environ:
            self._console.width = _UNLIMITED
        self._tick = "+" if self._console.options.ascii_only else "✓"
        self._last: Literal["heading", "table", "tick"] | None = None

    @property
    def width(self) -> int:
        """Columns that there are for a table."""
        return self._console.width - self._indent

    def line(self, text: str = "", *, style: str = "") -> None:
        """Prints text from the left edge."""
        self._console.print(Text(text, style=style))

    def heading(self, number: int, title: str, code: Sequence[str]) -> None:
        """Begins a numbered step.

        Args:
            number: its number.
            title: what it does, in words.
            code: what it does, in Python; coloured in a terminal.
        """
        self._console.print()
        self._console.print(Text.assemble((f"{number:>2}. ", "bold cyan"), (title, "bold")))
        if self._console.is_terminal:
            self._print(Syntax("\n".join(code), "python", theme="ansi_dark", background_color="default"))
        else:
            for line in code:
                self._print(Text(line))
        self._last = "heading"

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str]], *, whole: Sequence[str] = ()) -> None:
        """Prints a table. A cell that does not fit is cut short.

        Args:
            columns: the headings.
            rows: the cells.
            whole: headings of columns whose cells are broken into lines instead.
        """
        self._separate("table")
        self.rows(columns, [list(row) for row in rows], whole=whole)

    def rows(
        self,
        columns: Sequence[str],
        cells: Sequence[Sequence[str]],
        *,
        whole: Sequence[str] = (),
        least: Sequence[int] = (),
    ) -> None:
        """Prints a table with no empty line above it.

        Args:
            columns: the headings.
            cells: the cells, row by row.
            whole: headings of columns whose cells are broken into lines rather than cut short.
            least: how wide each column stays, if all can.
        """
        widths = self._widths([list(columns), *cells], least or [0] * len(columns))
        table = Table(box=box.SIMPLE_HEAD, show_edge=False, header_style="bold", padding=(0, 1, 0, 0), pad_edge=False)
        for index, (column, width) in enumerate(zip(columns, widths, strict=True)):
            numbers = bool(cells) and all(row[index].isdecimal() for row in cells)
            table.add_column(
                Text(column),
                width=width,
                no_wrap=column not in whole,
                overflow="fold" if column in whole else "ellipsis",
                justify="right" if numbers else "left",
            )
        for row in cells:
            table.add_row(*(Text(cell) for cell in row))
        self._print(table)

    def note(self, text: str) -> None:
        """Prints a remark below a table."""
        self._print(Text(text, style="dim"))

    def tick(self, text: str) -> None:
        """Prints what was found to be true."""
        if self._last != "tick":
            self._separate("tick")
        self._print(Text.assemble((f"{self._tick} ", "green"), text))

    def _separate(self, what: Literal["table", "tick"]) -> None:
        self._console.print()
        self._last = what

    def _widths(self, rows: Sequence[Sequence[str]], least: Sequence[int]) -> list[int]:
        """Widths of the columns: as wide as their cells, and the widest made narrower until all fit."""
        widths = [cell_width(column) for column in zip(*rows, strict=True)]
        room = self.width - GAP * (len(widths) - 1)
        for floors in ([max(number, _NARROWEST) for number in least], [_NARROWEST] * len(widths)):
            while sum(widths) > room:
                wide = [index for index, width in enumerate(widths) if width > floors[index]]
                if not wide:
                    break
                widths[max(wide, key=widths.__getitem__)] -= 1
        return widths

    def _print(self, renderable: Text | Table | Syntax) -> None:
        padded = Padding(renderable, (0, 0, 0, self._indent), expand=False)
        if self._console.is_terminal:
            self._console.print(padded)
            return
        with self._console.capture() as captured:
            self._console.print(padded)
        # Programs that read a table, and people who paste one, have no use for what fills it up.
        for line in captured.get().splitlines():
            self._console.file.write(f"{line.rstrip()}\n")


def yes_or_no(value: bool | None) -> str:
    """A boolean as people say it."""
    return {True: "yes", False: "no", None: "unknown"}[value]


def day(moment: datetime | None) -> str:
    """The day of a timestamp."""
    return "unknown" if moment is None else moment.strftime("%Y-%m-%d")
