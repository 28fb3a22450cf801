"""The journal of a job: what it is about to do and what it has done, on disk before it continues.

A journal is a file of JSON lines: a header that names the job and its tenant, then entries. If the process or the
machine stopped while writing, the last line is incomplete, and is cut off. A backup's archive is a journal until it is
complete.
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
from ._files import PRIVATE, open_regular, reason, sync_folder

Entry = dict[str, Any]
_FLAGS: Final = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


@frozen
class JournalHeader(Document):
    """The first line of a journal. A job resumes from a journal with the same job, tenant and subject.

    Attributes:
        job: Name of the job, such as `check`.
        tenant: Address of the tenant.
        subject: What else identifies a run, such as the checksum of the archive being restored.
        ids: The selected connections, if any.
        began_at: When the journal was started.
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
        ValueError: The entry holds an infinite number, which JSON can't represent.
    """
    try:
        return json.dumps(entry, ensure_ascii=False, allow_nan=False).encode() + b"\n"
    except UnicodeEncodeError:
        # A lone surrogate is not UTF-8, but survives as a JSON escape.
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
        path: The file; created if absent, readable only by its owner.
        header: The first line. An existing one must match, except in fields that are not compared, such as times.
        replay: Called with each existing entry; a `JobError` from it means that the entry is damaged.
        salvage: Cut off a damaged entry and everything after it, for a job that can read it all again; otherwise
            refuse the journal.

    Attributes:
        path: The file.
        header: The first line.
        is_new: Whether the journal was empty.
        sha256: Running checksum of all lines.

    Raises:
        JobError: The file can't be read or written, is not a journal, belongs to another job or tenant, or is in use
            by another process.
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
                sync_folder(self.path.parent)
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
                    raise JobError(f"{self.path} is not a regular file: choose another.")
                if not lock(file):
                    raise JobError(f"Another process is using {self.path}: wait for it to finish.")
                # The process that held the lock may have finished and renamed the file meanwhile.
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
        raise JobError(f"{self.path} keeps changing: another process is using it.")

    @contextmanager
    def _reporting(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise JobError(f"The {self._title} {self.path} can't be {what}: {reason(error)}.") from None

    def _read(self, replay: Callable[[Entry], None], *, salvage: bool) -> None:
        # Buffered: the journal's own file would read a line byte by byte.
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
                # Somebody else's file: nothing may be cut off.
                raise JobError(f"{self.path} is not a {self._title}.")
            else:
                self.is_new = True
        self._file.truncate(self._length)
        self._file.seek(self._length)

    def _header_of(self, line: bytes) -> H:
        try:
            return type(self.header).from_dict(_parsed(line))
        except JobError as error:
            raise JobError(f"{self.path} is not a {self._title}, or is damaged: line 1: {error}") from None

    def _compare(self, found: H) -> None:
        there, given = _identity(found), _identity(self.header)
        differs = [
            f"{name} {there.get(name)!r} instead of {given.get(name)!r}"
            for name in {**there, **given}
            if there.get(name) != given.get(name)
        ]
        if differs:
            raise JobError(
                f"{self.path} is the {self._title} of something else, with {', '.join(differs)}: choose another file."
            )
        self.header = found

    def _take(self, line: bytes) -> None:
        self.sha256.update(line)
        self._length += len(line)

    def note(self, entry: Entry, *, sync: bool = True) -> None:
        """Append an entry.

        Args:
            entry: The entry.
            sync: Flush it to disk before returning; otherwise with the next entry that is flushed.

        Raises:
            JobError: The entry can't be written. The caller must not do what it announced.
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
        # Seek first, so that the next entry overwrites what can't be cut off.
        with suppress(OSError):
            self._file.seek(self._length)
            self._file.truncate(self._length)

    def sync(self) -> None:
        """Flush all entries to disk.

        Raises:
            JobError: They can't be written.
        """
        with self._reporting("written"):
            os.fsync(self._file.fileno())

    def move(self, to: Path) -> None:
        """Rename the file, replacing an existing one, and close it.

        Raises:
            JobError: The file can't be renamed.
        """
        self.sync()
        # Windows can't rename an open file.
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
        """Close the file and release its lock."""
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
    """Return whether an incomplete line is the beginning of a header, as far as that is the same in each run."""
    compared = {*HEAD, *(each.name for each in fields(cast(Any, type(header))) if each.eq)}
    start = encoded(dict(takewhile(lambda item: item[0] in compared, header.to_dict().items()))).removesuffix(b"}\n")
    return line[: len(start)] == start[: len(line)]


def header_of(path: str | Path, cls: type[H]) -> H | None:
    """Return the header of a journal, without locking it.

    Args:
        path: The file.
        cls: Class of the header.

    Returns:
        The header; None if the file is absent or has no complete line yet.

    Raises:
        JobError: The file can't be read, or is not a journal of this kind.
    """
    try:
        with open_regular(path) as file:
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
        raise JobError(f"{path} is not a {cls.TITLE}, or is damaged: line 1: {error}") from None
