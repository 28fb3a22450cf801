"""Keeps two processes from working on one file. The system lets go of the lock when a process ends, however it does."""

from __future__ import annotations

import sys
from typing import IO

if sys.platform == "win32":
    import msvcrt

    # Far beyond the end of any journal: on Windows nobody else could read what is locked.
    _OFFSET = 1 << 62

    def lock(file: IO[bytes]) -> bool:
        """Takes the lock of an open file; False if another process has it."""
        position = file.tell()
        try:
            file.seek(_OFFSET)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            file.seek(position)
        return True

else:
    import fcntl

    def lock(file: IO[bytes]) -> bool:
        """Takes the lock of an open file; False if another process has it."""
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
