"""Do the same for many connections concurrently, with a journal to resume from."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Protocol, TypeVar

from attrs import define, field, frozen

from qlik_automation_connections_api.types import Row

from .. import APIError, APIStatusError, ConfigurationError, Tenant
from .._arguments import identifier
from ._document import Part, read
from ._journal import Entry, Journal, JournalHeader, header_of
from ._parallel import WORKERS, Done, check_workers, run_concurrently
from ._progress import OnProgress, Progress, ignore
from ._table import Table
from ._usage.report import UsageAnswer

T = TypeVar("T")


class Result(Protocol):
    """The outcome for one connection; an attrs class.

    Attributes:
        id: The connection.
        error: Why it failed; None if it did not. The next run retries failures.
        is_broken: Whether it counts as failed even without an error.
    """

    @property
    def id(self) -> str: ...

    @property
    def error(self) -> str | None: ...

    @property
    def is_broken(self) -> bool: ...

    def to_dict(self) -> dict[str, Any]: ...


R = TypeVar("R", bound=Result)


def distinct(ids: Iterable[str]) -> list[str]:
    """Return ids in order, without duplicates.

    Raises:
        ConfigurationError: An id is invalid.
    """
    if isinstance(ids, str):
        raise ConfigurationError("ids must be a collection of ids, not one string.")
    return list(dict.fromkeys(identifier("an id", id) for id in ids))


def for_each(
    job: str,
    tenant: Tenant,
    ids: Iterable[str],
    work: Callable[[str], T],
    result_of: Callable[[Done[str, T]], R],
    result_type: type[R],
    results: dict[str, R],
    *,
    subject: dict[str, Any] | None = None,
    workers: int = WORKERS,
    journal: str | Path | None = None,
    on_result: Callable[[R], None] | None = None,
    on_progress: OnProgress | None = None,
    cancel: threading.Event | None = None,
) -> tuple[list[str], int]:
    """Do the same for many connections, except those with a good result in the journal.

    Args:
        job: Name of the job.
        tenant: The tenant.
        ids: Connections; duplicates are ignored.
        work: Called with each id, in a thread.
        result_of: Converts an outcome to a result.
        result_type: Class of the results.
        results: Filled with results by id, those of an earlier run first; filled even if this run fails.
        subject: What else identifies a run, besides job and tenant.
        workers: Threads, 1 or more.
        journal: File that keeps the results.
        on_result: Called with each result.
        on_progress: Called after each result.
        cancel: Stops the job when set.

    Returns:
        All ids, and how many of the results are from an earlier run.

    Raises:
        ConfigurationError: An id or `workers` is invalid; nothing was sent.
        JobError: The journal can't be used.
        AuthenticationError: Signing in failed.
        APIConnectionError: `workers` calls in a row, 3 at least, got no response.
    """
    wanted = distinct(ids)
    check_workers(workers)
    known: dict[str, R] = {}

    def replay(entry: Entry) -> None:
        item = read(result_type, entry, "result")
        known[item.id] = item

    header = JournalHeader(job, tenant.url, subject or {}, ids=wanted)
    with nullcontext() if journal is None else Journal(journal, header, replay) as kept:
        results.update({id: known[id] for id in wanted if id in known and known[id].error is None})
        resumed = len(results)
        failed = sum(item.is_broken or item.error is not None for item in results.values())

        def take(done: Done[str, T]) -> None:
            nonlocal failed
            item = result_of(done)
            if kept is not None:
                kept.note(item.to_dict())
            results[item.id] = item
            failed += item.is_broken or item.error is not None
            if on_result is not None:
                on_result(item)
            (on_progress or ignore)(Progress(job, len(results), len(wanted), failed))

        run_concurrently(work, [id for id in wanted if id not in results], take, workers=workers, cancel=cancel)
    return wanted, resumed


def stopped_job(path: str | Path, job: str) -> JournalHeader | None:
    """Return the journal header of a job that was stopped.

    Args:
        path: The journal.
        job: Name of the job.

    Returns:
        The header; None if the file is absent or has no header yet.

    Raises:
        JobError: The journal can't be read or belongs to another job, or the job is still running.
    """
    header = header_of(path, JournalHeader)
    if header is not None:
        with Journal(path, JournalHeader(job, header.tenant, header.subject), lambda _: None):
            pass
    return header


@frozen
class ChangedConnection(Part):
    """The outcome of changing one connection.

    Attributes:
        id: The connection.
        error: Why it failed; None if it did not.
        status_code: Status of the error response; None if there was none.
    """

    id: str
    error: str | None = None
    status_code: int | None = None

    @property
    def is_broken(self) -> bool:
        """Whether it failed."""
        return self.error is not None


@define(repr=False)
class BulkReport(Table):
    """The outcome of changing many connections.

    Attributes:
        tenant: Address of the tenant.
        change: What was changed: `delete`, `change-owner` or `change-space`.
        to: The new owner or space; None for a personal space, or if the change has no target.
        done: Connections that were changed, in the order given.
        failed: Connections that could not be changed.
        left: Ids that were not processed.
        resumed: How many of `done` are from an earlier run.
        usage: Whether automations used each before: `used`, `unused` (all were read), or `unknown`; empty if not looked
            up.
    """

    FORMAT = "bulk-report"
    TITLE = "report of a bulk change"
    ROWS = "failed"
    DERIVED = ("is_complete",)
    tenant: str
    change: str
    to: str | None
    done: list[str] = field(repr=False)
    failed: list[ChangedConnection] = field(factory=list)
    left: list[str] = field(factory=list, repr=False)
    resumed: int = 0
    usage: dict[str, UsageAnswer] = field(factory=dict, repr=False)

    def rows(self) -> list[Row]:
        """Return a row for each connection: its id, whether it was `changed`, `failed` or `left`, and the error."""
        outcomes: list[tuple[str, str, str | None]] = [(id, "changed", None) for id in self.done]
        outcomes += [(item.id, "failed", item.error) for item in self.failed]
        outcomes += [(id, "left", None) for id in self.left]
        return [{"id": id, "outcome": outcome, "error": error} for id, outcome, error in outcomes]

    def _figures(self) -> dict[str, int]:
        return {"done": len(self.done), "failed": len(self.failed), "left": len(self.left), "resumed": self.resumed}

    @property
    def is_complete(self) -> bool:
        """Whether all were changed."""
        return not self.failed and not self.left


class BulkChange:
    """One change, made to many connections.

    Args:
        tenant: The tenant.
        ids: Connections; duplicates are ignored.
        change: `delete`, `change-owner` or `change-space`.
        to: The new owner or space.
        failed: Connections that can't be changed, in the report only.

    Attributes:
        usage: Whether automations use the connections, for the report.
        errors: Errors by connection id.

    Raises:
        ConfigurationError: An id is invalid.
    """

    def __init__(
        self,
        tenant: Tenant,
        ids: Iterable[str],
        change: str,
        to: str | None = None,
        *,
        failed: Iterable[ChangedConnection] = (),
    ) -> None:
        self.usage: dict[str, UsageAnswer] = {}
        self.errors: dict[str, APIError] = {}
        self._failed = list(failed)
        self._tenant, self._change, self._to = tenant, change, to
        self._ids = distinct(ids)
        self._results: dict[str, ChangedConnection] = {}
        self._resumed = 0

    @property
    def report(self) -> BulkReport:
        """The outcome so far."""
        results = [self._results[id] for id in self._ids if id in self._results]
        return BulkReport(
            tenant=self._tenant.url,
            change=self._change,
            to=self._to,
            done=[result.id for result in results if not result.is_broken],
            failed=[*(result for result in results if result.is_broken), *self._failed],
            left=[id for id in self._ids if id not in self._results],
            resumed=self._resumed,
            usage=dict(self.usage),
        )

    def run(
        self,
        work: Callable[[str], None],
        *,
        workers: int = WORKERS,
        journal: str | Path | None = None,
        on_progress: OnProgress | None = None,
        cancel: threading.Event | None = None,
    ) -> None:
        """Change the connections that the journal does not list as changed.

        Args:
            work: Changes one connection; must be harmless if it was already changed.
            workers: Threads, 1 or more.
            journal: File that keeps what was done, so that a later run of the same change can resume.
            on_progress: Called after each connection.
            cancel: Stops the job when set.

        Raises:
            JobError: The journal can't be used, or belongs to another change.
            AuthenticationError: Signing in failed.
            APIConnectionError: `workers` calls in a row, 3 at least, got no response.
        """
        _, self._resumed = for_each(
            self._change,
            self._tenant,
            self._ids,
            work,
            self._result,
            ChangedConnection,
            self._results,
            subject={} if self._to is None else {"to": self._to},
            workers=workers,
            journal=journal,
            on_progress=on_progress,
            cancel=cancel,
        )

    def _result(self, done: Done[str, None]) -> ChangedConnection:
        if done.error is None:
            return ChangedConnection(done.item)
        self.errors[done.item] = done.error
        status = done.error.status_code if isinstance(done.error, APIStatusError) else None
        return ChangedConnection(done.item, str(done.error), status)
