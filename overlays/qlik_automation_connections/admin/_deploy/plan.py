"""The plan of a deployment: what happens to each connection and each automation."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Literal, get_args

from attrs import define, field

from .._document import Id, Part, check_action, check_sendable
from .._errors import JobError
from .._restore.plan import Action, Candidate, RestorePlan, RestoreStep
from .._table import Table

Reason = Literal[
    "missing", "differs", "exists", "incomplete", "not-owned", "unreadable",
    "ambiguous", "claimed-twice", "owner-ambiguous", "space-ambiguous",
]  # fmt: skip
Change = Literal[
    "name", "description", "workspace", "schedules", "max_concurrent_runs", "space", "owner", "state"
]  # fmt: skip


@define
class DeployStep(Part):
    """What happens to one automation. May be edited before it is applied.

    Steps are equal if they do the same, whatever their texts say.

    Attributes:
        id: The automation in the source.
        name: Its name.
        action: `create`, `update`, `skip`, or `ask` if a person must decide: set `target_id` and change the action to
            `update` or `skip`, or change the action to `create`.
        reason: Why, as a code: `missing` from the target, `differs` from it, `exists` there already, `incomplete` in
            the source, `not-owned` (it has another owner, and the caller may only write their own), `unreadable` in the
            target; for `ask`, `ambiguous` (several in the target have its name in its space), `claimed-twice` (another
            one of the source matches the same), `owner-ambiguous` and `space-ambiguous` (several users or spaces fit).
        sentence: The reason as a sentence.
        target_id: The automation in the target; None if it doesn't exist yet.
        owner_id: Its new owner; None to leave a new one with the caller, and an existing one with its owner.
        space_id: Its new space, empty for its owner's personal space; None to leave an existing one where it is.
        changes: What differs in the target and will be changed.
        enable: Whether to enable it once its connections work.
        run_mode: What starts it: `manual`, `scheduled`, `triggered` or `webhook`, as far as the source says.
        waits_for: Connections that have no id in the target, for which it waits.
        diff: How the workspaces differ.
        candidates: Possible matches in the target, for `ask`.
        notes: Other remarks.
    """

    id: Id
    name: str | None
    action: Action
    reason: Reason
    sentence: str = field(eq=False)
    target_id: Id | None = None
    owner_id: Id | None = None
    space_id: str | None = None
    enable: bool = False
    run_mode: str | None = None
    diff: str = field(default="", repr=False, eq=False)
    changes: list[Change] = field(factory=list)
    waits_for: list[str] = field(factory=list)
    candidates: list[Candidate] = field(factory=list)
    notes: list[str] = field(factory=list, eq=False)

    @property
    def connector_id(self) -> str:
        """Empty: what tells creations apart is the name alone."""
        return ""

    @property
    def label(self) -> str:
        """The automation's name in messages."""
        return self.id if self.name is None else f"{self.name!r} ({self.id})"


@define(repr=False)
class DeployPlan(Table):
    """What happens to connections and automations. Holds no values of params, and no workspaces but their differences.

    Attributes:
        tenant: Address of the target.
        source: The backup, or the folder of exported automations.
        connections: What happens to the connections, which are deployed first.
        steps: One for each automation, in the order of the source.
        only_in_target: Automations that only the target has; they stay.
        connections_only_in_target: Connections that only the target has; they stay.
        notes: Other remarks.
    """

    FORMAT = "deploy-plan"
    TITLE = "deploy plan"
    ROWS = "steps"
    DERIVED = ("summary", "is_in_sync")
    tenant: Id
    source: str = field(eq=False)
    connections: RestorePlan
    steps: list[DeployStep] = field(repr=False)
    only_in_target: list[Candidate] = field(factory=list, eq=False)
    connections_only_in_target: list[Candidate] = field(factory=list, eq=False)
    notes: list[str] = field(factory=list, eq=False)

    @property
    def all_steps(self) -> list[RestoreStep | DeployStep]:
        """The steps of both kinds, in the order in which they are carried out."""
        return [*self.connections.steps, *self.steps]

    @property
    def made_at(self) -> datetime:
        """When the plan was made."""
        return self.connections.made_at

    @property
    def summary(self) -> dict[Action, int]:
        """Number of automations by action."""
        found = Counter(step.action for step in self.steps)
        return {action: found[action] for action in get_args(Action)}

    @property
    def to_do(self) -> int:
        """Number of connections and automations that change."""
        planned = (self.connections.summary, self.summary)
        return sum(counts["create"] + counts["update"] for counts in planned)

    @property
    def is_in_sync(self) -> bool:
        """Whether the target is what the source says, as far as it could be compared with everything in it."""
        same = all(
            step.action == "skip" and step.reason in ("exists", "managed", "needs-consent", "incomplete")
            for step in self.connections.steps
        )
        return same and all(step.action == "skip" and step.reason in ("exists", "incomplete") for step in self.steps)

    def check(self) -> None:
        """Refuse a plan that contradicts itself.

        Raises:
            JobError: Two steps have the same automation or the same target, an update has no target, or an id that
                would be sent can't be.
        """
        self.connections.check()
        seen = {step.id for step in self.connections.steps}
        targets: set[str] = set()
        for number, step in enumerate(self.steps):
            where = f"The deploy plan can't be carried out: steps[{number}] ({step.label})"
            if step.id in seen:
                raise JobError(f"{where}: another step has the same id.")
            seen.add(step.id)
            check_action(where, step.action, get_args(Action))
            if step.action == "update" and step.target_id is None:
                raise JobError(f"{where}: an update needs a target_id, an automation in the target.")
            if step.action in ("create", "update"):
                ids = {"target_id": step.target_id, "owner_id": step.owner_id, "space_id": step.space_id or None}
                check_sendable(where, ids, name=step.name)
            if step.target_id is not None and step.action in ("update", "skip"):
                if step.target_id in targets:
                    raise JobError(f"{where}: another step has the same target_id {step.target_id!r}.")
                targets.add(step.target_id)
