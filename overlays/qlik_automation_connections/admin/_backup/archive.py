"""Read and verify the archive of a backup, line by line."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from attrs import evolve

from .._errors import JobError
from .._files import open_regular, reason
from .._people import Person, Place
from .._usage.report import UnreadAutomation
from .records import (
    COUNTED,
    ArchivedAutomation,
    ArchivedConnection,
    ArchiveHeader,
    ArchiveSummary,
    Manifest,
    Record,
    UnreadConnection,
    record_of,
)

# A response is limited to 32 MiB; with every character escaped, its line is a few times as long.
_LONGEST_LINE: Final = 256 * 1024 * 1024


class Archive:
    """The archive of a backup. It is read line by line, and not kept in memory.

    Args:
        path: The file.

    Attributes:
        path: The file.
        header: Its first line.

    Raises:
        JobError: The file can't be read, or is not an archive.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        try:
            with open_regular(self.path) as file:
                self.header = self._header(file.readline(_LONGEST_LINE))
        except OSError as error:
            raise self._unreadable(error) from None

    def __repr__(self) -> str:
        return f"<Archive {str(self.path)!r}>"

    def records(self) -> Iterator[ArchivedConnection]:
        """Iterate over the connections. Verifies each checksum, and at the end the whole archive.

        Raises:
            JobError: The file can't be read or is damaged; the message names the line.
        """
        return (record for record in self._walk() if isinstance(record, ArchivedConnection))

    def unread(self) -> Iterator[UnreadConnection]:
        """Iterate over the connections that could not be read. Raises like `records`."""
        return (record for record in self._walk() if isinstance(record, UnreadConnection))

    def automations(self) -> Iterator[ArchivedAutomation]:
        """Iterate over the automations. Raises like `records`."""
        return (record for record in self._walk() if isinstance(record, ArchivedAutomation))

    def unread_automations(self) -> Iterator[UnreadAutomation]:
        """Iterate over the automations that could not be read. Raises like `records`."""
        return (record for record in self._walk() if isinstance(record, UnreadAutomation))

    def people(self) -> Iterator[Person | Place]:
        """Iterate over the noted owners and spaces. Raises like `records`."""
        return (record for record in self._walk() if isinstance(record, Person | Place))

    def everything(self) -> Iterator[Record]:
        """Iterate over all lines except the first and the last. Raises like `records`."""
        return (record for record in self._walk() if not isinstance(record, ArchiveSummary))

    def automation_at(self, offset: int) -> ArchivedAutomation:
        """Return the automation whose line begins at an offset, which `automations` told before.

        Raises:
            JobError: The file changed since, or can't be read.
        """
        try:
            with open_regular(self.path) as file:
                file.seek(offset)
                record = self._record(file.readline(_LONGEST_LINE), 0)
        except OSError as error:
            raise self._unreadable(error) from None
        if not isinstance(record, ArchivedAutomation):
            raise JobError(f"The archive {self.path} changed while it was being read.")
        return record

    def verify(self) -> ArchiveSummary:
        """Verify the whole archive.

        Raises:
            JobError: The file can't be read, is damaged, or holds a connection twice, which a restore refuses; the
                message names the line.
        """
        lines: dict[tuple[type, str], int] = {}
        for record in self._walk():
            if isinstance(record, ArchivedConnection | ArchivedAutomation):
                first = lines.setdefault((type(record), record.id), record.line)
                if first != record.line:
                    what = "connection" if isinstance(record, ArchivedConnection) else "automation"
                    raise JobError(
                        f"{self.path}, line {record.line}: the {what} {record.id!r} is also in line"
                        f" {first}. A restore refuses duplicates: make another backup."
                    )
            if isinstance(record, ArchiveSummary):
                return record
        raise AssertionError("a walk ends with the summary")

    def summary(self) -> ArchiveSummary:
        """Verify the archive, except for duplicate connections, and return its summary.

        Raises:
            JobError: The file can't be read or is damaged; the message names the line.
        """
        return next(record for record in self._walk() if isinstance(record, ArchiveSummary))

    def _walk(self) -> Iterator[Record | ArchiveSummary]:
        """Iterate over the records, and finally the summary."""
        try:
            with open_regular(self.path) as file:
                yield from self._records(file)
        except OSError as error:
            raise self._unreadable(error) from None

    def _records(self, file: IO[bytes]) -> Iterator[Record | ArchiveSummary]:
        before = file.readline(_LONGEST_LINE)
        header = self._header(before)
        running = hashlib.sha256(before)
        counts: Counter[str] = Counter()
        number, offset = 1, len(before)
        while line := file.readline(_LONGEST_LINE):
            number += 1
            record = self._record(line, number)
            if isinstance(record, Manifest):
                self._check(record, counts, running.hexdigest(), number)
                if file.read(1):
                    raise self._damaged(number + 1, "something follows the manifest, which must be the last line")
                yield ArchiveSummary.of(self.path, header, record)
                return
            if line == before:
                raise self._damaged(number, "the line before is repeated")
            if type(record) in COUNTED:
                counts[COUNTED[type(record)]] += 1
            running.update(line)
            before = line
            yield evolve(record, offset=offset) if isinstance(record, ArchivedAutomation) else record
            offset += len(line)
        raise self._damaged(number + 1, "the manifest is missing, so the archive is incomplete")

    def _header(self, line: bytes) -> ArchiveHeader:
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            entry = None
        if entry is not None and not line.endswith(b"\n"):
            raise self._damaged(1, "the line is incomplete")
        try:
            return ArchiveHeader.from_dict(entry if isinstance(entry, dict) else {})
        except JobError as error:
            raise JobError(f"{self.path}, line 1: {error}") from None

    def _record(self, line: bytes, number: int) -> Record | Manifest:
        if not line.endswith(b"\n"):
            raise self._damaged(number, "the line is incomplete")
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            raise self._damaged(number, "not JSON") from None
        if not isinstance(entry, dict):
            raise self._damaged(number, "not a JSON object")
        try:
            return record_of(entry, number)
        except JobError as error:
            raise self._damaged(number, str(error).removesuffix(".")) from None

    def _check(self, manifest: Manifest, counts: Counter[str], sha256: str, number: int) -> None:
        for name in COUNTED.values():
            said, there = getattr(manifest, name), counts[name]
            if said != there:
                raise self._damaged(number, f"the manifest says {name}: {said}, but there are {there}")
        if manifest.sha256 != sha256:
            raise self._damaged(
                number, "the manifest's checksum does not match: lines were changed, moved, added or removed"
            )

    def _damaged(self, number: int, what: str) -> JobError:
        return JobError(f"{self.path}, line {number}: {what}. The archive is damaged: use another copy.")

    def _unreadable(self, error: OSError) -> JobError:
        return JobError(f"The archive {self.path} can't be read: {reason(error)}.")
