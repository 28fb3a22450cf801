"""Where a check keeps what it found, so that it can go on when it was stopped."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click

from ..admin.errors import JobError
from ..admin.journal import Journal
from .exits import Exit, Failed


def _folder() -> Path:
    folder = Path(click.get_app_dir("qac")) / "checks"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Failed(f"{folder} can't be made: {error.strerror}. Say --journal FILE.") from None
    return folder


def _stopped(folder: Path) -> Iterator[tuple[Path, str]]:
    """Checks that were stopped, the last one first, with their tenants. One that still runs is none of them."""
    for path in sorted(folder.glob("*.ndjson"), reverse=True):
        try:
            with Journal(path, "check") as journal:
                yield path, str((journal.header or {}).get("tenant"))
        except JobError:
            continue


def new_journal(tenant: str) -> Path:
    """A journal for a check that begins; those of earlier checks of the tenant that were stopped are forgotten."""
    folder = _folder()
    for path, of in list(_stopped(folder)):
        if of == tenant:
            with suppress(OSError):
                path.unlink()
    return folder / f"{time.time_ns():020}-{os.getpid()}.ndjson"


def journal_to_resume(tenant: str) -> Path:
    """The journal of the last check of a tenant that was stopped."""
    for path, of in _stopped(_folder()):
        if of == tenant:
            return path
    raise Failed(f"There is nothing to go on with: no check of {tenant} was stopped.", Exit.USAGE)


def ids_of(path: Path) -> list[str]:
    """The ids that a check is about that was stopped."""
    if not path.is_file():
        raise Failed(f"There is nothing to go on with: {path} is not there.", Exit.USAGE)
    with Journal(path, "check") as journal:
        return [str(id) for id in (journal.header or {}).get("ids", [])]
