"""What is in a wheel and in an sdist: exactly the files that belong there."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from . import forbidden_text, lock_files
from .building import Artefacts, members
from .failure import ReleaseError

_NEEDED = (
    "qlik_automation_connections/py.typed",
    "qlik_automation_connections_api/py.typed",
    "qlik_automation_connections_api/openapi.json",
)
_INFO = ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE")
_NEVER = ("__pycache__", ".pyc", ".jinja", "cassettes", ".env", ".log")
# What hatchling adds to every sdist.
_ALWAYS = {"pyproject.toml", "README.md", "LICENSE", ".gitignore"}


def hatch_settings(root: Path) -> dict[str, Any]:
    """The part of pyproject.toml that says what is built."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    targets: dict[str, Any] = project["tool"]["hatch"]["build"]["targets"]
    return targets


def expected_in_wheel(files: Collection[PurePosixPath], packages: Collection[str], info: str) -> set[str]:
    """Names in the wheel: all files of the packages, and the folder that describes it."""
    found = {f"{info}/{name}" for name in _INFO}
    for package in packages:
        above = PurePosixPath(package).parent
        found |= {str(name.relative_to(above)) for name in files if name.is_relative_to(package)}
    return found


def expected_in_sdist(files: Collection[PurePosixPath], included: Collection[str]) -> set[str]:
    """Names in the sdist: all files that the settings name, and what is always there."""
    chosen = [PurePosixPath(name.lstrip("/")) for name in included]
    found = {str(name) for name in files if any(name.is_relative_to(each) for each in chosen)}
    return found | {"PKG-INFO"} | (_ALWAYS & {str(name) for name in files})


def differences(archive: str, names: Collection[str], expected: Collection[str]) -> Iterator[str]:
    """What an archive lacks, and what it should not have."""
    for name in sorted(set(expected) - set(names)):
        yield f"{archive} lacks {name}"
    for name in sorted(set(names) - set(expected)):
        yield f"{archive} should not have {name}"


def complaints(root: Path, files: Collection[PurePosixPath], artefacts: Artefacts, scratch: Path) -> Iterator[str]:
    """What is wrong with the contents of both artefacts.

    Args:
        root: the checkout that they were built from.
        files: what belonged to it then.
        artefacts: wheel and sdist.
        scratch: where they were built.
    """
    settings = hatch_settings(root)
    stem = "-".join(artefacts.wheel.name.split("-")[:2])
    expected = (
        expected_in_wheel(files, settings["wheel"]["packages"], f"{stem}.dist-info"),
        expected_in_sdist(files, settings["sdist"]["include"]),
    )
    paths = forbidden_text.machine_paths(root, scratch)
    for archive, wanted in zip(artefacts.both, expected, strict=True):
        found = members(archive)
        yield from differences(archive.name, found, wanted)
        yield from (f"{archive.name}: {each}" for each in forbidden_text.complaints(found, paths))
        yield from (f"{archive.name}: {each}" for each in lock_files.complaints(found))
    in_wheel = members(artefacts.wheel)
    yield from (f"{artefacts.wheel.name} lacks {name}" for name in _NEEDED if name not in in_wheel)
    yield from (
        f"{artefacts.wheel.name} should not have {name}" for name in in_wheel if any(word in name for word in _NEVER)
    )


def require(root: Path, files: Collection[PurePosixPath], artefacts: Artefacts, scratch: Path) -> str:
    """Refuses artefacts whose contents are not as they must be.

    Returns:
        How many files were looked at.

    Raises:
        ReleaseError: it names every complaint.
    """
    found = list(complaints(root, files, artefacts, scratch))
    if found:
        raise ReleaseError(
            "The contents are not as they must be:\n" + "\n".join(found[:40]),
            "Put the file, or [tool.hatch.build.targets] of pyproject.toml, right.",
        )
    counts = [len(members(archive)) for archive in artefacts.both]
    return f"{counts[0]} files in the wheel, {counts[1]} in the sdist"
