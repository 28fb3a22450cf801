"""The changelog's section "Unreleased" becomes that of a version."""

from __future__ import annotations

import datetime
import re

from packaging.version import Version

from api_change.changelog import entries_of

from .failure import ReleaseError

_UNRELEASED = re.compile(r"^## +\[?Unreleased\]?[ \t]*$", re.MULTILINE)
_ENTRY = re.compile(r"^[-*] +\S", re.MULTILINE)


def for_release(text: str, version: Version, day: datetime.date) -> str:
    """The changelog of a release.

    A candidate's is the one that came: its entries stay below "Unreleased" until the version itself is released.

    Args:
        text: the changelog.
        version: the version that is released.
        day: its date.

    Returns:
        The changelog with the section of the version, and with an empty "Unreleased" above it.

    Raises:
        ReleaseError: "Unreleased" is missing or empty, or the version has a section already.
    """
    if entries_of(text, str(version))[0] == str(version):
        raise ReleaseError(
            f"CHANGELOG.md has a section {version} already.",
            'Move its entries below "## Unreleased" and remove its heading: the release writes it.',
        )
    headings = _UNRELEASED.findall(text)
    if len(headings) != 1:
        raise ReleaseError(
            f'CHANGELOG.md has {len(headings)} headings "## Unreleased".', "Put one there, above the last release."
        )
    if not any(_ENTRY.search(body) for body in entries_of(text, "")[1].values()):
        raise ReleaseError(
            'The section "Unreleased" of CHANGELOG.md has no entry.',
            'Say what changed, below "### Added", "### Changed", "### Fixed" or the like.',
        )
    if version.is_prerelease:
        return text
    return _UNRELEASED.sub(f"## Unreleased\n\n## {version} - {day.isoformat()}", text)
