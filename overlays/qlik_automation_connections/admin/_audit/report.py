"""What an audit found, as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from attrs import asdict, define, field, frozen

from .ages import AGES, age_of
from .finding_kinds import FindingCode, Severity

if TYPE_CHECKING:
    from .changes import AuditChanges

FORMAT: Final = "qlik-automation-connections/audit"
VERSION: Final = 1


def utc(moment: datetime | None) -> str | None:
    """Return a moment as it stands in JSON: in UTC, with all its digits."""
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
        connector: the connector's name, if known.
        owner_id: its owner.
        owner: the owner's name, if known.
        space_id: its space; None for the owner's personal space.
        space: the space's name, if known.
        created_at: when it was created; None if the service sent nothing readable.
        updated_at: when it was last changed; None if the service sent nothing readable.
        is_connected: whether it works, as far as the service knows without a new check; None if unknown.
        managed: whether the service created and manages it itself.
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
        """Return the connection as a JSON document."""
        return {**asdict(self), "created_at": utc(self.created_at), "updated_at": utc(self.updated_at)}


@frozen
class Finding:
    """Something to look at.

    Attributes:
        code: what it is: `not-connected`, `untouched`, `duplicate`, `inactive-owner`, `personal-space` or
            `unknown-timestamp`.
        severity: `error`, `warning` or `notice`.
        connection_id: the connection that it is about.
        sentence: the same as a sentence.
    """

    code: FindingCode
    severity: Severity
    connection_id: str | None
    sentence: str


@frozen
class Count:
    """The connections that have something in common.

    Attributes:
        id: what they have in common; None for connections that lack it, and for personal spaces.
        name: its name, if known.
        connections: how many there are.
        not_connected: how many of them are not connected.
        findings: how many findings there are about them, not counting connections without an id.
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
        list_all: whether it covers everybody's connections, or only the caller's.
        untouched_days: days without a change after which a connection counts as untouched.
        active_users: how many active users were given; None if none were.
        connections: all connections, in the order of their ids.
        findings: the findings, in the order of the connections.
        changes: what changed since an earlier audit; None without one.
        filter: the SCIM expression that selected the connections; None for all.
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
        """Return the findings of one code."""
        return [finding for finding in self.findings if finding.code == code]

    def counts(self) -> dict[str, list[Count]]:
        """Count connections by `connector`, `owner`, `space` and `age`: the largest count first, ages in order."""
        ages = {group.id: (group.id, group.words) for group in AGES}
        by_age = self._counts(lambda item: ages[age_of(item.updated_at, self.made_at).id])
        return {
            "connector": self._counts(lambda item: (item.connector_id, item.connector)),
            "owner": self._counts(lambda item: (item.owner_id, item.owner)),
            "space": self._counts(lambda item: (item.space_id, item.space)),
            "age": sorted(by_age, key=lambda count: list(ages).index(count.id or "")),
        }

    def _counts(self, key: Callable[[AuditedConnection], tuple[str | None, str | None]]) -> list[Count]:
        # Without an id it can't be told which of several a finding is about.
        findings = Counter(finding.connection_id for finding in self.findings if finding.connection_id is not None)
        groups: dict[str | None, list[AuditedConnection]] = {}
        names: dict[str | None, str | None] = {}
        for connection in self.connections:
            id, name = key(connection)
            names[id] = name
            groups.setdefault(id, []).append(connection)
        counts = [
            Count(
                id,
                names[id],
                connections=len(group),
                not_connected=sum(connection.is_connected is False for connection in group),
                findings=sum(findings[connection.id] for connection in group if connection.id is not None),
            )
            for id, group in groups.items()
        ]
        return sorted(counts, key=lambda count: -count.connections)

    def summary(self) -> dict[str, int]:
        """Return the headline figures; `with_findings` does not count connections without an id."""
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
        """Return the report as a JSON document; docs/schemas/audit.schema.json describes it."""
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
        """Read a report that `to_dict` wrote, without its changes.

        Raises:
            JobError: it is something else, or was written by a newer version.
        """
        from .reading import report_of

        return report_of(document)
