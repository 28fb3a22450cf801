"""The lines of a backup's archive, and what they hold."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

from attrs import field, frozen

from qlik_automation_connections_api.api.automation_connections.get_automation_connection import OPERATION
from qlik_automation_connections_api.api.automations import get_automation

from ... import Automation, Connection
from ..._normalizer import WrongShape, read_normalized
from .._document import Document, Id, Part, field_types, now, read, timestamp
from .._errors import JobError
from .._people import Person, Place
from .._usage.report import UnreadAutomation

_SCHEMA: Final = OPERATION.result or ""
_AUTOMATION: Final = get_automation.OPERATION.result or ""
# JSON has no cycles to look for.
_CANONICAL: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False)


def checksum(document: object) -> str:
    """Return the SHA-256 of a document's canonical JSON: keys sorted, no spaces, UTF-8."""
    return hashlib.sha256(_CANONICAL.encode(document).encode("utf-8", "surrogatepass")).hexdigest()


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
class AutomationLine(Part):
    """An automation, as the service sent it.

    Attributes:
        type: `automation`.
        id: The automation.
        read_at: When it was read, in UTC.
        sha256: Checksum of `document`, as for a connection.
        document: The JSON, without tokens and without the inputs and errors of its last run.
        dropped: Paths of tokens in its workspace, which were left out.
    """

    type: Literal["automation"]
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
        automations: Number of automations in the archive.
        unread_automations: Number of automations that could not be read.
    """

    connections: int
    unread: int
    ended_at: str
    sha256: str
    automations: int = 0
    unread_automations: int = 0


@frozen
class _Archived:
    id: str
    document: dict[str, Any] = field(repr=False)
    read_at: str
    line: int = 0
    dropped: tuple[str, ...] = ()

    @property
    def fields(self) -> dict[str, Any]:
        """The document without the object that the service once wrapped around it."""
        wrapped = self.document.get("data")
        return wrapped if isinstance(wrapped, dict) and "id" not in self.document else self.document


@frozen
class ArchivedAutomation(_Archived):
    """An automation in an archive.

    Attributes:
        id: Its id in the tenant that was backed up.
        document: The JSON as the service sent it, without tokens and without the inputs and errors of its last run.
        read_at: When it was read, in UTC.
        line: Its line in the archive.
        dropped: Paths of tokens in its workspace, which were left out.
        offset: Where its line begins, for `Archive.automation_at`.
    """

    offset: int = 0

    @property
    def automation(self) -> Automation:
        """The automation, with the service's quirks normalized; parsed again on each access.

        Raises:
            JobError: The document is not that of an automation.
        """
        return read_automation(self.document, f"The automation {self.id!r} in line {self.line}")


def read_automation(document: dict[str, Any], what: str) -> Automation:
    """Return an automation from its JSON, with the service's quirks normalized.

    Raises:
        JobError: The document is not that of an automation; the message begins with `what`.
    """
    try:
        return read_normalized(Automation.from_dict, copy.deepcopy(document), _AUTOMATION)[0]
    except WrongShape as error:
        raise JobError(f"{what} can't be parsed: {error}.") from None


@frozen
class ArchivedConnection(_Archived):
    """A connection in an archive.

    Attributes:
        id: Its id in the tenant that was backed up.
        document: The JSON as the service sent it, without the values of params.
        read_at: When it was read, in UTC.
        line: Its line in the archive.
        dropped: Paths of fields that were left out, besides the values of params.
    """

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
        automations: Number of automations in it.
        unread_automations: Number of automations that could not be read.
    """

    FORMAT = "backup-summary"
    TITLE = "summary of a backup"
    path: str
    header: ArchiveHeader
    connections: int
    unread: int
    ended_at: str
    sha256: str
    automations: int = 0
    unread_automations: int = 0

    @classmethod
    def of(cls, path: Path, header: ArchiveHeader, manifest: Manifest) -> ArchiveSummary:
        """Return the summary of an archive with this first and last line."""
        return cls(str(path), header, **{name: getattr(manifest, name) for name in field_types(Manifest)})


Record = ArchivedConnection | UnreadConnection | ArchivedAutomation | UnreadAutomation | Person | Place
COUNTED: Final[Mapping[type, str]] = {
    ArchivedConnection: "connections",
    UnreadConnection: "unread",
    ArchivedAutomation: "automations",
    UnreadAutomation: "unread_automations",
}
"""The counts of the manifest, by the records counted."""
_PLAIN: Final[Mapping[object, tuple[type[Any], str]]] = {
    "unread": (UnreadConnection, "unread connection"),
    "unread-automation": (UnreadAutomation, "unread automation"),
    "user": (Person, "user"),
    "space": (Place, "space"),
    "manifest": (Manifest, "manifest"),
}
"""Records that are read as they stand, by the type of their line."""


def record_of(entry: dict[str, Any], line: int = 0) -> Record | Manifest:
    """Parse a line of an archive, other than the header.

    Args:
        entry: The line's JSON.
        line: Its number.

    Raises:
        JobError: The line is something else, or its checksum does not match.
    """
    kind = entry.get("type")
    if kind in ("connection", "automation"):
        is_connection = kind == "connection"
        found = read(ConnectionLine, entry, kind) if is_connection else read(AutomationLine, entry, kind)
        if checksum(found.document) != found.sha256:
            raise JobError("the document does not match its checksum")
        archived = ArchivedConnection if is_connection else ArchivedAutomation
        return archived(found.id, found.document, found.read_at, line, tuple(found.dropped))
    if kind not in _PLAIN:
        raise JobError("neither a connection nor the manifest")
    cls, what = _PLAIN[kind]
    plain: Record | Manifest = read(cls, {name: value for name, value in entry.items() if name != "type"}, what)
    return plain
