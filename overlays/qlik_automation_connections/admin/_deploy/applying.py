"""Apply a deploy plan, with a journal, an id map and an undo file."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final, cast

from attrs import evolve

from ... import Tenant
from ...errors import ConfigurationError
from .._errors import JobError
from .._id_map import id_map_path as default_id_map_path
from .._identity import sign_in_of
from .._journal import JournalHeader, header_of
from .._progress import OnProgress, ignore
from .._record import Record
from .._restore.creating import OnWait
from .._restore.executor import RestoreRunner
from .._restore.param_values import ParamValues, Values
from .._restore.plan import RestorePlan, RestoreStep
from .._restore.run import RestoreRun, Unfinished, known_ids, new_id_of, unfinished
from .._restore.verify import follow_up, say_what_is_left
from .plan import DeployPlan, DeployStep
from .report import DeployedAutomation, DeployReport, Outcome
from .runner import DeployRunner
from .sources import open_source
from .undo import JOB, note_what_is_there

_STARTED_BY_OTHERS: Final = ("webhook", "triggered")
_GIVE_ON: Final = (
    "It has a new execution token and address: give them to what starts it. They are in the editor, and in"
    " automations.get()."
)


def _header(tenant: str, archive: str) -> JournalHeader:
    return JournalHeader(JOB, tenant, {"archive": archive})


def _parts(plan: DeployPlan) -> tuple[RestorePlan, list[RestoreStep | DeployStep]]:
    return plan.connections, plan.all_steps


def undo_path(journal: Path) -> Path:
    """Return the default undo file of a journal: the file beside it."""
    return journal.with_name(f"{journal.name.removesuffix('.journal')}.undo.ndjson")


def apply_deploy(
    tenant: Tenant,
    plan: DeployPlan,
    *,
    journal: str | Path,
    values: Values | None = None,
    id_map_path: str | Path | None = None,
    undo: str | Path | None = None,
    check: bool = True,
    on_progress: OnProgress | None = None,
    on_wait: OnWait | None = None,
    cancel: threading.Event | None = None,
) -> DeployReport:
    """Apply a deploy plan; see `admin.apply`."""
    given = ParamValues(values)
    del values
    plan.check()
    if plan.tenant != tenant.url:
        raise ConfigurationError(f"The plan is for the tenant {plan.tenant}, not for {tenant.url}.")
    path = Path(journal)
    id_map = default_id_map_path(path) if id_map_path is None else Path(id_map_path)
    undo = undo_path(path) if undo is None else Path(undo)
    if len({path, id_map, undo}) < 3:
        raise ConfigurationError("The journal, the id map and the undo file must be different files.")
    source = open_source(plan.source)
    if source.sha256 != plan.connections.archive:
        raise JobError(f"{plan.source} is not what the plan was made from: pass that, or plan again.")
    with Record(path, _header(plan.tenant, plan.connections.archive), DeployPlan) as record:
        run = RestoreRun(JOB, record, plan, _parts, given, id_map)
        run.start(lambda: note_what_is_there(tenant, run.plan, undo, record, cancel))
        connections = RestoreRunner(tenant, record, given, list_all=run.connections.list_all, on_wait=on_wait)
        # A backup's connections have steps; those of exported files are in the id map alone.
        known = known_ids(id_map, tenant.url) if source.archive is None else {}

        def ids_of_connections() -> dict[str, str | None]:
            steps = ((step, new_id_of(record, step)) for step in run.connections.steps)
            return {**known, **{step.id: new for step, new in steps if new is not None or step.reason == "managed"}}

        sees_all = sign_in_of(tenant.automations_auth) == "OAuth client"
        runner = DeployRunner(
            tenant, record, run.plan, connections, source.load, ids_of_connections, sees_all=sees_all, on_wait=on_wait
        )
        run.carry_out(runner, on_progress, cancel)
        steps = [_deployed(step, run, new_id_of(record, step), runner.disabled.get(step.id)) for step in run.plan.steps]
        notes = [*run.plan.notes, *run.notes]
        report = DeployReport(tenant.url, run.plan.source, str(undo), run.report(), steps, notes)
        if report.is_complete:
            run.finish()
    if check and not run.cancelled:
        follow_up(tenant, report.connections, given, on_progress or ignore, cancel)
    say_what_is_left(report.connections, {step.id: step for step in run.connections.steps}, given)
    return report


def _deployed(
    step: DeployStep, run: RestoreRun[DeployPlan, RestoreStep | DeployStep], new_id: str | None, disabled: str | None
) -> DeployedAutomation:
    outcome, sentence = run.outcome_of(step.id)
    found = DeployedAutomation(step.id, step.name, cast(Outcome, outcome), step.reason, sentence, new_id)
    found.notes = list(step.notes)
    to_do = [] if disabled is None else [disabled]
    if outcome in ("created", "adopted") and step.run_mode in _STARTED_BY_OTHERS:
        to_do.append(_GIVE_ON)
    if outcome == "asked":
        to_do.append(
            "Decide in the plan: set target_id and the action to update or skip, or only the action to create."
        )
    found.to_do = " ".join(to_do) or None
    return found


def values_sent(journal: Path, tenant: str, archive: str) -> dict[str, set[str]]:
    """Return the params for which a value was sent with a journal, by connection; none if it is absent."""
    if header_of(journal, JournalHeader) is None:
        return {}
    with Record(journal, _header(tenant, archive), DeployPlan) as record:
        steps = record.plan.connections.steps if record.plan is not None else ()
        return {step.id: record.state(step.id).param_values_sent for step in steps}


def unfinished_run(journal: Path) -> Unfinished[DeployPlan] | None:
    """Return the unfinished run in a journal, for any tenant and source; see `unfinished`."""
    header = header_of(journal, JournalHeader)
    return None if header is None else unfinished(journal, evolve(header, job=JOB), DeployPlan, _parts)
