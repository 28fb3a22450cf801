"""Keeps two processes from working on one file. The system lets go of the lock when a process ends, however it does."""

from __future__ import annotations

import errno
import sys
from typing import IO, Final

from ._errors import JobError
from ._files import reason

# What a system says of a lock that somebody else has. Anything else is a file system that has none.
_TAKEN: Final = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK})

if sys.platform == "win32":
    import msvcrt

    # Far beyond the end of any journal: on Windows nobody else could read what is locked.
    _OFFSET = 1 << 62

    def lock(file: IO[bytes]) -> bool:
        """Takes the lock of an open file; False if another process has it.

        Raises:
            JobError: it can't be locked at all.
        """
        position = file.tell()
        try:
            file.seek(_OFFSET)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno not in _TAKEN:
                raise JobError(f"A file can't be locked: {reason(error)}. Put it where files can be.") from None
            return False
        finally:
            file.seek(position)
        return True

else:
    import fcntl

    def lock(file: IO[bytes]) -> bool:
        """Takes the lock of an open file; False if another process has it.

        Raises:
            JobError: it can't be locked at all.
        """
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in _TAKEN:
                raise JobError(f"A file can't be locked: {reason(error)}. Put it where files can be.") from None
            return False
        return True
