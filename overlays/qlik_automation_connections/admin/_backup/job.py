"""Back up connections, and automations with them, to an archive."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Literal

from attrs import frozen

from ... import AutomationSummary, ConnectionSummary, Page, Tenant
from ...errors import (
    APIConnectionError,
    APIStatusError,
    AuthenticationError,
    ConfigurationError,
    NotFoundError,
    PermissionDeniedError,
    UnexpectedResponseError,
)
from .._cancellation import cancellable, check_cancelled
from .._errors import JobError
from .._name_lookup import NameLookup
from .._parallel import WORKERS, CircuitBreaker, Done, run_concurrently
from .._people import Person, Place
from .._progress import OnProgress, Progress, ignore
from .._usage.report import UnreadAutomation
from .reasons import why
from .records import UnreadConnection, checksum
from .report import BackupReport
from .scrubbing import Scrubbed, automation_without_secrets, without_secrets
from .writer import ArchiveWriter, Kind

_JOB: Final = "backup"
_LARGEST_PAGE: Final = 200
_SUFFIXES: Final = frozenset({".ndjson", ".jsonl", ".json"})
_SCRUBBED: Final[Mapping[Kind, Callable[[dict[str, Any]], Scrubbed]]] = {
    "connection": without_secrets,
    "automation": automation_without_secrets,
}
_EXPECTED: Final[Mapping[Kind, frozenset[str]]] = {
    "connection": frozenset({"id", "name", "connectorId", "params", "ownerId"}),
    "automation": frozenset({"workspace"}),
}
_COMPLAINT: Final = "Not all owners and spaces are noted, so a restore into another tenant may not find them."


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
    automations: bool = False,
    people: bool = True,
    values_template: str | Path | Literal[False] | None = None,
    overwrite: bool = False,
    page_size: int = _LARGEST_PAGE,
    workers: int = WORKERS,
    on_progress: OnProgress | None = None,
    cancel: threading.Event | None = None,
) -> BackupReport:
    """Write connections to an archive: everything the service returns, except the values of params.

    With `automations`, it also holds automations with their workspaces, without tokens and without the inputs and
    errors of their last run, and the connections that they use. What people typed into blocks stays in it.

    The archive appears under its name when it is complete; until then it is `PATH.partial`. If that file exists, the
    backup is resumed: connections are listed again, but those in the file are not read again.

    Args:
        tenant: The tenant to back up.
        path: The archive; readable only by its owner.
        list_all: Back up everybody's connections, for administrators; otherwise the caller's.
        filter: SCIM expression that selects connections; with `automations`, it selects automations, and of the
            connections only those that they use are backed up.
        ids: Back up only these, in this order; can't be combined with `list_all`, `filter` or `automations`.
        automations: Back up automations too. Everybody's can be read only by an OAuth client with the scope
            `admin.automations`: give the tenant one as `automations_auth`.
        people: Note names, e-mail addresses and subjects of owners, which are personal data, and names and types of
            spaces; a restore into another tenant finds their counterparts by them.
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

    Sends one GET per page and one GET per connection and automation; with `people`, one per 50 owners and per page of
    spaces (all tier 1).
    """
    path = Path(path)
    if not path.name:
        raise JobError(f"{path} is a folder: name a file.")
    template = _template(path, values_template)
    named = _named(ids)
    if named is not None and (list_all or filter is not None or automations):
        raise ConfigurationError("ids can't be combined with list_all, filter or automations.")
    if tenant.is_closed:
        raise ConfigurationError(f"{tenant!r} is closed: create another, or call this inside its `with` block.")
    # These validate their arguments before anything is written or sent.
    of_automations = tenant.automations.list(list_all=list_all, filter=filter, limit=page_size) if automations else None
    of_connections = None
    if not (automations and filter is not None):
        of_connections = tenant.connections.list(list_all=list_all, filter=filter, limit=page_size)
    run_concurrently(lambda item: item, (), lambda _: None, workers=workers)
    check_cancelled(cancel, _JOB)
    selection: dict[str, Any] = {"list_all": list_all, "filter": filter, "ids": None if named is None else len(named)}
    if named is not None:
        selection["ids_sha256"] = checksum(named)
    if automations:
        selection["automations"] = True
    notes: list[str] = []
    with ArchiveWriter(path, template, tenant.url, selection, overwrite=overwrite) as writer:
        resumed = writer.written
        if not writer.is_whole:
            run = _Run(tenant, writer, workers, on_progress or ignore, cancel, None if named is None else len(named))
            if of_automations is not None:
                run.read_all("automation", _listed(of_automations.pages()), page_size)
            if named is not None:
                run.read_all("connection", ((id, None) for id in named), page_size)
            elif of_connections is not None:
                run.read_all("connection", _listed(of_connections.pages()), page_size)
            # To an administrator, one that is not found is gone, and the automation names it in vain.
            run.read_all("connection", ((id, None) for id in writer.used), page_size, may_be_gone=list_all)
            if people:
                _note_people(tenant, writer, notes, cancel)
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
            automations=summary.automations,
            unread_automations_total=summary.unread_automations,
            unread_automations=tuple(writer.unread_automations),
            notes=tuple(notes),
        )


def _listed(
    pages: Iterable[Page[ConnectionSummary] | Page[AutomationSummary]],
) -> Iterator[tuple[str | None, str | None]]:
    """Yield the id and name of each item, those of a page without an id last."""
    for page in pages:
        yield from ((summary.id, summary.name) for summary in page.items)
        yield from ((None, name) for name in page.left_out)


def _note_people(tenant: Tenant, writer: ArchiveWriter, notes: list[str], cancel: threading.Event | None) -> None:
    """Write the owners and spaces that are not in the archive yet."""
    lookup = NameLookup(tenant, None, notes.append, cancel, _COMPLAINT)
    with cancellable(cancel, _JOB):
        lookup.look_up(users=writer.owners, spaces=writer.spaces)
    check_cancelled(cancel, _JOB)
    for id in sorted(writer.owners & lookup.users.keys()):
        user = lookup.users[id]
        writer.write(Person(id, user.name, user.email, user.subject))
    for id in sorted(writer.spaces & lookup.spaces.keys()):
        writer.write(Place(id, lookup.spaces[id].name, lookup.spaces[id].type_))


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


@frozen
class _Listed:
    """A connection or automation to read; its id is None if the list has none."""

    kind: Kind
    id: str | None
    name: str | None
    may_be_gone: bool = False

    def unread(self, reason: str, *, refused: bool = False) -> UnreadConnection | UnreadAutomation:
        """Return the record of one that could not be read."""
        if self.kind == "connection":
            return UnreadConnection(self.id, self.name, reason)
        return UnreadAutomation(self.id, self.name, reason, refused)


@frozen
class _Unusable:
    """Why something could not be read, or its response not be used."""

    reason: str


class _Run:
    """Reads connections or automations concurrently, and writes them in the order of the list."""

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
        self._unanswered: list[UnreadConnection | UnreadAutomation] = []
        self._sync_every = self._until_sync = 0

    def read_all(
        self, kind: Kind, listed: Iterable[tuple[str | None, str | None]], sync_every: int, *, may_be_gone: bool = False
    ) -> None:
        """Read what is not written yet.

        Args:
            kind: Whether connections or automations are listed.
            listed: Ids and names.
            sync_every: Number of them after which to flush to disk.
            may_be_gone: Whether one that isn't found is left out, rather than noted as unread.
        """
        self._sync_every = self._until_sync = sync_every
        left = self._left(kind, listed, may_be_gone=may_be_gone)
        run_concurrently(self._read, left, self._take, workers=self._workers, cancel=self._cancel, ordered=True)
        check_cancelled(self._cancel, _JOB)
        if self._unanswered:
            with cancellable(self._cancel, _JOB):
                self._see_that_it_answers()
            self._write_unanswered()

    def _left(
        self, kind: Kind, listed: Iterable[tuple[str | None, str | None]], *, may_be_gone: bool
    ) -> Iterator[_Listed]:
        rest = iter(listed)
        while True:
            with cancellable(self._cancel, _JOB):
                found = next(rest, None)
            if found is None:
                return
            id, name = found
            if self._writer.claim(kind, id, name):
                yield _Listed(kind, id, name, may_be_gone)

    def _read(self, item: _Listed) -> Scrubbed | _Unusable:
        if item.id is None:
            return _Unusable("The list has no id for it, so it can't be read.")
        try:
            resource = self._tenant.connections if item.kind == "connection" else self._tenant.automations
            document = resource.get_json(item.id)
        except ConfigurationError:
            if self._tenant.is_closed:
                raise
            return _Unusable("Its id is not valid, so it can't be read.")
        if not _has(document, _EXPECTED[item.kind]):
            article = "a" if item.kind == "connection" else "an"
            return _Unusable(f"The response is not {article} {item.kind}.")
        return _SCRUBBED[item.kind](document)

    def _take(self, done: Done[_Listed, Scrubbed | _Unusable]) -> None:
        if isinstance(done.error, AuthenticationError):
            # It stops the backup; the next run reads the connection.
            return
        self._breaker.note(done.error)
        item, result, writer = done.item, done.result, self._writer
        if isinstance(done.error, APIConnectionError):
            self._unanswered.append(item.unread(why(done.error)))
        elif not (item.may_be_gone and isinstance(done.error, NotFoundError)):
            self._write_unanswered()
            if done.error is not None or not isinstance(result, Scrubbed) or not self._write(item, result):
                reason = result.reason if isinstance(result, _Unusable) else "It has a value that JSON can't represent."
                refused = isinstance(done.error, PermissionDeniedError | NotFoundError)
                writer.write(item.unread(reason if done.error is None else why(done.error), refused=refused))
        failed = writer.unread_total + writer.unread_automations_total + len(self._unanswered)
        self._on_progress(Progress(_JOB, writer.written + len(self._unanswered), self._total, failed))
        self._until_sync -= 1
        if self._until_sync <= 0:
            self._until_sync = self._sync_every
            self._writer.sync()

    def _write(self, item: _Listed, kept: Scrubbed) -> bool:
        """Write an item; return False if JSON can't represent it."""
        assert item.id is not None, "it was read by its id"
        try:
            self._writer.write_item(item.kind, item.id, kept)
        except ValueError:
            # A number too large for a float is read as infinity, which JSON can't represent.
            return False
        return True

    def _write_unanswered(self) -> None:
        for unread in self._unanswered:
            self._writer.write(unread)
        self._unanswered.clear()

    def _see_that_it_answers(self) -> None:
        """Raise if the tenant can't be reached. Any response shows that it can."""
        with suppress(APIStatusError, UnexpectedResponseError):
            next(self._tenant.connections.list(limit=1).pages())


def _has(document: dict[str, Any], expected: frozenset[str]) -> bool:
    """Return whether a document has any of the expected fields."""
    wrapped = document.get("data")
    inner = wrapped if isinstance(wrapped, dict) and expected.isdisjoint(document) else document
    return not expected.isdisjoint(inner)
