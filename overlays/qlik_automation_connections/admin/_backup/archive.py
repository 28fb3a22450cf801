"""Reads an archive that a backup wrote, line by line, and checks it on the way."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final, Literal

from attrs import field, frozen

from qlik_automation_connections_api.api.automation_connections.get_automation_connection import OPERATION

from ... import Connection
from ..._normalizer import WrongShape, read_normalized
from .._document import Document, Id, Part, now, read, timestamp
from .._errors import JobError
from .._files import reason

_SCHEMA: Final = OPERATION.result or ""
# A response of the service has 32 MiB at most; written with every character escaped it has a few times that.
_LONGEST_LINE: Final = 256 * 1024 * 1024


def checksum(document: object) -> str:
    """Return the SHA-256 of a document's canonical JSON: keys sorted, no spaces, UTF-8."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


@frozen
class ArchiveHeader(Document):
    """The first line of an archive.

    Attributes:
        tenant: Address of the tenant.
        selection: What was asked for: `list_all`, `filter`, and of named ids their number and checksum.
        type: `header`.
        began_at: When the backup began, in UTC.
        client: Version of this package that wrote it.
    """

    FORMAT = "backup"
    TITLE = "backup"
    tenant: Id
    selection: dict[str, Any]
    type: Literal["header"] = "header"
    began_at: str = field(factory=lambda: timestamp(now()), eq=False)
    client: str = field(default="", eq=False)


@frozen
class ConnectionLine(Part):
    """A connection, as the service sent it.

    Attributes:
        type: `connection`.
        id: Its id.
        read_at: When it was read, in UTC.
        sha256: Checksum of the document: of its JSON with sorted keys and without spaces, in UTF-8.
        document: The JSON, without the values of params.
        dropped: Paths of other fields that were left out.
    """

    type: Literal["connection"]
    id: str
    read_at: str
    sha256: str
    document: dict[str, Any] = field(repr=False)
    dropped: list[str] = field(factory=list)


@frozen
class UnreadConnection(Part):
    """A connection that the backup could not read.

    Attributes:
        id: Its id; None where the list showed none.
        name: Its name, as far as it is known.
        reason: Why, in a sentence.
    """

    id: str | None
    name: str | None
    reason: str


@frozen
class Manifest(Part):
    """The last line of an archive.

    Attributes:
        connections: How many connections it holds.
        unread: How many could not be read.
        ended_at: When the backup ended, in UTC.
        sha256: Checksum of all lines before it; it identifies the archive.
    """

    connections: int
    unread: int
    ended_at: str
    sha256: str


@frozen
class ArchivedConnection:
    """One connection of an archive.

    Attributes:
        id: Its id in the tenant that the backup is of.
        document: The JSON as the service sent it, without the values of params.
        read_at: When it was read, in UTC.
        line: Where it stands in the archive.
        dropped: Paths of fields that were left out, besides the values of params.
    """

    id: str
    document: dict[str, Any] = field(repr=False)
    read_at: str
    line: int = 0
    dropped: tuple[str, ...] = ()

    @property
    def connection(self) -> Connection:
        """The connection, with the service's quirks normalized; made again each time.

        Raises:
            JobError: Its document is not one of a connection.
        """
        try:
            return read_normalized(Connection.from_dict, copy.deepcopy(self.document), _SCHEMA)[0]
        except WrongShape as error:
            raise JobError(f"The connection {self.id!r} of line {self.line} can't be understood: {error}.") from None


@frozen
class ArchiveSummary(Document):
    """What a whole and unharmed archive holds.

    Attributes:
        path: Its file.
        header: What it is of.
        connections: How many connections it holds.
        unread: How many could not be read.
        ended_at: When the backup ended, in UTC.
        sha256: Checksum of all its lines but the last; it identifies the archive.
    """

    FORMAT = "backup-summary"
    TITLE = "summary of a backup"
    path: str
    header: ArchiveHeader
    connections: int
    unread: int
    ended_at: str
    sha256: str


Record = ArchivedConnection | UnreadConnection


def record_of(entry: dict[str, Any], line: int = 0) -> Record | Manifest:
    """Return what a line of an archive says.

    Args:
        entry: Its JSON.
        line: Where it stands.

    Raises:
        JobError: It is something else, or its checksum is of another document.
    """
    kind = entry.get("type")
    if kind == "connection":
        found = read(ConnectionLine, entry, "connection")
        if checksum(found.document) != found.sha256:
            raise JobError("the document is not the one that its checksum is of")
        return ArchivedConnection(found.id, found.document, found.read_at, line, tuple(found.dropped))
    rest = {name: value for name, value in entry.items() if name != "type"}
    if kind == "unread":
        return read(UnreadConnection, rest, "unread connection")
    if kind == "manifest":
        return read(Manifest, rest, "manifest")
    raise JobError("it is neither a connection nor the manifest")


class Archive:
    """An archive that a backup wrote. Nothing of it is kept in memory but the line that is read.

    Args:
        path: Its file.

    Attributes:
        path: Its file.
        header: What it is of.

    Raises:
        JobError: It can't be read, or is not an archive.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        try:
            with self.path.open("rb") as file:
                self.header = self._header(file.readline(_LONGEST_LINE))
        except OSError as error:
            raise self._unreadable(error) from None

    def __repr__(self) -> str:
        return f"<Archive {str(self.path)!r}>"

    def records(self) -> Iterator[ArchivedConnection]:
        """Iterate over the connections, and check each checksum, and at the end the whole archive.

        Raises:
            JobError: The file can't be read, or is not as the backup wrote it; the message names the line.
        """
        return (record for record in self._walk() if isinstance(record, ArchivedConnection))

    def unread(self) -> Iterator[UnreadConnection]:
        """Iterate over what could not be read; raises as `records` does."""
        return (record for record in self._walk() if isinstance(record, UnreadConnection))

    def verify(self) -> ArchiveSummary:
        """Read the whole archive and check it.

        Raises:
            JobError: It can't be read, is not as the backup wrote it, or holds a connection twice, which a restore does
                not take; the message names the line.
        """
        lines: dict[str, int] = {}
        for record in self._walk():
            if isinstance(record, ArchivedConnection) and lines.setdefault(record.id, record.line) != record.line:
                raise JobError(
                    f"{self.path}, line {record.line}: the connection {record.id!r} is there already, in line"
                    f" {lines[record.id]}. A restore does not take it twice: make another backup."
                )
            if isinstance(record, ArchiveSummary):
                return record
        raise AssertionError("a walk ends with the summary")

    def summary(self) -> ArchiveSummary:
        """Return what the archive holds; all of it is read and checked, but for whether a connection is there twice.

        Raises:
            JobError: It can't be read, or is not as the backup wrote it; the message names the line.
        """
        return next(record for record in self._walk() if isinstance(record, ArchiveSummary))

    def _walk(self) -> Iterator[Record | ArchiveSummary]:
        """The records, and the summary at last."""
        try:
            with self.path.open("rb") as file:
                yield from self._records(file)
        except OSError as error:
            raise self._unreadable(error) from None

    def _records(self, file: IO[bytes]) -> Iterator[Record | ArchiveSummary]:
        before = file.readline(_LONGEST_LINE)
        header = self._header(before)
        running = hashlib.sha256(before)
        connections = unread = 0
        number = 1
        while line := file.readline(_LONGEST_LINE):
            number += 1
            record = self._record(line, number)
            if isinstance(record, Manifest):
                self._check(record, connections, unread, running.hexdigest(), number)
                if file.read(1):
                    raise self._damaged(number + 1, "something follows the manifest, which is the last line")
                yield ArchiveSummary(str(self.path), header, connections, unread, record.ended_at, record.sha256)
                return
            if line == before:
                raise self._damaged(number, "it is the line before it once more")
            connections += isinstance(record, ArchivedConnection)
            unread += isinstance(record, UnreadConnection)
            running.update(line)
            before = line
            yield record
        raise self._damaged(number + 1, "the manifest is missing, so the end of the archive is")

    def _header(self, line: bytes) -> ArchiveHeader:
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            entry = None
        if entry is not None and not line.endswith(b"\n"):
            raise self._damaged(1, "it is torn")
        try:
            return ArchiveHeader.from_dict(entry if isinstance(entry, dict) else {})
        except JobError as error:
            raise JobError(f"{self.path}, line 1: {error}") from None

    def _record(self, line: bytes, number: int) -> Record | Manifest:
        if not line.endswith(b"\n"):
            raise self._damaged(number, "it is torn")
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            raise self._damaged(number, "it is not JSON") from None
        if not isinstance(entry, dict):
            raise self._damaged(number, "it is not a JSON object")
        try:
            return record_of(entry, number)
        except JobError as error:
            raise self._damaged(number, str(error).removesuffix(".")) from None

    def _check(self, manifest: Manifest, connections: int, unread: int, sha256: str, number: int) -> None:
        for name, there, said in (
            ("connections", connections, manifest.connections),
            ("unread", unread, manifest.unread),
        ):
            if said != there:
                raise self._damaged(number, f"the manifest says {name}: {said}, and there are {there}")
        if manifest.sha256 != sha256:
            raise self._damaged(
                number, "the manifest's checksum is of other lines: some were changed, moved, added or taken away"
            )

    def _damaged(self, number: int, what: str) -> JobError:
        return JobError(f"{self.path}, line {number}: {what}. The archive is damaged: use another copy of it.")

    def _unreadable(self, error: OSError) -> JobError:
        return JobError(f"The archive {self.path} can't be read: {reason(error)}.")
