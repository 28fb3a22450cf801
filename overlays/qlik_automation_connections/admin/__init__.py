"""Jobs for administrators, over the public names of a `Tenant`: audit, check, backup, restore, remap, hand over.

All of them are plain sync functions. They take plain values and return plain data with `to_dict()`, take `on_progress`,
which is told how far they are, and `cancel`, a `threading.Event` that ends them. What is public is loaded when it is
first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .applying import apply as apply
    from .audits.changes import AuditChanges as AuditChanges
    from .audits.changes import compare_audits as compare_audits
    from .audits.html import html_report as html_report
    from .audits.job import audit as audit
    from .audits.report import AuditedConnection as AuditedConnection
    from .audits.report import AuditReport as AuditReport
    from .audits.report import Finding as Finding
    from .backups.archive import Archive as Archive
    from .backups.archive import ArchivedConnection as ArchivedConnection
    from .backups.archive import ArchiveSummary as ArchiveSummary
    from .backups.archive import UnreadConnection as UnreadConnection
    from .backups.job import backup as backup
    from .backups.report import BackupReport as BackupReport
    from .backups.values import read_values as read_values
    from .checks.job import check as check
    from .checks.report import CheckedConnection as CheckedConnection
    from .checks.report import CheckReport as CheckReport
    from .errors import JobCancelled as JobCancelled
    from .errors import JobError as JobError
    from .handovers.plan import HandoverPlan as HandoverPlan
    from .handovers.plan import HandoverStep as HandoverStep
    from .handovers.planning import plan_handover as plan_handover
    from .handovers.report import HandedOver as HandedOver
    from .handovers.report import HandoverReport as HandoverReport
    from .names import Names as Names
    from .progress import Progress as Progress
    from .remapping.id_map import read_id_map as read_id_map
    from .remapping.job import remap as remap
    from .remapping.report import FileReport as FileReport
    from .remapping.report import RemapReport as RemapReport
    from .restores.plan import Candidate as Candidate
    from .restores.plan import RestorePlan as RestorePlan
    from .restores.plan import RestoreStep as RestoreStep
    from .restores.planning import plan_restore as plan_restore
    from .restores.report import RestoredConnection as RestoredConnection
    from .restores.report import RestoreReport as RestoreReport
    from .usages.job import usage as usage
    from .usages.report import UnreadAutomation as UnreadAutomation
    from .usages.report import UsageReport as UsageReport
    from .usages.report import UsingAutomation as UsingAutomation

_MODULES = {
    ".applying": ("apply",),
    ".audits.changes": ("AuditChanges", "compare_audits"),
    ".audits.html": ("html_report",),
    ".audits.job": ("audit",),
    ".audits.report": ("AuditReport", "AuditedConnection", "Finding"),
    ".backups.archive": ("Archive", "ArchiveSummary", "ArchivedConnection", "UnreadConnection"),
    ".backups.job": ("backup",),
    ".backups.report": ("BackupReport",),
    ".backups.values": ("read_values",),
    ".checks.job": ("check",),
    ".checks.report": ("CheckReport", "CheckedConnection"),
    ".errors": ("JobCancelled", "JobError"),
    ".handovers.plan": ("HandoverPlan", "HandoverStep"),
    ".handovers.planning": ("plan_handover",),
    ".handovers.report": ("HandedOver", "HandoverReport"),
    ".names": ("Names",),
    ".progress": ("Progress",),
    ".remapping.id_map": ("read_id_map",),
    ".remapping.job": ("remap",),
    ".remapping.report": ("FileReport", "RemapReport"),
    ".restores.plan": ("Candidate", "RestorePlan", "RestoreStep"),
    ".restores.planning": ("plan_restore",),
    ".restores.report": ("RestoreReport", "RestoredConnection"),
    ".usages.job": ("usage",),
    ".usages.report": ("UnreadAutomation", "UsageReport", "UsingAutomation"),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}

__all__ = sorted(_HOME)  # pyright: ignore[reportUnsupportedDunderAll]


if not TYPE_CHECKING:  # with it, checkers would take any name for one of the package

    def __getattr__(name: str) -> object:
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value: object = getattr(importlib.import_module(_HOME[name], __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
