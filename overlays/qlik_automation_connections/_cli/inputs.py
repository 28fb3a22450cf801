"""Read texts, secrets, JSON and ids from files; `-` means standard input."""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
import shlex
import subprocess
import sys
from contextlib import nullcontext
from typing import Any, Final

from .._secrets import Secret
from .exit_codes import Exit, Failed

_Entry = tuple[str, object, str | None]
"""An id, and the status and the name beside it, if any."""

_LARGEST: Final = 1 << 28  # a device such as /dev/zero never ends
_COMMAND_SECONDS: Final = 60.0  # someone may have to unlock a vault


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


def read_secret_of(command: str, option: str) -> Secret[str]:
    """Run a command, and return the secret that it prints, without trailing line breaks.

    Its standard error is that of this process, and so is its standard input if that is a terminal: it may ask.

    Args:
        command: The command with its arguments, quoted as in a shell. No shell runs it.
        option: The option that names the command, for messages, which show its program alone.

    Raises:
        Failed: The command can't be run, fails, takes more than a minute, or prints no text.
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise Failed(f"{option}: {str(error)[0].lower()}{str(error)[1:]}.", Exit.USAGE) from None
    if not words:
        raise Failed(f"{option} is empty.", Exit.USAGE)
    named = f"{option}: {words[0]}"
    try:
        ended = Secret(
            subprocess.run(  # noqa: S603 - it is the user's own
                # Windows has quoting of its own, which its programs undo themselves.
                command if os.name == "nt" else words,
                stdin=None if sys.stdin.isatty() else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                timeout=_COMMAND_SECONDS,
                check=False,
            )
        )
        code = ended.get_secret_value().returncode
        text = Secret(ended.get_secret_value().stdout.decode("utf-8-sig").rstrip("\r\n"))
        if not code and text.get_secret_value().strip():
            return text
        why = f"ended with exit code {code}" if code else "printed nothing"
    except subprocess.TimeoutExpired:
        why = f"did not end within {_COMMAND_SECONDS:g} seconds"
    except OSError as error:
        why = f"can't be run: {error.strerror}"
    except ValueError:
        why = "did not print text in UTF-8"
    raise Failed(f"{named} {why}.", Exit.USAGE)


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
    """Read ids like `read_named`."""
    return [id for id, _ in read_named(path, active=active)]


def read_named(path: str, *, active: bool = False) -> list[tuple[str, str | None]]:
    """Read ids, with the names beside them: one per line, or the commands' output in JSON, JSON lines or CSV.

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
    ids = [(id, name) for id, status, name in entries if not (active and status and str(status).lower() != "active")]
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
        entries: list[_Entry] = [(row.get("id") or "", row.get("status"), row.get("name") or None) for row in rows]
        for number, (id, *_) in enumerate(entries, start=1):
            if not id:
                raise ValueError(f"row {number} after the headings has no id.")
        return entries
    lines = enumerate(map(str.strip, text.splitlines()), start=1)
    return [_of_line(number, line) for number, line in lines if line and not line.startswith("#")]


def _of_line(number: int, line: str) -> _Entry:
    if not line.startswith(("{", "[", '"')):
        return line, None, None
    try:
        return _of_json([json.loads(line)])[0]
    except (ValueError, RecursionError):
        raise ValueError(f"line {number} is neither an id nor a JSON object with one.") from None


def _of_json(document: object) -> list[_Entry]:
    if isinstance(document, dict):
        # As printed by `qac audit --json` and `qac check --json`.
        for key in ("connections", "checked", "data"):
            if isinstance(document.get(key), list):
                return _of_json(document[key])
    found: list[_Entry] = []
    for number, entry in enumerate(document if isinstance(document, list) else [document], start=1):
        fields: dict[str, Any] = entry if isinstance(entry, dict) else {"id": entry}
        given, name = fields.get("id"), fields.get("name")
        if not isinstance(given, str) or not given:
            raise ValueError(f"entry {number} is neither an id nor an object with one.")
        found.append((given, fields.get("status"), name if isinstance(name, str) and name else None))
    return found
