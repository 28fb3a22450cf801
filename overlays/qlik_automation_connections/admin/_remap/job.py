"""Rewrite connection ids in files of exported automations."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from attrs import evolve

from ...errors import ConfigurationError
from .._cancellation import check_cancelled
from .._errors import JobError
from .._files import reason, whole_file
from .._id_map import IdMap
from .._progress import Progress, ignore
from .encodings import InvalidContent, decode_file
from .report import FileReport, Mode, RemapReport
from .rewriting import Rewriter
from .sources import Source, StrPath, find

_JOB = "remap"
_NO_AUTOMATION = (
    "it has an executionToken but no automation in a known form, so it was not written: remove the token by hand, or"
    " extract the automation from the surrounding document"
)


def remap(
    folder: StrPath | Iterable[StrPath],
    id_map: Mapping[str, str],
    *,
    output: StrPath | None = None,
    in_place: bool = False,
    overwrite: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
    cancel: threading.Event | None = None,
) -> RemapReport:
    """Rewrite connection ids in exported automations, and remove their execution tokens. Sends no requests.

    A connection's id is rewritten where a workspace refers to it: as the value of a block's setting `datasource`. If
    the map lacks it and the block's connector is the service's own, it becomes null. Lists that a script wrote as
    objects become lists. Everything else stays, byte for byte. Ids elsewhere, tokens that don't belong to an
    automation, and what can't be searched for references are reported but stay. Each id is looked up once, so a map may
    swap two.

    Args:
        folder: A folder (all `*.json` files in it and its subfolders; symbolic links are not followed), a file, or
            several of either.
        id_map: New ids by old ones.
        output: Folder to write to, with the same relative names; created if missing. Unchanged files, including those
            without automations, are copied; unreadable ones are not.
        in_place: Whether to overwrite changed files, atomically and with the same permissions.
        overwrite: Whether to replace files in `output` that have other content.
        on_progress: Called after each file.
        cancel: Event that ends the job before the next file when set; written files stay.

    Returns:
        A report on each file. A file that can't be read or written, or that has an execution token but no automation,
        is reported as `failed` with the reason; the job continues. With neither `output` nor `in_place`, nothing is
        written.

    Raises:
        ConfigurationError: An argument is invalid, or no file was found; nothing was written.
        JobCancelled: `cancel` was set.
    """
    ids = IdMap.of(id_map)
    if output is not None and in_place:
        raise ConfigurationError("Give either output or in_place, not both.")
    if overwrite and output is None:
        raise ConfigurationError("overwrite has no effect without output.")
    target = None if output is None else Path(output)
    if target is not None and os.path.lexists(target) and not target.is_dir():
        raise ConfigurationError(f"The output {target} is not a folder.")
    sources = find(folder, output=target)
    mode: Mode = "in-place" if in_place else "dry-run" if target is None else "output"
    notify = on_progress or ignore
    rewriter = Rewriter(ids)
    reports: list[FileReport] = []
    failed = 0
    notify(Progress(_JOB, 0, len(sources.files)))
    for source in sources.files:
        check_cancelled(cancel, _JOB)
        reports.append(_remap_one(source, rewriter, target, in_place=in_place, overwrite=overwrite))
        failed += reports[-1].status == "failed"
        notify(Progress(_JOB, len(reports), len(sources.files), failed))
    return RemapReport(mode, tuple(reports), ids.shared, tuple(map(str, sources.not_followed)))


def _remap_one(
    source: Source, rewriter: Rewriter, output: Path | None, *, in_place: bool, overwrite: bool
) -> FileReport:
    report = FileReport(path=str(source.path), name=source.name.as_posix(), status="failed")
    try:
        before = source.read()
        text, encoding = decode_file(before)
        new_text, report = rewriter.rewrite(text, encoding, report)
        if report.tokens_left and not report.automations:
            raise JobError(_NO_AUTOMATION)
        after = encoding.encode(new_text) if report.status == "changed" else before
        if output is not None:
            path = output / source.name
            for folder in source.name.parents[:-1]:
                if (output / folder).is_symlink():
                    raise JobError(
                        f"{output / folder} is a symbolic link, which is not followed: choose another folder."
                    )
            _write(path, after, source, overwrite=overwrite)
            return evolve(report, written=str(path))
        if in_place and report.status == "changed":
            # A link given as a path stays a link.
            path = Path(os.path.realpath(source.path))
            if not os.access(path, os.W_OK):
                raise JobError(f"{path} can't be written: it is read-only.")
            _write(path, after, source, overwrite=True)
            return evolve(report, written=str(path))
    except (InvalidContent, JobError) as error:
        return evolve(report, status="failed", error=str(error))
    return report


def _write(path: Path, content: bytes, source: Source, *, overwrite: bool) -> None:
    try:
        mode = stat.S_IMODE(os.stat(source.path).st_mode)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and not path.is_symlink() and path.read_bytes() == content:
            return
    except OSError as error:
        raise JobError(f"{path} can't be written: {reason(error)}.") from None
    if not overwrite and os.path.lexists(path):
        raise JobError(f"{path} already exists with other content: choose another folder, or allow overwriting.")
    with whole_file(path, overwrite=overwrite, mode=mode) as file:
        file.write(content)
