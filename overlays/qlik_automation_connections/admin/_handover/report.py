"""The outcome of a handover."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Literal, get_args

from attrs import define, field, frozen

from .._document import Document, Part

Outcome = Literal["moved", "already", "skipped", "failed"]


@frozen
class HandedOver(Part):
    """The outcome of one step.

    Attributes:
        id: The connection.
        name: Its name.
        connector_id: Its connector.
        from_owner: Who owned it when the plan was made; None if that was not known.
        to_owner: Who was to own it.
        from_space: The space that held it then; None for the personal space.
        to_space: The space that was to hold it; None for the personal space.
        outcome: `moved`; `already` as wanted; `skipped` by the plan; or `failed`, where the owner may have changed and
            the space not.
        reason: Why, as a code: that of the step if it was skipped; empty if it was moved or is already as wanted; for a
            failure `refused` by the service, `changed` by somebody else meanwhile, `not-found`, `unreadable`,
            `no-effect` (the service agreed, and nothing changed) or `unanswered`.
        sentence: The same as a sentence.
        note: The step's note; None if it has none.
        in_part: Whether it failed after its owner was changed: it has its new owner, and is not in its new space.
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


@define
class HandoverReport(Document):
    """The outcome of a handover.

    Attributes:
        tenant: Address of the tenant.
        from_owner: Whose connections were handed over.
        to_owner: To whom.
        undoes: `made_at` of the plan that this one undid; None if it undid none.
        steps: The outcome of each step, in the plan's order.
        journal: The journal; None if there was nothing to do, and so none was begun.
        undo: The undo file, the JSON of a `HandoverPlan`; None likewise.
        resumed: Whether the journal's plan was gone on with, and the given one not used.
        left_out: Ids that the given plan moves, and the journal's does not: they were not moved.
    """

    FORMAT = "handover-report"
    TITLE = "handover report"
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
        """How many steps came to each outcome."""
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
        """Whether nothing is left to do: no step failed, and none was left out."""
        return not self.failed and not self.left_out
