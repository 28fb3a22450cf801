"""A backup that is being written: begun, gone on with after an interruption, finished."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from ..._version import __version__
from .._errors import JobError
from .._files import reason, refuse_existing
from .archive import Archive, ArchiveSummary, UnreadConnection
from .checkpoint import Extent, Place, Saved
from .lines import FORMAT, VERSION, encoded, now
from .partial import PartialFile, partial_name

MOST_UNREAD: Final = 1_000
"""So many of what could not be read are kept in memory, to be reported."""

_HEADER: Final = {"type": "header", "format": FORMAT, "version": VERSION}
_HEADER_START: Final = json.dumps(_HEADER).encode()[:-1]
_UNREAD_START: Final = b'{"type": "unread", '


class Unfinished:
    """The files of a backup that is not finished; a context manager.

    Args:
        path: where the archive will be.
        template: where the template of values will be; None for none.
        order: what is asked for; what was begun is gone on with only for the same.
        selection: the same, as the archive's header says it.
        page_size: connections a page, unless it is known from before.
        overwrite: whether files of those names may be replaced.

    Attributes:
        place: how far the backup is.
        page_size: connections a page.
        began_at: when it began.
        unread: the first of what could not be read.
        finished: what the archive holds, if all that an earlier run had left to do was to say so. With `overwrite` it
            is replaced like any other.

    Raises:
        JobError: a file is in the way, can't be written, is damaged, of another backup, or of another process.
    """

    def __init__(
        self,
        path: Path,
        template: Path | None,
        order: dict[str, Any],
        selection: dict[str, Any],
        *,
        page_size: int,
        overwrite: bool,
    ) -> None:
        self._path, self._template_path, self._overwrite = path, template, overwrite
        self._progress = path.with_name(f"{path.name}.progress.json")
        self._order, self._selection = order, selection
        self._saved = self._begun = self._whole = False
        self._archive: PartialFile | None = None
        self._template: PartialFile | None = None
        self.page_size = page_size
        self.place = Place()
        self.began_at = now()
        self.unread: list[UnreadConnection] = []
        self.finished = self._finished()
        if self.finished is not None:
            self._whole = True
            return
        self._refuse_existing(Saved.read(self._progress))
        try:
            with self._writing():
                self._open()
        except BaseException:
            self.close()
            raise

    def _finished(self) -> ArchiveSummary | None:
        """The archive, if an earlier run was stopped between finishing it and saying so."""
        saved = Saved.read(self._progress)
        if saved is None or not saved.place.listed or partial_name(self._path).exists():
            return None
        if not saved.archive.begins(self._path, longer=True):
            return None
        if self._overwrite:
            # It would tell what was there then, and what is there now is asked for.
            with self._writing():
                self._forget_progress()
            return None
        if saved.order != self._order:
            return None
        summary = None
        with suppress(JobError):
            archive = Archive(self._path)
            summary = archive.summary()
            for unread in archive.unread():
                self._remember(unread)
        self.place, self.began_at = saved.place, saved.began_at
        return summary

    def _refuse_existing(self, saved: Saved | None) -> None:
        for path in filter(None, (self._path, self._template_path)):
            if path.is_dir():
                raise JobError(f"{path} is a folder: name a file.")
        refuse_existing(self._path, overwrite=self._overwrite)
        if self._template_path is not None and not self._is_template_placed(saved):
            refuse_existing(self._template_path, overwrite=self._overwrite)

    def _is_template_placed(self, saved: Saved | None) -> bool:
        """Whether an earlier run was stopped after it had put the template where it belongs."""
        path = self._template_path
        if path is None or saved is None or not saved.place.listed or saved.template is None:
            return False
        return not partial_name(path).exists() and saved.template.begins(path)

    def _open(self) -> None:
        """Opens the files, and goes to where an earlier run was stopped, if there was one."""
        self._archive = PartialFile(self._path)
        saved = Saved.read(self._progress)
        self._saved = saved is not None
        placed = self._is_template_placed(saved)
        if self._template_path is not None and not placed:
            self._template = PartialFile(self._template_path)
        if saved is None:
            start = self._archive.start()
            if not start.startswith(_HEADER_START[: len(start)]):
                raise JobError(
                    f"{self._archive.path} is in the way, and not of a backup: move it, or name another file."
                )
            self.begin()
        elif saved.order != self._order:
            raise self._of_another(saved)
        elif self._archive.is_empty() or (
            saved.template and saved.template.bytes and self._template and self._template.is_empty()
        ):
            self.begin()
        else:
            self._go_on(saved)

    def _go_on(self, saved: Saved) -> None:
        assert self._archive is not None, "it was opened"
        good = self._archive.go_on(saved.archive, self._look)
        if self._template is not None:
            good = good and self._template.go_on(saved.template or Extent(0, ""), lambda _: None)
        if not good:
            raise JobError(
                f"{self._archive.path} is not as the backup left it that was stopped: {self._delete_them()}."
            )
        self.page_size, self.began_at, self.place = saved.page_size, saved.began_at, saved.place

    def _look(self, line: bytes) -> None:
        if line.startswith(_UNREAD_START):
            entry = json.loads(line)
            self._remember(UnreadConnection(entry["id"], entry["name"], entry["reason"]))

    def _remember(self, unread: UnreadConnection) -> None:
        if len(self.unread) < MOST_UNREAD:
            self.unread.append(unread)

    def _of_another(self, saved: Saved) -> JobError:
        differs = [
            f"{name} {saved.order.get(name)!r} instead of {value!r}"
            for name, value in self._order.items()
            if saved.order.get(name) != value
        ]
        return JobError(
            f"{partial_name(self._path)} is of another backup that was stopped, with {', '.join(differs)}. Finish that"
            f" one with the arguments that it was begun with, name another file, or {self._delete_them()}."
        )

    def _delete_them(self) -> str:
        names = [partial_name(self._path), self._progress]
        if self._template_path is not None:
            names.append(partial_name(self._template_path))
        return f"delete {', '.join(map(str, names))} and run the backup again from its beginning"

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            kept = "What was read stays for the next run." if self._saved else "Nothing is left of it."
            raise JobError(f"The backup {self._path} can't be written: {reason(error)}. {kept}") from None

    def begin(self) -> None:
        """Begins anew.

        Raises:
            JobError: there is no room, say.
        """
        assert self._archive is not None, "it was opened"
        with self._writing():
            # First, for it says what is good of what is emptied now.
            self._forget_progress()
            self._begun = True
            self._archive.begin()
            if self._template is not None:
                self._template.begin()
            self.place, self.began_at = Place(), now()
            self.unread.clear()
            self._archive.write(
                encoded(
                    {
                        **_HEADER,
                        "tenant": self._order["tenant"],
                        "began_at": self.began_at,
                        "selection": self._selection,
                        "client": __version__,
                    }
                )
            )

    def _forget_progress(self) -> None:
        self._saved = False
        self._progress.unlink(missing_ok=True)

    def write(self, line: bytes) -> None:
        """Writes a line of the archive.

        Raises:
            JobError: there is no room, say.
        """
        assert self._archive is not None, "it was opened"
        with self._writing():
            self._archive.write(line)

    def write_template(self, line: bytes) -> None:
        """Writes a line of the template, if there is one."""
        if self._template is not None:
            with self._writing():
                self._template.write(line)

    def note_unread(self, unread: UnreadConnection) -> None:
        """Writes a line for what could not be read."""
        self.write(encoded({"type": "unread", **unread.to_dict()}))
        self._remember(unread)

    def save(self, place: Place) -> None:
        """Notes how far the backup is; from there the next run goes on, if this one is stopped.

        Raises:
            JobError: there is no room, say.
        """
        assert self._archive is not None, "it was opened"
        with self._writing():
            template = self._template.sync() if self._template else None
            saved = Saved(self._order, self.page_size, self.began_at, place, self._archive.sync(), template)
            saved.write(self._progress)
        self._saved = True
        self.place = place

    def finish(self) -> ArchiveSummary:
        """Puts all files where they belong.

        Raises:
            JobError: they can't be put there; the next run tries again.
        """
        assert self._archive is not None, "it was opened"
        sha256, ended_at = self._archive.extent().sha256, now()
        counts = {"connections": self.place.connections, "unread": self.place.unread}
        self.write(encoded({"type": "manifest", **counts, "ended_at": ended_at, "sha256": sha256}))
        refuse_existing(self._path, overwrite=self._overwrite)
        if self._template is not None and self._template_path is not None:
            refuse_existing(self._template_path, overwrite=self._overwrite)
        with self._writing():
            self._archive.sync()
            if self._template is not None:
                self._template.place()
                self._template = None
            self._archive.place()
            self._archive = None
            self._sync_folder()
        self._whole = True
        header = Archive(self._path).header
        return ArchiveSummary(str(self._path), header, **counts, ended_at=ended_at, sha256=sha256)

    def _sync_folder(self) -> None:
        """Has the new names on disk, where the system can."""
        with suppress(OSError):
            descriptor = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def close(self) -> None:
        """Lets go of the files. They stay for the next run, but for those that would not help it."""
        for file in filter(None, (self._archive, self._template)):
            if file.is_empty() or (self._begun and not self._saved):
                file.remove()
            else:
                file.close()
        self._archive = self._template = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
        if kind is None and self._whole:
            # Last of all: as long as it is there, the next run knows the archive as its own.
            with suppress(OSError):
                self._forget_progress()
