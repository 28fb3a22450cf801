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
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import griffe
from packaging.version import Version

from release_history import (
    CHANGELOG,
    VERSION_FILE,
    HistoryError,
    changelog_section,
    git,
    has_entries,
    last_release,
    version_in,
    version_of,
)

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "qlik_automation_connections"
FOLDERS = ("overlays", "generated")
USER_CODE = "tests/typing/user_code.py"
_MYPY_ERROR = re.compile(rf"{re.escape(Path(USER_CODE).name)}:\d+: error: .*")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
# Classes that users are given and never make.
_GIVEN = re.compile(r"\.(_?\w*(Connections|Connectors|Automations|Pager)|Call)\.__init__\b")
logging.getLogger("griffe").setLevel(logging.CRITICAL)  # it reports each name that another package defines


def breakages(root: Path, base: str) -> Iterator[str]:
    """Yield a line for each change that breaks the public names since a commit."""
    extension = str(Path(__file__).with_name("griffe_attrs.py"))
    old, new = (
        load(
            *arguments,
            search_paths=[str(root / folder) if load is griffe.load else folder for folder in FOLDERS],
            extensions=griffe.load_extensions(extension),
            resolve_aliases=True,
            resolve_external=True,  # into the generated models
            allow_inspection=False,
            **options,
        )
        for load, arguments, options in (
            (griffe.load_git, (PACKAGE,), {"ref": base, "repo": root}),
            (griffe.load, (PACKAGE,), {"try_relative_path": False}),
        )
    )
    seen = set()
    for each in griffe.find_breaking_changes(old, new):
        # A public value is data: the version, the table of quirks, or a field's default, which is in the constructor.
        if not isinstance(each, griffe.AttributeChangedValueBreakage) and not _GIVEN.search(f".{each.obj.path}"):
            line = _COLOUR.sub("", each.explain(griffe.ExplanationStyle.ONE_LINE))
            seen.add(line[line.find(PACKAGE) :])
    yield from sorted(seen)


def complaints_of_mypy(root: Path, base: str) -> Iterator[str]:
    """Yield what mypy says of the last release's code of users, which had nothing against it then."""
    if not git(root, "ls-tree", "--name-only", base, USER_CODE):
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / Path(USER_CODE).name
        file.write_text(git(root, "show", f"{base}:{USER_CODE}") + "\n", encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "mypy", "--config-file=", "--strict", "--cache-dir", folder, str(file)],
            cwd=folder,
            env={**os.environ, "MYPYPATH": os.pathsep.join(str(root / name) for name in FOLDERS)},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    if done.returncode not in (0, 1):
        raise HistoryError(f"mypy can't check {USER_CODE} of {base}: {done.stderr or done.stdout}")
    yield from _MYPY_ERROR.findall(done.stdout)


def lowest_version(base: Version, *, breaking: bool, adds: bool) -> Version:
    """Return the lowest version that may follow. Before 1.0, what breaks raises the second number."""
    major, minor, patch = base.release
    if breaking:
        return Version(f"{major + 1}.0.0" if major else f"0.{minor + 1}.0")
    return Version(f"{major}.{minor + 1}.0" if adds and major else f"{major}.{minor}.{patch + 1}")


def problems(section: str, lowest: Version, version: Version | None, *, breaking: bool) -> Iterator[str]:
    """Yield what the changelog and the version lack.

    Args:
        section: what the changelog says of the next release.
        lowest: the lowest version that may follow.
        version: that of the checkout; None if it is the last release's still.
        breaking: whether callers break.
    """
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
    base_version = version_in(git(root, "show", f"{base}:{VERSION_FILE}"))
    if not git(root, "diff", "--name-only", base, "--", *FOLDERS, f":!{VERSION_FILE}"):
        print(f"Nothing changed since {base}.")
        return 0
    found = [*breakages(root, base), *complaints_of_mypy(root, base)]
    text = (root / CHANGELOG).read_text(encoding="utf-8")
    section = (changelog_section(text, str(version)) if version != base_version else None) or changelog_section(
        text, "Unreleased"
    )
    for line in found:
        print(f"breaking: {line}")
    lowest = lowest_version(base_version, breaking=bool(found), adds="### Added" in (section or ""))
    count = f"{len(found)} breaking changes" if found else "no breaking change"
    print(f"Since {base}: {count}; the next version is {lowest} or higher.")
    wrong = list(problems(section or "", lowest, None if version == base_version else version, breaking=bool(found)))
    for line in wrong:
        print(f"to do: {line}")
    return 1 if wrong else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(description="Compare the public API with the last release's.")
    parser.add_argument("--base", metavar="REF", help="compare with this commit or tag instead of the newest tag v*")
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout (default: that of this script)")
    options = parser.parse_args(arguments)
    try:
        return check(options.root.resolve(), options.base)
    except (HistoryError, griffe.GriffeError, OSError) as error:
        print(f"Nothing was compared: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
