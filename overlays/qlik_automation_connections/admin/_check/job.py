"""The checks themselves."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import NoneType
from typing import Any, Final

from attrs import asdict

from ... import APIStatusError, CheckResult, ConfigurationError, Tenant
from ..._arguments import identifier
from .._errors import JobError
from .._journal import Journal
from .._parallel import WORKERS, Done, check_workers, side_by_side
from .._progress import OnProgress, Progress, ignore
from .report import CheckedConnection, CheckReport

_JOB = "check"
_KINDS: Final[Mapping[str, tuple[type, ...]]] = {
    "id": (str,),
    "connected": (bool, NoneType),
    "seconds": (float, int),
    "error": (str, NoneType),
    "status_code": (int, NoneType),
}
"""What a line of the journal holds."""


def _found(done: Done[str, CheckResult]) -> CheckedConnection:
    error = done.error
    if error is None:
        connected = done.result.connected if done.result is not None else None
        words = None if connected is not None else "The service did not say whether it works."
        return CheckedConnection(done.item, connected, done.seconds, words)
    status = error.status_code if isinstance(error, APIStatusError) else None
    return CheckedConnection(done.item, None, done.seconds, str(error), status)


def _given(ids: Iterable[str]) -> list[str]:
    if isinstance(ids, str):
        raise ConfigurationError("ids must be a collection of ids, not one string.")
    return list(dict.fromkeys(identifier("an id", id) for id in ids))


def _go_on(journal: Journal, tenant: Tenant, ids: list[str]) -> dict[str, CheckedConnection]:
    """What the journal knows already. Those that could not be checked are checked again."""
    if journal.header is None:
        journal.begin({"tenant": tenant.url, "ids": ids})
        return {}
    if journal.header.get("tenant") != tenant.url:
        raise JobError(f"The journal {journal.path} is of {journal.header.get('tenant')}, not of {tenant.url}.")
    known = [_noted(journal, number, entry) for number, entry in enumerate(journal.entries, start=2)]
    return {item.id: item for item in known if item.error is None}


def _noted(journal: Journal, number: int, entry: dict[str, Any]) -> CheckedConnection:
    fits = entry.keys() == _KINDS.keys() and all(type(entry[name]) in kinds for name, kinds in _KINDS.items())
    if not fits:
        raise JobError(f"{journal.path} is a damaged journal of checks: line {number} is no result of one.")
    return CheckedConnection(**entry)


def check(
    tenant: Tenant,
    ids: Iterable[str],
    *,
    workers: int = WORKERS,
    journal: str | Path | None = None,
    on_result: Callable[[CheckedConnection], None] | None = None,
    on_progress: OnProgress | None = None,
    cancel: threading.Event | None = None,
) -> CheckReport:
    """Checks connections side by side.

    Args:
        tenant: where.
        ids: which; one that is given twice is checked once.
        workers: threads, 1 or more.
        journal: a file that keeps what was found, so that a later run with the same file goes on where this one
            stopped; connections that could not be checked are checked again. It holds ids, states and errors.
        on_result: told what each check found, as soon as it did.
        on_progress: told after each check; what does not work or could not be checked counts as failed.
        cancel: ends the checks when set; the report then names what is left.

    Returns:
        What was found.

    Raises:
        ConfigurationError: an id or `workers` is none; nothing was sent.
        JobError: the journal can't be used.
        AuthenticationError: the sign-in was refused.
        APIConnectionError: nobody answered, `workers` times in a row.

    Sends one POST a connection (tier 2).
    """
    wanted = _given(ids)
    check_workers(workers)
    told = on_progress or ignore
    began = datetime.now(UTC)
    with ExitStack() as stack:
        kept = stack.enter_context(Journal(journal, _JOB)) if journal is not None else None
        found = _go_on(kept, tenant, wanted) if kept is not None else {}
        found = {id: found[id] for id in wanted if id in found}
        resumed = len(found)
        failed = sum(item.is_broken for item in found.values())

        def take(done: Done[str, CheckResult]) -> None:
            nonlocal failed
            item = _found(done)
            if kept is not None:
                kept.note(asdict(item))
            found[item.id] = item
            failed += item.is_broken
            if on_result is not None:
                on_result(item)
            told(Progress(_JOB, len(found), len(wanted), failed))

        side_by_side(
            tenant.connections.check, [id for id in wanted if id not in found], take, workers=workers, cancel=cancel
        )
    return CheckReport(
        tenant=tenant.url,
        began_at=began,
        ended_at=datetime.now(UTC),
        checked=[found[id] for id in wanted if id in found],
        left=[id for id in wanted if id not in found],
        resumed=resumed,
    )
