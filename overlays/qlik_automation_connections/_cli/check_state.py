"""Where a check keeps what it found, so that it can go on when it was stopped."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import click

from ..admin._errors import JobError
from ..admin._journal import Journal
from .exit_codes import Exit, Failed

_KEPT_SECONDS: Final = 31 * 86_400


def _folder() -> Path:
    folder = Path(click.get_app_dir("qac")) / "checks"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Failed(f"{folder} can't be made: {error.strerror}. Say --journal FILE.", Exit.USAGE) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Failed(f"{folder} can't be written to. Say --journal FILE.", Exit.USAGE)
    return folder


def _stopped(folder: Path) -> Iterator[tuple[Path, str]]:
    """Checks that were stopped, the last one first, with their tenants. One that still runs is none of them."""
    for path in sorted(folder.glob("*.ndjson"), reverse=True):
        try:
            with Journal(path, "check") as journal:
                yield path, str((journal.header or {}).get("tenant"))
        except JobError:
            continue


def new_journal() -> Path | None:
    """A journal for a check that begins. Those of checks that were stopped stay for a month.

    Returns:
        Its file; None, which is said, where it could not be kept.
    """
    try:
        folder = _folder()
    except Failed as failed:
        click.echo(f"Warning: {failed.message} This check can't be gone on with if it is stopped.", err=True)
        return None
    for path, _ in list(_stopped(folder)):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _KEPT_SECONDS:
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
    try:
        with Journal(path, "check") as journal:
            ids = (journal.header or {}).get("ids")
    except JobError as error:
        raise Failed(str(error), Exit.USAGE) from None
    if not isinstance(ids, list) or not all(isinstance(id, str) for id in ids):
        raise Failed(f"There is nothing to go on with: {path} names no connections.", Exit.USAGE)
    return ids
