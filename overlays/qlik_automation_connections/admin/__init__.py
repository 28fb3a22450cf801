"""Jobs for administrators: audit, check, usage, backup, restore, deploy, remap, handover; a diagnosis of a tenant.

Jobs are sync functions that work through a `Tenant` and return plain data with `to_dict()`. Most take `on_progress`, a
callback, and `cancel`, a `threading.Event` that stops the job. Public names are loaded on first use.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._apply import apply
    from ._audit.changes import compare_audits
    from ._audit.html import html_report
    from ._audit.job import audit
    from ._audit.report import AuditChanges, AuditedConnection, AuditReport, Finding
    from ._backup.archive import Archive
    from ._backup.job import backup
    from ._backup.records import ArchivedAutomation, ArchivedConnection, ArchiveSummary, UnreadConnection
    from ._backup.report import BackupReport
    from ._backup.values import read_values
    from ._check.job import check
    from ._check.report import CheckedConnection, CheckReport
    from ._deploy.plan import DeployPlan, DeployStep
    from ._deploy.planning import plan_deploy
    from ._deploy.report import DeployedAutomation, DeployReport
    from ._deploy.undo import UndoneItem, UndoReport, undo_deploy
    from ._doctor.job import diagnose
    from ._doctor.report import Diagnosis
    from ._errors import JobCancelled, JobError
    from ._handover.plan import HandoverPlan, HandoverStep
    from ._handover.planning import plan_handover
    from ._handover.report import HandedOver, HandoverReport
    from ._id_map import read_id_map
    from ._name_lookup import fetch_names
    from ._names import Names
    from ._people import Person, Place
    from ._progress import Progress
    from ._remap.job import remap
    from ._remap.report import FileReport, RemapReport
    from ._restore.plan import Candidate, RestorePlan, RestoreStep
    from ._restore.planning import plan_restore
    from ._restore.report import RestoredConnection, RestoreReport
    from ._usage.job import usage
    from ._usage.report import UnreadAutomation, UsageReport, UsingAutomation

_NAMES = {
    "._apply": "apply",
    "._audit.changes": "compare_audits",
    "._audit.html": "html_report",
    "._audit.job": "audit",
    "._audit.report": "AuditChanges AuditedConnection AuditReport Finding",
    "._backup.archive": "Archive",
    "._backup.records": "ArchivedAutomation ArchivedConnection ArchiveSummary UnreadConnection",
    "._backup.job": "backup",
    "._backup.report": "BackupReport",
    "._backup.values": "read_values",
    "._check.job": "check",
    "._check.report": "CheckedConnection CheckReport",
    "._deploy.plan": "DeployPlan DeployStep",
    "._deploy.planning": "plan_deploy",
    "._deploy.report": "DeployReport DeployedAutomation",
    "._deploy.undo": "UndoReport UndoneItem undo_deploy",
    "._doctor.job": "diagnose",
    "._doctor.report": "Diagnosis",
    "._errors": "JobCancelled JobError",
    "._handover.plan": "HandoverPlan HandoverStep",
    "._handover.planning": "plan_handover",
    "._handover.report": "HandedOver HandoverReport",
    "._name_lookup": "fetch_names",
    "._names": "Names",
    "._people": "Person Place",
    "._progress": "Progress",
    "._id_map": "read_id_map",
    "._remap.job": "remap",
    "._remap.report": "FileReport RemapReport",
    "._restore.plan": "Candidate RestorePlan RestoreStep",
    "._restore.planning": "plan_restore",
    "._restore.report": "RestoredConnection RestoreReport",
    "._usage.job": "usage",
    "._usage.report": "UnreadAutomation UsageReport UsingAutomation",
}
_HOME = {name: module for module, names in _NAMES.items() for name in names.split()}

# A literal, for static tools.
__all__ = [  # pyright: ignore[reportUnsupportedDunderAll]
    "Archive", "ArchiveSummary", "ArchivedAutomation", "ArchivedConnection", "AuditChanges", "AuditReport",
    "AuditedConnection", "BackupReport", "Candidate", "CheckReport", "CheckedConnection", "DeployPlan",
    "DeployReport", "DeployStep", "DeployedAutomation", "Diagnosis", "FileReport", "Finding", "HandedOver",
    "HandoverPlan", "HandoverReport", "HandoverStep", "JobCancelled", "JobError", "Names", "Person", "Place",
    "Progress", "RemapReport", "RestorePlan", "RestoreReport", "RestoreStep", "RestoredConnection", "UndoReport",
    "UndoneItem", "UnreadAutomation", "UnreadConnection", "UsageReport", "UsingAutomation", "apply", "audit",
    "backup", "check", "compare_audits", "diagnose", "fetch_names", "html_report", "plan_deploy", "plan_handover",
    "plan_restore", "read_id_map", "read_values", "remap", "undo_deploy", "usage",
]  # fmt: skip


if not TYPE_CHECKING:  # otherwise type checkers would accept any name

    def __getattr__(name: str) -> object:
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value: object = getattr(importlib.import_module(_HOME[name], __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
