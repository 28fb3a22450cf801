"""What the journal of a handover says: its plan, and how far that is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, Literal

from .._errors import JobError
from .._journal import Journal
from .plan import HandoverPlan, HandoverStep

JOB: Final = "handover"

Change = Literal["owner", "space"]
Done = Literal["moved", "already"]


class Record:
    """The state of a handover, by its journal.

    Args:
        journal: the journal, open.

    Attributes:
        plan: the plan in it; None if it is new.
        done: what came of each connection that is finished, by id.
        touched: ids of connections that are under way: something was changed, or was about to be.

    Raises:
        JobError: it holds something else.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.plan: HandoverPlan | None = None
        self.done: dict[str, Done] = {}
        self.touched: set[str] = set()
        if journal.header is None:
            return
        try:
            self.plan = HandoverPlan.from_dict(journal.header.get("plan", {}))
        except JobError as error:
            raise JobError(f"The journal {journal.path} is damaged: {error}") from None
        for entry in journal.entries:
            self._take_in(entry.get("state"), entry.get("id"), entry.get("outcome"))

    def _take_in(self, state: object, id: object, outcome: object) -> None:
        if not isinstance(id, str):
            return
        if state == "changing":
            self._under_way(id)
        elif state == "done" and outcome in ("moved", "already"):
            self.done[id] = outcome
            self.touched.discard(id)

    def _under_way(self, id: str) -> None:
        self.touched.add(id)
        self.done.pop(id, None)

    @property
    def finished(self) -> bool:
        """Whether every connection that the plan moves is done."""
        return self.plan is not None and all(step.id in self.done for step in self.plan.moves)

    def begin(self, plan: HandoverPlan) -> None:
        """Notes the plan of a new journal."""
        self._journal.begin({"tenant": plan.tenant, "plan": plan.to_dict()})
        self.plan = plan

    def changing(self, step: HandoverStep, change: Change) -> None:
        """Notes that something is about to be changed."""
        self._journal.note({"state": "changing", "id": step.id, "change": change})
        self._under_way(step.id)

    def note_done(self, step: HandoverStep, outcome: Done) -> None:
        """Notes that a connection is as wanted."""
        self._journal.note({"state": "done", "id": step.id, "outcome": outcome})
        self.done[step.id] = outcome
        self.touched.discard(step.id)

    def note_failed(self, step: HandoverStep, reason: str, sentence: str) -> None:
        """Notes that a connection is not as wanted; the next run tries again."""
        self._journal.note({"state": "failed", "id": step.id, "reason": reason, "sentence": sentence})


def refuse_another(path: Path, begun: HandoverPlan, plan: HandoverPlan) -> None:
    """Raises if a plan can't be gone on with by a journal.

    Args:
        path: the journal.
        begun: its plan.
        plan: the plan that is to be applied.

    Raises:
        JobError: the two are of different handovers.
    """
    if not plan.is_like(begun):
        kind = "an undo" if begun.undoes else "a handover"
        raise JobError(
            f"The journal {path} is of another handover: {kind} from {begun.from_owner} to {begun.to_owner} in"
            f" {begun.tenant}, made at {begun.made_at}. Name another file for this one."
        )


def unfinished_plan(path: str | Path) -> HandoverPlan | None:
    """The plan that a journal has begun and not finished.

    Args:
        path: the journal.

    Returns:
        The plan; None if there is no such file, nothing was begun in it, or all of it is done.

    Raises:
        JobError: it can't be read, is no journal of a handover, or another process works with it.
    """
    if not os.path.exists(path):
        return None
    with Journal(path, JOB) as journal:
        record = Record(journal)
        return None if record.finished else record.plan
