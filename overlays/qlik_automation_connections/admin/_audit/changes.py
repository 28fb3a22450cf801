"""What changed between two audits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from attrs import asdict, field, frozen

from ..._arguments import is_loopback
from .._errors import JobError
from .report import AuditedConnection, AuditReport, utc


@frozen
class Mention:
    """A connection that is named: its id and name."""

    id: str
    name: str | None


@frozen
class Change:
    """A connection of which something changed.

    Attributes:
        id: the connection.
        name: its present name.
        before: what it was; an id, or a name.
        after: what it is.
    """

    id: str
    name: str | None
    before: str | None
    after: str | None


@frozen
class AuditChanges:
    """What changed since an earlier audit. A connection without an id is in none of the lists.

    Attributes:
        since: when the earlier one was made.
        appeared: connections that were not there.
        vanished: connections that are not there any more, with their last names.
        renamed: connections with another name.
        changed_owner: connections with another owner, by ids.
        changed_space: connections in another space, by ids; None is a personal space.
        broke: connections that were connected and are not.
        mended: connections that were not connected and are.
    """

    since: datetime
    appeared: list[Mention] = field(factory=list)
    vanished: list[Mention] = field(factory=list)
    renamed: list[Change] = field(factory=list)
    changed_owner: list[Change] = field(factory=list)
    changed_space: list[Change] = field(factory=list)
    broke: list[Mention] = field(factory=list)
    mended: list[Mention] = field(factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The changes as JSON has them."""
        return {**asdict(self), "since": utc(self.since)}


def _same_tenant(one: str, other: str) -> bool:
    try:
        hosts = [urlsplit(address).hostname or "" for address in (one, other)]
    except ValueError:
        hosts = [""]
    # Each sandbox takes the port that is free.
    return one == other or all(map(is_loopback, hosts))


def check_comparable(before: AuditReport, *, tenant: str, list_all: bool, filter: str | None) -> None:
    """Raises if an audit can't be compared with an earlier one.

    Args:
        before: the earlier one.
        tenant: address of the tenant that this one is of.
        list_all: whether this one has everybody's connections.
        filter: the SCIM expression that chose its connections.

    Raises:
        JobError: it can't.
    """
    if not _same_tenant(before.tenant, tenant):
        raise JobError(f"The earlier audit is of {before.tenant}, this one of {tenant}.")
    if before.list_all != list_all:
        raise JobError(
            "One of the audits has everybody's connections, the other those of the caller alone: what appeared and"
            " vanished could not be told."
        )
    if before.filter != filter:
        raise JobError(
            "The audits are of other selections: the filter of the earlier one was"
            f" {before.filter or 'none'}, this one's is {filter or 'none'}."
        )


def compare_audits(before: AuditReport, after: AuditReport) -> AuditChanges:
    """What changed from one audit to a later one.

    Args:
        before: the earlier one.
        after: the later one.

    Raises:
        JobError: they are of different tenants, have different filters, or one has everybody's connections and the
            other the caller's alone.
    """
    check_comparable(before, tenant=after.tenant, list_all=after.list_all, filter=after.filter)
    old = {connection.id: connection for connection in before.connections if connection.id is not None}
    new = {connection.id: connection for connection in after.connections if connection.id is not None}
    both = [(old[id], connection) for id, connection in new.items() if id in old]

    def changed(read: Callable[[AuditedConnection], str | None]) -> list[Change]:
        return [Change(now.id or "", now.name, read(then), read(now)) for then, now in both if read(then) != read(now)]

    def turned(state: bool) -> list[Mention]:
        return [
            Mention(now.id or "", now.name)
            for then, now in both
            if now.is_connected is state and then.is_connected is (not state)
        ]

    return AuditChanges(
        since=before.made_at,
        appeared=[Mention(id, connection.name) for id, connection in new.items() if id not in old],
        vanished=[Mention(id, connection.name) for id, connection in old.items() if id not in new],
        renamed=changed(lambda connection: connection.name),
        changed_owner=changed(lambda connection: connection.owner_id),
        changed_space=changed(lambda connection: connection.space_id),
        broke=turned(False),
        mended=turned(True),
    )
