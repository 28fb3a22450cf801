"""What restores and deployments have in common: their run, its id map, and its report on connections."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar, cast

from attrs import frozen

from ...errors import ConfigurationError
from .._errors import JobCancelled, JobError
from .._id_map import IdMapFile, read_id_map
from .._journal import JournalHeader
from .._progress import OnProgress, ignore
from .._record import P, Record
from .._run import PlanRun, StepRunner
from .param_values import ParamValues, not_set
from .plan import RestorePlan, RestoreStep
from .report import Outcome, RestoredConnection, RestoreReport


class Planned(Protocol):
    """A step for a connection or an automation."""

    @property
    def id(self) -> str: ...
    @property
    def action(self) -> str: ...
    @property
    def target_id(self) -> str | None: ...


S = TypeVar("S", bound=Planned)
Parts = Callable[[P], tuple[RestorePlan, Sequence[S]]]


def new_id_of(record: Record[Any], step: Planned) -> str | None:
    """Return what a step created or found in the target; None if absent."""
    if step.action == "create":
        return record.state(step.id).new_id
    return None if step.action == "ask" else step.target_id


def known_ids(id_map: Path, tenant: str) -> dict[str, str]:
    """Return the ids already in an id map, which stay there even if another job wrote them."""
    try:
        return read_id_map(id_map, tenant=tenant) if id_map.exists() else {}
    except ConfigurationError as error:
        raise JobError(f"{error} Choose another file for the id map.") from None


class RestoreRun(PlanRun[P, S]):
    """A run that keeps the new ids of what it creates in an id map.

    Args:
        job: Name of the job.
        record: The journal.
        plan: The given plan.
        parts: Returns what a plan says of connections, and all its steps.
        values: Values of params.
        id_map: Path of the id map.

    Attributes:
        connections: What the plan says of connections.
        cancelled: Whether the run was cancelled.
        notes: Remarks on how it was run.
    """

    def __init__(
        self, job: str, record: Record[P], plan: P, parts: Parts[P, S], values: ParamValues, id_map: Path
    ) -> None:
        super().__init__(job, record, plan)
        self.connections, self._steps = parts(self.plan)
        self.cancelled = False
        self.notes: list[str] = []
        if self.plan != plan:
            self.notes.append("The journal held an unfinished plan, which was carried out instead of the given one.")
        if self.resumed and (unnamed := values.unnamed(self.connections.steps)):
            self.notes.append(not_set(len(unnamed)))
        self._values = values
        self._id_map = id_map

    def start(self, prepare: Callable[[], None] | None = None) -> None:
        """Begin the run, unless the id map can't be written, or what a new run needs first can't be done."""
        with self._record.kept_once_begun():
            self._write_id_map()
            if prepare is not None and not (self.resumed or self.repeated):
                prepare()
            self.begin()

    def carry_out(self, runner: StepRunner[S], on_progress: OnProgress | None, cancel: threading.Event | None) -> None:
        """Run the remaining steps, and write the id map, however they end."""
        try:
            self.perform(self._steps, runner, on_progress or ignore, cancel, scrub=self._values.scrub)
        except JobCancelled:
            self.cancelled = True
        except BaseException:
            # Report the original error, even if the id map can't be written either; the next run writes it.
            with suppress(JobError):
                self._write_id_map()
            raise
        self._write_id_map()

    def _write_id_map(self) -> None:
        new_ids = {step.id: new for step in self._steps if (new := new_id_of(self._record, step)) is not None}
        ids = {**known_ids(self._id_map, self.connections.tenant), **new_ids}
        IdMapFile(self.connections.tenant, self.connections.source, ids).write(self._id_map, overwrite=True)

    def report(self) -> RestoreReport:
        """Return the outcome for connections."""
        return RestoreReport(
            self.connections.tenant,
            self.connections.archive,
            str(self._record.path),
            str(self._id_map),
            [self._restored(step) for step in self.connections.steps],
            resumed=self.resumed,
            repeated=self.repeated,
            cancelled=self.cancelled,
            notes=list(self.connections.notes),
        )

    def outcome_of(self, id: str) -> tuple[str, str]:
        """Return the outcome of a step, and its sentence."""
        result = self.results.get(id)
        if result is None:
            return "left", "The job was cancelled before this step."
        return result.outcome, result.sentence

    def _restored(self, step: RestoreStep) -> RestoredConnection:
        outcome, sentence = self.outcome_of(step.id)
        return RestoredConnection(
            step.id,
            step.name,
            step.connector_id,
            cast(Outcome, outcome),
            step.reason,
            sentence,
            new_id_of(self._record, step),
            link=step.link,
            notes=list(step.notes),
        )


@frozen
class Unfinished(Generic[P]):
    """A run that did not finish.

    Attributes:
        plan: Its plan, which `apply` would resume.
        done: Steps that are done.
        cut_off: Whether it may have created something that its id map lacks: the outcome of a create is unknown, or
            the run ended before its last step. It must be resumed before planning again.
    """

    plan: P
    done: frozenset[str]
    cut_off: bool


def unfinished(journal: Path, header: JournalHeader, plan_type: type[P], parts: Parts[P, Any]) -> Unfinished[P] | None:
    """Return the unfinished run in a journal.

    Args:
        journal: The journal; may be missing.
        header: What it must belong to.
        plan_type: Class of its plans.
        parts: Returns what a plan says of connections, and all its steps.

    Returns:
        The run, or None if absent.

    Raises:
        JobError: The journal can't be read, belongs to something else, or is in use by another process.
    """
    if not journal.exists():
        return None
    with Record(journal, header, plan_type) as record:
        if record.plan is None or record.is_finished:
            return None
        states = [(step, record.state(step.id)) for step in parts(record.plan)[1]]
    cut_off = any(
        state.before is not None
        or (step.action in ("create", "update") and state.outcome is None and state.failed is None)
        for step, state in states
    )
    return Unfinished(record.plan, frozenset(step.id for step, state in states if state.outcome is not None), cut_off)
