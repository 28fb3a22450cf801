"""Audit connections."""

from __future__ import annotations

import threading
from collections.abc import Collection
from datetime import UTC, datetime

from ... import ConfigurationError, ConnectionSummary, Tenant
from .._cancellation import cancellable, check_cancelled
from .._managed import is_managed
from .._name_lookup import NameLookup, OnFailure
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


def audit(
    tenant: Tenant,
    list_all: bool = False,
    *,
    filter: str | None = None,
    untouched_days: int = 365,
    active_users: Collection[str] | None = None,
    names: Names | None = None,
    look_up_names: bool = True,
    on_failed_names: OnFailure | None = None,
    since: AuditReport | None = None,
    now: datetime | None = None,
    on_progress: OnProgress | None = None,
    cancel: threading.Event | None = None,
) -> AuditReport:
    """List connections, and find problems with them.

    Args:
        tenant: The tenant to audit.
        list_all: Audit everybody's connections, for administrators; otherwise the caller's.
        filter: SCIM expression that selects connections.
        untouched_days: Days without a change after which a connection counts as untouched, 1 or more.
        active_users: Ids of the users who may own connections; None for all but those who are disabled, deleted, or
            gone, as the tenant says.
        names: Names of users, spaces and connectors, to show beside ids.
        look_up_names: Ask the tenant for missing names, as `fetch_names` does, and for inactive owners.
        on_failed_names: Called with the reason, once, if something could not be looked up; otherwise it is logged.
        since: An earlier audit, to find what changed.
        now: Time that ages are counted from, with a time zone; None for the current time.
        on_progress: Called after each page.
        cancel: Stops the audit when set.

    Returns:
        All connections, each id once, with findings, counts and changes.

    Raises:
        ConfigurationError: An argument is invalid; nothing was sent.
        JobCancelled: `cancel` was set.
        JobError: `since` is not comparable; nothing was sent.
        APIError: The list could not be read.

    Sends one GET per page of 200 connections, and those of `fetch_names` (tier 1).
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
    notify = on_progress or ignore
    known = names or Names()
    listed: list[ConnectionSummary] = []
    ids: set[str] = set()
    left_out: list[str | None] = []
    with cancellable(cancel, _JOB):
        for page in pager.pages():
            # A connection that changes while pages are read can be on two of them.
            listed += [item for item in page.items if item.id not in ids]
            ids.update(item.id for item in page.items)
            left_out += page.left_out
            notify(Progress(_JOB, len(listed), None if page.next_cursor else len(listed)))
            check_cancelled(cancel, _JOB)
        if look_up_names:
            known = NameLookup(tenant, known, on_failed_names, cancel).look_up(
                users=(item.owner_id for item in listed),
                spaces=(item.space_id for item in listed),
                connectors=(item.connector_id for item in listed),
                with_status=active is None,
            )
            check_cancelled(cancel, _JOB)
    connections = [_audited(item, known) for item in listed]
    moment = now or datetime.now(UTC)
    report = AuditReport(
        tenant=tenant.url,
        made_at=moment,
        list_all=list_all,
        untouched_days=untouched_days,
        active_users=None if active is None else len(active),
        connections=connections,
        findings=find(
            connections,
            now=moment,
            untouched_days=untouched_days,
            active_users=active,
            inactive_users=known.inactive_users,
        ),
        filter=filter,
        left_out=left_out,
    )
    if since is not None:
        report.changes = compare_audits(since, report)
    return report
