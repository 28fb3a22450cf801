"""The checks themselves."""

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
