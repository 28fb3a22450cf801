"""The same for many connections, side by side, with a journal to resume from."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Protocol, TypeVar

from attrs import define, field, frozen

from .. import APIError, APIStatusError, ConfigurationError, Tenant
from .._arguments import identifier
from ._document import Document, Part, read
from ._journal import Entry, Journal, JournalHeader, header_of
from ._parallel import WORKERS, Done, check_workers, run_concurrently
from ._progress import OnProgress, Progress, ignore

T = TypeVar("T")


class Result(Protocol):
    """The outcome for one connection; an attrs class.

    Attributes:
        id: The connection.
        error: Why it failed; None if it did not. It is tried again by the next run then.
        is_broken: Whether it counts as failed.
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
    """Return ids in their order, each once.

    Raises:
        ConfigurationError: Something in them can't be an id.
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
    """Do the same for many connections, those that the journal has a good result of excepted.

    Args:
        job: Its name.
        tenant: Where.
        ids: Which; one that is given twice is done once.
        work: What to do.
        result_of: Makes a result of its outcome.
        result_type: Its class.
        results: Gets the results by id, those of an earlier run first, however this one ends.
        subject: What else tells one run from another.
        workers: Threads, 1 or more.
        journal: A file that keeps the results.
        on_result: Told each result.
        on_progress: Told how far it is.
        cancel: Ends it when set.

    Returns:
        All ids, and how many of the results are from an earlier run.

    Raises:
        ConfigurationError: An id or `workers` is wrong; nothing was sent.
        JobError: The journal can't be used.
        AuthenticationError: The sign-in was refused.
        APIConnectionError: Nobody answered, `workers` times in a row.
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
        failed = sum(item.is_broken for item in results.values())

        def take(done: Done[str, T]) -> None:
            nonlocal failed
            item = result_of(done)
            if kept is not None:
                kept.note(item.to_dict())
            results[item.id] = item
            failed += item.is_broken
            if on_result is not None:
                on_result(item)
            (on_progress or ignore)(Progress(job, len(results), len(wanted), failed))

        run_concurrently(work, [id for id in wanted if id not in results], take, workers=workers, cancel=cancel)
    return wanted, resumed


def stopped_job(path: str | Path, job: str) -> JournalHeader | None:
    """Return what the journal of a job that was stopped is about.

    Args:
        path: The journal.
        job: The job.

    Returns:
        Its header; None if the file is absent, or the job was stopped before it began.

    Raises:
        JobError: It can't be read, is the journal of another job, or the job still runs.
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
        status_code: Status with which the service refused it; None if it did not.
    """

    id: str
    error: str | None = None
    status_code: int | None = None

    @property
    def is_broken(self) -> bool:
        """Whether it failed."""
        return self.error is not None


@define
class BulkReport(Document):
    """The outcome of changing many connections.

    Attributes:
        tenant: Address of the tenant.
        change: What was changed: `delete`, `change-owner` or `change-space`.
        to: The new owner or space; None for none.
        done: Connections that were changed, in the order of the ids that were given.
        failed: Those that were not.
        left: Ids that were not reached.
        resumed: How many of `done` are from an earlier run.
    """

    FORMAT = "bulk-report"
    TITLE = "report of a bulk change"
    DERIVED = ("is_complete",)
    tenant: str
    change: str
    to: str | None
    done: list[str] = field(repr=False)
    failed: list[ChangedConnection] = field(factory=list)
    left: list[str] = field(factory=list, repr=False)
    resumed: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether all were changed."""
        return not self.failed and not self.left


class BulkChange:
    """The same change of many connections.

    Args:
        tenant: Where.
        ids: Which; one that is given twice is changed once.
        change: `delete`, `change-owner` or `change-space`.
        to: The new owner or space.

    Attributes:
        errors: Why changes failed, by the connection.

    Raises:
        ConfigurationError: An id is wrong.
    """

    def __init__(self, tenant: Tenant, ids: Iterable[str], change: str, to: str | None = None) -> None:
        self.errors: dict[str, APIError] = {}
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
            failed=[result for result in results if result.is_broken],
            left=[id for id in self._ids if id not in self._results],
            resumed=self._resumed,
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
        """Change those that the journal does not know to be changed.

        Args:
            work: Changes one, so that it does no harm if it was changed already.
            workers: Threads, 1 or more.
            journal: A file that keeps what was done, so that a later run of the same change resumes.
            on_progress: Told after each connection.
            cancel: Ends it when set.

        Raises:
            JobError: The journal can't be used, or is of another change.
            AuthenticationError: The sign-in was refused.
            APIConnectionError: Nobody answered, `workers` times in a row.
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
