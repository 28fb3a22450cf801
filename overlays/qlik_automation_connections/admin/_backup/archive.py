"""Read and verify the archive of a backup, line by line."""

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
from .._files import open_regular, reason

_SCHEMA: Final = OPERATION.result or ""
# A response is limited to 32 MiB; with every character escaped, its line is a few times as long.
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
        selection: What was selected: `list_all`, `filter`, and the number and checksum of given ids.
        type: `header`.
        began_at: When the backup began, in UTC.
        client: Version of this package that wrote the archive.
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
        id: The connection.
        read_at: When it was read, in UTC.
        sha256: Checksum of `document`: of its JSON with sorted keys and without spaces, in UTF-8.
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
        id: The connection; None if the list has no id for it.
        name: Its name, if known.
        reason: Why, as a sentence.
    """

    id: str | None
    name: str | None
    reason: str


@frozen
class Manifest(Part):
    """The last line of an archive.

    Attributes:
        connections: Number of connections in the archive.
        unread: Number of connections that could not be read.
        ended_at: When the backup ended, in UTC.
        sha256: Checksum of all lines before this one; identifies the archive.
    """

    connections: int
    unread: int
    ended_at: str
    sha256: str


@frozen
class ArchivedConnection:
    """A connection in an archive.

    Attributes:
        id: Its id in the tenant that was backed up.
        document: The JSON as the service sent it, without the values of params.
        read_at: When it was read, in UTC.
        line: Its line in the archive.
        dropped: Paths of fields that were left out, besides the values of params.
    """

    id: str
    document: dict[str, Any] = field(repr=False)
    read_at: str
    line: int = 0
    dropped: tuple[str, ...] = ()

    @property
    def connection(self) -> Connection:
        """The connection, with the service's quirks normalized; parsed again on each access.

        Raises:
            JobError: The document is not that of a connection.
        """
        try:
            # It was read by its id, whatever the response said.
            return read_normalized(
                lambda found, normalizer: Connection.from_dict({**found, "id": self.id}, normalizer),
                copy.deepcopy(self.document),
                _SCHEMA,
            )[0]
        except WrongShape as error:
            raise JobError(f"The connection {self.id!r} in line {self.line} can't be parsed: {error}.") from None


@frozen
class ArchiveSummary(Document):
    """Summary of a complete and undamaged archive.

    Attributes:
        path: The archive.
        header: Its first line.
        connections: Number of connections in it.
        unread: Number of connections that could not be read.
        ended_at: When the backup ended, in UTC.
        sha256: Checksum of all lines except the last; identifies the archive.
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
    """Parse a line of an archive, other than the header.

    Args:
        entry: The line's JSON.
        line: Its number.

    Raises:
        JobError: The line is something else, or its checksum does not match.
    """
    kind = entry.get("type")
    if kind == "connection":
        found = read(ConnectionLine, entry, "connection")
        if checksum(found.document) != found.sha256:
            raise JobError("the document does not match its checksum")
        return ArchivedConnection(found.id, found.document, found.read_at, line, tuple(found.dropped))
    rest = {name: value for name, value in entry.items() if name != "type"}
    if kind == "unread":
        return read(UnreadConnection, rest, "unread connection")
    if kind == "manifest":
        return read(Manifest, rest, "manifest")
    raise JobError("neither a connection nor the manifest")


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

    def verify(self) -> ArchiveSummary:
        """Verify the whole archive.

        Raises:
            JobError: The file can't be read, is damaged, or holds a connection twice, which a restore refuses; the
                message names the line.
        """
        lines: dict[str, int] = {}
        for record in self._walk():
            if isinstance(record, ArchivedConnection) and lines.setdefault(record.id, record.line) != record.line:
                raise JobError(
                    f"{self.path}, line {record.line}: the connection {record.id!r} is also in line"
                    f" {lines[record.id]}. A restore refuses duplicates: make another backup."
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
        connections = unread = 0
        number = 1
        while line := file.readline(_LONGEST_LINE):
            number += 1
            record = self._record(line, number)
            if isinstance(record, Manifest):
                self._check(record, connections, unread, running.hexdigest(), number)
                if file.read(1):
                    raise self._damaged(number + 1, "something follows the manifest, which must be the last line")
                yield ArchiveSummary(str(self.path), header, connections, unread, record.ended_at, record.sha256)
                return
            if line == before:
                raise self._damaged(number, "the line before is repeated")
            connections += isinstance(record, ArchivedConnection)
            unread += isinstance(record, UnreadConnection)
            running.update(line)
            before = line
            yield record
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

    def _check(self, manifest: Manifest, connections: int, unread: int, sha256: str, number: int) -> None:
        for name, there, said in (
            ("connections", connections, manifest.connections),
            ("unread", unread, manifest.unread),
        ):
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
