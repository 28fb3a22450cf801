"""All documents that jobs write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ._audit.report import AuditReport
from ._backup.archive import ArchiveHeader, ArchiveSummary, ConnectionLine, Manifest, UnreadConnection
from ._backup.report import BackupReport
from ._backup.values import ValueLine
from ._bulk import BulkReport
from ._check.report import CheckReport
from ._doctor.report import Diagnosis
from ._document import Document
from ._handover.plan import HandoverPlan
from ._handover.report import HandoverReport
from ._id_map import IdMapFile
from ._journal import JournalHeader
from ._remap.report import RemapReport
from ._restore.plan import RestorePlan
from ._restore.report import RestoreReport
from ._usage.report import UsageReport

DOCUMENTS: Final[tuple[type[Document], ...]] = (
    ArchiveSummary,
    AuditReport,
    BackupReport,
    BulkReport,
    CheckReport,
    Diagnosis,
    HandoverPlan,
    HandoverReport,
    IdMapFile,
    RestorePlan,
    RestoreReport,
    RemapReport,
    UsageReport,
)

LINES: Final[Mapping[str, tuple[str, Mapping[str, type]]]] = {
    "backup": (
        "A line of a backup",
        {"header": ArchiveHeader, "connection": ConnectionLine, "unread": UnreadConnection, "manifest": Manifest},
    ),
    "journal": ("The first line of a journal", {"": JournalHeader}),
    "values": ("A line of the template of values", {"": ValueLine}),
}
"""Files of JSON lines: a title, and the classes of lines by `type`."""
