"""Keep two processes from using one file. The system releases the lock when the process ends, however it ends."""

from __future__ import annotations

import errno
import sys
from typing import IO, Final

from ._errors import JobError
from ._files import reason

# Errors for a lock that another process holds. Any other error means that the file system has no locks.
_TAKEN: Final = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK})

if sys.platform == "win32":
    import msvcrt

    # Far beyond the end of any journal: on Windows, other processes can't read a locked region.
    _OFFSET = 1 << 62

    def lock(file: IO[bytes]) -> bool:
        """Lock an open file; return False if another process holds the lock.

        Raises:
            JobError: The file can't be locked.
        """
        position = file.tell()
        try:
            file.seek(_OFFSET)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno not in _TAKEN:
                raise JobError(f"The file can't be locked: {reason(error)}. Use a file system with locks.") from None
            return False
        finally:
            file.seek(position)
        return True

else:
    import fcntl

    def lock(file: IO[bytes]) -> bool:
        """Lock an open file; return False if another process holds the lock.

        Raises:
            JobError: The file can't be locked.
        """
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in _TAKEN:
                raise JobError(f"The file can't be locked: {reason(error)}. Use a file system with locks.") from None
            return False
        return True
