"""Whether the changelog (Keep a Changelog) says what changed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from .reasons import Level, Reason, highest

Sections = dict[str, str]
_HEADING = re.compile(r"^## +\[?([^\]\s]+)\]?.*$", re.MULTILINE)
_KIND = re.compile(r"^### +(\w+) *$", re.MULTILINE)
_ENTRY = re.compile(r"^[-*] +\S", re.MULTILINE)
_LAST = re.compile(r"(\([^()]*\)|\.?[^.()]+)$")
_NEW = ("Added",)
_OTHER = ("Added", "Changed", "Deprecated")
_BREAKING = ("Changed", "Removed")


def _parts(pattern: re.Pattern[str], text: str) -> Sections:
    pieces = pattern.split(text)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def entries_of(text: str, version: str) -> tuple[str, Sections]:
    """The name of the section that describes the next release, and its text by kind.

    That is the one of `version` if there is one, else "Unreleased".
    """
    releases = _parts(_HEADING, text)
    name = version if version in releases else "Unreleased"
    return name, _parts(_KIND, releases.get(name, ""))


def _replaces(addition: Reason, reasons: list[Reason]) -> bool:
    """Whether something new stands beside what broke: of a new name, the entry of the old one tells."""
    parent = _parent(addition.where)
    return any(each.level is Level.MAJOR and parent in (each.where, _parent(each.where)) for each in reasons)


def _parent(where: str) -> str:
    return _LAST.sub("", where)


def complaints(file: Path, version: str, reasons: Iterable[Reason]) -> list[str]:
    """What the changelog lacks.

    Args:
        file: the changelog.
        version: the version that is to be released; "" if it is the last one still.
        reasons: what changed.
    """
    if not file.is_file():
        return [f"{file.name} is missing"]
    reasons = list(reasons)
    name, kinds = entries_of(file.read_text(encoding="utf-8"), version)
    filled = {kind: body for kind, body in kinds.items() if _ENTRY.search(body)}
    level = highest(reasons)
    place = f'section "{name}" of {file.name}'
    if level is Level.NONE:
        return []
    if not filled:
        return [f"{place} is missing or has no entry"]
    found = []
    if level is Level.MAJOR and not any("**breaking" in filled.get(kind, "").lower() for kind in _BREAKING):
        found.append(f'{place} has no entry below "Changed" or "Removed" with the word **Breaking**')
    minor = [reason for reason in reasons if reason.level is Level.MINOR and not _replaces(reason, reasons)]
    wanted = _NEW if any(reason.adds for reason in minor) else _OTHER
    if minor and not filled.keys() & set(wanted):
        found.append(f"{place} has no entry below {' or '.join(map(repr, wanted))}".replace("'", '"'))
    return found


def is_empty(file: Path, version: str) -> str | None:
    """What is wrong with a changelog before the first release; None if it has entries."""
    if file.is_file():
        name, kinds = entries_of(file.read_text(encoding="utf-8"), version)
        if any(_ENTRY.search(body) for body in kinds.values()):
            return None
        return f'section "{name}" of {file.name} is missing or has no entry'
    return f"{file.name} is missing"
