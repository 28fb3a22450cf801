"""The outcome of a handover."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Literal, get_args

from attrs import define, field, frozen

from .._document import Part
from .._table import Table

Outcome = Literal["moved", "already", "skipped", "failed"]


@frozen
class HandedOver(Part):
    """The outcome of one step.

    Attributes:
        id: The connection.
        name: Its name.
        connector_id: Its connector.
        from_owner: Its owner when the plan was made; None if unknown.
        to_owner: Its planned owner.
        from_space: Its space when the plan was made; None for the personal space.
        to_space: Its planned space; None for the personal space.
        outcome: `moved`; `already` in place; `skipped` by the plan; or `failed`, possibly after the owner was changed.
        reason: Why, as a code: the step's if skipped; empty if moved or already in place; if failed, `refused` by the
            service, `changed` by somebody else, `not-found`, `unreadable`, `no-effect` (the service accepted the
            change, but nothing changed) or `unanswered`.
        sentence: The outcome as a sentence.
        note: The step's note; None if absent.
        in_part: Whether it failed after its owner was changed, and is not in its new space.
    """

    id: str
    name: str | None
    connector_id: str | None
    from_owner: str | None
    to_owner: str
    from_space: str | None
    to_space: str | None
    outcome: Outcome
    reason: str
    sentence: str
    note: str | None = None
    in_part: bool = False


@define(repr=False)
class HandoverReport(Table):
    """The outcome of a handover.

    Attributes:
        tenant: Address of the tenant.
        from_owner: User whose connections were handed over.
        to_owner: User who got them.
        undoes: `made_at` of the plan that was undone; None if this was not an undo.
        steps: The outcome of each step, in the plan's order.
        journal: Path of the journal; None if there was nothing to do.
        undo: Path of the undo file, a `HandoverPlan` as JSON; None if there was nothing to do.
        resumed: Whether the journal's plan was resumed instead of the given one.
        left_out: Ids that were not moved because only the given plan moves them, not the resumed one.
    """

    FORMAT = "handover-report"
    TITLE = "handover report"
    ROWS = "steps"
    DERIVED = ("is_complete", "summary")
    tenant: str
    from_owner: str
    to_owner: str
    undoes: datetime | None
    steps: list[HandedOver]
    journal: str | None = None
    undo: str | None = None
    resumed: bool = False
    left_out: list[str] = field(factory=list)

    @property
    def summary(self) -> dict[Outcome, int]:
        """Number of steps by outcome."""
        found = Counter(step.outcome for step in self.steps)
        return {outcome: found[outcome] for outcome in get_args(Outcome)}

    @property
    def failed(self) -> list[HandedOver]:
        """The steps that failed."""
        return [step for step in self.steps if step.outcome == "failed"]

    @property
    def in_part(self) -> list[HandedOver]:
        """The steps that failed after the owner was changed."""
        return [step for step in self.steps if step.in_part]

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to do: no step failed or was left out."""
        return not self.failed and not self.left_out
