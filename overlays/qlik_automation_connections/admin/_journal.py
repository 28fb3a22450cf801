"""The journal of a job: what it is about to do and what it has done, on disk before anything else happens.

A file of JSON lines: a header that names the job and its tenant, then entries. The last line may be torn, where the
process or the machine stopped in the middle of it; it is cut off then. A backup's archive is one until it is whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import IO, Any, Final, Generic, Self, TypeVar, cast

from attrs import field, fields, frozen

from ._document import HEAD, NAMESPACE, Document, now
from ._errors import JobError
from ._file_lock import lock
from ._files import PRIVATE, reason, sync_folder

Entry = dict[str, Any]
_FLAGS: Final = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


@frozen
class JournalHeader(Document):
    """The first line of a journal. A job goes on with one whose job, tenant and subject are its own.

    Attributes:
        job: The job, such as `check`.
        tenant: Address of the tenant.
        subject: What else tells one run from another, such as the checksum of the archive that is restored.
        ids: The connections that were named, where the job is about some.
        began_at: When it was begun.
    """

    FORMAT = "journal"
    TITLE = "journal"
    job: str
    tenant: str
    subject: dict[str, Any] = field(factory=dict)
    ids: list[str] | None = field(default=None, eq=False, repr=False)
    began_at: datetime = field(factory=now, eq=False)


H = TypeVar("H", bound=Document)


def encoded(entry: Entry) -> bytes:
    """Return an entry as a line.

    Raises:
        ValueError: It holds an infinite number, for which JSON has no word.
    """
    try:
        return json.dumps(entry, ensure_ascii=False, allow_nan=False).encode() + b"\n"
    except UnicodeEncodeError:
        # Half of a surrogate pair is not UTF-8; escaped, it comes back as it was.
        return json.dumps(entry, allow_nan=False).encode() + b"\n"


def _parsed(line: bytes) -> Entry:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        raise JobError("not JSON") from None
    if not isinstance(entry, dict):
        raise JobError("not a JSON object")
    return entry


class Journal(Generic[H]):
    """A journal, open and locked for one process; a context manager.

    Args:
        path: Its file; made if it is not there, readable for its owner alone.
        header: What its first line is to say. One that is there already must say the same, but for fields without
            comparison such as times.
        replay: Is given each entry that is there; a `JobError` from it means that the entry is damaged.
        salvage: Cut off a damaged entry and what follows it, for a job that can read it all again; otherwise refuse it.

    Attributes:
        path: Its file.
        header: Its first line.
        is_new: Whether nothing was in it.
        sha256: Running checksum of all its lines.

    Raises:
        JobError: The file can't be read or written, is not a journal, belongs to another job or tenant, or another
            process works with it.
    """

    def __init__(self, path: str | Path, header: H, replay: Callable[[Entry], None], *, salvage: bool = False) -> None:
        self.path = Path(path)
        self.header = header
        self.is_new = False
        self.sha256 = hashlib.sha256()
        self._title = header.TITLE
        self._length = 0
        self._file = self._open()
        try:
            with self._reporting("read"):
                self._read(replay, salvage=salvage)
            if self.is_new:
                self.note(header.to_dict())
        except BaseException:
            if self.is_new:
                self.discard()
            self._file.close()
            raise

    def _open(self) -> IO[bytes]:
        for _ in range(3):
            with self._reporting("opened"):
                file = os.fdopen(os.open(self.path, _FLAGS, PRIVATE), "r+b", buffering=0)
            try:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise JobError(f"{self.path} is not an ordinary file: name another.")
                if not lock(file):
                    raise JobError(f"Another process works with {self.path}: wait until it has ended.")
                # Whoever had the lock may have finished and renamed it meanwhile.
                if os.path.samestat(os.fstat(file.fileno()), os.stat(self.path)):
                    with suppress(OSError):
                        os.chmod(self.path, PRIVATE)
                    return file
            except FileNotFoundError:
                pass
            except BaseException:
                file.close()
                raise
            file.close()
        raise JobError(f"{self.path} comes and goes: another process works with it.")

    @contextmanager
    def _reporting(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise JobError(f"The {self._title} {self.path} can't be {what}: {reason(error)}.") from None

    def _read(self, replay: Callable[[Entry], None], *, salvage: bool) -> None:
        # Without a buffer, a line is read byte by byte.
        with open(self._file.fileno(), "rb", closefd=False) as reader:
            first = reader.readline()
            if first.endswith(b"\n"):
                self._compare(self._header_of(first))
                self._take(first)
                number = 1
                while (line := reader.readline()).endswith(b"\n"):
                    number += 1
                    try:
                        replay(_parsed(line))
                    except JobError as error:
                        if salvage:
                            break
                        where = f"The {self._title} {self.path} is damaged: line {number}"
                        raise JobError(f"{where}: {str(error).removesuffix('.')}.") from None
                    self._take(line)
            elif not _starts_like(first, self.header):
                # Nothing of it may be cut off: it is somebody's file.
                raise JobError(f"{self.path} is not a {self._title}.")
            else:
                self.is_new = True
        self._file.truncate(self._length)
        self._file.seek(self._length)

    def _header_of(self, line: bytes) -> H:
        try:
            return type(self.header).from_dict(_parsed(line))
        except JobError as error:
            raise JobError(f"{self.path} is not a {self._title}, or a damaged one: line 1: {error}") from None

    def _compare(self, found: H) -> None:
        there, given = _identity(found), _identity(self.header)
        differs = [
            f"{name} {there.get(name)!r} instead of {given.get(name)!r}"
            for name in {**there, **given}
            if there.get(name) != given.get(name)
        ]
        if differs:
            raise JobError(
                f"{self.path} is the {self._title} of something else, with {', '.join(differs)}: name another file."
            )
        self.header = found

    def _take(self, line: bytes) -> None:
        self.sha256.update(line)
        self._length += len(line)

    def note(self, entry: Entry, *, sync: bool = True) -> None:
        """Append an entry.

        Args:
            entry: It.
            sync: Have it on disk when this returns; otherwise with the next one that is.

        Raises:
            JobError: It can't be written. What was to follow must not be done then.
        """
        line = encoded(entry)
        with self._reporting("written"):
            try:
                rest = memoryview(line)
                while rest:
                    rest = rest[self._file.write(rest) :]
                if sync:
                    os.fsync(self._file.fileno())
            except OSError:
                self._cut_off()
                raise
        self._take(line)

    def _cut_off(self) -> None:
        # First the place, so that the next entry is written over what can't be cut off.
        with suppress(OSError):
            self._file.seek(self._length)
            self._file.truncate(self._length)

    def sync(self) -> None:
        """Have all entries on disk.

        Raises:
            JobError: They can't be written.
        """
        with self._reporting("written"):
            os.fsync(self._file.fileno())

    def move(self, to: Path) -> None:
        """Give the file another name, in place of what has it, and let go of it.

        Raises:
            JobError: It can't be moved.
        """
        self.sync()
        # Windows renames no open file.
        if os.name == "nt":
            self.close()
        with self._reporting("written"):
            os.replace(self.path, to)
        self.close()
        sync_folder(to.parent)

    def discard(self) -> None:
        """Remove the file."""
        if os.name == "nt":
            self.close()
        with suppress(OSError):
            os.unlink(self.path)
        self.close()

    def close(self) -> None:
        """Close the file and let go of it."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _identity(header: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in fields(type(header)):
        if each.eq:
            value = getattr(header, each.name)
            found |= value if isinstance(value, dict) else {each.name: value}
    return found


def _starts_like(line: bytes, header: Document) -> bool:
    """Whether a torn line is what a header begins with: as far as that is the same in each run."""
    compared = {*HEAD, *(each.name for each in fields(cast(Any, type(header))) if each.eq)}
    start = encoded(dict(takewhile(lambda item: item[0] in compared, header.to_dict().items()))).removesuffix(b"}\n")
    return line[: len(start)] == start[: len(line)]


def header_of(path: str | Path, cls: type[H]) -> H | None:
    """Return the first line of a journal, without locking it.

    Args:
        path: Its file.
        cls: The class of its header.

    Returns:
        The header; None if the file is absent or has no whole line yet.

    Raises:
        JobError: It can't be read, or is not such a journal.
    """
    try:
        with open(path, "rb") as file:
            line = file.readline()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise JobError(f"The {cls.TITLE} {path} can't be read: {reason(error)}.") from None
    start = encoded({"format": NAMESPACE + cls.FORMAT}).removesuffix(b"}\n")
    if not line.endswith(b"\n") and line[: len(start)] == start[: len(line)]:
        return None
    try:
        return cls.from_dict(_parsed(line))
    except JobError as error:
        raise JobError(f"{path} is not a {cls.TITLE}, or a damaged one: line 1: {error}") from None
