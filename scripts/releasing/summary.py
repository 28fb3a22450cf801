"""What a release made, what was run where, and what was left out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from .steps import Outcome


def table(rows: Sequence[Sequence[str]], head: Sequence[str]) -> str:
    """Rows below a head, in columns; the last column is not padded."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    rule = ["-" * width for width in widths]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (head, rule, *rows)
    )


def artefacts(files: Iterable[Path]) -> str:
    """Names, sizes in bytes and SHA-256 of files."""
    rows = [(file.name, f"{file.stat().st_size:,}", hashlib.sha256(file.read_bytes()).hexdigest()) for file in files]
    return table(rows, ("artefact", "bytes", "sha256"))


def uses(ran: Iterable[tuple[str, Sequence[str], Sequence[str]]]) -> str:
    """In which environments the wheel was used, and for what.

    Args:
        ran: version of Python, extras and what ran, of each.
    """
    rows = [(python, ", ".join(extras) or "none", ", ".join(what)) for python, extras, what in ran]
    return table(rows, ("python", "extras", "ran"))


def outcomes(steps: Iterable[Outcome]) -> str:
    """What became of each step."""
    rows = [
        (each.step, each.state, "" if each.seconds is None else f"{each.seconds:.1f}", each.words) for each in steps
    ]
    return table(rows, ("step", "outcome", "s", ""))
