"""The plan of a handover: which connections go to whom and where."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Literal, get_args

from attrs import define, field

from .._document import Id, Part, check_action, check_sendable, now
from .._errors import JobError
from .._files import refuse_existing
from .._table import Table
from .._usage.report import UsageAnswer, UsingAutomation

Action = Literal["move", "skip"]
SpaceChoice = Literal["keep", "into", "personal", "back"]


@define
class HandoverStep(Part):
    """What happens to one connection. Steps are equal if they do the same, whatever their texts say.

    Attributes:
        id: The connection.
        name: Its name.
        connector_id: Its connector.
        from_owner: Its owner; None if unknown. Required for a `move`.
        to_owner: Its new owner.
        from_space: Its space; None for its owner's personal space.
        to_space: Its new space; None for its new owner's personal space.
        action: `move`, or `skip` to leave it alone. May be edited.
        reason: Why, as a code: `owned`, `space` (the owner is right, the space is not), `undo`; for a `skip` `managed`
            (by the service itself), `already` (owner and space are right), `another-owner`, `not-matching` (the
            filter), `not-found`, `unreadable`.
        sentence: The reason as a sentence.
        note: Another remark; None if absent.
        usage: Whether automations use it: `used`, `unused` (all were read), or `unknown`; None if not looked up.
    """

    id: Id
    name: str | None
    connector_id: str | None
    from_owner: Id | None
    to_owner: Id
    from_space: Id | None
    to_space: Id | None
    action: Action
    reason: str
    sentence: str = field(eq=False)
    note: str | None = field(default=None, eq=False)
    usage: UsageAnswer | None = field(default=None, eq=False)

    def back(self) -> HandoverStep:
        """Return the step that undoes this one."""
        return HandoverStep(
            id=self.id,
            name=self.name,
            connector_id=self.connector_id,
            from_owner=self.to_owner,
            to_owner=self.from_owner or self.to_owner,
            from_space=self.to_space,
            to_space=self.from_space,
            action="move",
            reason="undo",
            sentence="Goes back to its previous owner and space.",
        )


@define(repr=False)
class HandoverPlan(Table):
    """Which connections go to whom and where. Nothing changes until it is applied.

    Attributes:
        tenant: Address of the tenant.
        from_owner: User whose connections are handed over.
        to_owner: User who gets them.
        space: Where they go: `keep` their space, `into` the space `space_id`, `personal` for the new owner's personal
            space, or `back` to their previous space, in an undo.
        space_id: The space for `into`; None otherwise.
        steps: What happens to each connection; may be edited.
        notes: Remarks on the whole plan.
        made_at: When the plan was made.
        undoes: `made_at` of the plan that this one undoes; None if it is not an undo.
        losing: Automations that will lose connections, as these go to the personal space of another owner.
    """

    FORMAT = "handover-plan"
    TITLE = "handover plan"
    ROWS = "steps"
    DERIVED = ("summary",)
    tenant: Id
    from_owner: Id
    to_owner: Id
    space: SpaceChoice = "keep"
    space_id: Id | None = None
    steps: list[HandoverStep] = field(factory=list)
    notes: list[str] = field(factory=list, eq=False)
    made_at: datetime = field(factory=now)
    undoes: datetime | None = None
    losing: list[UsingAutomation] = field(factory=list, eq=False)

    @property
    def moves(self) -> list[HandoverStep]:
        """The steps that change something."""
        return [step for step in self.steps if step.action == "move"]

    @property
    def summary(self) -> dict[Action, int]:
        """Number of steps by action."""
        return {"move": len(self.moves), "skip": len(self.steps) - len(self.moves)}

    def check(self) -> None:
        """Refuse a plan that contradicts itself.

        Raises:
            JobError: Two steps have the same connection, or a move lacks `from_owner` or has an invalid id.
        """
        seen: set[str] = set()
        for number, step in enumerate(self.steps):
            where = f"The handover plan can't be carried out: steps[{number}]"
            if step.id in seen:
                raise JobError(f"{where}: another step has the same connection {step.id!r}.")
            seen.add(step.id)
            check_action(where, step.action, get_args(Action))
            if step.action == "move" and step.from_owner is None:
                raise JobError(f"{where}: to move it, set from_owner to its owner.")
            if step.action == "move":
                check_sendable(where, {"id": step.id, "to_owner": step.to_owner, "to_space": step.to_space})

    def undo(self) -> HandoverPlan:
        """Return the plan that restores the state before this one is applied."""
        steps = [step.back() for step in self.moves]
        return HandoverPlan(self.tenant, self.to_owner, self.from_owner, "back", steps=steps, undoes=self.made_at)

    def subject(self) -> dict[str, str | None]:
        """Return what distinguishes this handover from others in the same tenant."""
        undoes = None if self.undoes is None else self.undoes.isoformat()
        people = {"from_owner": self.from_owner, "to_owner": self.to_owner}
        return {**people, "space": self.space, "space_id": self.space_id, "undoes": undoes}


def undo_path(journal: Path) -> Path:
    """Return the default undo file of a journal, beside it; that of an undo's journal is called a redo."""
    stem = journal.name.removesuffix(".journal")
    undoes = stem.endswith(".undo")
    return journal.with_name(f"{stem.removesuffix('.undo')}.{'redo' if undoes else 'undo'}.json")


def write_undo(path: Path, plan: HandoverPlan) -> None:
    """Write the undo file of a plan, unless it already exists.

    Args:
        path: The undo file.
        plan: The plan to undo.

    Raises:
        JobError: The file can't be written, or exists with something else in it.
    """
    undo = plan.undo()
    if os.path.islink(path):
        refuse_existing(path, overwrite=False)
    if os.path.exists(path):
        try:
            found = HandoverPlan.read(path)
        except JobError:
            refuse_existing(path, overwrite=False)
            raise
        if (found.tenant, found.subject()) != (undo.tenant, undo.subject()):
            raise JobError(f"{path} is the undo file of another handover: choose another file for this one.")
        return
    undo.write(path)
