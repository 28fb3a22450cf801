"""Files of jobs: written as a whole or not at all, and readable only by their owner."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from ._errors import JobError

PRIVATE = 0o600


def reason(error: OSError) -> str:
    """Return why a file could not be read or written."""
    return error.strerror or str(error)


def open_regular(path: str | os.PathLike[str]) -> IO[bytes]:
    """Open a regular file for reading: a pipe would be waited for, and a device may never end.

    Raises:
        OSError: It can't be opened, or is not a regular file.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return os.fdopen(handle, "rb")
    os.close(handle)
    raise OSError(errno.EINVAL, "Not a regular file")


def read_regular(path: str | os.PathLike[str]) -> bytes:
    """Return what a regular file holds; raises as `open_regular` does."""
    with open_regular(path) as file:
        return file.read()


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """Refuse a path that must not be overwritten.

    Raises:
        JobError: The file exists and `overwrite` is false, or the path is not a regular file, such as a device or pipe.
    """
    try:
        kind = os.lstat(path).st_mode
    except OSError:
        return
    if not (stat.S_ISREG(kind) or stat.S_ISLNK(kind)):
        raise JobError(f"{path} is not a regular file: choose another.")
    if not overwrite:
        raise JobError(f"{path} already exists: choose another file, or pass overwrite=True (--overwrite).")


@contextmanager
def whole_file(
    path: Path, *, overwrite: bool = False, mode: int = PRIVATE, partial: Path | None = None
) -> Iterator[IO[bytes]]:
    """Write a file that appears under its name only when the block ends without an exception.

    A process that is killed in the block leaves `.NAME.*.partial` beside it, which is safe to delete.

    Args:
        path: The file.
        overwrite: Replace an existing file; a symbolic link is replaced, and its target left unchanged.
        mode: Permissions, where the system supports them.
        partial: Name to use until then, if no other process can be using it; an existing file there is lost.

    Raises:
        JobError: The file can't be written; nothing of it is left, and an existing file is unchanged.
    """
    refuse_existing(path, overwrite=overwrite)
    try:
        # Only a part of the name, which may already be as long as the system allows.
        if partial is None:
            handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".partial", dir=path.parent)
        else:
            name = str(partial)
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
            handle = os.open(name, flags, PRIVATE)
    except OSError as error:
        raise JobError(f"{path} can't be written: {reason(error)}.") from None
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        with suppress(OSError):
            os.chmod(name, mode)
        refuse_existing(path, overwrite=overwrite)
        os.replace(name, path)
        sync_folder(path.parent)
    except OSError as error:
        _remove(name)
        raise JobError(f"{path} can't be written: {reason(error)}.") from None
    except BaseException:
        _remove(name)
        raise


def sync_folder(folder: Path) -> None:
    """Flush new names in a folder to disk, where the system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remove(name: str) -> None:
    with suppress(OSError):
        os.unlink(name)


def write_text(path: Path, text: str, *, overwrite: bool = False, mode: int = PRIVATE) -> None:
    """Write a whole text file in UTF-8; lone surrogates are written as JSON escapes.

    Raises:
        JobError: The file can't be written; nothing of it is left, and an existing file is unchanged.
    """
    with whole_file(path, overwrite=overwrite, mode=mode) as file:
        file.write(text.encode(errors="backslashreplace"))
