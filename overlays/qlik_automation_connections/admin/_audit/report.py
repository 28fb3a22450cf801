"""The results of an audit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from attrs import define, field, frozen

from qlik_automation_connections_api.types import Row

from .._document import Part
from .._table import Table, row_of
from .ages import AGES, age_of
from .finding_kinds import FindingCode, Severity


@frozen
class Mention(Part):
    """The id and name of a connection."""

    id: str
    name: str | None


@frozen
class Change(Part):
    """A changed value of a connection.

    Attributes:
        id: The connection.
        name: Its current name.
        before: The old value: an id, or a name.
        after: The new value.
    """

    id: str
    name: str | None
    before: str | None
    after: str | None


@frozen
class AuditFigures(Part):
    """The figures of an audit that trends and comparisons show.

    Attributes:
        made_at: When the audit was made.
        connections: Number of connections.
        not_connected: Number of connections that are not connected.
        findings: Number of findings.
    """

    made_at: datetime
    connections: int
    not_connected: int
    findings: int


@frozen
class AuditChanges(Part):
    """What changed since an earlier audit.

    Attributes:
        since: When the earlier audit was made.
        appeared: New connections.
        vanished: Connections that are gone, with their last names.
        renamed: Connections with a new name.
        changed_owner: Connections with a new owner, by ids.
        changed_space: Connections in a new space, by ids; None is a personal space.
        broke: Connections that were connected and no longer are.
        mended: Connections that were not connected and now are.
        before: Figures of the earlier audit; None in documents of earlier releases.
    """

    since: datetime
    appeared: list[Mention] = field(factory=list)
    vanished: list[Mention] = field(factory=list)
    renamed: list[Change] = field(factory=list)
    changed_owner: list[Change] = field(factory=list)
    changed_space: list[Change] = field(factory=list)
    broke: list[Mention] = field(factory=list)
    mended: list[Mention] = field(factory=list)
    before: AuditFigures | None = None


@define(eq=False)
class AuditedConnection(Part):
    """One connection of an audit.

    Attributes:
        id: The connection.
        name: Its name.
        connector_id: Its connector.
        connector: The connector's name, if known.
        owner_id: Its owner.
        owner: The owner's name, if known.
        space_id: Its space; None for the owner's personal space.
        space: The space's name, if known.
        created_at: When it was created; None if the service sent no usable time.
        updated_at: When it was last changed; None if the service sent no usable time.
        is_connected: Whether it works, as far as the service knows without a new check; None if unknown.
        managed: Whether the service created and manages it itself.
    """

    id: str
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


@frozen
class Finding(Part):
    """A problem with a connection.

    Attributes:
        code: `not-connected`, `untouched`, `duplicate`, `inactive-owner`, `personal-space` or `unknown-timestamp`.
        severity: `error`, `warning` or `notice`.
        connection_id: The connection.
        sentence: The finding as a sentence.
    """

    code: FindingCode
    severity: Severity
    connection_id: str
    sentence: str


@frozen
class Count(Part):
    """Figures of the connections with the same connector, owner, space or age.

    Attributes:
        id: The connector, owner, space or age; None for connections without one, and for personal spaces.
        name: Its name, if known.
        connections: Number of connections.
        not_connected: Number of connections that are not connected.
        findings: Number of findings.
    """

    id: str | None
    name: str | None
    connections: int
    not_connected: int
    findings: int


@define(repr=False)
class AuditReport(Table):
    """The results of an audit.

    Attributes:
        tenant: Address of the tenant.
        made_at: When the audit was made.
        list_all: Whether it covers everybody's connections, or only the caller's.
        untouched_days: Days without a change after which a connection counts as untouched.
        active_users: Number of active users given; None if no list was given.
        connections: All connections, in the order of their ids.
        findings: The findings, in the order of the connections.
        changes: What changed since an earlier audit; None without one.
        filter: The SCIM expression that selected the connections; None for all.
        left_out: Names of connections that were left out because the list has no id for them.
    """

    FORMAT = "audit"
    TITLE = "audit"
    ROWS = "connections"
    DERIVED = ("summary", "counts")
    tenant: str
    made_at: datetime
    list_all: bool
    untouched_days: int
    active_users: int | None
    connections: list[AuditedConnection] = field(repr=False)
    findings: list[Finding] = field(repr=False)
    changes: AuditChanges | None = None
    filter: str | None = None
    left_out: list[str | None] = field(factory=list, repr=False)

    def rows(self) -> list[Row]:
        """Return a row for each connection: its attributes, and `findings`, their codes separated by commas."""
        codes: dict[str, list[str]] = {}
        for finding in self.findings:
            codes.setdefault(finding.connection_id, []).append(finding.code)
        return [row_of(item) | {"findings": ", ".join(codes.get(item.id, ()))} for item in self.connections]

    def of_code(self, code: FindingCode) -> list[Finding]:
        """Return the findings of one code."""
        return [finding for finding in self.findings if finding.code == code]

    @property
    def figures(self) -> AuditFigures:
        """The figures that trends and comparisons show."""
        summary = self.summary
        return AuditFigures(self.made_at, summary["connections"], summary["not_connected"], summary["findings"])

    @property
    def counts(self) -> dict[str, list[Count]]:
        """Figures by `connector`, `owner`, `space` and `age`: the largest first, ages in order."""
        ages = {group.id: (group.id, group.words) for group in AGES}
        by_age = self._counts(lambda item: ages[age_of(item.updated_at, self.made_at).id])
        return {
            "connector": self._counts(lambda item: (item.connector_id, item.connector)),
            "owner": self._counts(lambda item: (item.owner_id, item.owner)),
            "space": self._counts(lambda item: (item.space_id, item.space)),
            "age": sorted(by_age, key=lambda count: list(ages).index(count.id or "")),
        }

    def _counts(self, key: Callable[[AuditedConnection], tuple[str | None, str | None]]) -> list[Count]:
        findings = Counter(finding.connection_id for finding in self.findings)
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
                findings=sum(findings[connection.id] for connection in group),
            )
            for id, group in groups.items()
        ]
        return sorted(counts, key=lambda count: -count.connections)

    @property
    def summary(self) -> dict[str, int]:
        """The headline figures."""
        states = [connection.is_connected for connection in self.connections]
        return {
            "connections": len(states),
            "connected": states.count(True),
            "not_connected": states.count(False),
            "unknown": states.count(None),
            "managed": sum(connection.managed for connection in self.connections),
            "findings": len(self.findings),
            "with_findings": len({finding.connection_id for finding in self.findings}),
        }
