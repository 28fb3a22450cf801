"""Finds the automations that use connections."""

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

from ... import (
    Automation,
    AutomationSummary,
    BadRequestError,
    ConfigurationError,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
    Tenant,
    UnexpectedResponseError,
)
from ..._arguments import identifier
from .._cancellation import cancellable, check_cancelled
from .._parallel import WORKERS, Done, side_by_side
from .._progress import OnProgress, Progress, ignore
from .._remap.json_scanner import STRING, decode
from .._remap.mentions import IdFinder
from .._remap.workspaces import search
from .report import UnreadAutomation, UsageReport, UsingAutomation

_JOB: Final = "usage"
NOT_TOLD: Final = (BadRequestError, PermissionDeniedError, NotFoundError, InternalServerError, UnexpectedResponseError)
"""What a tenant may answer that shows the caller no automations."""


def usage(
    tenant: Tenant,
    ids: Iterable[str],
    *,
    list_all: bool = False,
    workers: int = WORKERS,
    on_progress: OnProgress | None = None,
    cancel: threading.Event | None = None,
) -> UsageReport:
    """Says which automations use connections. The service does not, so workspaces are read.

    Only automations that have a connector of one of the connections are read, and those that do not say which they
    have.

    Args:
        tenant: where.
        ids: the connections; one that is gone may still be used.
        list_all: look at everybody's automations, for administrators; otherwise at the caller's.
        workers: reads side by side, 1 or more.
        on_progress: told after each automation that was read.
        cancel: ends it when set.

    Returns:
        Which automations use which connection, and which could not be read. An id in a text, such as code, counts.

    Raises:
        ConfigurationError: an id is none; nothing was sent.
        JobCancelled: it was cancelled.
        AuthenticationError, APIConnectionError: the sign-in was refused, or nobody answers.
        APIError: the list can't be had.

    Sends one GET a connection, one a page of the list of automations, and one an automation that is read (tier 1).
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
    told = on_progress or ignore
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
        told(Progress(_JOB, looked_at + len(unread), len(candidates), len(unread)))

    side_by_side(
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
    """The connectors of the connections, None if that of one is not known; and the connections that are not there."""
    found: set[str | None] = set()
    missing: list[str] = []

    def read(id: str) -> str | None:
        try:
            return tenant.connections.get(id).connector_id
        except NotFoundError:
            # An automation may refer to a connection that is gone, or out of the caller's sight.
            missing.append(id)
            return None

    def take(done: Done[str, str | None]) -> None:
        found.add(done.result)

    side_by_side(read, ids, take, workers=workers, cancel=cancel)
    connectors = None if None in found else frozenset(id for id in found if id is not None)
    return connectors, [id for id in ids if id in set(missing)]


def _candidates(
    tenant: Tenant, connectors: frozenset[str] | None, unread: list[UnreadAutomation], *, list_all: bool
) -> Iterator[AutomationSummary]:
    for item in tenant.automations.list(list_all=list_all):
        if item.id is None:
            unread.append(UnreadAutomation(None, item.name, "The list shows it without an id."))
        elif connectors is None or not item.connector_ids or not connectors.isdisjoint(item.connector_ids):
            yield item


def _used(automation: Automation, finder: IdFinder) -> dict[str, tuple[str, ...]]:
    """The connections that an automation uses, each with the names of the blocks that do."""
    workspace: Any = automation.workspace.to_dict() if automation.workspace is not None else {}
    text = json.dumps({"workspace": workspace}, ensure_ascii=False)
    found = search(text, finder)
    used: dict[str, list[str]] = {}
    for reference in found.references:
        id = decode(text, reference.start, reference.end) if reference.kind == STRING else ""
        if id in finder:
            labels = reference.block.labels
            used.setdefault(id, []).append(
                labels.get("displayName") or labels.get("name") or labels.get("id") or "a block"
            )
    for mention in found.mentions:
        used.setdefault(mention.id, [])
    return {id: tuple(dict.fromkeys(blocks)) for id, blocks in used.items()}
