"""Write an archive: a journal under a temporary name until it is complete."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final, Literal, Self

from attrs import evolve

from ..._version import __version__
from .._document import now, timestamp
from .._errors import JobError
from .._files import open_regular, refuse_existing, whole_file
from .._journal import Entry, Journal
from .._people import Person, Place
from .._usage.report import UnreadAutomation
from .archive import Archive
from .records import (
    ArchivedAutomation,
    ArchivedConnection,
    ArchiveHeader,
    ArchiveSummary,
    Manifest,
    Record,
    UnreadConnection,
    checksum,
    record_of,
)
from .scrubbing import Scrubbed, used_connections
from .values import template_lines

MOST_UNREAD: Final = 1_000
"""How many unread connections, and automations, are kept in memory for the report."""

Kind = Literal["connection", "automation"]
_LINES: Final[dict[type, str]] = {
    UnreadConnection: "unread",
    UnreadAutomation: "unread-automation",
    Person: "user",
    Place: "space",
}
"""The types of the lines that are written as they stand."""


class ArchiveWriter:
    """An archive being written, new or resumed after an interruption; a context manager.

    Args:
        path: The archive.
        template: The template of values; None for no template.
        tenant: Address of the tenant.
        selection: What is backed up; a backup is resumed only if this is the same.
        overwrite: Replace existing files.

    Attributes:
        connections: Number of connections written.
        unread_total: Number of connections that could not be read.
        unread: The first of those.
        automations: Number of automations written.
        unread_automations_total: Number of automations that could not be read.
        unread_automations: The first of those.
        used: Connections that the automations use.
        owners: Users who own what was written, but for those noted.
        spaces: Spaces that hold it, but for those noted.
        dropped: Fields left out, with the number of connections.
        began_at: When the first run of the backup began.

    Raises:
        JobError: A file exists, can't be written, belongs to another backup, or is in use by another process.
    """

    def __init__(
        self, path: Path, template: Path | None, tenant: str, selection: dict[str, Any], *, overwrite: bool
    ) -> None:
        self._path, self._template, self._overwrite = path, template, overwrite
        self.connections = self.unread_total = 0
        self.unread: list[UnreadConnection] = []
        self.automations = self.unread_automations_total = 0
        self.unread_automations: list[UnreadAutomation] = []
        self.used: dict[str, None] = {}
        self.owners: set[str] = set()
        self.spaces: set[str] = set()
        self._noted: set[str] = set()
        self.dropped: Counter[str] = Counter()
        self._ids: dict[Kind, set[str]] = {"connection": set(), "automation": set()}
        self._without_id: Counter[tuple[Kind, str | None]] = Counter()
        self._manifest: Manifest | None = None
        for file in filter(None, (path, template)):
            if file.is_dir():
                raise JobError(f"{file} is a folder: name a file.")
        refuse_existing(path, overwrite=overwrite)
        header = ArchiveHeader(tenant, selection, client=__version__)
        partial = path.with_name(f"{path.name}.partial")
        self._journal = Journal(partial, header, self._replay, salvage=True)
        self.began_at = self._journal.header.began_at
        try:
            if template is not None and self._manifest is None:
                refuse_existing(template, overwrite=overwrite)
        except JobError:
            self.close()
            raise

    def _replay(self, entry: Entry) -> None:
        self._take_in(record_of(entry))

    def _take_in(self, record: Record | Manifest) -> None:
        match record:
            case ArchivedConnection() | ArchivedAutomation():
                self._ids["connection" if isinstance(record, ArchivedConnection) else "automation"].add(record.id)
                self.dropped.update(record.dropped)
                for name, into in (("ownerId", self.owners), ("spaceId", self.spaces)):
                    if isinstance(id := record.fields.get(name), str) and id not in self._noted:
                        into.add(id)
                if isinstance(record, ArchivedConnection):
                    self.connections += 1
                else:
                    self.automations += 1
                    self.used.update(dict.fromkeys(used_connections(record.fields)))
            case UnreadConnection():
                self.unread_total += 1
                self._take_unread("connection", record)
                self.unread += [record] * (len(self.unread) < MOST_UNREAD)
            case UnreadAutomation():
                self.unread_automations_total += 1
                self._take_unread("automation", record)
                self.unread_automations += [record] * (len(self.unread_automations) < MOST_UNREAD)
            case Manifest():
                self._manifest = record
            case _:
                self._noted.add(record.id)
                (self.owners if isinstance(record, Person) else self.spaces).discard(record.id)

    def _take_unread(self, kind: Kind, record: UnreadConnection | UnreadAutomation) -> None:
        if record.id is None:
            self._without_id[kind, record.name] += 1
        else:
            self._ids[kind].add(record.id)

    @property
    def written(self) -> int:
        """Number of connections and automations, read or not."""
        return self.connections + self.unread_total + self.automations + self.unread_automations_total

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left to read."""
        return self._manifest is not None

    def claim(self, kind: Kind, id: str | None, name: str | None) -> bool:
        """Return whether a listed item must be read: it was neither written nor listed before.

        Items without an id are matched by name: as many are skipped as an earlier run wrote.
        """
        if id is None:
            self._without_id[kind, name] -= 1
            return self._without_id[kind, name] < 0
        is_new = id not in self._ids[kind]
        self._ids[kind].add(id)
        return is_new

    def write_item(self, kind: Kind, id: str, kept: Scrubbed) -> None:
        """Write the line of a connection or an automation.

        Args:
            kind: Which of them.
            id: Its id.
            kept: Its document.

        Raises:
            ValueError: The document holds a value that JSON can't represent.
            JobError: The line can't be written, for example because the disk is full.
        """
        # A plain dict, because ConnectionLine.to_dict would walk the whole document.
        entry: Entry = {
            "type": kind,
            "id": id,
            "read_at": timestamp(now()),
            "sha256": checksum(kept.document),
            "document": kept.document,
            "dropped": kept.dropped,
        }
        self._journal.note(entry, sync=False)
        archived = ArchivedConnection if kind == "connection" else ArchivedAutomation
        self._take_in(archived(id, kept.document, entry["read_at"], dropped=tuple(kept.dropped)))

    def write(self, record: UnreadConnection | UnreadAutomation | Person | Place) -> None:
        """Write the line of something that could not be read, or of an owner or a space."""
        self._journal.note({"type": _LINES[type(record)], **record.to_dict()}, sync=False)
        self._take_in(record)

    def sync(self) -> None:
        """Flush what was written to disk."""
        self._journal.sync()

    def finish(self) -> ArchiveSummary:
        """Complete the archive, write the template, and give both their names.

        Raises:
            JobError: A file can't be written; the next run tries again.
        """
        was_whole = self._manifest is not None
        if self._manifest is None:
            manifest = Manifest(
                self.connections,
                self.unread_total,
                timestamp(now()),
                self._journal.sha256.hexdigest(),
                self.automations,
                self.unread_automations_total,
            )
            self._journal.note({"type": "manifest", **manifest.to_dict()})
            self._manifest = manifest
        archive = Archive(self._journal.path)
        summary = archive.summary()
        refuse_existing(self._path, overwrite=self._overwrite)
        if self._template is not None and not (was_whole and self._is_template_there(archive, self._template)):
            partial = self._template.with_name(f"{self._template.name}.partial")
            with whole_file(self._template, overwrite=self._overwrite, partial=partial) as file:
                file.writelines(line for record in archive.records() for line in template_lines(record))
        self._journal.move(self._path)
        return evolve(summary, path=str(self._path))

    @staticmethod
    def _is_template_there(archive: Archive, template: Path) -> bool:
        """Return whether an earlier run already wrote the template before it was stopped."""
        with suppress(OSError), open_regular(template) as file:
            lines = (line for record in archive.records() for line in template_lines(record))
            return all(there == line for there, line in zip_longest(file, lines))
        return False

    def close(self) -> None:
        """Close the file. It is kept for the next run, unless it is empty."""
        if self.written or self._manifest is not None:
            self._journal.close()
        else:
            self._journal.discard()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
