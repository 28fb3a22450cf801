"""All documents that jobs write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ._audit.report import AuditReport
from ._backup.records import ArchiveHeader, ArchiveSummary, AutomationLine, ConnectionLine, Manifest, UnreadConnection
from ._backup.report import BackupReport
from ._backup.values import ValueLine
from ._bulk import BulkReport
from ._check.report import CheckReport
from ._deploy.plan import DeployPlan
from ._deploy.report import DeployReport
from ._deploy.undo import DeployUndo, UndoEntry, UndoReport
from ._doctor.report import Diagnosis
from ._document import Document
from ._handover.plan import HandoverPlan
from ._handover.report import HandoverReport
from ._id_map import IdMapFile
from ._journal import JournalHeader
from ._people import Person, Place
from ._remap.report import RemapReport
from ._restore.plan import RestorePlan
from ._restore.report import RestoreReport
from ._usage.report import UnreadAutomation, UsageReport

DOCUMENTS: Final[tuple[type[Document], ...]] = (
    ArchiveSummary,
    AuditReport,
    BackupReport,
    BulkReport,
    CheckReport,
    DeployPlan,
    DeployReport,
    UndoReport,
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
        {
            "header": ArchiveHeader,
            "connection": ConnectionLine,
            "unread": UnreadConnection,
            "automation": AutomationLine,
            "unread-automation": UnreadAutomation,
            "user": Person,
            "space": Place,
            "manifest": Manifest,
        },
    ),
    "deploy-undo": ("A line of the undo file of a deployment", {"header": DeployUndo, "entry": UndoEntry}),
    "journal": ("The first line of a journal", {"": JournalHeader}),
    "values": ("A line of the template of values", {"": ValueLine}),
}
"""Files of JSON lines: a title, and the classes of lines by `type`."""
