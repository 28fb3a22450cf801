"""The last release, out of git: which it is, and its files."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tarfile
import tomllib
from pathlib import Path

from .reasons import CannotCompareError
from .versions import parse

VERSION_FILE = "overlays/qlik_automation_connections/_version.py"
_VERSION_LINE = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)
_CANDIDATE = re.compile(r"\d(?:a|b|rc|\.?dev)\d*$")
_NO_GIT = "git is not installed, so the last release can't be read"


def _git(root: Path, *arguments: str) -> bytes:
    git = shutil.which("git")
    if git is None:
        raise CannotCompareError(_NO_GIT)
    done = subprocess.run([git, *arguments], cwd=root, capture_output=True, check=False)
    if done.returncode:
        raise CannotCompareError(f"git {arguments[0]}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def require_history(root: Path) -> None:
    """Refuses a folder that is no checkout: an unpacked source distribution has no releases to compare with.

    Raises:
        CannotCompareError: it is none, or only lies inside of another one.
    """
    if shutil.which("git") is None:
        raise CannotCompareError(_NO_GIT)
    try:
        top: Path | None = Path(_git(root, "rev-parse", "--show-toplevel").decode().strip())
    except CannotCompareError:
        top = None
    if top is None or top.resolve() != root.resolve():
        raise CannotCompareError(f"{root} is no git checkout: the last release is looked up in its tags")


def last_release(root: Path) -> str | None:
    """The newest version's tag in the history of what is checked out; None if nothing was released.

    Candidates are left out: what a version changes is what it changes since the last one that is no candidate.

    Raises:
        CannotCompareError: the clone is shallow and has no tag, so nobody can tell.
    """
    tags = _git(root, "tag", "--list", "v*", "--merged", "HEAD").decode().split()
    released = []
    for tag in tags:
        if _CANDIDATE.search(tag):
            continue
        try:
            released.append((parse(tag), tag))
        except CannotCompareError:
            continue  # a tag of another meaning
    if released:
        return max(released)[1]
    if _git(root, "rev-parse", "--is-shallow-repository").decode().strip() == "true":
        raise CannotCompareError(
            "this clone is shallow and has no tag of a release: run `git fetch --unshallow --tags` first"
        )
    return None


def extract(root: Path, reference: str, target: Path) -> None:
    """Writes the files of a commit into a folder; neither the checkout nor the repository is changed.

    Raises:
        CannotCompareError: there is no such commit.
    """
    archive = _git(root, "archive", "--format=tar", f"{reference}^{{commit}}")
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(target, filter="data")


def version_of(root: Path) -> str:
    """The version of a checkout: of its file `version.py`, or of pyproject.toml where that names one.

    Raises:
        CannotCompareError: neither names one.
    """
    file = root / "pyproject.toml"
    try:
        project = tomllib.loads(file.read_text(encoding="utf-8"))["project"]
        if "version" in project:
            return str(project["version"])
        file = root / VERSION_FILE
        found = _VERSION_LINE.search(file.read_text(encoding="utf-8"))
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise CannotCompareError(f"{file} names no version: {error!r}") from None
    if found is None:
        raise CannotCompareError(f'{file} has no line `__version__ = "…"`')
    return found[1]


def different_files(old: Path, new: Path, folders: tuple[str, ...]) -> list[str]:
    """Files below the folders that aren't the same, bytes for bytes; a version raised is no change by itself."""

    def contents(root: Path) -> dict[str, bytes]:
        return {
            file.relative_to(root).as_posix(): file.read_bytes()
            for folder in folders
            for file in (root / folder).rglob("*")
            if file.is_file() and "__pycache__" not in file.parts and file != root / VERSION_FILE
        }

    before, after = contents(old), contents(new)
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
