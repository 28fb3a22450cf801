"""Write an archive: a journal under a temporary name until it is complete."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final, Self

from ..._version import __version__
from .._document import now, timestamp
from .._errors import JobError
from .._files import open_regular, refuse_existing, whole_file
from .._journal import Entry, Journal
from .archive import (
    Archive,
    ArchivedConnection,
    ArchiveHeader,
    ArchiveSummary,
    Manifest,
    UnreadConnection,
    checksum,
    record_of,
)
from .scrubbing import Scrubbed
from .values import template_lines

MOST_UNREAD: Final = 1_000
"""How many unread connections are kept in memory for the report."""


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
        self.dropped: Counter[str] = Counter()
        self._ids: set[str] = set()
        self._without_id: Counter[str | None] = Counter()
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

    def _take_in(self, record: ArchivedConnection | UnreadConnection | Manifest) -> None:
        if isinstance(record, ArchivedConnection):
            self.connections += 1
            self._ids.add(record.id)
            self.dropped.update(record.dropped)
        elif isinstance(record, UnreadConnection):
            self.unread_total += 1
            if record.id is None:
                self._without_id[record.name] += 1
            else:
                self._ids.add(record.id)
            if len(self.unread) < MOST_UNREAD:
                self.unread.append(record)
        else:
            self._manifest = record

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left to read."""
        return self._manifest is not None

    def claim(self, id: str | None, name: str | None) -> bool:
        """Return whether a listed connection must be read: it was neither written nor listed before.

        Connections without an id are matched by name: as many are skipped as an earlier run wrote.
        """
        if id is None:
            self._without_id[name] -= 1
            return self._without_id[name] < 0
        is_new = id not in self._ids
        self._ids.add(id)
        return is_new

    def write_connection(self, id: str, kept: Scrubbed) -> None:
        """Write the line of a connection.

        Args:
            id: The connection.
            kept: Its document.

        Raises:
            ValueError: The document holds a value that JSON can't represent.
            JobError: The line can't be written, for example because the disk is full.
        """
        # A plain dict, because ConnectionLine.to_dict would walk the whole document.
        entry: Entry = {
            "type": "connection",
            "id": id,
            "read_at": timestamp(now()),
            "sha256": checksum(kept.document),
            "document": kept.document,
            "dropped": kept.dropped,
        }
        self._journal.note(entry, sync=False)
        self._take_in(ArchivedConnection(id, kept.document, entry["read_at"], dropped=tuple(kept.dropped)))

    def write_unread(self, unread: UnreadConnection) -> None:
        """Write the line of a connection that could not be read."""
        self._journal.note({"type": "unread", **unread.to_dict()}, sync=False)
        self._take_in(unread)

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
            manifest = Manifest(self.connections, self.unread_total, timestamp(now()), self._journal.sha256.hexdigest())
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
        return ArchiveSummary(
            str(self._path), summary.header, summary.connections, summary.unread, summary.ended_at, summary.sha256
        )

    @staticmethod
    def _is_template_there(archive: Archive, template: Path) -> bool:
        """Return whether an earlier run already wrote the template before it was stopped."""
        with suppress(OSError), open_regular(template) as file:
            lines = (line for record in archive.records() for line in template_lines(record))
            return all(there == line for there, line in zip_longest(file, lines))
        return False

    def close(self) -> None:
        """Close the file. It is kept for the next run, unless it is empty."""
        if self.connections or self.unread_total or self._manifest is not None:
            self._journal.close()
        else:
            self._journal.discard()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
