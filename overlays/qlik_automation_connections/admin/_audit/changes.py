"""What changed between two audits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

from ..._arguments import is_loopback
from .._errors import JobError
from .report import AuditChanges, AuditedConnection, AuditReport, Change, Mention

KINDS: Final[Mapping[str, str]] = {
    "appeared": "Appeared",
    "vanished": "Vanished",
    "renamed": "Renamed",
    "changed_owner": "Owner changed",
    "changed_space": "Space changed",
    "broke": "Stopped being connected",
    "mended": "Connected again",
}
"""The lists of `AuditChanges` with their titles, in display order."""


def _same_tenant(one: str, other: str) -> bool:
    try:
        hosts = [urlsplit(address).hostname or "" for address in (one, other)]
    except ValueError:
        hosts = [""]
    # Sandboxes listen on any free port.
    return one == other or all(map(is_loopback, hosts))


def check_comparable(before: AuditReport, *, tenant: str, list_all: bool, filter: str | None) -> None:
    """Refuse to compare an audit with an earlier one of something else.

    Args:
        before: The earlier audit.
        tenant: Tenant of the later audit.
        list_all: Whether the later audit covers everybody's connections.
        filter: Filter of the later audit.

    Raises:
        JobError: They can't be compared.
    """
    if not _same_tenant(before.tenant, tenant):
        raise JobError(f"The earlier audit is of {before.tenant}, this one of {tenant}.")
    if before.list_all != list_all:
        raise JobError(
            "One of the audits covers everybody's connections, the other only the caller's, so what appeared or"
            " vanished is unknown."
        )
    if before.filter != filter:
        raise JobError(
            f"The audits have different filters: {before.filter or 'none'} in the earlier one, {filter or 'none'} in"
            " this one."
        )


def compare_audits(before: AuditReport, after: AuditReport) -> AuditChanges:
    """Compare an audit with an earlier one.

    Args:
        before: The earlier audit.
        after: The later audit.

    Raises:
        JobError: The audits are of different tenants, have different filters, or one covers everybody's connections
            and the other only the caller's.
    """
    check_comparable(before, tenant=after.tenant, list_all=after.list_all, filter=after.filter)
    old = {connection.id: connection for connection in before.connections}
    new = {connection.id: connection for connection in after.connections}
    both = [(old[id], connection) for id, connection in new.items() if id in old]

    def changed(read: Callable[[AuditedConnection], str | None]) -> list[Change]:
        return [Change(now.id, now.name, read(then), read(now)) for then, now in both if read(then) != read(now)]

    def turned(state: bool) -> list[Mention]:
        return [
            Mention(now.id, now.name)
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
        before=before.figures,
    )
