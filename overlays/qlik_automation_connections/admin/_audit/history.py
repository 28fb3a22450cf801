"""A folder with the JSON of audits, one file a run, and the figures of those that belong together."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC
from itertools import count
from pathlib import Path
from typing import Any, Final

from .._document import read, read_json
from .._errors import JobError
from .._files import reason
from .changes import check_comparable
from .report import AuditFigures, AuditReport

LONGEST: Final = 100
"""Number of audits in a trend, the latest ones."""

OnSkipped = Callable[[str], None]


def check_folder(folder: Path) -> None:
    """Create a folder for audits unless it exists; only its owner can read it.

    Raises:
        JobError: It can't be created, or is not a folder.
    """
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise JobError(f"{folder} can't be used as a folder: {reason(error)}.") from None


def keep(report: AuditReport, folder: Path) -> Path:
    """Write an audit to `FOLDER/<time>.json`, with a number after the time if that exists, and return the path.

    Raises:
        JobError: The file can't be written.
    """
    time = f"{report.made_at.astimezone(UTC):%Y-%m-%dT%H-%M-%SZ}"
    names = (f"{time}{f'-{number}' if number else ''}.json" for number in count())
    path = next(folder / name for name in names if not os.path.lexists(folder / name))
    report.write(path)
    return path


def read_folder(
    folder: Path, report: AuditReport, on_skipped: OnSkipped, *, most: int | None = None
) -> list[Mapping[str, Any]]:
    """Return the latest comparable audits of a folder, all but the first without their rows.

    Args:
        folder: The folder; the names of its files begin with the time.
        report: The audit to compare with.
        on_skipped: Called with a message for each file that is not a readable audit.
        most: Number of audits to read at most; None for `LONGEST`.
    """
    found: list[Mapping[str, Any]] = []
    for path in sorted(folder.glob("*.json"), key=lambda path: path.stem, reverse=True):
        try:
            document = read_json(path, AuditReport.TITLE)
            if _comparable_figures(document, report) is not None:
                if not found:
                    AuditReport.from_dict(document)  # Its rows are needed, so they must be readable, too.
                found.append(_without_rows(document) if found else document)
        except JobError as error:
            on_skipped(str(error) if str(path) in str(error) else f"{path}: {error}")
        if len(found) == (most or LONGEST):
            break
    return found


def trend_of(report: AuditReport, history: Iterable[AuditReport | Mapping[str, Any]]) -> list[AuditFigures]:
    """Return the figures of an audit and of earlier comparable ones, oldest first, each time once.

    Raises:
        JobError: One of `history` is not an audit.
    """

    def earlier() -> Iterator[AuditFigures]:
        for each in history:
            figures = _comparable_figures(each, report)
            if figures is not None and figures.made_at < report.made_at:
                yield figures

    by_time = {figures.made_at: figures for figures in (*earlier(), report.figures)}
    return [by_time[time] for time in sorted(by_time)][-LONGEST:]


def _comparable_figures(audit: AuditReport | Mapping[str, Any], report: AuditReport) -> AuditFigures | None:
    """Return the figures of an audit, without reading its connections; None if it is of something else."""
    if isinstance(audit, AuditReport):
        head, figures = audit, audit.figures
    else:
        head = AuditReport.from_dict(_without_rows(audit))
        said = audit.get("summary")
        summary = said if isinstance(said, Mapping) else {}
        wanted = {key: summary.get(key) for key in ("connections", "not_connected", "findings")}
        figures = read(AuditFigures, {"made_at": audit["made_at"], **wanted}, "summary")
    try:
        check_comparable(head, tenant=report.tenant, list_all=report.list_all, filter=report.filter)
    except JobError:
        return None
    return figures


def _without_rows(audit: Mapping[str, Any]) -> Mapping[str, Any]:
    # Documents that are no objects are refused by the reader.
    return {**audit, "connections": [], "findings": [], "changes": None} if isinstance(audit, Mapping) else audit
