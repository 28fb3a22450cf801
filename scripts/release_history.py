"""What git, the version and the changelog say about releases, for `check_api.py`, `build_dist.py` and `release.py`.

Tools that own versions and changelogs (bump-my-version, towncrier) would each want files of their own. The version is
one line here, and the changelog is written by hand.
"""

from __future__ import annotations

import re
from pathlib import Path

from packaging.version import InvalidVersion, Version

from steps import StepError, git

VERSION_FILE = "overlays/qlik_automation_connections/_version.py"
CHANGELOG = "CHANGELOG.md"
VERSION_LINE = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)
_SECTION = re.compile(r"^## +\[?([^\]\s]+)\]?.*\n", re.MULTILINE)


def released_versions(root: Path, *options: str) -> list[Version]:
    """Return the versions that tags `v*` name, oldest first. Other tags are ignored."""
    found = []
    for tag in git(root, "tag", "--list", "v*", *options).split():
        try:
            found.append(Version(tag.removeprefix("v")))
        except InvalidVersion:
            continue
    return sorted(found)


def last_release(root: Path) -> str | None:
    """Return the tag of the newest release in the history of HEAD, ignoring candidates; None if absent.

    Raises:
        StepError: This is not the top of a checkout, or a shallow clone without tags.
    """
    if not (root / ".git").exists():
        raise StepError("This is not a git checkout. Clone the repository to compare with its last release.")
    final = [each for each in released_versions(root, "--merged", "HEAD") if not each.is_prerelease]
    if not final and git(root, "rev-parse", "--is-shallow-repository") == "true":
        raise StepError("This clone is shallow and has no tags. Run `git fetch --unshallow --tags` first.")
    return f"v{final[-1]}" if final else None


def version_of(root: Path, commit: str | None = None) -> Version:
    """Return the version of a checkout or of a commit. `_version.py` must have exactly one line with it."""
    file = root / VERSION_FILE
    text = git(root, "show", f"{commit}:{VERSION_FILE}") if commit else file.read_text(encoding="utf-8")
    found = VERSION_LINE.findall(text)
    if len(found) != 1:
        raise StepError(f'{VERSION_FILE} has {len(found)} lines `__version__ = "…"`. It must have one.')
    return Version(found[0])


def changelog_section(text: str, name: str) -> str | None:
    """Return the text of a section, such as "Unreleased" or "1.2.3"; None if absent, and an error if there are two."""
    pieces = _SECTION.split(text)
    found = [body for title, body in zip(pieces[1::2], pieces[2::2], strict=True) if title == name]
    if len(found) > 1:
        raise StepError(f"{CHANGELOG} has {len(found)} sections {name}. Merge them.")
    return found[0] if found else None


def has_entries(section: str | None) -> bool:
    """Tell whether a section of the changelog lists anything."""
    return re.search(r"^[-*] +\S", section or "", re.MULTILINE) is not None
