"""Compares the public API with the last release's: `python scripts/check_api.py [--base REF]`.

griffe finds what breaks. `griffe check` alone does not suffice: it neither looks into the generated models that the
package exports, nor knows attrs' constructors, nor reads the changelog. This script adds those, and has mypy check the
last release's `tests/typing/user_code.py` against the package as it is now, as griffe does not judge types.

Exit codes: 0 if the changelog and the version fit, or nothing was released yet; 1 if they don't; 2 if nothing can be
compared.
"""

from __future__ import annotations

import argparse
import logging
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from os import pathsep
from pathlib import Path
from typing import Any

import griffe
from packaging.version import Version

from release_history import CHANGELOG, VERSION_FILE, changelog_section, has_entries, last_release, version_of
from steps import ROOT, StepError, git, run

PACKAGE = "qlik_automation_connections"
FOLDERS = ("overlays", "generated")
USER_CODE = "tests/typing/user_code.py"
_MYPY_ERROR = re.compile(rf"{re.escape(Path(USER_CODE).name)}:\d+: error: .*")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
# Classes that users are given and never make.
_GIVEN = re.compile(r"\.(_?\w*(Connections|Connectors|Automations|Pager)|Call)\.__init__\b")
logging.getLogger("griffe").setLevel(logging.CRITICAL)  # it reports each name that another package defines


def breakages(root: Path, base: str) -> list[str]:
    """Return a line for each change that breaks the public names since a commit."""
    # Resolved, external: into the generated models.
    options: dict[str, Any] = {"resolve_aliases": True, "resolve_external": True, "allow_inspection": False}
    options["extensions"] = griffe.load_extensions(str(Path(__file__).with_name("griffe_attrs.py")))
    old = griffe.load_git(PACKAGE, ref=base, repo=root, search_paths=FOLDERS, **options)
    folders = [root / folder for folder in FOLDERS]
    new = griffe.load(PACKAGE, search_paths=folders, try_relative_path=False, **options)
    seen = set()
    for each in griffe.find_breaking_changes(old, new):
        # A public value is data: the version, the table of quirks, or a field's default, which is in the constructor.
        if not isinstance(each, griffe.AttributeChangedValueBreakage) and not _GIVEN.search(f".{each.obj.path}"):
            line = _COLOUR.sub("", each.explain(griffe.ExplanationStyle.ONE_LINE))
            seen.add(line[line.find(PACKAGE) :])
    return sorted(seen)


def complaints_of_mypy(root: Path, base: str) -> list[str]:
    """Return what mypy says of the last release's code of users, which had nothing against it then."""
    if not git(root, "ls-tree", "--name-only", base, USER_CODE):
        return []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / Path(USER_CODE).name
        file.write_text(git(root, "show", f"{base}:{USER_CODE}") + "\n", encoding="utf-8")
        command = (sys.executable, "-m", "mypy", "--config-file=", "--strict", "--cache-dir", folder, str(file))
        paths = pathsep.join(str(root / name) for name in FOLDERS)
        return _MYPY_ERROR.findall(run(*command, folder=Path(folder), capture=True, codes=(0, 1), MYPYPATH=paths))


def lowest_version(base: Version, *, breaking: bool, adds: bool) -> Version:
    """Return the lowest version that may follow. Before 1.0, what breaks raises the second number."""
    major, minor, patch = base.release
    if breaking:
        return Version(f"{major + 1}.0.0" if major else f"0.{minor + 1}.0")
    return Version(f"{major}.{minor + 1}.0" if adds and major else f"{major}.{minor}.{patch + 1}")


def problems(section: str, lowest: Version, version: Version | None, *, breaking: bool) -> Iterator[str]:
    """Yield what the changelog's section and the version lack; `version` is None if it is the last release's still."""
    if breaking and "**breaking" not in section.lower():
        yield f'{CHANGELOG}: say what breaks, in an entry with the word **Breaking** below "Changed" or "Removed"'
    elif not has_entries(section):
        yield f'{CHANGELOG}: the section "Unreleased" has no entry'
    # A candidate of a version is enough for it.
    if version is not None and Version(version.base_version) < lowest:
        yield f"{VERSION_FILE} has {version}, which is too low"


def check(root: Path, base: str | None) -> int:
    """Compare a checkout with its last release, or with `base`, and print the outcome."""
    version = version_of(root)
    base = base or last_release(root)
    if base is None:
        print("No release yet to compare with.")
        return 0
    base_version = version_of(root, base)
    if not git(root, "diff", "--name-only", base, "--", *FOLDERS, f":!{VERSION_FILE}"):
        print(f"Nothing changed since {base}.")
        return 0
    found = [*breakages(root, base), *complaints_of_mypy(root, base)]
    text, raised = (root / CHANGELOG).read_text(encoding="utf-8"), version if version != base_version else None
    section = (raised and changelog_section(text, str(raised))) or changelog_section(text, "Unreleased") or ""
    lowest = lowest_version(base_version, breaking=bool(found), adds="### Added" in section)
    count = f"{len(found)} breaking changes" if found else "no breaking change"
    wrong = [f"to do: {line}" for line in problems(section, lowest, raised, breaking=bool(found))]
    print(*(f"breaking: {line}" for line in found), sep="\n", end="\n" if found else "")
    print(f"Since {base}: {count}; the next version is {lowest} or higher.", *wrong, sep="\n")
    return 1 if wrong else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(description="Compare the public API with the last release's.")
    parser.add_argument("--base", metavar="REF", help="compare with this commit or tag instead of the newest tag v*")
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout (default: that of this script)")
    options = parser.parse_args(arguments)
    try:
        return check(options.root.resolve(), options.base)
    except (StepError, griffe.GriffeError, OSError) as error:
        print(f"Nothing was compared: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
