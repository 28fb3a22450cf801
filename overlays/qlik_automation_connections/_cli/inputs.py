"""Read texts, secrets, JSON and ids from files; `-` means standard input."""

from __future__ import annotations

import codecs
import csv
import io
import json
import sys
from contextlib import nullcontext
from typing import Any, Final

from .._secrets import Secret
from .exit_codes import Exit, Failed

_Entry = tuple[str, object]
"""An id, and the status beside it, if any."""

_LARGEST: Final = 1 << 28  # a device such as /dev/zero never ends


def _named(path: str, option: str) -> str:
    where = "standard input" if path == "-" else path
    return f"{option}: {where}" if option else f"{where[0].upper()}{where[1:]}" if path == "-" else where


def read_text(path: str, option: str = "", *, secret: bool = False) -> str:
    """Read a text file in UTF-8, or in UTF-16 with a byte order mark, as PowerShell's `>` writes it.

    Args:
        path: The file.
        option: The option that names the file, for messages.
        secret: Whether the file holds a secret, which people pass instead of its path.

    Raises:
        Failed: The file can't be read.
    """
    named = _named(path, option)
    try:
        # Not only regular files: a shell passes a command's output as a pipe, `--ids-file <(…)`.
        with nullcontext(sys.stdin.buffer) if path == "-" else open(path, "rb") as file:
            content = file.read(_LARGEST + 1)
        if len(content) <= _LARGEST:
            is_utf_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
            return content.decode("utf-16" if is_utf_16 else "utf-8-sig").replace("\r\n", "\n")
        why = "it is too large"
    except OSError as error:
        why = error.strerror or "it can't be opened"
        if secret:
            named, why = option, f"{why}. It takes the path of a file, not the secret itself"
    except ValueError:
        why = "it is not UTF-8 text"
    raise Failed(f"{named} can't be read: {why}.", Exit.USAGE)


def read_secret(path: str, option: str, *, may_be_empty: bool = False) -> Secret[str | None]:
    """Read a secret, without trailing line breaks.

    Args:
        path: The file.
        option: The option that names the file, for messages.
        may_be_empty: Whether to accept an empty file.

    Raises:
        Failed: The file can't be read, or is empty.
    """
    text = Secret(read_text(path, option, secret=True).rstrip("\r\n"))
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


def read_ids(path: str, *, active: bool = False) -> list[str]:
    """Read ids: one per line, or the commands' output in JSON, JSON lines or CSV.

    Args:
        path: The file; `-` for standard input.
        active: Skip entries whose `status` is not `active`, as in a list of users from Qlik's command line.

    Raises:
        Failed: The file can't be read, has something other than ids, or none.
    """
    try:
        entries = _entries(read_text(path))
    except ValueError as error:
        raise Failed(f"{_named(path, '')}: {error}", Exit.USAGE) from None
    ids = [id for id, status in entries if not (active and status and str(status).lower() != "active")]
    if not ids:
        raise Failed(f"{_named(path, '')} holds no {'active users' if entries else 'ids'}.", Exit.USAGE)
    return ids


def _entries(text: str) -> list[_Entry]:
    # A bare id may look like a JSON number.
    if text.lstrip().startswith(("[", "{")):
        try:
            return _of_json(json.loads(text))
        except json.JSONDecodeError:
            pass
        except RecursionError:
            raise ValueError("it is not a list of ids.") from None
    if text.lstrip().startswith("id,"):
        rows = csv.DictReader(io.StringIO(text.lstrip(), newline=""))
        entries: list[_Entry] = [(row.get("id") or "", row.get("status")) for row in rows]
        for number, (id, _) in enumerate(entries, start=1):
            if not id:
                raise ValueError(f"row {number} after the headings has no id.")
        return entries
    lines = enumerate(map(str.strip, text.splitlines()), start=1)
    return [_of_line(number, line) for number, line in lines if line and not line.startswith("#")]


def _of_line(number: int, line: str) -> _Entry:
    if not line.startswith(("{", "[", '"')):
        return line, None
    try:
        return _of_json([json.loads(line)])[0]
    except (ValueError, RecursionError):
        raise ValueError(f"line {number} is neither an id nor a JSON object with one.") from None


def _of_json(document: object) -> list[_Entry]:
    if isinstance(document, dict):
        # As printed by `qac audit --json` and `qac check --json`.
        for name in ("connections", "checked", "data"):
            if isinstance(document.get(name), list):
                return _of_json(document[name])
    found: list[_Entry] = []
    for number, entry in enumerate(document if isinstance(document, list) else [document], start=1):
        id, status = (entry.get("id"), entry.get("status")) if isinstance(entry, dict) else (entry, None)
        if not isinstance(id, str) or not id:
            raise ValueError(f"entry {number} is neither an id nor an object with one.")
        found.append((id, status))
    return found
