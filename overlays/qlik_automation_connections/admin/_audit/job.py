"""The audit itself."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from datetime import UTC, datetime

from ... import ConfigurationError, ConnectionSummary, Tenant
from .._cancellation import cancellable, check_cancelled
from .._connectors import connector_names
from .._managed import is_managed
from .._names import Names
from .._progress import OnProgress, Progress, ignore
from .changes import check_comparable, compare_audits
from .findings import find
from .report import AuditedConnection, AuditReport

_JOB = "audit"


def _audited(connection: ConnectionSummary, names: Names) -> AuditedConnection:
    return AuditedConnection(
        connection.id,
        connection.name,
        connection.connector_id,
        names.connectors.get(connection.connector_id or ""),
        connection.owner_id,
        names.users.get(connection.owner_id or ""),
        connection.space_id,
        names.spaces.get(connection.space_id or ""),
        connection.created_at,
        connection.updated_at,
        connection.is_connected,
        is_managed(connection.connector_id),
    )


def _name_connectors(tenant: Tenant, connections: list[AuditedConnection]) -> None:
    """Asks the tenant for the names of connectors that nobody gave; without an answer their ids have to do."""
    nameless = [item for item in connections if item.connector is None and item.connector_id is not None]
    names = (connector_names(tenant) or {}) if nameless else {}
    for item in nameless:
        item.connector = names.get(item.connector_id or "")


def _fresh(items: list[ConnectionSummary], ids: set[str]) -> Iterator[ConnectionSummary]:
    """Those that were on no page before: what is changed while pages are read can come on two of them."""
    for item in items:
        if item.id is not None:
            if item.id in ids:
                continue
            ids.add(item.id)
        yield item


def audit(
    tenant: Tenant,
    list_all: bool = False,
    *,
    filter: str | None = None,
    untouched_days: int = 365,
    active_users: Collection[str] | None = None,
    names: Names | None = None,
    since: AuditReport | None = None,
    now: datetime | None = None,
    on_progress: OnProgress | None = None,
    cancel: threading.Event | None = None,
) -> AuditReport:
    """Lists connections, and what somebody should look at.

    Args:
        tenant: where.
        list_all: everybody's connections, for administrators; otherwise the caller's.
        filter: only the connections that this SCIM expression names.
        untouched_days: after how many days without a change a connection counts as untouched, 1 or more.
        active_users: ids of the users who may own connections; None to take all for active.
        names: names of users, spaces and connectors, to be shown beside ids. For names of connectors that are not among
            them, the tenant is asked.
        since: an earlier audit, to say what changed.
        now: what ages are counted from; the present if None.
        on_progress: told after each page.
        cancel: ends the audit when set.

    Returns:
        All connections, each id once, with findings, counts and changes.

    Raises:
        ConfigurationError: an argument is wrong; nothing was sent.
        JobCancelled: it was cancelled.
        JobError: `since` can't be compared with; nothing was sent.
        APIError: the list can't be had.

    Sends one GET a page of 200 connections, and one a page of connectors where names are missing (tier 1).
    """
    if not isinstance(untouched_days, int) or isinstance(untouched_days, bool) or untouched_days < 1:
        raise ConfigurationError(f"untouched_days must be a whole number, 1 or more, not {untouched_days!r}.")
    if isinstance(active_users, str):
        raise ConfigurationError("active_users must be a collection of ids, not one string.")
    if now is not None and now.utcoffset() is None:
        raise ConfigurationError("now must have a time zone, such as datetime.now(UTC).")
    active = None if active_users is None else frozenset(active_users)
    pager = tenant.connections.list(filter=filter, list_all=list_all)
    if since is not None:
        check_comparable(since, tenant=tenant.url, list_all=list_all, filter=filter)
    told = on_progress or ignore
    known = names or Names()
    connections: list[AuditedConnection] = []
    ids: set[str] = set()
    with cancellable(cancel, _JOB):
        for page in pager.pages():
            connections.extend(_audited(connection, known) for connection in _fresh(page.items, ids))
            told(Progress(_JOB, len(connections), None if page.next_cursor else len(connections)))
            check_cancelled(cancel, _JOB)
        _name_connectors(tenant, connections)
    moment = now or datetime.now(UTC)
    report = AuditReport(
        tenant=tenant.url,
        made_at=moment,
        list_all=list_all,
        untouched_days=untouched_days,
        active_users=None if active is None else len(active),
        connections=connections,
        findings=find(connections, now=moment, untouched_days=untouched_days, active_users=active),
        filter=filter,
    )
    if since is not None:
        report.changes = compare_audits(since, report)
    return report
