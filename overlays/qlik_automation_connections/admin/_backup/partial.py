"""A file that grows under another name until it is whole."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from .._errors import JobError
from .._file_lock import lock
from .._files import PRIVATE, reason
from .checkpoint import Extent, hash_of

_FLAGS: Final = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_LONGEST_START: Final = 4096


def partial_name(final: Path) -> Path:
    """What a file is called while it is not whole."""
    return final.with_name(f"{final.name}.partial")


def _has_name(file: IO[bytes], path: Path) -> bool:
    """Whether an open file still has its name: whoever had the lock may have finished it meanwhile."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), os.stat(path))
    except OSError:
        return False


class PartialFile:
    """A file that grows under another name until it is whole, locked for one process.

    Args:
        final: where it belongs when it is whole.

    Attributes:
        path: where it is until then.
        length: bytes written so far.

    Raises:
        JobError: it can't be made or opened, or another process has it.
    """

    def __init__(self, final: Path) -> None:
        self.path = partial_name(final)
        self.length = 0
        self._final = final
        self._hash = hashlib.sha256()
        for _ in range(3):
            self._file = self._open()
            if _has_name(self._file, self.path):
                break
            self._file.close()
        else:
            raise JobError(f"{self.path} comes and goes: another process works with it.")
        with suppress(OSError):
            os.chmod(self.path, PRIVATE)

    def _open(self) -> IO[bytes]:
        try:
            file = os.fdopen(os.open(self.path, _FLAGS, PRIVATE), "r+b", buffering=0)
        except OSError as error:
            raise JobError(f"{self.path} can't be written: {reason(error)}.") from None
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            file.close()
            raise JobError(f"{self.path} is no file: give the backup another name.")
        if not lock(file):
            file.close()
            raise JobError(
                f"Another process writes this backup, in {self.path}: wait until it has ended, or give another name."
            )
        return file

    def is_empty(self) -> bool:
        """Whether nothing is in it."""
        return os.fstat(self._file.fileno()).st_size == 0

    def start(self) -> bytes:
        """Its first bytes."""
        self._file.seek(0)
        return self._file.read(_LONGEST_START)

    def begin(self) -> None:
        """Empties it."""
        self._file.truncate(0)
        self._file.seek(0)
        self.length = 0
        self._hash = hashlib.sha256()

    def go_on(self, extent: Extent, look: Callable[[bytes], None]) -> bool:
        """Cuts off what is beyond what is good, to go on there; False if that is not as it was.

        Args:
            extent: what is good.
            look: shown each line of it.
        """
        self._file.seek(0)
        # Without a buffer, a line is read byte by byte.
        with open(self._file.fileno(), "rb", closefd=False) as reader:
            self._hash = hash_of(reader, extent.bytes, look)
        if self._hash.hexdigest() != extent.sha256:
            return False
        self._file.truncate(extent.bytes)
        self._file.seek(extent.bytes)
        self.length = extent.bytes
        return True

    def write(self, data: bytes) -> None:
        """Writes at its end.

        Raises:
            OSError: there is no room, say.
        """
        rest = memoryview(data)
        while rest:
            written = self._file.write(rest)
            if not written:
                raise OSError(None, "nothing can be written")
            rest = rest[written:]
        self._hash.update(data)
        self.length += len(data)

    def extent(self) -> Extent:
        """What is written so far."""
        return Extent(self.length, self._hash.hexdigest())

    def sync(self) -> Extent:
        """The same, and all of it is on disk."""
        os.fsync(self._file.fileno())
        return self.extent()

    def place(self) -> None:
        """Puts the whole file where it belongs.

        Raises:
            OSError: it can't be put there.
        """
        # Windows renames no open file.
        if os.name == "nt":
            self.close()
        os.replace(self.path, self._final)
        self.close()

    def remove(self) -> None:
        """Does away with it."""
        if os.name == "nt":
            self.close()
        with suppress(OSError):
            os.unlink(self.path)
        self.close()

    def close(self) -> None:
        """Closes it and lets go of it."""
        self._file.close()
