"""What came of a handover."""

from __future__ import annotations

from typing import Any, Final, Literal, get_args

from attrs import field, frozen

Outcome = Literal["moved", "already", "skipped", "failed"]
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)


@frozen
class HandedOver:
    """What came of one step.

    Attributes:
        id: the connection.
        name: its name.
        connector_id: its connector.
        from_owner: who owned it when the plan was made; None if that was not known.
        to_owner: who was to own it.
        from_space: the space that held it then; None for the personal space.
        to_space: the space that was to hold it; None for the personal space.
        outcome: `moved`; `already` as wanted; `skipped` by the plan; or `failed`, where the owner may have changed and
            the space not.
        reason: why, as a code: that of the step if it was skipped; empty if it was moved or is already as wanted; for a
            failure `refused` by the service, `changed` by somebody else meanwhile, `not-found`, `unreadable`,
            `no-effect` (the service agreed, and nothing changed) or `unanswered`.
        sentence: the same in words.
        note: the step's note; None if it has none.
        in_part: whether it failed after its owner was changed: it has its new owner, and is not in its new space.
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

    def to_dict(self) -> dict[str, Any]:
        """The outcome as JSON."""
        return {
            "id": self.id,
            "name": self.name,
            "connector_id": self.connector_id,
            "from_owner": self.from_owner,
            "to_owner": self.to_owner,
            "from_space": self.from_space,
            "to_space": self.to_space,
            "outcome": self.outcome,
            "reason": self.reason,
            "sentence": self.sentence,
            "note": self.note,
            "in_part": self.in_part,
        }


@frozen
class HandoverReport:
    """What came of a handover.

    Attributes:
        tenant: address of the tenant.
        from_owner: whose connections were handed over.
        to_owner: to whom.
        undoes: `made_at` of the plan that this one undid; None if it was no undo.
        steps: what came of each step, in the plan's order.
        journal: the journal; None if there was nothing to do, and so none was begun.
        undo: the undo file, the JSON of a `HandoverPlan`; None likewise.
        resumed: whether the journal's plan was gone on with, and the given one not used.
        left_out: ids that the given plan moves, and the journal's does not: they were not moved.
    """

    tenant: str
    from_owner: str
    to_owner: str
    undoes: str | None
    steps: list[HandedOver]
    journal: str | None = None
    undo: str | None = None
    resumed: bool = False
    left_out: list[str] = field(factory=list)

    @property
    def totals(self) -> dict[Outcome, int]:
        """How many steps came to each outcome."""
        return {outcome: sum(step.outcome == outcome for step in self.steps) for outcome in OUTCOMES}

    @property
    def failed(self) -> list[HandedOver]:
        """The steps that failed."""
        return [step for step in self.steps if step.outcome == "failed"]

    @property
    def in_part(self) -> list[HandedOver]:
        """The steps that failed after the owner was changed."""
        return [step for step in self.steps if step.in_part]

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do: no step failed, and none was left out."""
        return not self.failed and not self.left_out

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON."""
        return {
            "tenant": self.tenant,
            "from_owner": self.from_owner,
            "to_owner": self.to_owner,
            "undoes": self.undoes,
            "finished": self.finished,
            "totals": dict(self.totals),
            "in_part": len(self.in_part),
            "journal": self.journal,
            "undo": self.undo,
            "resumed": self.resumed,
            "left_out": list(self.left_out),
            "steps": [step.to_dict() for step in self.steps],
        }
