"""Apply a handover plan, with a journal and an undo file."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final, cast

from ... import APIError, Connection, NotFoundError, Tenant
from ...errors import ConfigurationError
from .._cancellation import check_cancelled
from .._errors import JobError
from .._journal import JournalHeader, header_of
from .._progress import OnProgress, ignore
from .._record import Change, Record
from .._run import Placer, PlanRun, Result, StepFailed
from .plan import HandoverPlan, HandoverStep, undo_path, write_undo
from .report import HandedOver, HandoverReport, Outcome

_JOB: Final = "handover"
_AS_PLANNED: Final = ("id", "name", "connector_id", "from_owner", "to_owner", "from_space", "to_space", "note")


def _record(path: Path, header: JournalHeader) -> Record[HandoverPlan]:
    return Record(path, header, HandoverPlan)


def _header(plan: HandoverPlan) -> JournalHeader:
    return JournalHeader(_JOB, plan.tenant, plan.subject())


def apply_handover(
    tenant: Tenant,
    plan: HandoverPlan,
    *,
    journal: str | Path,
    undo: str | Path | None = None,
    on_progress: OnProgress | None = None,
    cancel: threading.Event | None = None,
) -> HandoverReport:
    """Apply a handover plan; see `admin.apply`."""
    plan.check()
    if plan.tenant != tenant.url:
        raise ConfigurationError(f"The plan is for the tenant {plan.tenant}, not for {tenant.url}.")
    path = Path(journal)
    beside = undo_path(path) if undo is None else Path(undo)
    if path.resolve() == beside.resolve():
        raise ConfigurationError("The journal and the undo file must be different files.")
    if not plan.moves and unfinished_plan(path, plan) is None:
        return _report(plan, {}, set())
    check_cancelled(cancel, _JOB)
    with _record(path, _header(plan)) as record:
        run: PlanRun[HandoverPlan, HandoverStep] = PlanRun(_JOB, record, plan)
        if record.is_finished and not run.repeated:
            raise JobError(f"The handover in the journal {path} is finished. Choose another journal for the next one.")
        with record.kept_once_begun():
            run.begin()
            # An earlier run may have stopped before writing it.
            write_undo(beside, run.plan)
        runner = HandoverRunner(tenant, record, run.plan)
        try:
            run.perform(run.plan.moves, runner, on_progress or ignore, cancel)
            report = _report(run.plan, run.results, runner.in_part)
            if not report.failed:
                run.finish()
        except JobError as error:
            raise JobError(
                f"{error} The journal {path} has the progress so far: fix the problem and run the same again to resume."
                f" The undo file {beside} reverts what was done."
            ) from None
    report.journal, report.undo, report.resumed = str(path), str(beside), run.resumed or run.repeated
    moved = {step.id for step in run.plan.moves}
    report.left_out = [step.id for step in plan.moves if step.id not in moved]
    return report


def _report(plan: HandoverPlan, results: dict[str, Result], parts: set[str]) -> HandoverReport:
    steps = []
    for step in plan.steps:
        result = results.get(step.id, Result("skipped", step.sentence, step.reason))
        planned = {name: getattr(step, name) for name in _AS_PLANNED}
        in_part = result.outcome == "failed" and step.id in parts
        outcome = cast(Outcome, result.outcome)
        steps.append(
            HandedOver(outcome=outcome, reason=result.reason, sentence=result.sentence, in_part=in_part, **planned)
        )
    return HandoverReport(plan.tenant, plan.from_owner, plan.to_owner, plan.undoes, steps)


def unfinished_plan(path: str | Path, plan: HandoverPlan | None = None) -> HandoverPlan | None:
    """Return the unfinished plan in a journal.

    Args:
        path: The journal.
        plan: The plan whose handover the journal must belong to; None for any.

    Returns:
        The plan; None if the file is absent, holds no plan, or its plan is finished.

    Raises:
        JobError: The journal can't be read, belongs to another handover or job, or is in use by another process.
    """
    header = header_of(path, JournalHeader)
    if header is None:
        return None
    given = JournalHeader(_JOB, header.tenant, header.subject) if plan is None else _header(plan)
    with _record(Path(path), given) as record:
        return None if record.is_finished else record.plan


class HandoverRunner:
    """Moves connections, based on their current state in the service.

    Args:
        tenant: The tenant.
        record: The journal.
        plan: The plan.

    Attributes:
        in_part: Steps whose connection has its new owner, but perhaps not its new space.
    """

    def __init__(self, tenant: Tenant, record: Record[HandoverPlan], plan: HandoverPlan) -> None:
        self.in_part: set[str] = set()
        self._connections = tenant.connections
        self._record = record
        self._plan = plan
        self._placer = Placer(tenant.connections, record, sees_all=True)

    def known_result(self, step: HandoverStep) -> Result | None:  # noqa: ARG002 - every step is checked again, even if done
        """Return None: a connection that was moved may have been moved back since."""
        return None

    def run(self, step: HandoverStep) -> Result:
        """Move a connection, changing only what isn't right already.

        Sends a GET (tier 1), and a POST (tier 2) followed by a GET for each change.
        """
        state = self._record.state(step.id)
        before = state.outcome
        is_ours = before == "moved" or (before is None and bool(state.changes))
        tried: list[Change] = []
        try:
            self._move(step, tried)
        except (StepFailed, ConfigurationError) as error:
            if "space" in tried and step.from_owner != step.to_owner:
                self.in_part.add(step.id)
            if before is not None and not tried:
                # Leave changes that others made after the step was done.
                return Result(before, f"{self._sentence(step, before)} Since then: {error}")
            if "space" in tried and isinstance(error, StepFailed) and step.from_owner != step.to_owner:
                raise StepFailed(
                    f"Its owner was changed, but not its space: {error}", error.reason, error.cause
                ) from None
            if isinstance(error, ConfigurationError):
                raise StepFailed(str(error), "refused") from None
            raise
        outcome = "moved" if tried or is_ours else "already"
        return Result(outcome, self._sentence(step, outcome))

    def _sentence(self, step: HandoverStep, outcome: str) -> str:
        if outcome == "already":
            return "Owner and space were already right."
        place = "their personal space" if step.to_space is None else f"the space {step.to_space}"
        verb = "Returned" if self._plan.undoes else "Handed over"
        return f"{verb} to {step.to_owner}, in {place}."

    def _move(self, step: HandoverStep, tried: list[Change]) -> None:
        found = self._read(step)
        if found.owner_id != step.to_owner:
            self._refuse_elsewhere(step, found)
            tried.append("owner")
            found = self._placer.place(step.id, step.id, "owner", step.to_owner) or found
        if found.space_id != step.to_space:
            self._refuse_elsewhere(step, found)
            tried.append("space")
            self._placer.place(step.id, step.id, "space", step.to_space)

    def _read(self, step: HandoverStep) -> Connection:
        try:
            found = self._connections.get(step.id)
        except APIError as error:
            reason = "not-found" if isinstance(error, NotFoundError) else "unreadable"
            raise StepFailed(str(error), reason, error) from error
        if found.owner_id is None:
            raise StepFailed("The service doesn't report its owner.", "unreadable")
        return found

    def _refuse_elsewhere(self, step: HandoverStep, found: Connection) -> None:
        """Refuse to move a connection that somebody else changed since the plan was made."""
        owner, space = found.owner_id, found.space_id
        state = self._record.state(step.id)
        # An undo must also revert a handover that stopped halfway.
        is_under_way = (bool(state.changes) and state.outcome is None) or (
            self._plan.undoes is not None and owner == step.from_owner != step.to_owner
        )
        if owner not in (step.from_owner, step.to_owner):
            where = f"it belongs to {owner}"
        elif is_under_way or space in (step.from_space, step.to_space):
            return
        else:
            where = "it is in its owner's personal space" if space is None else f"it is in the space {space}"
        raise StepFailed(f"Somebody else has changed it: {where}.", "changed")
