"""Rehearses a release, or makes its commit and tag: `python scripts/release.py 1.2.3 [--publish]`.

Tools that release (hatch, uv, python-semantic-release) publish from the machine they run on, and none tries the lower
bounds. This is the sequence of the kept tools that do each part, in a clone of HEAD. With `--publish`, the commit and
the tag that were checked are taken over into the checkout at the end, both or neither. Nothing is sent anywhere: the
forge's workflow publishes what is pushed. Exit codes: 0 fine; 1 a step failed.
"""

from __future__ import annotations

import argparse
import datetime
import os
import re
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

from packaging.version import Version

import build_dist
from lower_bounds import try_lower_bounds
from release_history import CHANGELOG, VERSION_FILE, VERSION_LINE, changelog_section, has_entries, released_versions
from steps import ROOT, UV, StepError, git, run, say

# What makes a commit somebody's, and a signed one.
_COPIED = ("user.name", "user.email", "user.signingkey", "commit.gpgsign", "gpg.format", "gpg.program")


def parsed_version(text: str, released: Sequence[Version]) -> Version:
    """Return a version that may be released: `1.2.3` or `1.2.3rc1`, above all that were.

    Raises:
        StepError: It may not.
    """
    if not re.fullmatch(r"\d+\.\d+\.\d+(rc[1-9]\d*)?", text):
        raise StepError(f"{text!r} is not a version such as 1.2.3 or 1.2.3rc1.")
    version = Version(text)
    if str(version) != text or (released and version <= released[-1]):
        raise StepError(f"{text} does not come after {released[-1]}." if released else f"Write {text} as {version}.")
    return version


def changelog_of(text: str, version: Version, day: datetime.date) -> str:
    """Return the changelog of a release: "Unreleased" becomes its section. That of a candidate stays as it is.

    Raises:
        StepError: "Unreleased" is missing or empty, or the version has a section already.
    """
    if not has_entries(changelog_section(text, "Unreleased")):
        raise StepError(f'The section "Unreleased" of {CHANGELOG} has no entry. Add one that says what changed.')
    if changelog_section(text, str(version)) is not None:
        raise StepError(f'{CHANGELOG} has a section {version} already. Move its entries to "Unreleased".')
    heading = f"## Unreleased\n\n## {version} - {day}"
    return text if version.is_prerelease else re.sub(r"(?m)^## +\[?Unreleased\]?.*$", heading, text, count=1)


def require_publishable(root: Path) -> None:
    """Refuse a checkout in which the commit and the tag can't be made."""
    if git(root, "status", "--porcelain"):
        raise StepError("Not everything is committed. A release is made of what is.")
    if not git(root, "branch", "--show-current"):
        raise StepError("No branch is checked out. Check out the one to release from.")
    git(root, "var", "GIT_COMMITTER_IDENT")


def version_commit(root: Path, clone: Path, version: Version, *, dry: bool) -> str:
    """Clone HEAD and commit the version and its changelog there; return the commit."""
    git(root, "clone", "--quiet", "--no-hardlinks", str(root), str(clone))
    for setting in _COPIED:
        if value := git(root, "config", "--default", "", "--get", setting):
            git(clone, "config", setting, value)
    changelog, file = clone / CHANGELOG, clone / VERSION_FILE
    text = changelog_of(changelog.read_text(encoding="utf-8"), version, datetime.datetime.now(datetime.UTC).date())
    changelog.write_text(text, encoding="utf-8", newline="\n")
    text = VERSION_LINE.sub(f'__version__ = "{version}"', file.read_text(encoding="utf-8"))
    file.write_text(text, encoding="utf-8", newline="\n")
    if git(clone, "status", "--porcelain"):
        # A dry commit is thrown away: it needs nobody's name and no signature.
        nobody = ("-c", "user.name=dry", "-c", "user.email=dry@example.com", "-c", "commit.gpgsign=false")
        git(clone, *(nobody if dry else ()), "commit", "--quiet", "--all", "--message", f"Version {version}")
    return git(clone, "rev-parse", "HEAD")


def take_over(root: Path, clone: Path, made: str, before: str, version: Version) -> None:
    """Tag the commit that was checked, and move the checkout's branch to it: both, or neither.

    Raises:
        StepError: The checkout has changed meanwhile, or git refuses.
    """
    if git(root, "rev-parse", "HEAD") != before or git(root, "status", "--porcelain"):
        raise StepError("The checkout has changed while the release was checked. Run it again.")
    git(root, "fetch", "--quiet", "--no-tags", str(clone), made)
    git(root, "tag", "--annotate", f"v{version}", made, "--message", f"Version {version}")
    try:
        git(root, "merge", "--quiet", "--ff-only", made)
    except StepError:
        git(root, "tag", "--delete", f"v{version}")
        raise


def pythons(root: Path) -> dict[str, str]:
    """Return the installed interpreters of those that pyproject.toml names, by version."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    find = (*UV, "python", "find", "--system", "--no-python-downloads")
    found = {f"{sys.version_info.major}.{sys.version_info.minor}": sys.executable}
    # uv does not know what pyenv installed.
    path = os.pathsep.join([*map(str, Path.home().glob(".pyenv/versions/*/bin")), *os.get_exec_path()])
    minors = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    for minor in minors:
        try:
            found.setdefault(minor, run(*find, minor, folder=root, capture=True, PATH=path))
        except StepError:
            print(f"Python {minor} is not here: the wheel is not tried on it.")
    return {minor: found[minor] for minor in minors if minor in found}


def release(root: Path, text: str, *, publish: bool, skip_checks: bool) -> None:
    """Run every step of a release; if one fails, the checkout is as it was."""
    version = parsed_version(text, released_versions(root))
    if publish:
        require_publishable(root)
    out, before = root / "build" / "release", git(root, "rev-parse", "HEAD")
    # Resolved: a temporary folder may be a link.
    with tempfile.TemporaryDirectory(prefix="release-") as name:
        scratch = Path(name).resolve()
        clone = scratch / "checkout"
        made = version_commit(root, clone, version, dry=not publish)
        say("change of the API")
        run(sys.executable, root / "scripts" / "check_api.py", "--root", clone, folder=clone)
        wheel, sdist = build_dist.build_twice(clone, scratch, out / "dist")
        found = pythons(root)
        build_dist.check(clone, out / "dist", list(found.values()))
        sbom = build_dist.write_sbom(clone, scratch, wheel, out / "sbom")
        pyz = build_dist.write_pyz(clone, scratch, wheel, out / "pyz")
        if not skip_checks:
            say("make test")
            run("make", "test", f"PYTHON={sys.executable}", folder=clone)
        for minor in dict.fromkeys((next(iter(found)), list(found)[-1])):
            try_lower_bounds(clone, scratch, wheel, minor, found[minor])
        if publish:
            take_over(root, clone, made, before, version)
    for file in (wheel, sdist, sbom, pyz):
        print(f"{build_dist.digest(file)}  {file.relative_to(root)}")
    if skip_checks:
        print("SKIP_CHECKS=1: the tests were not run.")
    if publish:
        print(f"To publish: git push --atomic origin {git(root, 'branch', '--show-current')} v{version}")
    else:
        print(
            f"This was a dry run: nothing in the checkout changed. PUBLISH=1 makes the commit and the tag v{version}."
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Rehearse a release, or make its commit and tag.")
    parser.add_argument("version", metavar="VERSION", help="1.2.3, or a candidate 1.2.3rc1")
    parser.add_argument("--publish", action="store_true", help="make the commit and the tag in the checkout")
    parser.add_argument("--skip-checks", action="store_true", help="leave out `make test`")
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout (default: that of this script)")
    options = parser.parse_args(arguments)
    try:
        release(options.root.resolve(), options.version, publish=options.publish, skip_checks=options.skip_checks)
    except StepError as error:
        sys.exit(f"{error}\nThe checkout was not changed, and nothing was sent.")


if __name__ == "__main__":
    main()
