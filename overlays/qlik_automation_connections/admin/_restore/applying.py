"""Apply a restore plan, and inspect the journals of interrupted runs."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, cast

from attrs import frozen

from ... import Tenant
from ...errors import ConfigurationError
from .._errors import JobCancelled, JobError
from .._id_map import IdMapFile, read_id_map
from .._id_map import id_map_path as default_id_map_path
from .._journal import JournalHeader, header_of
from .._progress import OnProgress, ignore
from .._record import Record
from .._run import PlanRun, Result
from .creating import OnWait
from .executor import RestoreRunner
from .param_values import ParamValues, Values, not_set
from .plan import RestorePlan, RestoreStep
from .report import Outcome, RestoredConnection, RestoreReport
from .verify import follow_up, say_what_is_left

_JOB: Final = "restore"


def _record(journal: Path, tenant: str, archive: str) -> Record[RestorePlan]:
    return Record(journal, JournalHeader(_JOB, tenant, {"archive": archive}), RestorePlan)


def new_id_of(record: Record[Any], step: RestoreStep) -> str | None:
    """Return the target connection of a step, or None if absent."""
    if step.action == "create":
        return record.state(step.id).new_id
    return None if step.action == "ask" else step.target_id


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
    on_progress = on_progress or ignore
    path = Path(journal)
    id_map = default_id_map_path(path) if id_map_path is None else Path(id_map_path)
    if id_map == path:
        raise ConfigurationError("The journal and the id map must be different files.")
    with _record(path, plan.tenant, plan.archive) as record:
        run: PlanRun[RestorePlan, RestoreStep] = PlanRun(_JOB, record, plan)
        notes: list[str] = []
        if run.plan != plan:
            notes.append("The journal held an unfinished plan, which was carried out instead of the given one.")
        if run.resumed and (unnamed := given.unnamed(run.plan.steps)):
            notes.append(not_set(len(unnamed)))

        def write_id_map() -> None:
            new_ids = {step.id: new for step in run.plan.steps if (new := new_id_of(record, step)) is not None}
            ids = {**known_ids(id_map, tenant.url), **new_ids}
            IdMapFile(tenant.url, run.plan.source, ids).write(id_map, overwrite=True)

        # Fail before anything is sent if the id map can't be written.
        try:
            write_id_map()
            run.begin()
        except BaseException:
            if record.is_new:
                record.discard()
            raise
        runner = RestoreRunner(tenant, record, given, list_all=run.plan.list_all, on_wait=on_wait)
        cancelled = False
        try:
            run.perform(run.plan.steps, runner, on_progress, cancel, scrub=given.scrub)
        except JobCancelled:
            cancelled = True
        except BaseException:
            # Report the original error, even if the id map can't be written either; the next run writes it.
            with suppress(JobError):
                write_id_map()
            raise
        write_id_map()
        report = RestoreReport(
            run.plan.tenant,
            run.plan.archive,
            str(record.path),
            str(id_map),
            restored(run.plan.steps, run.results, record),
            resumed=run.resumed,
            repeated=run.repeated,
            cancelled=cancelled,
            notes=list(run.plan.notes),
        )
        report.notes += notes
        if report.is_complete:
            run.finish()
    if check and not cancelled:
        follow_up(tenant, report, given, on_progress, cancel)
    say_what_is_left(report, {step.id: step for step in run.plan.steps}, given)
    return report


def known_ids(id_map: Path, tenant: str) -> dict[str, str]:
    """Return the ids already in an id map, which stay there even if another job wrote them."""
    try:
        return read_id_map(id_map, tenant=tenant) if id_map.exists() else {}
    except ConfigurationError as error:
        raise JobError(f"{error} Choose another file for the id map.") from None


def restored(
    steps: Iterable[RestoreStep], results: Mapping[str, Result], record: Record[Any]
) -> list[RestoredConnection]:
    """Return the outcome of each step."""
    found = []
    for step in steps:
        result = results.get(step.id)
        found.append(
            RestoredConnection(
                step.id,
                step.name,
                step.connector_id,
                "left" if result is None else cast(Outcome, result.outcome),
                step.reason,
                "The job was cancelled before this step." if result is None else result.sentence,
                new_id_of(record, step),
                link=step.link,
                notes=list(step.notes),
            )
        )
    return found


@frozen
class Unfinished:
    """A run that did not finish.

    Attributes:
        plan: Its plan, which `apply` would resume.
        done: Archived connections whose step is done.
    """

    plan: RestorePlan
    done: frozenset[str]


def unfinished_run(journal: Path, tenant: str, archive: str) -> Unfinished | None:
    """Return the unfinished run in a journal, or None if absent.

    Args:
        journal: The journal; may be missing.
        tenant: Address of the tenant that it must belong to.
        archive: Checksum of the archive that it must belong to.

    Raises:
        JobError: The journal can't be read, belongs to something else, or is in use by another process.
    """
    if not journal.exists():
        return None
    with _record(journal, tenant, archive) as record:
        if record.plan is None or record.is_finished:
            return None
        done = (step.id for step in record.plan.steps if record.state(step.id).outcome is not None)
        return Unfinished(record.plan, frozenset(done))


def cut_off_run(journal: Path) -> RestorePlan | None:
    """Return the plan of an interrupted run that may have created connections missing from its id map.

    That is the case if a create is unresolved, or if the run ended before its last step. It must be resumed before
    planning again.

    Args:
        journal: The journal; may be missing, or not a journal.

    Returns:
        The plan, or None if absent.

    Raises:
        JobError: The journal belongs to another job, or is in use by another process.
    """
    try:
        header = header_of(journal, JournalHeader)
    except JobError:
        return None
    if header is None:
        return None
    with _record(journal, header.tenant, str(header.subject.get("archive"))) as record:
        if record.plan is None or record.is_finished:
            return None
        return record.plan if is_cut_off(record, record.plan.steps) else None


def is_cut_off(record: Record[Any], steps: Iterable[Any]) -> bool:
    """Return whether a run ended before one of its steps, or doesn't know whether it created something."""
    for step in steps:
        state = record.state(step.id)
        is_left = step.action in ("create", "update") and state.outcome is None and state.failed is None
        if is_left or state.before is not None:
            return True
    return False
