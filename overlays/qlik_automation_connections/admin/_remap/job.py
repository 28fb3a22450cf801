"""Rewrites connection ids in files of exported automations."""

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
from .._progress import Progress, ignore
from .encodings import NoText, Places, decode_file
from .id_map import IdMap
from .json_scanner import InvalidJSON
from .report import FileReport, Mode, RemapReport
from .rewriting import Rewriter, Rewriting
from .sources import Source, StrPath, find, read, refuse_equal_names

_JOB = "remap"
_STRANGE = (
    "it holds an executionToken, and no automation in a form that is known, so it was not written: remove the token by"
    " hand, or take the automation out of what is around it"
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
    """Rewrites connection ids in exported automations, and removes their execution tokens. Sends no requests.

    A connection's id is rewritten where a workspace refers to it: as the value of a block's setting `datasource`. All
    else stays, byte for byte. Ids elsewhere are reported, not touched, and so are tokens that are no automation's own.
    Each id is looked up once: a map may swap two.

    Args:
        folder: a folder (all `*.json` in it and below it; symbolic links are not followed), a file, or several of
            either.
        id_map: new ids by old ones.
        output: folder to write to, under the same names below it; made if it is not there. Files that need no change,
            and those without automations, are copied as they are; those that can't be read are not.
        in_place: write changed files over the old ones, each at once and with its permissions.
        overwrite: with `output`: replace files there whose content differs.
        on_progress: is told after each file how far the job is.
        cancel: ends the job before the next file when set; what was written stays.

    Returns:
        What was found and done in each file. A file that can't be read or written is `failed` there, with the reason,
        and the others are done; so is one without automations that holds an execution token. With neither `output` nor
        `in_place`, nothing is written.

    Raises:
        ConfigurationError: an argument is wrong, or there is no file; nothing was written.
        JobCancelled: `cancel` was set.
    """
    ids = IdMap.of(id_map)
    if output is not None and in_place:
        raise ConfigurationError("Give either output or in_place, not both.")
    if overwrite and output is None:
        raise ConfigurationError("overwrite changes nothing without output.")
    target = None if output is None else Path(output)
    if target is not None and os.path.lexists(target) and not target.is_dir():
        raise ConfigurationError(f"The output {target} is no folder.")
    sources = find(folder, leave_out=target)
    if target is not None:
        refuse_equal_names(sources)
        _refuse_to_write_over(sources.files, target)
    mode: Mode = "in-place" if in_place else "dry-run" if target is None else "output"
    tell = on_progress or ignore
    rewriter = Rewriter(ids)
    reports: list[FileReport] = []
    failed = 0
    tell(Progress(_JOB, 0, len(sources.files)))
    for source in sources.files:
        check_cancelled(cancel, _JOB)
        reports.append(_remap_one(source, rewriter, target, in_place=in_place, overwrite=overwrite))
        failed += reports[-1].status == "failed"
        tell(Progress(_JOB, len(reports), len(sources.files), failed))
    return RemapReport(mode, tuple(reports), ids.shared, tuple(map(str, sources.not_followed)))


def _refuse_to_write_over(sources: Iterable[Source], output: Path) -> None:
    originals = {os.path.realpath(source.path) for source in sources}
    for source in sources:
        if os.path.realpath(output / source.name) in originals:
            raise ConfigurationError(
                f"The output {output} would write over {source.path}:"
                " name another folder, or rewrite the files in place."
            )


def _remap_one(
    source: Source, rewriter: Rewriter, output: Path | None, *, in_place: bool, overwrite: bool
) -> FileReport:
    report = FileReport(path=str(source.path), name=source.name.as_posix(), status="failed", error=source.error)
    if source.error is not None:
        return report
    try:
        before = read(source)
        text, encoding = decode_file(before)
    except OSError as error:
        return evolve(report, error=f"it can't be read: {reason(error)}")
    except NoText as error:
        return evolve(report, error=str(error))
    try:
        rewriting = rewriter.rewrite(text, encoding, report.name)
    except InvalidJSON as error:
        line, column = Places(text).at(error.offset)
        return evolve(report, error=f"it is no JSON at line {line}, column {column}: {error.reason}")
    changed = rewriting.text != text
    report = _report(report, rewriting, changed=changed)
    if rewriting.tokens_left and not rewriting.automations:
        return evolve(report, status="failed", error=_STRANGE)
    after = encoding.encode(rewriting.text) if changed else before
    try:
        if output is not None:
            return evolve(report, written=_write_below(output, source, after, overwrite=overwrite))
        if in_place and changed:
            return evolve(report, written=_write_over(source, after))
    except JobError as error:
        return evolve(report, status="failed", error=str(error))
    return report


def _report(report: FileReport, rewriting: Rewriting, *, changed: bool) -> FileReport:
    return evolve(
        report,
        status="changed" if changed else "unchanged" if rewriting.automations else "no-automation",
        automations=rewriting.automations,
        replaced=rewriting.replaced,
        tokens_stripped=rewriting.tokens,
        unmapped=rewriting.unmapped,
        already=rewriting.already,
        unresolved=rewriting.unresolved,
        mentions=rewriting.mentions,
        tokens_left=rewriting.tokens_left,
        diff=rewriting.diff,
    )


def _write_below(output: Path, source: Source, content: bytes, *, overwrite: bool) -> str:
    path = output / source.name
    try:
        mode = stat.S_IMODE(os.stat(source.path).st_mode)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and path.read_bytes() == content:
            return str(path)
    except OSError as error:
        raise JobError(f"{path} can't be written: {reason(error)}.") from None
    if not overwrite and os.path.lexists(path):
        raise JobError(
            f"{path} is there already, with other content: name another folder, or allow it to be overwritten."
        )
    with whole_file(path, overwrite=overwrite, mode=mode) as file:
        file.write(content)
    return str(path)


def _write_over(source: Source, content: bytes) -> str:
    # A link that was given itself stays one.
    path = Path(os.path.realpath(source.path))
    try:
        mode = stat.S_IMODE(os.stat(path).st_mode)
    except OSError as error:
        raise JobError(f"{path} can't be written: {reason(error)}.") from None
    if not os.access(path, os.W_OK):
        raise JobError(f"{path} can't be written: it is read-only.")
    with whole_file(path, overwrite=True, mode=mode) as file:
        file.write(content)
    return str(path)
