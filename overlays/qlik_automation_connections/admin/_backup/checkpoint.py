"""How far a backup is, on disk: replaced in one step after each whole page."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from attrs import asdict, frozen

from .._errors import JobError
from .._files import PRIVATE, reason

if TYPE_CHECKING:
    from hashlib import _Hash

FORMAT: Final = "qlik-automation-connections/backup-progress"
VERSION: Final = 1
_CHUNK: Final = 1 << 20


def hash_of(file: IO[bytes], length: int, look: Callable[[bytes], None] | None = None) -> _Hash:
    """The checksum of the beginning of a file, as far as it goes; `look` is shown each line."""
    hashed = hashlib.sha256()
    while length > 0:
        part = file.readline(length) if look else file.read(min(length, _CHUNK))
        if not part:
            break
        hashed.update(part)
        length -= len(part)
        if look:
            look(part)
    return hashed


@frozen
class Extent:
    """How much of a file is good.

    Attributes:
        bytes: length.
        sha256: checksum of so much of it.
    """

    bytes: int
    sha256: str

    def begins(self, path: Path, *, longer: bool = False) -> bool:
        """Whether a file has this content, and nothing behind it unless it may be longer."""
        try:
            with path.open("rb") as file:
                return hash_of(file, self.bytes).hexdigest() == self.sha256 and (longer or not file.read(1))
        except OSError:
            return False


@frozen
class Place:
    """How far a backup is.

    Attributes:
        cursor: where the list goes on; None at its beginning or its end.
        index: how many of the named ids are done, where ids were named.
        page: ids of the last page, which are passed over where the next one repeats them.
        listed: whether there is no more.
        connections: how many connections are written.
        unread: how many could not be read.
    """

    cursor: str | None = None
    index: int = 0
    page: tuple[str, ...] = ()
    listed: bool = False
    connections: int = 0
    unread: int = 0


@frozen
class Saved:
    """What is on disk about a backup that is not finished.

    Attributes:
        order: what was asked for.
        page_size: connections a page.
        began_at: when it began, in UTC.
        place: how far it is.
        archive: what is good of the archive.
        template: what is good of the template; None if none is written.
    """

    order: dict[str, Any]
    page_size: int
    began_at: str
    place: Place
    archive: Extent
    template: Extent | None

    def write(self, path: Path) -> None:
        """Writes it in place of what is there, in one step.

        Raises:
            OSError: it can't be written.
        """
        # A new name each time would be left over by a process that is killed here.
        new = path.with_name(f"{path.name}.new")
        document = {"format": FORMAT, "version": VERSION, **asdict(self)}
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
            descriptor = os.open(new, flags, PRIVATE)
            with os.fdopen(descriptor, "wb") as file:
                file.write(json.dumps(document).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
            os.replace(new, path)
        except OSError:
            with suppress(OSError):
                os.unlink(new)
            raise

    @classmethod
    def read(cls, path: Path) -> Saved | None:
        """Reads it back; None if there is none.

        Raises:
            JobError: it can't be read, or is something else.
        """
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise JobError(f"{path} can't be read: {reason(error)}.") from None
        try:
            return _saved(json.loads(content))
        except (ValueError, TypeError, KeyError, RecursionError):
            raise JobError(
                f"{path} is damaged, or not of a backup: delete it and what else ends in .partial beside it, and run"
                " the backup again from its beginning."
            ) from None


def _saved(document: dict[str, Any]) -> Saved:
    if document["format"] != FORMAT or document["version"] != VERSION:
        raise ValueError
    place = Place(**document["place"])
    archive, template = Extent(**document["archive"]), document["template"] and Extent(**document["template"])
    counts = (place.index, place.connections, place.unread, document["page_size"], archive.bytes)
    texts = (place.cursor or "", document["began_at"], archive.sha256, *place.page)
    fits = all(isinstance(count, int) for count in counts) and all(isinstance(text, str) for text in texts)
    if not fits or not isinstance(document["order"], dict):
        raise TypeError
    return Saved(document["order"], document["page_size"], document["began_at"], place, archive, template)
