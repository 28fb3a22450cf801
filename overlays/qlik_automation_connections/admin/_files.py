"""Files of jobs: whole or not there, and for their owner's eyes alone."""

from __future__ import annotations

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
    """Why a file could not be read or written, in words."""
    return error.strerror or str(error)


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """Raises if something is there that must not be overwritten.

    Raises:
        JobError: it is; a device, say, or a pipe is never overwritten.
    """
    try:
        kind = os.lstat(path).st_mode
    except OSError:
        return
    if not (stat.S_ISREG(kind) or stat.S_ISLNK(kind)):
        raise JobError(f"{path} is no ordinary file: name another.")
    if not overwrite:
        raise JobError(
            f"{path} exists already: name another file, or say that it is to be overwritten (overwrite=True,"
            " --overwrite)."
        )


@contextmanager
def whole_file(
    path: Path, *, overwrite: bool = False, mode: int = PRIVATE, partial: Path | None = None
) -> Iterator[IO[bytes]]:
    """Writes a file that appears under its name when the block has ended without an exception, and not before.

    A process that is killed in the block leaves `.NAME.*.partial` beside it, which anybody may delete.

    Args:
        path: its name.
        overwrite: whether a file of that name may be replaced; a symbolic link is, and what it leads to is left.
        mode: its permissions, where the system has such.
        partial: its name until then, for a caller who knows that no other process uses that; what is there is lost.

    Raises:
        JobError: it can't be written; nothing is left of it, and a file that was there is as it was.
    """
    refuse_existing(path, overwrite=overwrite)
    try:
        # Not the whole name, which may be as long as one can be.
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
    except OSError as error:
        _remove(name)
        raise JobError(f"{path} can't be written: {reason(error)}.") from None
    except BaseException:
        _remove(name)
        raise


def sync_folder(folder: Path) -> None:
    """Have new names in a folder on disk, where the system can."""
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
    """Writes a whole text file, in UTF-8. Half a surrogate pair is written as JSON escapes it, such as `\\ud800`.

    Raises:
        JobError: it can't be written; nothing is left of it, and a file that was there is as it was.
    """
    with whole_file(path, overwrite=overwrite, mode=mode) as file:
        file.write(text.encode(errors="backslashreplace"))
