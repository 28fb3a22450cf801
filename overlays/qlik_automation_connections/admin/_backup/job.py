"""Back up connections to an archive."""

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
    ConnectionSummary,
    Page,
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
    """Return the default template of values for an archive: `NAME.values.ndjson` beside `NAME.ndjson`."""
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
    """Write connections to an archive: everything the service returns, except the values of params.

    The archive appears under its name when it is complete; until then it is `PATH.partial`. If that file exists, the
    backup is resumed: connections are listed again, but those in the file are not read again.

    Args:
        tenant: The tenant to back up.
        path: The archive; readable only by its owner.
        list_all: Back up everybody's connections, for administrators; otherwise the caller's.
        filter: SCIM expression that selects connections.
        ids: Back up only these, in this order; can't be combined with `list_all` or `filter`.
        values_template: File with a line for each param, to fill in before a restore. None for `NAME.values.ndjson`
            beside the archive, False for no file.
        overwrite: Replace existing files.
        page_size: Connections per page, 1 to 200; also how often the archive is flushed to disk.
        workers: Concurrent reads, 1 or more.
        on_progress: Called after each connection.
        cancel: Stops the backup when set; what was read is kept for the next run.

    Returns:
        What was written, and what could not be read and why.

    Raises:
        ConfigurationError: An argument is invalid; nothing was sent.
        JobError: A file exists, can't be written, or belongs to another backup.
        JobCancelled: `cancel` was set.
        AuthenticationError, APIConnectionError: Signing in failed, or the tenant can't be reached. What was read is
            kept.
        APIError: The connections can't be listed. What was read is kept.

    Sends one GET per page and one GET per connection (both tier 1).
    """
    path = Path(path)
    template = _template(path, values_template)
    named = _named(ids)
    if named is not None and (list_all or filter is not None):
        raise ConfigurationError("ids can't be combined with list_all or filter.")
    if tenant.is_closed:
        raise ConfigurationError(f"{tenant!r} is closed: create another, or call this inside its `with` block.")
    # These validate their arguments before anything is written or sent.
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
                listed = (each for page in pager.pages() for each in _on(page))
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
        raise ConfigurationError("values_template must not be the archive itself.")
    return template


def _named(ids: Iterable[str] | None) -> list[str] | None:
    if ids is None:
        return None
    if isinstance(ids, str):
        raise ConfigurationError("ids must be a collection of ids, not one string.")
    named = list(dict.fromkeys(ids))
    if not all(isinstance(id, str) and id for id in named):
        raise ConfigurationError("ids must be non-empty strings.")
    return named


def _on(page: Page[ConnectionSummary]) -> Iterator[tuple[str | None, str | None]]:
    """Yield the id and name of each connection on a page, those without an id last."""
    yield from ((item.id, item.name) for item in page.items)
    yield from ((None, name) for name in page.left_out)


@frozen
class _Listed:
    """A connection to read; its id is None if the list has none."""

    id: str | None
    name: str | None


@frozen
class _Unusable:
    """Why a connection could not be read, or its response not be used."""

    reason: str


class _Run:
    """Reads connections concurrently, and writes them in the order of the list."""

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
        # Reads without a response, until it is known whether the tenant is reachable.
        self._unanswered: list[UnreadConnection] = []
        self._sync_every = self._until_sync = 0

    def read_all(self, listed: Iterable[tuple[str | None, str | None]], sync_every: int) -> None:
        """Read the connections that are not written yet.

        Args:
            listed: Ids and names.
            sync_every: Number of connections after which to flush to disk.
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
            return _Unusable("The list has no id for it, so it can't be read.")
        try:
            document = self._tenant.connections.get_json(item.id)
        except ConfigurationError:
            if self._tenant.is_closed:
                raise
            return _Unusable("Its id is not valid, so it can't be read.")
        return without_secrets(document) if _is_connection(document) else _Unusable("The response is not a connection.")

    def _take(self, done: Done[_Listed, Scrubbed | _Unusable]) -> None:
        if isinstance(done.error, AuthenticationError):
            # It stops the backup; the next run reads the connection.
            return
        self._breaker.note(done.error)
        item, result = done.item, done.result
        if isinstance(done.error, APIConnectionError):
            self._unanswered.append(UnreadConnection(item.id, item.name, why(done.error)))
        else:
            self._write_unanswered()
            if done.error is not None or not isinstance(result, Scrubbed) or not self._write(item, result):
                reason = result.reason if isinstance(result, _Unusable) else "It has a value that JSON can't represent."
                unread = UnreadConnection(item.id, item.name, reason if done.error is None else why(done.error))
                self._write_unread(unread)
        failed = self._writer.unread_total + len(self._unanswered)
        self._on_progress(Progress(_JOB, self._writer.connections + failed, self._total, failed))
        self._until_sync -= 1
        if self._until_sync <= 0:
            self._until_sync = self._sync_every
            self._writer.sync()

    def _write(self, item: _Listed, kept: Scrubbed) -> bool:
        """Write a connection; return False if JSON can't represent it."""
        assert item.id is not None, "it was read by its id"
        try:
            self._writer.write_connection(item.id, kept)
        except ValueError:
            # A number too large for a float is read as infinity, which JSON can't represent.
            return False
        return True

    def _write_unread(self, unread: UnreadConnection) -> None:
        self._writer.write_unread(unread)

    def _write_unanswered(self) -> None:
        for unread in self._unanswered:
            self._write_unread(unread)
        self._unanswered.clear()

    def _see_that_it_answers(self) -> None:
        """Raise if the tenant can't be reached. Any response shows that it can."""
        with suppress(APIStatusError, UnexpectedResponseError):
            next(self._tenant.connections.list(limit=1).pages())


def _is_connection(document: dict[str, Any]) -> bool:
    """Return whether a document has anything of a connection."""
    wrapped = document.get("data")
    inner = wrapped if isinstance(wrapped, dict) and _OF_A_CONNECTION.isdisjoint(document) else document
    return not _OF_A_CONNECTION.isdisjoint(inner)
