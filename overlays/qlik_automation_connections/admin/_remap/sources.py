"""The files that are to be remapped."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath
from typing import TypeAlias

from attrs import define, field, frozen

from ...errors import ConfigurationError

StrPath: TypeAlias = "str | os.PathLike[str]"


@frozen
class Source:
    """A file to be remapped.

    Attributes:
        path: where it is.
        name: where it is below the folder that was given, and where it goes below an output folder.
        error: why it can't be read, if that is known already.
    """

    path: Path
    name: PurePath
    error: str | None = None


@define
class Sources:
    """All files to be remapped.

    Attributes:
        files: the files, in the order in which they were given; those of a folder by their names.
        not_followed: symbolic links that were found in folders.
    """

    files: list[Source] = field(factory=list)
    not_followed: list[Path] = field(factory=list)


def find(paths: StrPath | Iterable[StrPath], *, leave_out: StrPath | None = None) -> Sources:
    """Finds the files to be remapped.

    Args:
        paths: a file, a folder, or several of them. Of folders, and those in them, all `*.json`; symbolic links in them
            are not followed.
        leave_out: a folder whose files are passed over.

    Raises:
        ConfigurationError: one of the paths is not there, there is no file, or two have the same name.
    """
    given = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    sources = Sources()
    barred = None if leave_out is None else os.path.realpath(leave_out)
    seen: set[str] = set()
    for path in map(Path, given):
        if not os.path.exists(path):
            raise ConfigurationError(f"{path} is not there.")
        found = _below(path, barred, sources.not_followed) if path.is_dir() else [Source(path, PurePath(path.name))]
        for source in found:
            real = os.path.realpath(source.path)
            if real not in seen:
                seen.add(real)
                sources.files.append(source)
    if not sources.files:
        named = ", ".join(map(str, given)) or "what was given"
        raise ConfigurationError(f"There is no *.json file in {named}.")
    return sources


def refuse_equal_names(sources: Sources) -> None:
    """Raises if two files would be written to one.

    Raises:
        ConfigurationError: two have the same name below the folders that were given.
    """
    names: dict[str, Path] = {}
    for source in sources.files:
        other = names.setdefault(os.path.normcase(source.name), source.path)
        if other != source.path:
            raise ConfigurationError(
                f"{other} and {source.path} would both be written to {source.name}: remap them into two folders."
            )


def _below(folder: Path, barred: str | None, not_followed: list[Path]) -> Iterator[Source]:
    failed: list[Source] = []

    def note(error: OSError) -> None:
        path = Path(os.fsdecode(error.filename)) if error.filename else folder
        reason = f"the folder can't be read: {error.strerror or error}"
        failed.append(Source(path, path.relative_to(folder), reason))

    found: list[Source] = []
    for root, folders, files in os.walk(folder, onerror=note):
        inside = sorted(folders)
        folders[:] = []
        for name in inside:
            path = Path(root, name)
            if path.is_symlink():
                not_followed.append(path)
            elif os.path.realpath(path) != barred:
                folders.append(name)
        for name in files:
            path = Path(root, name)
            if not name.lower().endswith(".json"):
                continue
            if path.is_symlink():
                not_followed.append(path)
            else:
                found.append(Source(path, path.relative_to(folder)))
    yield from sorted([*found, *failed], key=lambda source: source.name.parts)


def read(source: Source) -> bytes:
    """The content of a file.

    Raises:
        OSError: it can't be read, or is no regular file.
    """
    if not stat.S_ISREG(os.stat(source.path).st_mode):
        # A pipe would be waited for, and a device never ends.
        raise OSError("it is not a regular file")
    return source.path.read_bytes()
