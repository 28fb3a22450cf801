"""Find and read the files to remap."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath
from typing import TypeAlias

from attrs import define, field, frozen

from ...errors import ConfigurationError
from .._errors import JobError
from .._files import read_regular, reason

StrPath: TypeAlias = "str | os.PathLike[str]"


@frozen
class Source:
    """A file to remap.

    Attributes:
        path: Its path.
        name: Its path relative to the given folder, and to the output folder.
        error: Why it can't be read; None if not known to be unreadable.
    """

    path: Path
    name: PurePath
    error: str | None = None

    def read(self) -> bytes:
        """Return the content of the file.

        Raises:
            JobError: The file can't be read, or is not a regular file.
        """
        if self.error is not None:
            raise JobError(self.error)
        try:
            return read_regular(self.path)
        except OSError as error:
            raise JobError(f"it can't be read: {reason(error)}") from None


@define
class Sources:
    """All files to remap.

    Attributes:
        files: The files, in the given order; those of a folder sorted by name.
        not_followed: Symbolic links found in folders.
    """

    files: list[Source] = field(factory=list)
    not_followed: list[Path] = field(factory=list)


def find(paths: StrPath | Iterable[StrPath], *, output: Path | None) -> Sources:
    """Find the files to remap.

    Args:
        paths: A file, a folder, or several of either. Folders stand for all `*.json` files in them and their
            subfolders; symbolic links in them are not followed.
        output: The folder to write to, whose files are ignored; None to write elsewhere or nowhere.

    Raises:
        ConfigurationError: A path does not exist, no file was found, or an output file would overwrite another one or a
            file to remap.
    """
    given = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    sources = Sources()
    seen: dict[str, Source] = {}
    for path in map(Path, given):
        if not os.path.exists(path):
            raise ConfigurationError(f"{path} does not exist.")
        found = _below(path, output, sources.not_followed) if path.is_dir() else [Source(path, PurePath(path.name))]
        for source in found:
            seen.setdefault(os.path.realpath(source.path), source)
    sources.files += seen.values()
    if not seen:
        named = ", ".join(map(str, given)) or "the given paths"
        raise ConfigurationError(f"There are no *.json files in {named}.")
    if output is not None:
        _check_output(output, seen)
    return sources


def _check_output(output: Path, sources: Mapping[str, Source]) -> None:
    names: dict[str, Path] = {}
    for source in sources.values():
        other = names.setdefault(os.path.normcase(source.name), source.path)
        if other != source.path:
            raise ConfigurationError(
                f"{other} and {source.path} would both be written to {source.name}: remap them into two folders."
            )
        if os.path.realpath(output / source.name) in sources:
            raise ConfigurationError(
                f"The output {output} would overwrite {source.path}: choose another folder, or remap in place."
            )


def _below(folder: Path, output: Path | None, not_followed: list[Path]) -> list[Source]:
    passed_over = None if output is None else os.path.realpath(output)
    found: list[Source] = []

    def note(error: OSError) -> None:
        path = Path(os.fsdecode(error.filename)) if error.filename else folder
        found.append(Source(path, path.relative_to(folder), f"the folder can't be read: {reason(error)}"))

    for root, folders, files in os.walk(folder, onerror=note):
        exports = [Path(root, name) for name in files if name.lower().endswith(".json")]
        inside = [*exports, *(Path(root, name) for name in folders)]
        not_followed += sorted(path for path in inside if path.is_symlink())
        found += [Source(path, path.relative_to(folder)) for path in exports if not path.is_symlink()]
        folders[:] = [name for name in folders if os.path.realpath(Path(root, name)) != passed_over]
    return sorted(found, key=lambda source: source.name.parts)
