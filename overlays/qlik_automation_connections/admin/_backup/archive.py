"""Reads an archive that a backup wrote, line by line, and checks it on the way."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

from attrs import asdict, field, frozen

from qlik_automation_connections_api.api.automation_connections.get_automation_connection import OPERATION

from ... import Connection
from ..._normalizer import WrongShape, read_normalized
from .._errors import JobError
from .._files import reason
from .duplicates import Repetitions
from .lines import FORMAT, VERSION, checksum

# An answer of the service has 32 MiB at most; written with every character escaped it has a few times that.
_SCHEMA: Final = OPERATION.result or ""
_LONGEST_LINE: Final = 256 * 1024 * 1024
_LONGEST_HEADER: Final = 1024 * 1024


@frozen
class ArchiveHeader:
    """What an archive is of.

    Attributes:
        tenant: address of the tenant.
        began_at: when the backup began, in UTC.
        selection: what was asked for: `list_all`, `filter`, and `ids`, their number, or None for a list.
        client: version of this package that wrote it.
    """

    tenant: str
    began_at: str
    selection: Mapping[str, Any]
    client: str


@frozen
class ArchivedConnection:
    """One connection of an archive.

    Attributes:
        id: its id in the tenant that the backup is of.
        document: the JSON as the service sent it, without the values of params.
        read_at: when it was read, in UTC.
        line: where it stands in the archive.
    """

    id: str
    document: dict[str, Any] = field(repr=False)
    read_at: str
    line: int = 0

    @property
    def connection(self) -> Connection:
        """The connection, with the service's quirks mended; made anew each time.

        Raises:
            JobError: its document is not one of a connection.
        """
        try:
            return read_normalized(Connection.from_dict, copy.deepcopy(self.document), _SCHEMA)[0]
        except WrongShape as error:
            raise JobError(f"The connection {self.id!r} of line {self.line} can't be understood: {error}.") from None


@frozen
class UnreadConnection:
    """A connection that the backup could not read.

    Attributes:
        id: its id; None where the list showed none.
        name: its name, as far as it is known.
        reason: why, in a sentence.
    """

    id: str | None
    name: str | None
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        return asdict(self)


@frozen
class ArchiveSummary:
    """What a whole and unharmed archive holds.

    Attributes:
        path: its file.
        header: what it is of.
        connections: how many connections it holds.
        unread: how many could not be read.
        ended_at: when the backup ended, in UTC.
        sha256: checksum of all its lines but the last; it identifies the archive.
    """

    path: str
    header: ArchiveHeader
    connections: int
    unread: int
    ended_at: str
    sha256: str

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        return asdict(self)


Record = ArchivedConnection | UnreadConnection


class Archive:
    """An archive that a backup wrote. Nothing of it is kept in memory but the line that is read.

    Args:
        path: its file.

    Attributes:
        path: its file.
        header: what it is of.

    Raises:
        JobError: it can't be read, or is no such archive.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        try:
            with self.path.open("rb") as file:
                self.header = self._header(file.readline(_LONGEST_HEADER))
        except OSError as error:
            raise self._unreadable(error) from None

    def __repr__(self) -> str:
        return f"<Archive {str(self.path)!r}>"

    def records(self) -> Iterator[ArchivedConnection]:
        """Iterates the connections, and checks each checksum, and at the end the whole archive.

        Raises:
            JobError: the file can't be read, or is not as the backup wrote it; the message names the line.
        """
        return (record for record in self._walk() if isinstance(record, ArchivedConnection))

    def unread(self) -> Iterator[UnreadConnection]:
        """Iterates what could not be read; raises as `records` does."""
        return (record for record in self._walk() if isinstance(record, UnreadConnection))

    def verify(self) -> ArchiveSummary:
        """Reads the whole archive and checks it.

        Raises:
            JobError: it can't be read, is not as the backup wrote it, or holds a connection twice, which a restore does
                not take; the message names the line.
        """
        repetitions = Repetitions()
        summary = self._summary_of(repetitions)
        if repetitions.suspects:
            self._refuse_repetitions(repetitions.suspects)
        return summary

    def summary(self) -> ArchiveSummary:
        """What the archive holds; reads and checks all of it, but for whether a connection is there twice.

        Raises:
            JobError: it can't be read, or is not as the backup wrote it; the message names the line.
        """
        return self._summary_of(None)

    def _summary_of(self, repetitions: Repetitions | None) -> ArchiveSummary:
        summary = None
        for found in self._walk():
            if isinstance(found, ArchiveSummary):
                summary = found
            elif repetitions is not None and isinstance(found, ArchivedConnection):
                repetitions.note(found.id)
        assert summary is not None, "a walk ends with it"
        return summary

    def _refuse_repetitions(self, suspects: Collection[str]) -> None:
        lines: dict[str, int] = {}
        for record in self.records():
            if record.id in suspects and lines.setdefault(record.id, record.line) != record.line:
                # A list that changes while it is read may show one twice.
                raise JobError(
                    f"{self.path}, line {record.line}: the connection {record.id!r} is there already, in line"
                    f" {lines[record.id]}. A restore does not take it twice: make the backup anew."
                )

    def _walk(self) -> Iterator[Record | ArchiveSummary]:
        """The records, and the summary at last."""
        try:
            with self.path.open("rb") as file:
                yield from self._records(file)
        except OSError as error:
            raise self._unreadable(error) from None

    def _records(self, file: IO[bytes]) -> Iterator[Record | ArchiveSummary]:
        first = file.readline(_LONGEST_HEADER)
        header = self._header(first)
        running = hashlib.sha256(first)
        counts = {"connection": 0, "unread": 0}
        before = first
        number = 1
        while line := file.readline(_LONGEST_LINE):
            number += 1
            entry = self._entry(line, number)
            kind = entry.get("type")
            if kind == "manifest":
                yield self._summary(header, entry, counts, running.hexdigest(), number)
                if file.read(1):
                    raise self._damaged(number + 1, "something follows the manifest, which is the last line")
                return
            if line == before:
                raise self._damaged(number, "it is the line before it once more")
            if kind not in counts:
                raise self._damaged(number, "it is neither a connection nor the manifest")
            yield self._record(entry, number)
            counts[kind] += 1
            running.update(line)
            before = line
        raise self._damaged(number + 1, "the manifest is missing, so the end of the archive is")

    def _header(self, line: bytes) -> ArchiveHeader:
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            entry = None
        if not isinstance(entry, dict) or entry.get("format") != FORMAT or entry.get("type") != "header":
            raise JobError(f"{self.path} is no backup of connections: line 1 is not the header of one.")
        version = entry.get("version")
        if version != VERSION or isinstance(version, bool):
            newer = isinstance(version, int) and version > VERSION
            advice = "a newer version of this package wrote it" if newer else "no version of this package wrote it"
            raise JobError(f"{self.path}, line 1: the archive is of version {version}, not {VERSION}: {advice}.")
        if not line.endswith(b"\n"):
            raise self._damaged(1, "it is torn")
        tenant, began_at, client = (self._text(entry, name, 1) for name in ("tenant", "began_at", "client"))
        if not isinstance(entry.get("selection"), dict):
            raise self._damaged(1, "selection must be an object")
        return ArchiveHeader(tenant, began_at, entry["selection"], client)

    def _entry(self, line: bytes, number: int) -> dict[str, Any]:
        if not line.endswith(b"\n"):
            raise self._damaged(number, "it is torn")
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            raise self._damaged(number, "it is no JSON") from None
        if not isinstance(entry, dict):
            raise self._damaged(number, "it is no JSON object")
        return entry

    def _record(self, entry: dict[str, Any], number: int) -> Record:
        if entry["type"] == "unread":
            for name in ("id", "name"):
                if not isinstance(entry.get(name), str | None):
                    raise self._damaged(number, f"{name} must be a string or null")
            return UnreadConnection(entry.get("id"), entry.get("name"), self._text(entry, "reason", number))
        document = entry.get("document")
        if not isinstance(document, dict):
            raise self._damaged(number, "document must be an object")
        if checksum(document) != entry.get("sha256"):
            raise self._damaged(number, "the document is not the one that its checksum is of")
        id, read_at = (self._text(entry, name, number) for name in ("id", "read_at"))
        return ArchivedConnection(id, document, read_at, number)

    def _summary(
        self, header: ArchiveHeader, entry: dict[str, Any], counts: Mapping[str, int], sha256: str, number: int
    ) -> ArchiveSummary:
        for name, kind in (("connections", "connection"), ("unread", "unread")):
            if entry.get(name) != counts[kind]:
                raise self._damaged(
                    number, f"the manifest says {name}: {entry.get(name)!r}, and there are {counts[kind]}"
                )
        if entry.get("sha256") != sha256:
            raise self._damaged(
                number, "the manifest's checksum is of other lines: some were changed, moved, added or taken away"
            )
        ended_at = self._text(entry, "ended_at", number)
        return ArchiveSummary(str(self.path), header, counts["connection"], counts["unread"], ended_at, sha256)

    def _text(self, entry: dict[str, Any], name: str, number: int) -> str:
        value = entry.get(name)
        if not isinstance(value, str):
            raise self._damaged(number, f"{name} must be a string")
        return value

    def _damaged(self, number: int, what: str) -> JobError:
        return JobError(f"{self.path}, line {number}: {what}. The archive is damaged: use another copy of it.")

    def _unreadable(self, error: OSError) -> JobError:
        return JobError(f"The archive {self.path} can't be read: {reason(error)}.")
