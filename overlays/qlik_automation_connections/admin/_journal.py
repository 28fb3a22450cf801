"""The journal of a job: what it is about to do and what it has done, on disk before anything else happens.

A file of JSON lines: a header that names the job, then entries. The last line may be torn, where the process or the
machine was stopped in the middle of it; it is cut off then.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from ._errors import JobError
from ._file_lock import lock
from ._files import PRIVATE, reason

FORMAT = "qlik-automation-connections/journal"
VERSION = 1


def _encoded(entry: dict[str, Any]) -> bytes:
    return json.dumps(entry, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


class Journal:
    """A journal that is open for one process; a context manager.

    Args:
        path: its file; made if it is not there, readable for its owner alone.
        job: the job that it is of, such as `check`.

    Attributes:
        path: its file.
        header: what was noted first; None in a new one.
        entries: what was noted so far, in order.

    Raises:
        JobError: the file can't be read or written, is no journal of this job, or another process works with it.
    """

    def __init__(self, path: str | Path, job: str) -> None:
        self.path = Path(path)
        self._job = job
        self.header: dict[str, Any] | None = None
        self.entries: list[dict[str, Any]] = []
        self._file = self._open()
        try:
            self._read()
        except BaseException:
            self._file.close()
            raise

    def _open(self) -> IO[bytes]:
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), PRIVATE)
            file = os.fdopen(descriptor, "r+b", buffering=0)
        except OSError as error:
            raise JobError(f"The journal {self.path} can't be opened: {reason(error)}.") from None
        try:
            if not lock(file):
                raise JobError(f"Another process works with the journal {self.path}: wait until it has ended.")
        except BaseException:
            file.close()
            raise
        return file

    def _read(self) -> None:
        try:
            content = self._file.read()
        except OSError as error:
            raise JobError(f"The journal {self.path} can't be read: {reason(error)}.") from None
        whole, _, torn = content.rpartition(b"\n")
        lines = whole.split(b"\n") if whole else []
        try:
            documents = [json.loads(line) for line in lines]
        except (ValueError, RecursionError):
            raise JobError(f"{self.path} is no journal, or a damaged one: line {self._damaged(lines)}.") from None
        if documents:
            header = documents[0]
            if not isinstance(header, dict) or header.get("format") != FORMAT:
                raise JobError(f"{self.path} is no journal.")
            if header.get("version") != VERSION:
                raise JobError(f"The journal {self.path} is of version {header.get('version')}, not {VERSION}.")
            if header.get("job") != self._job:
                raise JobError(f"The journal {self.path} is of another job: {header.get('job')}.")
            if not all(isinstance(entry, dict) for entry in documents):
                raise JobError(f"{self.path} is a damaged journal.")
            self.header, self.entries = header, documents[1:]
        elif torn and not self._is_begun(torn):
            # Nothing of it may be cut off: it is somebody's file.
            raise JobError(f"{self.path} is no journal.")
        try:
            if torn:
                self._file.truncate(len(content) - len(torn))
            self._file.seek(0, os.SEEK_END)
        except OSError as error:
            raise JobError(f"The journal {self.path} can't be written: {reason(error)}.") from None

    def _is_begun(self, torn: bytes) -> bool:
        """Whether a line is what a header of this job begins with."""
        header = _encoded(self._named({})).removesuffix(b"}\n")
        return torn[: len(header)] == header[: len(torn)]

    def _named(self, header: dict[str, Any]) -> dict[str, Any]:
        return {"format": FORMAT, "version": VERSION, "job": self._job, **header}

    @staticmethod
    def _damaged(lines: list[bytes]) -> int:
        for number, line in enumerate(lines, start=1):
            try:
                json.loads(line)
            except (ValueError, RecursionError):
                return number
        return 0

    def begin(self, header: dict[str, Any]) -> None:
        """Notes the header of a new journal.

        Raises:
            JobError: it can't be written.
        """
        header = self._named(header)
        self._write(header)
        self.header = header

    def note(self, entry: dict[str, Any]) -> None:
        """Notes an entry; it is on disk when this returns.

        Raises:
            JobError: it can't be written. What was to follow must not be done then.
        """
        self._write(entry)
        self.entries.append(entry)

    def _write(self, entry: dict[str, Any]) -> None:
        data = _encoded(entry)
        start = self._file.tell()
        try:
            written = self._file.write(data)
            if written != len(data):
                raise OSError(None, "the disk is full")
            os.fsync(self._file.fileno())
        except OSError as error:
            self._cut_off(start)
            raise JobError(f"The journal {self.path} can't be written: {reason(error)}.") from None

    def _cut_off(self, start: int) -> None:
        # First the place, so that the next entry is written over what can't be cut off.
        with suppress(OSError):
            self._file.seek(start)
            self._file.truncate(start)

    def close(self) -> None:
        """Closes the file and lets go of it."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
