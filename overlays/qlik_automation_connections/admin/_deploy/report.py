"""The outcome of a deployment."""

from __future__ import annotations

from collections import Counter
from typing import Literal, get_args

from attrs import define, field

from .._document import Part
from .._restore.report import RestoreReport
from .._table import Table

Outcome = Literal["created", "adopted", "updated", "skipped", "asked", "waiting", "failed", "left"]


@define(eq=False)
class DeployedAutomation(Part):
    """The outcome of one step.

    Attributes:
        id: The automation in the source.
        name: Its name.
        outcome: `created`; `adopted` (created, although no response confirmed it); `updated`; `skipped`; `asked` (a
            person must decide); `waiting` (for connections without an id); `failed`; or `left` (the job was cancelled
            before this step).
        reason: The plan's reason, as a code.
        sentence: What happened, as a sentence.
        new_id: The automation in the target; None if absent.
        to_do: What a person still has to do; None if nothing.
        notes: Other remarks.
    """

    id: str
    name: str | None
    outcome: Outcome
    reason: str
    sentence: str
    new_id: str | None = None
    to_do: str | None = field(default=None, repr=False)
    notes: list[str] = field(factory=list)


@define(eq=False, repr=False)
class DeployReport(Table):
    """The outcome of a deployment.

    Attributes:
        tenant: Address of the target.
        source: The backup, or the folder.
        undo: Path of the undo file.
        connections: The outcome for connections, and the paths of the journal and the id map.
        steps: One for each automation, in the order of the plan.
        notes: Other remarks.
    """

    FORMAT = "deploy-report"
    TITLE = "deploy report"
    ROWS = "steps"
    DERIVED = ("is_complete", "summary")
    tenant: str
    source: str
    undo: str
    connections: RestoreReport
    steps: list[DeployedAutomation] = field(repr=False)
    notes: list[str] = field(factory=list)

    @property
    def is_complete(self) -> bool:
        """Whether the plan was carried out, not counting unanswered questions and what waits for their answers."""
        return self.connections.is_complete and not any(step.outcome in ("failed", "left") for step in self.steps)

    @property
    def open(self) -> list[DeployedAutomation]:
        """The automations that a person must decide, or that wait for connections."""
        return [step for step in self.steps if step.outcome in ("asked", "waiting")]

    @property
    def failed(self) -> list[DeployedAutomation]:
        """The automations that failed."""
        return [step for step in self.steps if step.outcome == "failed"]

    @property
    def for_people(self) -> list[DeployedAutomation]:
        """The automations that still need a person."""
        return [step for step in self.steps if step.to_do is not None]

    @property
    def summary(self) -> dict[Outcome, int]:
        """Number of automations by outcome."""
        found = Counter(step.outcome for step in self.steps)
        return {outcome: found[outcome] for outcome in get_args(Outcome)}
