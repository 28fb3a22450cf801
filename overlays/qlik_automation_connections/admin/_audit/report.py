"""What an audit found, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from attrs import asdict, define, field, frozen

if TYPE_CHECKING:
    from .changes import AuditChanges

FORMAT: Final = "qlik-automation-connections/audit"
VERSION: Final = 1

FindingCode = Literal[
    "not-connected", "untouched", "duplicate", "inactive-owner", "personal-space", "unknown-timestamp"
]
Severity = Literal["error", "warning", "notice"]
CODES: Final[tuple[FindingCode, ...]] = get_args(FindingCode)
SEVERITIES: Final[Mapping[FindingCode, Severity]] = {
    "not-connected": "error",
    "untouched": "notice",
    "duplicate": "warning",
    "inactive-owner": "warning",
    "personal-space": "notice",
    "unknown-timestamp": "notice",
}


def utc(moment: datetime | None) -> str | None:
    """A moment as it stands in JSON: in UTC, with all its digits."""
    if moment is None:
        return None
    try:
        return moment.astimezone(UTC).isoformat()
    except OverflowError:  # within a day of the first or the last moment that can be said
        return moment.isoformat()


@define(eq=False)
class AuditedConnection:
    """One connection of an audit.

    Attributes:
        id: the connection.
        name: its name.
        connector_id: its connector.
        connector: the connector's name, where it is known.
        owner_id: its owner.
        owner: the owner's name, where it is known.
        space_id: its space; None for the owner's personal space.
        space: the space's name, where it is known.
        created_at: when it was created; None if the service sent nothing that can be read.
        updated_at: when it was last changed; None if the service sent nothing that can be read.
        is_connected: whether it works, as far as the service knows without a new check; None if it does not say.
        managed: whether the service made it and manages it itself.
    """

    id: str | None
    name: str | None
    connector_id: str | None
    connector: str | None
    owner_id: str | None
    owner: str | None
    space_id: str | None
    space: str | None
    created_at: datetime | None
    updated_at: datetime | None
    is_connected: bool | None
    managed: bool

    def to_dict(self) -> dict[str, Any]:
        """The connection as JSON has it."""
        return {
            "id": self.id,
            "name": self.name,
            "connector_id": self.connector_id,
            "connector": self.connector,
            "owner_id": self.owner_id,
            "owner": self.owner,
            "space_id": self.space_id,
            "space": self.space,
            "created_at": utc(self.created_at),
            "updated_at": utc(self.updated_at),
            "is_connected": self.is_connected,
            "managed": self.managed,
        }


@frozen
class Finding:
    """Something that somebody should look at.

    Attributes:
        code: what it is: `not-connected`, `untouched`, `duplicate`, `inactive-owner`, `personal-space` or
            `unknown-timestamp`.
        severity: `error`, `warning` or `notice`.
        connection_id: the connection it is about.
        sentence: the same in words.
    """

    code: FindingCode
    severity: Severity
    connection_id: str | None
    sentence: str


@frozen
class Count:
    """How many connections have something in common.

    Attributes:
        id: what they have in common; None for connections that lack it, and for personal spaces.
        name: its name, where it is known.
        connections: how many there are.
        not_connected: how many of them are not connected.
        findings: how many findings there are about them; those about connections without an id are left out.
    """

    id: str | None
    name: str | None
    connections: int
    not_connected: int
    findings: int


@define
class AuditReport:
    """What an audit found.

    Attributes:
        tenant: address of the tenant.
        made_at: when.
        list_all: whether everybody's connections were asked for, or the caller's alone.
        untouched_days: after how many days without a change a connection counts as untouched.
        active_users: how many active users were named; None if none were.
        connections: all connections, in the order of their ids.
        findings: what was found, in the order of the connections.
        changes: what changed since an earlier audit; None if there was none to compare with.
        filter: the SCIM expression that chose the connections; None if none did.
    """

    tenant: str
    made_at: datetime
    list_all: bool
    untouched_days: int
    active_users: int | None
    connections: list[AuditedConnection] = field(repr=False)
    findings: list[Finding] = field(repr=False)
    changes: AuditChanges | None = None
    filter: str | None = None

    def of_code(self, code: FindingCode) -> list[Finding]:
        """The findings of one code."""
        return [finding for finding in self.findings if finding.code == code]

    def counts(self) -> dict[str, list[Count]]:
        """How many connections there are by `connector`, `owner`, `space` and `age`, the most first, ages in order."""
        from .counts import counts

        return counts(self)

    def summary(self) -> dict[str, int]:
        """The headline figures; `with_findings` leaves connections without an id out."""
        states = [connection.is_connected for connection in self.connections]
        return {
            "connections": len(states),
            "connected": states.count(True),
            "not_connected": states.count(False),
            "unknown": states.count(None),
            "managed": sum(connection.managed for connection in self.connections),
            "findings": len(self.findings),
            "with_findings": len({finding.connection_id for finding in self.findings} - {None}),
        }

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON has it; docs/schemas/audit.schema.json describes it."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "tenant": self.tenant,
            "made_at": utc(self.made_at),
            "list_all": self.list_all,
            "settings": {
                "untouched_days": self.untouched_days,
                "active_users": self.active_users,
                "filter": self.filter,
            },
            "summary": self.summary(),
            "counts": {kind: [asdict(count) for count in counts] for kind, counts in self.counts().items()},
            "connections": [connection.to_dict() for connection in self.connections],
            "findings": [asdict(finding) for finding in self.findings],
            "changes": None if self.changes is None else self.changes.to_dict(),
        }

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> AuditReport:
        """Reads a report that `to_dict` wrote; without the changes in it.

        Raises:
            JobError: it is something else, or was written by a newer version.
        """
        from .reading import report_of

        return report_of(document)
