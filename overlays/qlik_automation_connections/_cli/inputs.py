"""Read texts, secrets, JSON and ids from files; `-` means standard input."""

from __future__ import annotations

import csv
import io
import json
import sys
from typing import Any, Final

from .._secrets import Secret
from .exit_codes import Exit, Failed

_MOST_CHARACTERS: Final = 1 << 28  # a device such as /dev/zero never ends


def _named(path: str, option: str) -> str:
    where = "standard input" if path == "-" else path
    return f"{option}: {where}" if option else f"{where[0].upper()}{where[1:]}" if path == "-" else where


def read_text(path: str, option: str = "") -> str:
    """Read a UTF-8 text file, with or without a byte order mark.

    Args:
        path: The file.
        option: The option that names the file, for messages.

    Raises:
        Failed: The file can't be read.
    """
    try:
        if path == "-":
            return sys.stdin.buffer.read().decode("utf-8-sig")
        with open(path, encoding="utf-8-sig") as file:
            if len(text := file.read(_MOST_CHARACTERS + 1)) <= _MOST_CHARACTERS:
                return text
        why = "it is too large"
    except OSError as error:
        why = error.strerror or "it can't be opened"
    except ValueError:
        why = "it is not UTF-8 text"
    raise Failed(f"{_named(path, option)} can't be read: {why}.", Exit.USAGE)


def read_secret(path: str, option: str, *, may_be_empty: bool = False) -> Secret[str | None]:
    """Read a secret, without trailing line breaks.

    Args:
        path: The file.
        option: The option that names the file, for messages.
        may_be_empty: Whether to accept an empty file.

    Raises:
        Failed: The file can't be read, or is empty.
    """
    text = Secret(read_text(path, option).rstrip("\r\n"))
    if not may_be_empty and not text.get_secret_value().strip():
        raise Failed(f"{_named(path, option)} is empty.", Exit.USAGE)
    return Secret(text.get_secret_value())


def read_json(path: str, option: str) -> Any:
    """Read a JSON document."""
    try:
        return json.loads(read_text(path, option))
    except json.JSONDecodeError as error:
        why = f" (line {error.lineno})"
    except (ValueError, RecursionError):
        why = ""
    raise Failed(f"{_named(path, option)} is not valid JSON{why}.", Exit.USAGE)


def read_ids(path: str) -> list[str]:
    """Read ids: one per line, or the commands' output in JSON, JSON lines or CSV."""
    try:
        ids = _ids(read_text(path))
    except ValueError as error:
        raise Failed(f"{_named(path, '')}: {error}", Exit.USAGE) from None
    if not ids:
        raise Failed(f"{_named(path, '')} holds no ids.", Exit.USAGE)
    return ids


def _ids(text: str) -> list[str]:
    # A bare id may look like a JSON number.
    if text.lstrip().startswith(("[", "{")):
        try:
            return _of_json(json.loads(text))
        except json.JSONDecodeError:
            pass
        except RecursionError:
            raise ValueError("it is not a list of ids.") from None
    if text.lstrip().startswith("id,"):
        ids = [row.get("id") or "" for row in csv.DictReader(io.StringIO(text.lstrip(), newline=""))]
        if "" in ids:
            raise ValueError(f"row {ids.index('') + 1} after the headings has no id.")
        return ids
    lines = enumerate(map(str.strip, text.splitlines()), start=1)
    return [_of_line(number, line) for number, line in lines if line and not line.startswith("#")]


def _of_line(number: int, line: str) -> str:
    if not line.startswith(("{", "[", '"')):
        return line
    try:
        return _of_json([json.loads(line)])[0]
    except (ValueError, RecursionError):
        raise ValueError(f"line {number} is neither an id nor a JSON object with one.") from None


def _of_json(document: object) -> list[str]:
    if isinstance(document, dict):
        # As printed by `qac audit --json` and `qac check --json`.
        for name in ("connections", "checked", "data"):
            if isinstance(document.get(name), list):
                return _of_json(document[name])
    entries = document if isinstance(document, list) else [document]
    ids: list[str] = []
    for number, entry in enumerate(entries, start=1):
        id = entry.get("id") if isinstance(entry, dict) else entry
        if not isinstance(id, str) or not id:
            raise ValueError(f"entry {number} is neither an id nor an object with one.")
        ids.append(id)
    return ids
