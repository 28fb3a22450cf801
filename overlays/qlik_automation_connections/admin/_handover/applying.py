"""Applies the plan of a handover, with a journal and an undo file."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from attrs import define

from ... import Tenant
from ...errors import ConfigurationError
from .._cancellation import cancellable, check_cancelled
from .._errors import JobError
from .._journal import Journal
from .._progress import OnProgress, Progress, ignore
from .move import Moved, Mover
from .plan import HandoverPlan, HandoverStep
from .record import JOB, Done, Record, refuse_another
from .report import HandedOver, HandoverReport, Outcome
from .undo_file import undo_path, write_undo


def apply_handover(
    tenant: Tenant,
    plan: HandoverPlan,
    *,
    journal: str | Path,
    undo: str | Path | None = None,
    on_progress: OnProgress | None = None,
    cancel: threading.Event | None = None,
) -> HandoverReport:
    """Hands over what a plan says, one connection after the other.

    Before the first change the undo file is written: applied in its turn, with a journal of its own, it brings owners
    and spaces back, of however much was done. A step that fails does not stop the others. Run again with the same
    journal, it goes on: what failed is tried again, and what is done stays, unless it was undone meanwhile. A journal
    that holds an unfinished handover between the same people into the same space is gone on with by its own plan, and
    the given one is not used.

    Args:
        tenant: the tenant.
        plan: what to do, from `plan_handover`, or an undo file's.
        journal: file of the journal; made if it is not there.
        undo: the undo file; beside the journal, under its name and `.undo.json`, if None.
        on_progress: is told how many steps are done.
        cancel: ends it between two steps when set.

    Returns:
        What came of each step.

    Raises:
        ConfigurationError: the plan is for another tenant, or the journal and the undo file are one file.
        JobError: the plan has two steps for a connection, or the journal or the undo file can't be read or written, or
            is of another handover. If that is seen before the first change, nothing was sent.
        JobCancelled: `cancel` was set. The journal is there to go on with.
        AuthenticationError, APIConnectionError: no call would fare better; likewise.

    Sends for each connection one GET (tier 1), and for each change, of its owner or of its space, a POST (tier 2) and
    another GET.
    """
    plan.refuse_other_tenant(tenant.url)
    plan.refuse_repetitions()
    path = Path(journal)
    if not plan.moves and not os.path.exists(path):
        return _Run(plan, {}).report(journal=None, undo=None)
    beside = undo_path(path) if undo is None else Path(undo)
    if path.resolve() == beside.resolve():
        raise ConfigurationError("The journal and the undo file must be two files.")
    check_cancelled(cancel, JOB)
    with Journal(path, JOB) as opened:
        record = Record(opened)
        begun = record.plan
        if begun is None:
            _begin(opened, record, plan, beside)
            used = plan
        else:
            used = _plan_to_use(path, begun, plan, record)
            if used is not begun:
                return _Run(plan, {}).report(journal=None, undo=None)
            # It may have been stopped before it could write this.
            write_undo(beside, used)
        run = _Run(used, {})
        mover = Mover(tenant, record, undoing=used.undoes is not None)
        try:
            with cancellable(cancel, JOB):
                _perform(run, mover, record, on_progress or ignore, cancel)
        except JobError as error:
            raise JobError(
                f"{error} What was done until then is noted in {path}: the same again goes on with it, once that is"
                f" mended. The undo file {beside} brings back what was done."
            ) from None
    moved = {step.id for step in used.moves}
    return run.report(
        journal=str(path),
        undo=str(beside),
        resumed=begun is not None,
        left_out=[step.id for step in plan.moves if step.id not in moved],
    )


def _plan_to_use(path: Path, begun: HandoverPlan, plan: HandoverPlan, record: Record) -> HandoverPlan:
    """The plan of a journal that was begun, or the given one where that has nothing to do with a finished one."""
    refuse_another(path, begun, plan)
    if not record.finished or plan.made_at == begun.made_at:
        return begun
    if plan.moves:
        raise JobError(
            f"The journal {path} is of a handover that is finished, made at {begun.made_at}. Name another file for the"
            " next one."
        )
    return plan


def _begin(opened: Journal, record: Record, plan: HandoverPlan, undo: Path) -> None:
    """Begins a journal, with the undo file beside it; leaves neither behind if one of them can't be written."""
    try:
        record.begin(plan)
        write_undo(undo, plan)
    except BaseException:
        opened.close()
        opened.path.unlink(missing_ok=True)
        raise


def _perform(run: _Run, mover: Mover, record: Record, on_progress: OnProgress, cancel: threading.Event | None) -> None:
    failed = 0
    moves = run.plan.moves
    for number, step in enumerate(moves, start=1):
        check_cancelled(cancel, JOB)
        before = record.done.get(step.id)
        result = mover.move(step)
        if isinstance(result, Moved):
            outcome: Done = "moved" if result.by_us else "already"
            if before != outcome:
                record.note_done(step, outcome)
            run.came(step, outcome, "", _sentence(run.plan, step, outcome))
        elif before is not None and not result.tried:
            # What became of it after it was done is nothing that this handover has to set right.
            run.came(step, before, "", f"{_sentence(run.plan, step, before)} Since then: {result.sentence}")
        else:
            failed += 1
            record.note_failed(step, result.reason, result.sentence)
            run.came(step, "failed", result.reason, result.sentence, in_part=result.in_part)
        on_progress(Progress(JOB, number, len(moves), failed))


def _sentence(plan: HandoverPlan, step: HandoverStep, outcome: Done) -> str:
    if outcome == "already":
        return "Owner and space were right already."
    place = "their personal space" if step.to_space is None else f"the space {step.to_space}"
    verb = "Went back" if plan.undoes else "Was handed over"
    return f"{verb} to {step.to_owner}, in {place}."


@define
class _Run:
    """What came of the steps so far."""

    plan: HandoverPlan
    _came: dict[str, tuple[Outcome, str, str, bool]]

    def came(self, step: HandoverStep, outcome: Outcome, reason: str, sentence: str, *, in_part: bool = False) -> None:
        self._came[step.id] = (outcome, reason, sentence, in_part)

    def report(
        self, *, journal: str | None, undo: str | None, resumed: bool = False, left_out: list[str] | None = None
    ) -> HandoverReport:
        steps = []
        for step in self.plan.steps:
            came = self._came.get(step.id, ("skipped", step.reason, step.sentence, False))
            outcome, reason, sentence, in_part = came
            steps.append(
                HandedOver(
                    step.id,
                    step.name,
                    step.connector_id,
                    step.from_owner,
                    step.to_owner,
                    step.from_space,
                    step.to_space,
                    outcome,
                    reason,
                    sentence,
                    step.note,
                    in_part,
                )
            )
        return HandoverReport(
            tenant=self.plan.tenant,
            from_owner=self.plan.from_owner,
            to_owner=self.plan.to_owner,
            undoes=self.plan.undoes,
            steps=steps,
            journal=journal,
            undo=undo,
            resumed=resumed,
            left_out=left_out or [],
        )
