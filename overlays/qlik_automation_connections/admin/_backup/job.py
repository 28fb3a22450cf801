"""The backup itself."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, Literal

from attrs import frozen

from ... import AuthenticationError, ConfigurationError, Tenant
from .._cancellation import cancellable, check_cancelled
from .._parallel import WORKERS, Done, Outage, side_by_side
from .._progress import OnProgress, Progress, ignore
from .archive import ArchivedConnection, ArchiveSummary, UnreadConnection
from .checkpoint import Place
from .lines import checksum, encoded, now
from .pages import (
    Ahead,
    Batch,
    CursorRefused,
    Listed,
    Reach,
    checksum_of,
    pages_of_ids,
    pages_of_list,
    probe,
    with_counts,
)
from .reasons import why
from .report import BackupReport
from .scrubbing import without_values
from .template import template_of
from .unfinished import Unfinished

_JOB: Final = "backup"
_LARGEST_PAGE: Final = 200
_SUFFIXES: Final = frozenset({".ndjson", ".jsonl", ".json"})
_OF_A_CONNECTION: Final = frozenset({"id", "name", "connectorId", "params", "ownerId"})


def template_beside(path: Path) -> Path:
    """Where the template of values of an archive is: `NAME.values.ndjson` beside `NAME.ndjson`."""
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
    """Writes all that the service tells of connections into an archive, but for the values of their params.

    The archive appears under its name when it is whole. Until then it is in `PATH.partial`, and `PATH.progress.json`
    says how far it is; where those are, the backup goes on from the last whole page. Where an earlier run had made the
    archive whole and was stopped before it could remove `PATH.progress.json`, that archive is reported, with its times;
    with overwrite it is read anew.

    Args:
        tenant: where.
        path: the archive; readable for its owner alone.
        list_all: everybody's connections, for administrators; otherwise the caller's.
        filter: only the connections that this SCIM expression names.
        ids: only these, in this order; neither list_all nor filter can be given then.
        values_template: a file with a line each param, to be filled in before a restore; `NAME.values.ndjson` beside
            the archive if None, none if False.
        overwrite: whether files of these names may be replaced.
        page_size: connections a page, 1 to 200: how much is read again at most after an interruption.
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
    side_by_side(lambda item: item, (), lambda _: None, workers=workers)
    check_cancelled(cancel, _JOB)
    shown = {"list_all": list_all, "filter": filter, "ids": None if named is None else len(named)}
    order = {
        "tenant": tenant.url,
        **shown,
        "values_template": None if template is None else template.name,
        "ids_sha256": None if named is None else checksum_of(named),
    }
    with Unfinished(path, template, order, shown, page_size=page_size, overwrite=overwrite) as unfinished:
        run = _Run(tenant, unfinished, workers, on_progress or ignore, cancel, None if named is None else len(named))
        summary = unfinished.finished or run.to_the_end(list_all, filter, named)
        return BackupReport(
            path=str(path),
            values_template=None if template is None else str(template),
            tenant=tenant.url,
            began_at=unfinished.began_at,
            ended_at=summary.ended_at,
            connections=summary.connections,
            unread_total=summary.unread,
            unread=tuple(unfinished.unread),
            resumed=run.resumed,
            sha256=summary.sha256,
            found_whole=unfinished.finished is not None,
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
class _Unusable:
    """Why what came for a connection is not kept."""

    reason: str


class _Run:
    """Reads connections page by page, and writes what comes.

    Attributes:
        resumed: how many connections an earlier run had read.
    """

    def __init__(
        self,
        tenant: Tenant,
        unfinished: Unfinished,
        workers: int,
        told: OnProgress,
        cancel: threading.Event | None,
        total: int | None,
    ) -> None:
        self._tenant, self._unfinished, self._workers = tenant, unfinished, workers
        self._told, self._cancel, self._total = told, cancel, total
        self._outage = Outage(workers)
        self._reach = Reach(probe(tenant))
        self._connections = unfinished.place.connections
        self._unread = unfinished.place.unread
        self._taken = 0
        self.resumed = self._connections + self._unread

    def to_the_end(self, list_all: bool, filter: str | None, named: list[str] | None) -> ArchiveSummary:
        """Reads what is left, and finishes the archive."""
        if not self._unfinished.place.listed:
            try:
                self._all(self._pages(list_all, filter, named))
            except CursorRefused:
                self._unfinished.begin()
                self._connections = self._unread = self.resumed = 0
                self._all(self._pages(list_all, filter, named))
        return self._unfinished.finish()

    def _pages(self, list_all: bool, filter: str | None, named: list[str] | None) -> Iterator[Batch]:
        place, size = self._unfinished.place, self._unfinished.page_size
        if named is not None:
            return pages_of_ids(named, size, place)
        pager = self._tenant.connections.list(list_all=list_all, filter=filter, limit=size, cursor=place.cursor)
        return pages_of_list(pager, place)

    def _all(self, pages: Iterator[Batch]) -> None:
        ahead = Ahead(pages, self._cancel, _JOB)
        ahead.fetch()
        while (batch := ahead.take()) is not None:
            self._taken = 0
            # A page at a time, so that what is read twice after an interruption is a page at most.
            side_by_side(
                self._read, ahead.items(batch), self._take, workers=self._workers, cancel=self._cancel, ordered=True
            )
            if self._taken == len(batch.items):
                if self._reach.is_in_doubt:
                    with cancellable(self._cancel, _JOB):
                        self._reach.settle()
                self._unfinished.save(with_counts(batch.after, self._connections, self._unread))
            check_cancelled(self._cancel, _JOB)
        if not self._unfinished.place.listed:
            # No ids were named.
            self._unfinished.save(Place(listed=True))

    def _read(self, item: Listed) -> dict[str, Any] | _Unusable:
        if item.id is None:
            return _Unusable("The list shows it without an id, so it can't be asked for.")
        try:
            document = self._tenant.connections.get_json(item.id)
        except ConfigurationError:
            if self._tenant.is_closed:
                raise
            return _Unusable("Its id is none that can be asked for.")
        return without_values(document) if _is_of(document, item.id) else _Unusable("The answer is of something else.")

    def _take(self, done: Done[Listed, dict[str, Any] | _Unusable]) -> None:
        if isinstance(done.error, AuthenticationError):
            # It ends the backup, and the connection is read by the next run.
            return
        self._outage.note(done.error)
        self._reach.note(done.error)
        item, result = done.item, done.result
        line = self._line(item, result) if isinstance(result, dict) else None
        if line is None:
            reason = result.reason if isinstance(result, _Unusable) else "It holds what JSON can't."
            self._unfinished.note_unread(
                UnreadConnection(item.id, item.name, reason if done.error is None else why(done.error))
            )
            self._unread += 1
        else:
            self._unfinished.write(line)
            self._connections += 1
        self._taken += 1
        self._told(Progress(_JOB, self._connections + self._unread, self._total, self._unread))

    def _line(self, item: Listed, document: dict[str, Any]) -> bytes | None:
        """The line of a connection, after those of its params are written; None if there can't be one."""
        assert item.id is not None, "it was asked for by its id"
        archived = ArchivedConnection(item.id, document, now())
        entry = {"type": "connection", "id": item.id, "read_at": archived.read_at, "sha256": checksum(document)}
        try:
            line = encoded({**entry, "document": document})
        except ValueError:
            # A number that is too large for a float is infinite, which JSON has no word for.
            return None
        for template_line in template_of(archived):
            self._unfinished.write_template(template_line)
        return line


def _is_of(document: dict[str, Any], id: str) -> bool:
    """Whether a document is one of the connection that was asked for."""
    wrapped = document.get("data")
    inner = wrapped if isinstance(wrapped, dict) and _OF_A_CONNECTION.isdisjoint(document) else document
    told = inner.get("id")
    return not _OF_A_CONNECTION.isdisjoint(inner) and (told is None or str(told).lower() == id.lower())
