"""Carries out the plan of a restore, so that it can be stopped anywhere and gone on with."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

from attrs import define, field

from ... import Tenant
from ...errors import APIError, ConfigurationError
from .._cancellation import cancellable
from .._errors import JobCancelled, JobError
from .._journal import Journal
from .._parallel import Outage
from .._progress import OnProgress, Progress, ignore
from .creating import OnWait, StepFailed
from .executor import StepRunner
from .id_map_file import id_map_path as default_id_map_path
from .id_map_file import write_id_map
from .param_values import GivenValues, Values, not_set
from .plan import RestorePlan, RestoreStep
from .plan_reading import check_plan
from .record import JOB, Record
from .report import Outcome, RestoredConnection, RestoreReport
from .verify import follow_up, say_what_is_left

# Each of them was tried again for a while by itself.
_MOST_UNREACHABLE: Final = 3


@define
class _Run:
    """One run of a plan.

    Attributes:
        plan: it.
        record: what was done so far.
        given: the values of params.
        came: what came of the steps, by the archived connection's id.
    """

    plan: RestorePlan
    record: Record
    given: GivenValues
    came: dict[str, tuple[Outcome, str]] = field(factory=dict)

    def ids(self) -> dict[str, str]:
        """New ids by old ones, as far as they are known."""
        found = {}
        for step in self.plan.steps:
            new = self.new_id(step)
            if new is not None:
                found[step.id] = new
        return found

    def new_id(self, step: RestoreStep) -> str | None:
        """The connection in the target that a step is about; None if there is none."""
        if step.action == "create":
            return self.record.known(step.id).new_id
        return None if step.action == "ask" else step.target_id

    def perform(self, runner: StepRunner, told: OnProgress, cancel: threading.Event | None) -> None:
        """Carries out what is not done yet.

        Raises:
            JobCancelled: it was cancelled; what was under way is done, or is gone on with by the next run.
            APIError: the sign-in was refused, or nobody answers any longer.
            JobError: the journal can't be written.
        """
        outage = Outage(_MOST_UNREACHABLE)
        failed = 0
        for number, step in enumerate(self.plan.steps, start=1):
            known = self.record.known(step.id)
            if step.action == "ask" and step.reason == "out-of-sight" and known.given_away:
                sentence = "An earlier run gave it to its owner, and the caller can't see it any longer."
                self.came[step.id] = ("skipped", sentence)
            elif step.action in ("skip", "ask"):
                self.came[step.id] = ("skipped" if step.action == "skip" else "asked", step.sentence)
            elif known.outcome is not None and not runner.given_later(step):
                self.came[step.id] = (known.outcome, known.sentence)
            else:
                error = self._one(runner, step, cancel)
                failed += error is not None
                outage.note(error if isinstance(error, APIError) else None)
            told(Progress(JOB, number, len(self.plan.steps), failed))

    def _one(
        self, runner: StepRunner, step: RestoreStep, cancel: threading.Event | None
    ) -> APIError | StepFailed | ConfigurationError | None:
        try:
            with cancellable(cancel, JOB):
                self.came[step.id] = runner.run(step)
        except (APIError, StepFailed, ConfigurationError) as error:
            sentence = self.given.taken_out(str(error))
            self.came[step.id] = ("failed", sentence)
            self.record.note("failed", step, sentence=sentence)
            # It may be raised, to be shown by the caller.
            error.args = (sentence,)
            return error
        return None

    def report(self, id_map: Path, *, resumed: bool, repeated: bool, cancelled: bool) -> RestoreReport:
        """What came of it."""
        steps = []
        for step in self.plan.steps:
            outcome, sentence = self.came.get(step.id, ("left", "It was cancelled before this step."))
            restored = RestoredConnection(
                step.id, step.name, step.connector_id, outcome, step.reason, sentence, self.new_id(step)
            )
            restored.link, restored.notes = step.link, list(step.notes)
            steps.append(restored)
        return RestoreReport(
            self.plan.tenant,
            self.plan.archive,
            str(self.record.path),
            str(id_map),
            steps,
            resumed=resumed,
            repeated=repeated,
            cancelled=cancelled,
            notes=list(self.plan.notes),
        )


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
    """Carries out the plan of a restore; see `admin.apply`."""
    given = GivenValues(values)
    del values
    check_plan(plan)
    if plan.tenant != tenant.url:
        raise ConfigurationError(f"The plan is for the tenant {plan.tenant}, not for {tenant.url}.")
    told = on_progress or ignore
    path = Path(journal)
    id_map = default_id_map_path(path) if id_map_path is None else Path(id_map_path)
    if id_map == path:
        raise ConfigurationError("The journal and the id map must be two files.")
    with Journal(path, JOB) as opened:
        record = Record(opened)
        record.check(plan.tenant, plan.archive)
        notes: list[str] = []
        resumed = record.plan is not None and not record.finished
        repeated = record.finished and record.plan == plan
        if resumed or repeated:
            assert record.plan is not None, "a run has a plan"
            plan, given_plan = record.plan, plan
            if plan != given_plan:
                notes.append("The journal held a plan that was not finished: that one was carried out, not this one.")
        if resumed and (unnamed := given.unnamed(plan.steps)):
            notes.append(not_set(len(unnamed)))
        run = _Run(plan, record, given)
        # Before anything is sent: if it can't be written now, it can't be later.
        write_id_map(id_map, run.ids())
        if not (resumed or repeated):
            record.begin(plan)
        cancelled = False
        try:
            run.perform(StepRunner(tenant, record, given, list_all=plan.list_all, on_wait=on_wait), told, cancel)
        except JobCancelled:
            cancelled = True
        except BaseException:
            # What ended it is said, not that the id map can't be written either: the next run writes it.
            with suppress(JobError):
                write_id_map(id_map, run.ids())
            raise
        write_id_map(id_map, run.ids())
        report = run.report(id_map, resumed=resumed, repeated=repeated, cancelled=cancelled)
        report.notes += notes
        if report.finished and not record.finished:
            record.note_finished()
    if check and not cancelled:
        follow_up(tenant, report, given, told, cancel)
    say_what_is_left(report, {step.id: step for step in plan.steps}, given)
    return report
