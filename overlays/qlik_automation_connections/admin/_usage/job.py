"""Find the automations that use connections."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from ... import Automation, AutomationSummary, Connection, OAuthClient, Tenant
from ..._arguments import is_identifier
from ...errors import (
    BadRequestError,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
    UnexpectedResponseError,
)
from .._backup.reasons import why
from .._bulk import distinct
from .._cancellation import cancellable, check_cancelled
from .._parallel import WORKERS, Done, run_concurrently
from .._progress import OnProgress, Progress, ignore
from .._remap.id_finder import IdFinder
from .._remap.workspaces import ELSEWHERE, search
from .report import UnreadAutomation, UsageReport, UsingAutomation

_JOB: Final = "usage"
HINT: Final = (
    "An OAuth client with the scope admin.automations can read everybody's automations. Sign in with one for them:"
    " automations_auth= (--automations-context), or QLIK_AUTOMATIONS_OAUTH_CLIENT_ID and"
    " QLIK_AUTOMATIONS_OAUTH_CLIENT_SECRET."
)
_HINT_FOR_CLIENTS: Final = (
    "The OAuth client needs the scope admin.automations to read them. If they were deleted meanwhile, try again."
)
_Uses = tuple[dict[str, tuple[str, ...]], str | None]
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
    """Find the automations that use connections. The API has no such query, so all workspaces are read.

    The service shows a workspace to its owner, and to an OAuth client with the scope `admin.automations`: to search
    everybody's automations, give the tenant one as `automations_auth`.

    Args:
        tenant: The tenant to search.
        ids: The connections; deleted ones may still be in use.
        list_all: Search everybody's automations, for administrators; otherwise the caller's.
        workers: Concurrent reads, 1 or more.
        on_progress: Called after each automation.
        cancel: Stops the job when set.

    Returns:
        Which automations use which connection, and which could not be read. An id within text, such as code, counts.
        A connection without users is `unused` if all automations were read, otherwise `unknown`.

    Raises:
        ConfigurationError: An id is invalid; nothing was sent.
        JobCancelled: `cancel` was set.
        AuthenticationError, APIConnectionError: Signing in failed, or the tenant can't be reached.
        APIError: The list of automations could not be read.

    Sends one GET per connection, per page of the list of automations, and per automation read (tier 1).
    """
    wanted = distinct(ids)
    users: dict[str, list[UsingAutomation]] = {id: [] for id in wanted}
    unread: list[UnreadAutomation] = []
    if not wanted:
        return UsageReport(tenant.url, list_all, users, 0)
    with cancellable(cancel, _JOB):
        missing = _missing(tenant, wanted, workers, cancel)
        # All of them: the connectors that an automation lists are not those of its blocks for files.
        candidates = list(_candidates(tenant, unread, list_all=list_all))
        check_cancelled(cancel, _JOB)
    finder = IdFinder(wanted)
    notify = on_progress or ignore
    looked_at = 0

    def take(done: Done[AutomationSummary, _Uses]) -> None:
        nonlocal looked_at
        item = done.item
        used, reason = done.result or ({}, None)
        for id, blocks in used.items():
            users[id].append(UsingAutomation(item.id, item.name, item.owner_id, item.state, blocks))
        if done.error is not None:
            reason = why(done.error)
        if reason is not None:
            refused = isinstance(done.error, (PermissionDeniedError, NotFoundError))
            unread.append(UnreadAutomation(item.id, item.name, reason, refused))
        else:
            looked_at += 1
        notify(Progress(_JOB, looked_at + len(unread), len(candidates), len(unread)))

    def read(item: AutomationSummary) -> _Uses:
        return _used(tenant.automations.get(item.id), finder)

    run_concurrently(read, candidates, take, workers=workers, cancel=cancel, ordered=True)
    check_cancelled(cancel, _JOB)
    hint = None
    if not list_all or any(automation.refused for automation in unread):
        hint = _HINT_FOR_CLIENTS if isinstance(tenant.automations_auth, OAuthClient) else HINT
    elif unread:
        hint = "Try again."
    return UsageReport(tenant.url, list_all, users, looked_at, unread, missing, hint)


def _missing(tenant: Tenant, ids: Collection[str], workers: int, cancel: threading.Event | None) -> list[str]:
    """Return the connections that are not found. Automations may still use them."""
    missing: list[str] = []

    def take(done: Done[str, Connection]) -> None:
        if isinstance(done.error, NotFoundError):
            missing.append(done.item)

    run_concurrently(tenant.connections.get, ids, take, workers=workers, cancel=cancel, ordered=True)
    return missing


def _candidates(tenant: Tenant, unread: list[UnreadAutomation], *, list_all: bool) -> Iterator[AutomationSummary]:
    seen: set[str] = set()
    for page in tenant.automations.list(list_all=list_all).pages():
        unread += [UnreadAutomation(None, name, "The list has no id for it.") for name in page.left_out]
        for item in page.items:
            if item.id in seen:  # changes during listing may cause duplicates
                continue
            if is_identifier(item.id):
                yield item
            else:
                unread.append(UnreadAutomation(item.id, item.name, "Its id is not valid, so it can't be read."))
            seen.add(item.id)


def _used(automation: Automation, finder: IdFinder) -> _Uses:
    """Return the connections that an automation uses, each with the names of the blocks, and why there may be more."""
    if automation.workspace is None:
        return {}, "The response has no workspace."
    found = search({"workspace": automation.workspace.to_dict()}, finder)
    used: dict[str, list[str]] = {}
    for reference in found.references:
        if isinstance(reference.value, str) and reference.value in finder:
            block = reference.block
            used.setdefault(reference.value, []).append(block.name or block.id or "a block")
    for mention in found.mentions:
        for _, id in mention.ids:
            used.setdefault(id, [])
    unread = next((each for each in found.unreadable if each.reason != ELSEWHERE), None)
    reason = None if unread is None else f"Its workspace can't be searched whole: {unread.reason}."
    return {id: tuple(dict.fromkeys(blocks)) for id, blocks in used.items()}, reason
