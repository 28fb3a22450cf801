"""The version that is to be released, and the one file that it is written in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from packaging.version import InvalidVersion, Version

from api_change.releases import VERSION_FILE

from .failure import ReleaseError

_FORM = re.compile(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}(rc[1-9]\d*)?")
_LINE = re.compile(r'^__version__ = ".*"$', re.MULTILINE)


def parsed(text: str) -> Version:
    """A version that may be released: `1.2.3`, or a candidate `1.2.3rc1`, as PEP 440 writes them.

    Raises:
        ReleaseError: it is none.
    """
    if not _FORM.fullmatch(text):
        raise ReleaseError(
            f"{text!r} is no version that can be released.",
            "Name three numbers, as in VERSION=1.2.3, or a candidate, as in VERSION=1.2.3rc1.",
        )
    return Version(text)


def released(tags: Iterable[str]) -> list[Version]:
    """The versions that tags `v*` name, sorted; tags of another meaning are left out."""
    found = []
    for tag in tags:
        try:
            found.append(Version(tag.removeprefix("v")))
        except InvalidVersion:
            continue
    return sorted(found)


def require_newer(version: Version, tags: Iterable[str]) -> str:
    """Refuses a version that does not come after all that were released.

    Returns:
        What it comes after, in a few words.

    Raises:
        ReleaseError: it doesn't.
    """
    before = released(tags)
    if not before:
        return "the first release"
    if version <= before[-1]:
        raise ReleaseError(
            f"Version {version} does not come after {before[-1]}, which is tagged.",
            f"Name a version above {before[-1]}; `make check-api` says which one the change asks for.",
        )
    return f"after {before[-1]}"


def write(root: Path, version: Version) -> None:
    """Writes the version into the checkout.

    Raises:
        ReleaseError: the file has no such line.
    """
    file = root / VERSION_FILE
    text, count = _LINE.subn(f'__version__ = "{version}"', file.read_text(encoding="utf-8"))
    if count != 1:
        raise ReleaseError(
            f"{VERSION_FILE} has {count} lines `__version__ = …`.",
            "Put exactly one there: the version is read from it.",
        )
    file.write_text(text, encoding="utf-8", newline="\n")
