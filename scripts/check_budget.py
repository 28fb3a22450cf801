"""Counts the hand-written code that ships, and holds it against limits: `python scripts/check_budget.py`.

Code lines are those that are not blank, comment or docstring. In pyproject.toml each room of the overlay has a limit of
its own under `[tool.overlay-budget.rooms]`; no file may be longer, with all its lines, than `lines-of-a-file` there.
"""

from __future__ import annotations

import argparse
import ast
import io
import sys
import tokenize
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).resolve().parent.parent
OVERLAY = Path("overlays") / "qlik_automation_connections"
TABLE = "overlay-budget"
CORE = "core"
_GENERATED = "# Written by `make generate`"
_NO_CODE = frozenset(
    {
        tokenize.COMMENT,
        tokenize.DEDENT,
        tokenize.ENCODING,
        tokenize.ENDMARKER,
        tokenize.INDENT,
        tokenize.NEWLINE,
        tokenize.NL,
    }
)


class BudgetError(Exception):
    """The limits in pyproject.toml are missing or can't be read."""


@frozen
class Limits:
    """What is allowed.

    Attributes:
        rooms: code lines, by room.
        lines_of_a_file: lines of one file, with comments, docstrings and blank ones.
    """

    rooms: Mapping[str, int]
    lines_of_a_file: int


def _documentation(source: str) -> set[tuple[int, int]]:
    """Where the strings begin that are statements of their own: docstrings, of whatever."""
    return {
        (node.value.lineno, node.value.col_offset)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    }


def code_lines(source: str) -> int:
    """How many lines of a module are code.

    Args:
        source: the module's text.

    Returns:
        The number of lines with anything but blanks, comments and docstrings.
    """
    documentation = _documentation(source)
    lines: set[int] = set()
    in_documentation = False
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.STRING and (token.start in documentation or in_documentation):
            # A docstring may be several strings side by side.
            in_documentation = True
        elif token.type not in _NO_CODE:
            in_documentation = False
            lines.update(range(token.start[0], token.end[0] + 1))
        elif token.type == tokenize.NEWLINE:
            in_documentation = False
    return len(lines)


def room_of(file: Path) -> str:
    """The room of a file, given by its path within the overlay: its folder, a plugin of its own, or the core.

    Private folders are rooms of the core, but for the command line.
    """
    folder = file.parts[0] if len(file.parts) > 1 else ""
    if folder and (folder == "_cli" or not folder.startswith("_")):
        return folder.lstrip("_")
    return file.stem if file.stem.endswith("_plugin") else CORE


def limits(pyproject: Path) -> Limits:
    """The limits that a pyproject.toml sets.

    Raises:
        BudgetError: they are missing, or are no whole numbers above 0.
    """
    table = tomllib.loads(pyproject.read_text(encoding="utf-8")).get("tool", {}).get(TABLE, {})
    rooms = table.get("rooms")
    of_a_file = table.get("lines-of-a-file")
    if not isinstance(rooms, dict) or not rooms or of_a_file is None:
        raise BudgetError(f"{pyproject.name} needs [tool.{TABLE}] with lines-of-a-file, and [tool.{TABLE}.rooms].")
    for name, limit in {**rooms, "lines-of-a-file": of_a_file}.items():
        if not isinstance(limit, int) or isinstance(limit, bool) or limit <= 0:
            raise BudgetError(f"{name} in [tool.{TABLE}] of {pyproject.name} must be a whole number above 0.")
    return Limits(rooms, of_a_file)


def modules(overlay: Path) -> Iterator[Path]:
    """The modules of the overlay that are written by hand, by their paths within it."""
    for file in sorted(overlay.rglob("*.py")):
        if not file.read_text(encoding="utf-8").startswith(_GENERATED):
            yield file.relative_to(overlay)


def spent(overlay: Path) -> Counter[str]:
    """Code lines by room."""
    found: Counter[str] = Counter()
    for file in modules(overlay):
        found[room_of(file)] += code_lines((overlay / file).read_text(encoding="utf-8"))
    return found


def too_long(overlay: Path, limit: int) -> list[str]:
    """A sentence for each file that is longer than a file may be."""
    lengths = {file: len((overlay / file).read_text(encoding="utf-8").splitlines()) for file in modules(overlay)}
    return [
        f"{file.as_posix()} has {length} lines, {length - limit} more than a file may have: divide it by what it does."
        for file, length in lengths.items()
        if length > limit
    ]


def complaints(code: Mapping[str, int], rooms: Mapping[str, int]) -> list[str]:
    """A sentence for each room that is over its limit, has none, or is no more."""
    found = []
    for room in sorted(code.keys() | rooms.keys()):
        if room not in rooms:
            found.append(f"{room} has no limit: give it one, with its reason, in [tool.{TABLE}.rooms].")
        elif room not in code:
            found.append(f"{room} has a limit and no code: take it out of [tool.{TABLE}.rooms].")
        elif code[room] > rooms[room]:
            found.append(
                f"{room} is over its limit, by lines of code: {code[room] - rooms[room]}. Make it smaller, or raise the"
                f" limit in [tool.{TABLE}.rooms] and say why there."
            )
    return found


def table(code: Mapping[str, int], rooms: Mapping[str, int]) -> str:
    """What each room has, may have, and has left."""
    rows = [(room, code.get(room, 0), limit) for room, limit in rooms.items()]
    rows.append(("all", sum(row[1] for row in rows), sum(row[2] for row in rows)))
    lines = [f"{'room':<16}{'code':>7}{'limit':>7}{'left':>7}"]
    lines += [f"{room:<16}{has:>7}{limit:>7}{limit - has:>7}" for room, has, limit in rows]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Count the code of the overlay, and hold it against its limits.")
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout (default: the one of this script)")
    root = parser.parse_args(arguments).root
    try:
        allowed = limits(root / "pyproject.toml")
    except (OSError, tomllib.TOMLDecodeError, BudgetError) as error:
        print(error, file=sys.stderr)
        return 2
    code = spent(root / OVERLAY)
    print(table(code, allowed.rooms))
    found = [*complaints(code, allowed.rooms), *too_long(root / OVERLAY, allowed.lines_of_a_file)]
    for sentence in found:
        print(sentence, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
