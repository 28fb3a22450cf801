"""The backup itself."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Literal

from attrs import frozen

from ... import (
    APIConnectionError,
    APIStatusError,
    AuthenticationError,
    ConfigurationError,
    Tenant,
    UnexpectedResponseError,
)
from .._cancellation import cancellable, check_cancelled
from .._parallel import WORKERS, CircuitBreaker, Done, run_concurrently
from .._progress import OnProgress, Progress, ignore
from .archive import UnreadConnection, checksum
from .reasons import why
from .report import BackupReport
from .scrubbing import Scrubbed, without_secrets
from .writer import ArchiveWriter

_JOB: Final = "backup"
_LARGEST_PAGE: Final = 200
_SUFFIXES: Final = frozenset({".ndjson", ".jsonl", ".json"})
_OF_A_CONNECTION: Final = frozenset({"id", "name", "connectorId", "params", "ownerId"})


def template_beside(path: Path) -> Path:
    """Return where the template of values of an archive is: `NAME.values.ndjson` beside `NAME.ndjson`."""
    stem = path.stem if path.suffix in _SUFFIXES else path.name
    return path.with_name(f"{stem}.values.ndjson")


def backup(
    tenant: Tenant,
    path: str | Path,
    *,
    list_all: bool = False,
    filter: str | None = None,
    ids: Iterable[str] | None = None,
    values_template: str | Path | Literal[False] | None = None,
    overwrite: bool = False,
    page_size: int = _LARGEST_PAGE,
    workers: int = WORKERS,
    on_progress: OnProgress | None = None,
    cancel: threading.Event | None = None,
) -> BackupReport:
    """Write what the service tells of connections into an archive, but for the values of their params.

    The archive appears under its name when it is whole. Until then it is `PATH.partial`; where that is, the backup is
    resumed: connections are listed again, and what is in it is not read again.

    Args:
        tenant: where.
        path: the archive; readable for its owner alone.
        list_all: everybody's connections, for administrators; otherwise the caller's.
        filter: only the connections that this SCIM expression names.
        ids: only these, in this order; neither list_all nor filter can be given then.
        values_template: a file with a line each param, to be filled in before a restore; `NAME.values.ndjson` beside
            the archive if None, none if False.
        overwrite: whether files of these names may be replaced.
        page_size: connections a page, 1 to 200; so often what was read is forced to disk.
        workers: reads side by side, 1 or more.
        on_progress: told after each connection.
        cancel: ends the backup when set; what was read stays for the next run.

    Returns:
        What was written, and what could not be read and why.

    Raises:
        ConfigurationError: an argument is wrong; nothing was sent.
        JobError: a file is in the way, can't be written, or is of another backup.
        JobCancelled: it was cancelled.
        AuthenticationError, APIConnectionError: the sign-in was refused, or nobody answers; what was read stays.
        APIError: the list can't be had; what was read stays.

    Sends one GET a page, and one GET each connection (both tier 1).
    """
    path = Path(path)
    template = _template(path, values_template)
    named = _named(ids)
    if named is not None and (list_all or filter is not None):
        raise ConfigurationError("ids name the connections already: give them without list_all and filter.")
    if tenant.is_closed:
        raise ConfigurationError(f"{tenant!r} is closed: make another, or call this inside its `with` block.")
    # They check what is given before anything is written or sent.
    tenant.connections.list(list_all=list_all, filter=filter, limit=page_size)
    run_concurrently(lambda item: item, (), lambda _: None, workers=workers)
    check_cancelled(cancel, _JOB)
    selection: dict[str, Any] = {"list_all": list_all, "filter": filter, "ids": None if named is None else len(named)}
    if named is not None:
        selection["ids_sha256"] = checksum(named)
    with ArchiveWriter(path, template, tenant.url, selection, overwrite=overwrite) as writer:
        resumed = writer.connections + writer.unread_total
        if not writer.is_whole:
            if named is None:
                pager = tenant.connections.list(list_all=list_all, filter=filter, limit=page_size)
                listed = ((summary.id, summary.name) for page in pager.pages() for summary in page.items)
            else:
                listed = ((id, None) for id in named)
            total = None if named is None else len(named)
            _Run(tenant, writer, workers, on_progress or ignore, cancel, total).read_all(listed, page_size)
        summary = writer.finish()
        return BackupReport(
            path=str(path),
            values_template=None if template is None else str(template),
            tenant=tenant.url,
            began_at=writer.began_at,
            ended_at=summary.ended_at,
            connections=summary.connections,
            unread_total=summary.unread,
            unread=tuple(writer.unread),
            resumed=resumed,
            sha256=summary.sha256,
            dropped=dict(sorted(writer.dropped.items())),
        )


def _template(path: Path, given: str | Path | Literal[False] | None) -> Path | None:
    if given is False:
        return None
    template = template_beside(path) if given is None else Path(given)
    if template == path:
        raise ConfigurationError("values_template must be another file than the archive.")
    return template


def _named(ids: Iterable[str] | None) -> list[str] | None:
    if ids is None:
        return None
    if isinstance(ids, str):
        raise ConfigurationError("ids must be a collection of ids, not one string.")
    named = list(dict.fromkeys(ids))
    if not all(isinstance(id, str) and id for id in named):
        raise ConfigurationError("ids must be strings that are not empty.")
    return named


@frozen
class _Listed:
    """A connection that is to be read; its id is None if the list shows none."""

    id: str | None
    name: str | None


@frozen
class _Unusable:
    """Why what came for a connection is not kept."""

    reason: str


class _Run:
    """Reads connections side by side, and writes what comes, in the order of the list."""

    def __init__(
        self,
        tenant: Tenant,
        writer: ArchiveWriter,
        workers: int,
        on_progress: OnProgress,
        cancel: threading.Event | None,
        total: int | None,
    ) -> None:
        self._tenant, self._writer, self._workers = tenant, writer, workers
        self._on_progress, self._cancel, self._total = on_progress, cancel, total
        self._breaker = CircuitBreaker(workers)
        # Reads that got no response, until it is known whether the tenant is there.
        self._unanswered: list[UnreadConnection] = []
        self._sync_every = self._until_sync = 0

    def read_all(self, listed: Iterable[tuple[str | None, str | None]], sync_every: int) -> None:
        """Read what is not written yet.

        Args:
            listed: Ids and names.
            sync_every: After how many connections they must be on disk.
        """
        self._sync_every = self._until_sync = sync_every
        run_concurrently(
            self._read, self._left(listed), self._take, workers=self._workers, cancel=self._cancel, ordered=True
        )
        check_cancelled(self._cancel, _JOB)
        if self._unanswered:
            with cancellable(self._cancel, _JOB):
                self._see_that_it_answers()
            self._write_unanswered()

    def _left(self, listed: Iterable[tuple[str | None, str | None]]) -> Iterator[_Listed]:
        rest = iter(listed)
        while True:
            with cancellable(self._cancel, _JOB):
                found = next(rest, None)
            if found is None:
                return
            id, name = found
            if self._writer.claim(id, name):
                yield _Listed(id, name)

    def _read(self, item: _Listed) -> Scrubbed | _Unusable:
        if item.id is None:
            return _Unusable("The list shows it without an id, so it can't be asked for.")
        try:
            document = self._tenant.connections.get_json(item.id)
        except ConfigurationError:
            if self._tenant.is_closed:
                raise
            return _Unusable("Its id is none that can be asked for.")
        return (
            without_secrets(document) if _is_of(document, item.id) else _Unusable("The response is of something else.")
        )

    def _take(self, done: Done[_Listed, Scrubbed | _Unusable]) -> None:
        if isinstance(done.error, AuthenticationError):
            # It ends the backup, and the connection is read by the next run.
            return
        self._breaker.note(done.error)
        item, result = done.item, done.result
        if isinstance(done.error, APIConnectionError):
            self._unanswered.append(UnreadConnection(item.id, item.name, why(done.error)))
        else:
            self._write_unanswered()
            if done.error is not None or not isinstance(result, Scrubbed) or not self._write(item, result):
                reason = result.reason if isinstance(result, _Unusable) else "It holds what JSON can't."
                unread = UnreadConnection(item.id, item.name, reason if done.error is None else why(done.error))
                self._write_unread(unread)
        failed = self._writer.unread_total + len(self._unanswered)
        self._on_progress(Progress(_JOB, self._writer.connections + failed, self._total, failed))
        self._until_sync -= 1
        if self._until_sync <= 0:
            self._until_sync = self._sync_every
            self._writer.sync()

    def _write(self, item: _Listed, kept: Scrubbed) -> bool:
        """Writes a connection; False if JSON can't hold it."""
        assert item.id is not None, "it was asked for by its id"
        try:
            self._writer.write_connection(item.id, kept)
        except ValueError:
            # A number that is too large for a float is infinite, which JSON has no word for.
            return False
        return True

    def _write_unread(self, unread: UnreadConnection) -> None:
        self._writer.write_unread(unread)

    def _write_unanswered(self) -> None:
        for unread in self._unanswered:
            self._write_unread(unread)
        self._unanswered.clear()

    def _see_that_it_answers(self) -> None:
        """Raises if the tenant is out of reach. A response of any kind tells that somebody is there."""
        with suppress(APIStatusError, UnexpectedResponseError):
            next(self._tenant.connections.list(limit=1).pages())


def _is_of(document: dict[str, Any], id: str) -> bool:
    """Whether a document is one of the connection that was asked for."""
    wrapped = document.get("data")
    inner = wrapped if isinstance(wrapped, dict) and _OF_A_CONNECTION.isdisjoint(document) else document
    told = inner.get("id")
    return not _OF_A_CONNECTION.isdisjoint(inner) and (told is None or str(told).lower() == id.lower())
