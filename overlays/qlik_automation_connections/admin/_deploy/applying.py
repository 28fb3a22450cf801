"""Apply a deploy plan, with a journal, an id map and an undo file."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, cast

from attrs import frozen

from ... import Tenant
from ...errors import ConfigurationError
from .._errors import JobCancelled, JobError
from .._id_map import IdMapFile
from .._id_map import id_map_path as default_id_map_path
from .._identity import sign_in_of
from .._journal import JournalHeader, header_of
from .._progress import OnProgress, ignore
from .._record import Record
from .._restore.applying import is_cut_off, known_ids, new_id_of, restored
from .._restore.creating import OnWait
from .._restore.executor import RestoreRunner
from .._restore.param_values import ParamValues, Values, not_set
from .._restore.plan import RestoreStep
from .._restore.report import RestoreReport
from .._restore.verify import follow_up, say_what_is_left
from .._run import PlanRun
from .plan import DeployPlan, DeployStep
from .report import DeployedAutomation, DeployReport, Outcome
from .runner import DeployRunner
from .sources import Source, open_source
from .undo import JOB, note_what_is_there

_STARTED_BY_OTHERS: Final = ("webhook", "triggered")
_GIVE_ON: Final = (
    "It has a new execution token and address: give them to what starts it. They are in the editor, and in"
    " automations.get()."
)


def _record(journal: Path, tenant: str, archive: str) -> Record[DeployPlan]:
    return Record(journal, JournalHeader(JOB, tenant, {"archive": archive}), DeployPlan)


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
    with _record(path, plan.tenant, plan.connections.archive) as record:
        run: PlanRun[DeployPlan, RestoreStep | DeployStep] = PlanRun(JOB, record, plan)
        ids = _Ids(run.plan, record, source, known_ids(id_map, tenant.url))
        notes: list[str] = []
        if run.plan != plan:
            notes.append("The journal held an unfinished plan, which was carried out instead of the given one.")
        if run.resumed and (unnamed := given.unnamed(run.plan.connections.steps)):
            notes.append(not_set(len(unnamed)))

        def write_id_map() -> None:
            IdMapFile(tenant.url, source.tenant, ids.of_both_kinds()).write(id_map, overwrite=True)

        # Fail before anything is changed if a file can't be written.
        try:
            write_id_map()
            if not (run.resumed or run.repeated):
                note_what_is_there(tenant, run.plan, undo, path, cancel)
            run.begin()
        except BaseException:
            if record.is_new:
                record.discard()
            raise
        sees_all = sign_in_of(tenant.automations_auth) == "OAuth client"
        connections = RestoreRunner(tenant, record, given, list_all=run.plan.connections.list_all, on_wait=on_wait)
        runner = DeployRunner(
            tenant, record, run.plan, connections, source.load, ids.of_connections, sees_all=sees_all, on_wait=on_wait
        )
        cancelled = False
        try:
            run.perform(run.plan.all_steps, runner, on_progress or ignore, cancel, scrub=given.scrub)
        except JobCancelled:
            cancelled = True
        except BaseException:
            # Report the original error, even if the id map can't be written either; the next run writes it.
            with suppress(JobError):
                write_id_map()
            raise
        write_id_map()
        report = DeployReport(
            tenant.url,
            run.plan.source,
            str(undo),
            RestoreReport(
                tenant.url,
                run.plan.connections.archive,
                str(path),
                str(id_map),
                restored(run.plan.connections.steps, run.results, record),
                resumed=run.resumed,
                repeated=run.repeated,
                cancelled=cancelled,
                notes=list(run.plan.connections.notes),
            ),
            [_deployed(step, run, record, runner) for step in run.plan.steps],
            [*run.plan.notes, *notes],
        )
        if report.is_complete:
            run.finish()
    if check and not cancelled:
        follow_up(tenant, report.connections, given, on_progress or ignore, cancel)
    say_what_is_left(report.connections, {step.id: step for step in run.plan.connections.steps}, given)
    return report


@frozen
class _Ids:
    """Ids in the target by those in the source."""

    _plan: DeployPlan
    _record: Record[DeployPlan]
    _source: Source
    _known: Mapping[str, str]

    def of_connections(self) -> dict[str, str | None]:
        """Return the ids of connections; None for those that the service has not created."""
        # A backup's connections have steps; those of exported files are in the id map alone.
        ids: dict[str, str | None] = {} if self._source.archive is not None else dict(self._known)
        for step in self._plan.connections.steps:
            new = new_id_of(self._record, step)
            if new is not None or step.reason == "managed":
                ids[step.id] = new
        return ids

    def of_both_kinds(self) -> dict[str, str]:
        """Return the known ids of connections and automations, and what the id map holds already."""
        ids = {**self._known, **{old: new for old, new in self.of_connections().items() if new is not None}}
        for step in self._plan.steps:
            new = _new_id(self._record, step)
            if new is not None:
                ids[step.id] = new
        return ids


def _new_id(record: Record[DeployPlan], step: DeployStep) -> str | None:
    if step.action == "create":
        return record.state(step.id).new_id
    return None if step.action == "ask" else step.target_id


def _deployed(
    step: DeployStep,
    run: PlanRun[DeployPlan, RestoreStep | DeployStep],
    record: Record[DeployPlan],
    runner: DeployRunner,
) -> DeployedAutomation:
    result = run.results.get(step.id)
    outcome = cast(Outcome, "left" if result is None else result.outcome)
    sentence = "The job was cancelled before this step." if result is None else result.sentence
    found = DeployedAutomation(step.id, step.name, outcome, step.reason, sentence, _new_id(record, step))
    found.notes = list(step.notes)
    to_do = [runner.disabled[step.id]] if step.id in runner.disabled else []
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
    with _record(journal, tenant, archive) as record:
        steps = record.plan.connections.steps if record.plan is not None else ()
        return {step.id: record.state(step.id).param_values_sent for step in steps}


@frozen
class Unfinished:
    """A run that did not finish.

    Attributes:
        plan: Its plan, which `apply` would resume.
        done: Connections and automations whose step is done.
        cut_off: Whether it may have created something that the id map lacks.
    """

    plan: DeployPlan
    done: frozenset[str]
    cut_off: bool


def unfinished_run(journal: Path) -> Unfinished | None:
    """Return the unfinished run in a journal, or None if absent.

    Raises:
        JobError: The journal can't be read, belongs to another job, or is in use by another process.
    """
    header = header_of(journal, JournalHeader)
    if header is None:
        return None
    with _record(journal, header.tenant, str(header.subject.get("archive"))) as record:
        if record.plan is None or record.is_finished:
            return None
        done = (step.id for step in record.plan.all_steps if record.state(step.id).outcome is not None)
        return Unfinished(record.plan, frozenset(done), is_cut_off(record, record.plan.all_steps))
