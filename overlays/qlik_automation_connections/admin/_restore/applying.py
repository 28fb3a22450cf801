"""Apply a restore plan, and inspect the journals of interrupted runs."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

from attrs import evolve

from ... import Tenant
from ...errors import ConfigurationError
from .._errors import JobError
from .._id_map import id_map_path as default_id_map_path
from .._journal import JournalHeader, header_of
from .._progress import OnProgress, ignore
from .._record import Record
from .creating import OnWait
from .executor import RestoreRunner
from .param_values import ParamValues, Values
from .plan import RestorePlan, RestoreStep
from .report import RestoreReport
from .run import RestoreRun, Unfinished, unfinished
from .verify import follow_up, say_what_is_left

_JOB: Final = "restore"


def _header(tenant: str, archive: str) -> JournalHeader:
    return JournalHeader(_JOB, tenant, {"archive": archive})


def _parts(plan: RestorePlan) -> tuple[RestorePlan, list[RestoreStep]]:
    return plan, plan.steps


def apply_restore(
    tenant: Tenant,
    plan: RestorePlan,
    *,
    journal: str | Path,
    values: Values | None = None,
    id_map_path: str | Path | None = None,
    check: bool = True,
    on_progress: OnProgress | None = None,
    on_wait: OnWait | None = None,
    cancel: threading.Event | None = None,
) -> RestoreReport:
    """Apply a restore plan; see `admin.apply`."""
    given = ParamValues(values)
    del values
    plan.check()
    if plan.tenant != tenant.url:
        raise ConfigurationError(f"The plan is for the tenant {plan.tenant}, not for {tenant.url}.")
    path = Path(journal)
    id_map = default_id_map_path(path) if id_map_path is None else Path(id_map_path)
    if id_map == path:
        raise ConfigurationError("The journal and the id map must be different files.")
    with Record(path, _header(plan.tenant, plan.archive), RestorePlan) as record:
        run = RestoreRun(_JOB, record, plan, _parts, given, id_map)
        run.start()
        runner = RestoreRunner(tenant, record, given, list_all=run.plan.list_all, on_wait=on_wait)
        run.carry_out(runner, on_progress, cancel)
        report = run.report()
        report.notes += run.notes
        if report.is_complete:
            run.finish()
    if check and not run.cancelled:
        follow_up(tenant, report, given, on_progress or ignore, cancel)
    say_what_is_left(report, {step.id: step for step in run.plan.steps}, given)
    return report


def unfinished_run(journal: Path, tenant: str, archive: str) -> Unfinished[RestorePlan] | None:
    """Return the unfinished run in a journal, which must belong to a tenant and an archive; see `unfinished`."""
    return unfinished(journal, _header(tenant, archive), RestorePlan, _parts)


def cut_off_run(journal: Path) -> RestorePlan | None:
    """Return the plan of a journal's unfinished run if it was cut off, else None, also for any other file."""
    try:
        header = header_of(journal, JournalHeader)
    except JobError:
        return None
    begun = None if header is None else unfinished(journal, evolve(header, job=_JOB), RestorePlan, _parts)
    return begun.plan if begun is not None and begun.cut_off else None
