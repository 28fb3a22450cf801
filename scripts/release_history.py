"""What git and the changelog say about releases, for `check_api.py` and `release.py`.

Tools that own versions and changelogs (bump-my-version, towncrier) would each want files of their own. The version is
one line here, and the changelog is written by hand.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from packaging.version import InvalidVersion, Version

VERSION_FILE = "overlays/qlik_automation_connections/_version.py"
CHANGELOG = "CHANGELOG.md"
_VERSION_LINE = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)
_SECTION = re.compile(r"^## +\[?([^\]\s]+)\]?.*\n", re.MULTILINE)


class HistoryError(Exception):
    """Git, the version or the changelog is not as it must be. The message says what to do."""


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder and return what it prints.

    Raises:
        HistoryError: git is not installed, or fails.
    """
    program = shutil.which("git")
    if program is None:
        raise HistoryError("git is not installed. Releases are looked up in its tags.")
    done = subprocess.run([program, *arguments], cwd=folder, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise HistoryError(f"git {' '.join(arguments)} failed: {(done.stderr or done.stdout).strip()}")
    return done.stdout.strip()


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
    """Return the tag of the newest release in the history of HEAD, ignoring candidates; None if there is none.

    Raises:
        HistoryError: this is not the top of a checkout, or a shallow clone without tags.
    """
    if not (root / ".git").exists():
        raise HistoryError(f"{root} is not a git checkout. Clone the repository to compare with its last release.")
    final = [each for each in released_versions(root, "--merged", "HEAD") if not each.is_prerelease]
    if final:
        return f"v{final[-1]}"
    if git(root, "rev-parse", "--is-shallow-repository") == "true":
        raise HistoryError("This clone is shallow and has no tags. Run `git fetch --unshallow --tags` first.")
    return None


def version_in(text: str) -> Version:
    """Return the version in the text of `_version.py`.

    Raises:
        HistoryError: the text does not have exactly one line with it.
    """
    found = _VERSION_LINE.findall(text)
    if len(found) != 1:
        raise HistoryError(f'{VERSION_FILE} has {len(found)} lines `__version__ = "…"`. It must have one.')
    return Version(found[0])


def version_of(root: Path) -> Version:
    """Return the version of a checkout."""
    return version_in((root / VERSION_FILE).read_text(encoding="utf-8"))


def changelog_section(text: str, name: str) -> str | None:
    """Return the text of a section, such as "Unreleased" or "1.2.3"; None if there is none.

    Raises:
        HistoryError: there are several.
    """
    pieces = _SECTION.split(text)
    found = [body for title, body in zip(pieces[1::2], pieces[2::2], strict=True) if title == name]
    if len(found) > 1:
        raise HistoryError(f"{CHANGELOG} has {len(found)} sections {name}. Merge them.")
    return found[0] if found else None


def has_entries(section: str | None) -> bool:
    """Tell whether a section of the changelog lists anything."""
    return re.search(r"^[-*] +\S", section or "", re.MULTILINE) is not None
