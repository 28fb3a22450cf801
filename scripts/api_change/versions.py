"""Version numbers, and which one a change asks for."""

from __future__ import annotations

import re

from .reasons import CannotCompareError, Level

Release = tuple[int, int, int]
_VERSION = re.compile(r"v?(\d+)\.(\d+)(?:\.(\d+))?(?:[-.]?(?:a|b|rc|dev|post).*)?")


def parse(text: str) -> Release:
    """The numbers of a version; what marks it as a candidate is left out."""
    match = _VERSION.fullmatch(text.strip())
    if match is None:
        raise CannotCompareError(f"{text!r} is no version of the form 1.2.3")
    return int(match[1]), int(match[2]), int(match[3] or 0)


def written(release: Release) -> str:
    return ".".join(map(str, release))


def required(base: Release, level: Level) -> Release:
    """The lowest version that may follow. Before 1.0 what breaks raises the second number, all else the third."""
    major, minor, patch = base
    if level is Level.NONE:
        return base
    if major == 0:
        return (0, minor + 1, 0) if level is Level.MAJOR else (0, minor, patch + 1)
    if level is Level.MAJOR:
        return major + 1, 0, 0
    return (major, minor + 1, 0) if level is Level.MINOR else (major, minor, patch + 1)
