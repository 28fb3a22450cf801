"""Find the automations that use connections."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from ... import (
    Automation,
    AutomationSummary,
    BadRequestError,
    ConfigurationError,
    Connection,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
    Tenant,
    UnexpectedResponseError,
)
from ..._arguments import identifier
from .._cancellation import cancellable, check_cancelled
from .._parallel import WORKERS, Done, run_concurrently
from .._progress import OnProgress, Progress, ignore
from .._remap.id_finder import IdFinder
from .._remap.workspaces import search
from .report import UnreadAutomation, UsageReport, UsingAutomation

_JOB: Final = "usage"
NOT_TOLD: Final = (BadRequestError, PermissionDeniedError, NotFoundError, InternalServerError, UnexpectedResponseError)
"""Errors of a tenant that does not show its automations to the caller."""


def usage(
    tenant: Tenant,
    ids: Iterable[str],
    *,
    list_all: bool = False,
    workers: int = WORKERS,
    on_progress: OnProgress | None = None,
    cancel: threading.Event | None = None,
) -> UsageReport:
    """Find the automations that use connections. The API has no such query, so workspaces are read.

    Automations that list their connectors are skipped if none of the connections has one of these.

    Args:
        tenant: The tenant to search.
        ids: The connections; deleted ones may still be in use.
        list_all: Search everybody's automations, for administrators; otherwise the caller's.
        workers: Concurrent reads, 1 or more.
        on_progress: Called after each automation.
        cancel: Stops the job when set.

    Returns:
        Which automations use which connection, and which could not be read. An id within text, such as code, counts.

    Raises:
        ConfigurationError: An id is invalid; nothing was sent.
        JobCancelled: `cancel` was set.
        AuthenticationError, APIConnectionError: Signing in failed, or the tenant can't be reached.
        APIError: The list of automations could not be read.

    Sends one GET per connection, per page of the list of automations, and per automation read (tier 1).
    """
    if isinstance(ids, str):
        raise ConfigurationError("ids must be a collection of ids, not one string.")
    wanted = list(dict.fromkeys(identifier("an id", id) for id in ids))
    users: dict[str, list[UsingAutomation]] = {id: [] for id in wanted}
    unread: list[UnreadAutomation] = []
    if not wanted:
        return UsageReport(tenant.url, list_all, users, 0)
    with cancellable(cancel, _JOB):
        connectors, missing = _connectors(tenant, wanted, workers, cancel)
        candidates = list(_candidates(tenant, connectors, unread, list_all=list_all))
        check_cancelled(cancel, _JOB)
    finder = IdFinder(wanted)
    notify = on_progress or ignore
    looked_at = 0

    def take(done: Done[AutomationSummary, dict[str, tuple[str, ...]]]) -> None:
        nonlocal looked_at
        item = done.item
        if done.result is None:
            unread.append(UnreadAutomation(item.id, item.name, f"{done.error}"))
        else:
            looked_at += 1
            for id, blocks in done.result.items():
                users[id].append(UsingAutomation(item.id or "", item.name, item.owner_id, item.state, blocks))
        notify(Progress(_JOB, looked_at + len(unread), len(candidates), len(unread)))

    run_concurrently(
        lambda item: _used(tenant.automations.get(item.id or ""), finder),
        candidates,
        take,
        workers=workers,
        cancel=cancel,
        ordered=True,
    )
    check_cancelled(cancel, _JOB)
    return UsageReport(tenant.url, list_all, users, looked_at, unread, missing)


def _connectors(
    tenant: Tenant, ids: Collection[str], workers: int, cancel: threading.Event | None
) -> tuple[frozenset[str] | None, list[str]]:
    """Return the connections' connectors, or None if one is unknown, and the connections that were not found."""
    found: set[str | None] = set()
    missing: list[str] = []

    def take(done: Done[str, Connection]) -> None:
        found.add(None if done.result is None else done.result.connector_id)
        # Automations may still use a connection that is gone or not visible to the caller.
        if isinstance(done.error, NotFoundError):
            missing.append(done.item)

    run_concurrently(tenant.connections.get, ids, take, workers=workers, cancel=cancel, ordered=True)
    return None if None in found else frozenset(id for id in found if id is not None), missing


def _candidates(
    tenant: Tenant, connectors: frozenset[str] | None, unread: list[UnreadAutomation], *, list_all: bool
) -> Iterator[AutomationSummary]:
    for item in tenant.automations.list(list_all=list_all):
        if item.id is None:
            unread.append(UnreadAutomation(None, item.name, "The list has no id for it."))
        elif connectors is None or not item.connector_ids or not connectors.isdisjoint(item.connector_ids):
            yield item


def _used(automation: Automation, finder: IdFinder) -> dict[str, tuple[str, ...]]:
    """Return the connections that an automation uses, each with the names of the blocks that use it."""
    workspace = automation.workspace.to_dict() if automation.workspace is not None else None
    found = search({"workspace": workspace}, finder)
    used: dict[str, list[str]] = {}
    for reference in found.references:
        if isinstance(reference.value, str) and reference.value in finder:
            block = reference.block
            used.setdefault(reference.value, []).append(block.name or block.id or "a block")
    for mention in found.mentions:
        for _, id in mention.ids:
            used.setdefault(id, [])
    return {id: tuple(dict.fromkeys(blocks)) for id, blocks in used.items()}
