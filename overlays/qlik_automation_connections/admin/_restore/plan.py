"""The plan of a restore: what happens to each connection of a backup."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Literal, get_args

from attrs import define, field, frozen

from .._document import Id, Part, check_action, check_sendable, now
from .._errors import JobError
from .._table import Table

Action = Literal["create", "update", "skip", "ask"]
Reason = Literal[
    "missing",
    "differs",
    "exists",
    "managed",
    "connector-unknown",
    "needs-consent",
    "incomplete",
    "ambiguous",
    "claimed-twice",
    "owner-unmapped",
    "other-connector",
    "not-visible",
    "owner-ambiguous",
    "space-ambiguous",
]
Change = Literal["name", "owner", "space", "params"]


@frozen
class Candidate(Part):
    """A possible match for an archived connection.

    Attributes:
        id: The connection in the target.
        name: Its name.
        owner_id: Its owner.
        space_id: Its space; None for the owner's personal space.
    """

    id: Id
    name: str | None = None
    owner_id: str | None = None
    space_id: str | None = None


@define
class RestoreStep(Part):
    """What happens to one archived connection. May be edited before it is applied.

    Steps are equal if they do the same, whatever their texts say.

    Attributes:
        id: The connection in the archive.
        name: Its name in the target; None if the archive has none.
        connector_id: Its connector; empty if the archive has none.
        action: `create`, `update`, `skip`, or `ask` if a person must decide: set `target_id` and change the action to
            `update` or `skip`, or change the action to `create`.
        reason: Why, as a code: `missing` from the target, `differs` from it, `exists` there already, `managed` by the
            service itself, `connector-unknown` in the target, `needs-consent` (it exists, and a person must give
            consent), `incomplete` in the archive; for `ask`, `ambiguous` (several candidates), `claimed-twice` (another
            archived connection matches the same one), `owner-unmapped` (there are candidates, but the owner isn't
            mapped), `other-connector` (the id map leads to a connection with another connector), `not-visible` (the id
            map leads to a connection that the caller, who sees only their own, can't see; another user may own it), or
            `owner-ambiguous` and `space-ambiguous` (several users or spaces of the target fit).
        sentence: The reason as a sentence.
        target_id: The connection in the target; None if it doesn't exist yet.
        owner_id: Its new owner; None to leave a new connection with the caller, and an existing one with its owner.
        space_id: Its new space, empty for the owner's personal space; None to put a new connection into the caller's
            personal space, and leave an existing one where it is.
        link: Address where a person gives consent; None if not needed or unknown.
        changes: What differs in the target and will be changed.
        params: Names of the params to set, if they have a value when the plan is applied.
        without_value: Required params that had no value when the plan was made.
        candidates: Possible matches in the target, for `ask`.
        notes: Other remarks.
    """

    id: Id
    name: str | None
    connector_id: str
    action: Action
    reason: Reason
    sentence: str = field(eq=False)
    target_id: Id | None = None
    owner_id: Id | None = None
    space_id: str | None = None
    link: str | None = field(default=None, repr=False, eq=False)
    changes: list[Change] = field(factory=list)
    params: list[str] = field(factory=list)
    without_value: list[str] = field(factory=list)
    candidates: list[Candidate] = field(factory=list)
    notes: list[str] = field(factory=list, eq=False)

    @property
    def label(self) -> str:
        """The connection's name in messages."""
        return self.id if self.name is None else f"{self.name!r} ({self.id})"


@define(repr=False)
class RestorePlan(Table):
    """What happens to each connection of a backup. Holds no values of params.

    Attributes:
        tenant: Address of the tenant to restore into.
        source: Address of the backup's tenant.
        archive: Checksum from the backup's manifest, which identifies the backup.
        list_all: Whether all users' connections were searched, or only the caller's.
        steps: One for each archived connection, in the archive's order.
        unread: Number of connections missing from the backup because it could not read them.
        notes: Other remarks.
        made_at: When the plan was made. One made later is carried out even if its steps are the same.
    """

    FORMAT = "restore-plan"
    TITLE = "restore plan"
    ROWS = "steps"
    DERIVED = ("summary",)
    tenant: Id
    source: str
    archive: Id
    list_all: bool
    steps: list[RestoreStep] = field(repr=False)
    unread: int = 0
    notes: list[str] = field(factory=list, eq=False)
    made_at: datetime = field(factory=now, eq=False)

    @property
    def questions(self) -> list[RestoreStep]:
        """The steps that a person must decide."""
        return [step for step in self.steps if step.action == "ask"]

    @property
    def summary(self) -> dict[Action, int]:
        """Number of steps by action."""
        found = Counter(step.action for step in self.steps)
        return {action: found[action] for action in get_args(Action)}

    def check(self) -> None:
        """Refuse a plan that contradicts itself.

        Raises:
            JobError: Two steps have the same archived connection or the same target, an update has no target, a step
                creates or updates a connection that the service manages, or creates one without a connector, or an id
                or a name that would be sent can't be.
        """
        seen: set[str] = set()
        targets: dict[str, int] = {}
        for number, step in enumerate(self.steps):
            where = f"The restore plan can't be carried out: steps[{number}] ({step.label})"
            if step.id in seen:
                raise JobError(f"{where}: another step has the same archived connection.")
            seen.add(step.id)
            check_action(where, step.action, get_args(Action))
            if step.action == "create" and not step.connector_id.strip():
                raise JobError(f"{where}: it can't be created without a connector.")
            if step.action in ("create", "update") and step.reason == "managed":
                raise JobError(f"{where}: the service manages it itself, so it can only be skipped.")
            if step.action == "update" and step.target_id is None:
                raise JobError(f"{where}: an update needs a target_id, a connection in the target.")
            if step.action in ("create", "update"):
                ids = {"connector_id": step.connector_id} if step.action == "create" else {"target_id": step.target_id}
                ids = {**ids, "owner_id": step.owner_id, "space_id": step.space_id or None}
                check_sendable(where, ids, name=step.name)
            if step.target_id is not None and step.action in ("update", "skip") and step.reason != "managed":
                other = targets.setdefault(step.target_id, number)
                if other != number:
                    raise JobError(f"{where}: steps[{other}] has the same target_id {step.target_id!r}.")
