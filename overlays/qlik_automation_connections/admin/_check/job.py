"""Check many connections concurrently, with a journal to resume from."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from ... import APIConnectionError, APIStatusError, CheckResult, Tenant
from .._bulk import for_each
from .._document import now
from .._parallel import WORKERS, Done
from .._progress import OnProgress
from .report import CheckedConnection, CheckReport

CHECK: Final = "check"


def _result(done: Done[str, CheckResult]) -> CheckedConnection:
    error = done.error
    if error is None:
        connected = done.result.connected if done.result is not None else None
        words = None if connected is not None else "The service did not say whether it works."
        return CheckedConnection(done.item, connected, done.seconds, words)
    status = error.status_code if isinstance(error, APIStatusError) else None
    unreachable = isinstance(error, APIConnectionError)
    return CheckedConnection(done.item, None, done.seconds, str(error), status, unreachable=unreachable)


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
    """Check connections concurrently.

    Args:
        tenant: The tenant.
        ids: Connections to check; duplicates are ignored.
        workers: Threads, 1 or more.
        journal: File that keeps the results, so that a later run with the same file can resume; connections that
            could not be checked are checked again. It holds ids, states and errors.
        on_result: Called with each result, as soon as it is known.
        on_progress: Called after each check. Connections that don't work or could not be checked count as failed.
        cancel: Stops the checks when set; the report then lists what is left.

    Returns:
        The results.

    Raises:
        ConfigurationError: An id or `workers` is invalid; nothing was sent.
        JobError: The journal can't be used.
        AuthenticationError: Signing in failed.
        APIConnectionError: `workers` checks in a row, 3 at least, got no response.

    Sends one POST per connection (tier 2).
    """
    began_at = now()
    found: dict[str, CheckedConnection] = {}
    wanted, resumed = for_each(
        CHECK,
        tenant,
        ids,
        tenant.connections.check,
        _result,
        CheckedConnection,
        found,
        workers=workers,
        journal=journal,
        on_result=on_result,
        on_progress=on_progress,
        cancel=cancel,
    )
    return CheckReport(
        tenant=tenant.url,
        began_at=began_at,
        ended_at=now(),
        checked=[found[id] for id in wanted if id in found],
        left=[id for id in wanted if id not in found],
        resumed=resumed,
    )
