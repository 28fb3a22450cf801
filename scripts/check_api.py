"""Says what the change since the last release is, major, minor or patch, and why: `python scripts/check_api.py`.

Compares the spec, the public Python API, and what mypy says of the last release's examples and tests, with those of the
newest tag `v*` (or of `--base`). Ends with 0 if the changelog and the version fit, with 1 if they don't, and with 2 if
there is nothing that can be compared. Needs no network.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from api_change import changelog, python_changes, python_package, releases, spec_operations, user_code
from api_change.reasons import CannotCompareError, Level, Reason, sorted_reasons
from api_change.report import Report

ROOT = Path(__file__).resolve().parent.parent
CHANGELOG = "CHANGELOG.md"
SHIPPED = ("overlays", "generated", "spec")


def changes(old: Path, new: Path) -> list[Reason]:
    """Every change from the files of the last release to a checkout."""
    found = [
        *spec_operations.compare(spec_operations.load(old), spec_operations.load(new)),
        *python_changes.compare(python_package.load(old), python_package.load(new)),
    ]
    differing = releases.different_files(old, new, SHIPPED)
    if differing:
        found += user_code.compare(old, new)
    if differing and not found:
        rest = f" and {len(differing) - 1} more" if len(differing) > 1 else ""
        found.append(Reason(Level.PATCH, "files", differing[0] + rest, "changed, and nothing public with it"))
    return sorted_reasons(found)


def report(root: Path, base: str | None) -> Report:
    """Compares a checkout with its last release, or with `base`.

    Raises:
        CannotCompareError: there is nothing that can be compared.
    """
    version = releases.version_of(root)
    releases.require_history(root)
    base = base or releases.last_release(root)
    if base is None:
        complaint = changelog.is_empty(root / CHANGELOG, version)
        return Report(version, complaints=[complaint] if complaint else [])
    with tempfile.TemporaryDirectory() as folder:
        old = Path(folder)
        releases.extract(root, base, old)
        base_version = releases.version_of(old)
        reasons = changes(old, root)
    # Until the version is raised, the section of that name is the last release's.
    next_version = "" if version == base_version else version
    return Report(version, base, base_version, reasons, changelog.complaints(root / CHANGELOG, next_version, reasons))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Say what the change since the last release is, and why.")
    parser.add_argument("--base", metavar="REF", help="compare with this commit or tag instead of the newest tag v*")
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout (default: the one of this script)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    try:
        found = report(options.root.resolve(), options.base)
    except CannotCompareError as error:
        print(f"nothing was compared: {error}", file=sys.stderr)
        return 2
    print(found.as_json() if options.json else found.as_text())
    return 1 if found.problems else 0


if __name__ == "__main__":
    sys.exit(main())
