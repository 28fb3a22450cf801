"""The files to remap."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath
from typing import TypeAlias

from attrs import define, field, frozen

from ...errors import ConfigurationError
from .._errors import JobError
from .._files import reason

StrPath: TypeAlias = "str | os.PathLike[str]"


@frozen
class Source:
    """A file to remap.

    Attributes:
        path: where it is.
        name: where it is below the folder that was given, and where it goes below an output folder.
        error: why it can't be read, if that is known already.
    """

    path: Path
    name: PurePath
    error: str | None = None

    def read(self) -> bytes:
        """Return the content of the file.

        Raises:
            JobError: it can't be read, or is not a regular file.
        """
        if self.error is not None:
            raise JobError(self.error)
        try:
            if stat.S_ISREG(os.stat(self.path).st_mode):
                return self.path.read_bytes()
        except OSError as error:
            raise JobError(f"it can't be read: {reason(error)}") from None
        # A pipe would be waited for, and a device never ends.
        raise JobError("it can't be read: it is not a regular file")


@define
class Sources:
    """All files to remap.

    Attributes:
        files: the files, in the order in which they were given; those of a folder by their names.
        not_followed: symbolic links that were found in folders.
    """

    files: list[Source] = field(factory=list)
    not_followed: list[Path] = field(factory=list)


def find(paths: StrPath | Iterable[StrPath], *, output: Path | None) -> Sources:
    """Find the files to remap.

    Args:
        paths: a file, a folder, or several of them. Of folders, and those in them, all `*.json`; symbolic links in them
            are not followed.
        output: the folder to write to, whose files are passed over; None to write elsewhere or nowhere.

    Raises:
        ConfigurationError: one of the paths does not exist, there is no file, two files would be written to one, or one
            over a file that is read.
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
        named = ", ".join(map(str, given)) or "what was given"
        raise ConfigurationError(f"There is no *.json file in {named}.")
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
