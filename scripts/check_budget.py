"""Counts the code of the overlay and compares it with `[tool.overlay-budget]` of pyproject.toml.

`python scripts/check_budget.py`. Code lines have more than blanks, comments and docstrings; tools that count lines
(cloc, pygount) count and hold no limit for each folder. Exit codes: 0 within the limits; 1 over one.
"""

from __future__ import annotations

import argparse
import ast
import io
import sys
import tokenize
import tomllib
from collections import Counter
from pathlib import Path

from steps import ROOT

OVERLAY = Path("overlays/qlik_automation_connections")
_NO_CODE = {"COMMENT", "DEDENT", "ENCODING", "ENDMARKER", "INDENT", "NEWLINE", "NL"}


def code_lines(source: str) -> int:
    """Count the lines of a module that have code."""
    docstrings: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            docstrings.update(range(node.lineno, (node.end_lineno or 0) + 1))
    code: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if tokenize.tok_name[token.type] not in _NO_CODE:
            code.update(range(token.start[0], token.end[0] + 1))
    return len(code - docstrings)


def room_of(file: Path) -> str:
    """Return the room of a file, by its path in the overlay: its public folder, `cli`, a plugin, or the core."""
    folder = file.parts[0] if len(file.parts) > 1 else ""
    if folder and (folder == "_cli" or not folder.startswith("_")):
        return folder.lstrip("_")
    return file.stem if file.stem.endswith("_plugin") else "core"


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(description="Compare the code of the overlay with its limits.")
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout (default: that of this script)")
    root = parser.parse_args(arguments).root
    limits = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["overlay-budget"]
    longest, rooms = limits["lines-of-a-file"], limits["rooms"]
    spent: Counter[str] = Counter()
    wrong = []
    for file in sorted((root / OVERLAY).rglob("*.py")):
        source, name = file.read_text(encoding="utf-8"), file.relative_to(root / OVERLAY)
        if source.startswith("# Written by `make generate`"):
            continue
        spent[room_of(name)] += code_lines(source)
        if (length := source.count("\n")) > longest:
            wrong.append(f"{name.as_posix()} has {length} lines, more than {longest}: divide it by what it does.")
    print(f"{'room':<16}{'code':>7}{'limit':>7}{'left':>7}")
    for room, limit in {**rooms, "all": sum(rooms.values())}.items():
        used = spent.total() if room == "all" else spent[room]
        print(f"{room:<16}{used:>7}{limit:>7}{limit - used:>7}")
        if used > limit:
            wrong.append(
                f"{room} is {used - limit} lines over its limit: make it smaller, or raise the limit and say why."
            )
    for room in sorted(spent.keys() ^ rooms.keys()):
        wrong.append(f"{room} has code or a limit, but not both: see [tool.overlay-budget.rooms].")
    print(*wrong, sep="\n", end="\n" if wrong else "", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
