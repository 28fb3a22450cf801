"""The plan of a restore: what is to become of each connection of a backup, before anything is changed."""

from __future__ import annotations

from collections import Counter
from typing import Literal, get_args

from attrs import define, field, frozen

from .._document import Document, Id, Part
from .._errors import JobError

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
]
Change = Literal["name", "owner", "space", "params"]


@frozen
class Candidate(Part):
    """A connection of the target that an archived one may be.

    Attributes:
        id: The connection.
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
    """What is to become of one archived connection. It may be edited before it is applied.

    Attributes:
        id: The connection in the archive.
        name: The name that it is to have; None if the archive knows none.
        connector_id: Its connector; empty if the archive knows none.
        action: `create`, `update`, `skip`, or `ask`, where a person must decide: by setting `target_id` and the action
            `update` or `skip`, or by the action `create`.
        reason: Why, as a code: `missing` from the target, `differs` from it, `exists` there as it is, `managed` by the
            service itself, `connector-unknown` in the target, `needs-consent` of a person to one that exists,
            `incomplete` in the archive; of questions `ambiguous` (several candidates), `claimed-twice` (another
            archived connection matches the same), `owner-unmapped` (candidates whose owner nobody mapped),
            `other-connector` (the id map leads to one of another connector), and `not-visible` (the id map leads to
            one that the caller, who sees no others' connections, does not see: another may own it).
        sentence: The same as a sentence.
        target_id: The connection in the target; None if there is none yet.
        owner_id: The user who is to own it; None to leave a new one to the caller, and one that exists to its owner.
        space_id: The space that is to hold it, empty for the owner's personal space; None to put a new one into the
            caller's personal space, and to leave one that exists where it is.
        link: Address where a person gives consent; None if none is needed, or it is not known.
        changes: What differs in the target, and will be changed.
        params: Names of the params that are set if a value is given when the plan is applied.
        without_value: Those that the connector requires and that had no value when the plan was made.
        candidates: Of a question, what in the target it may be.
        notes: What else is worth knowing.
    """

    id: Id
    name: str | None
    connector_id: str
    action: Action
    reason: Reason
    sentence: str
    target_id: Id | None = None
    owner_id: Id | None = None
    space_id: str | None = None
    link: str | None = field(default=None, repr=False)
    changes: list[Change] = field(factory=list)
    params: list[str] = field(factory=list)
    without_value: list[str] = field(factory=list)
    candidates: list[Candidate] = field(factory=list)
    notes: list[str] = field(factory=list)

    @property
    def label(self) -> str:
        """What messages call it."""
        return self.id if self.name is None else f"{self.name!r} ({self.id})"


@define
class RestorePlan(Document):
    """What is to become of the connections of a backup. It holds no values of params.

    Attributes:
        tenant: Address of the tenant that they are restored into.
        source: Address of the tenant that the backup is of.
        archive: Checksum of the backup, from its manifest; it tells one backup from another.
        list_all: Whether everybody's connections were looked at, or the caller's alone.
        steps: One for each archived connection, in the archive's order.
        unread: How many connections the backup could not read, and so does not hold.
        notes: What else is worth knowing.
    """

    FORMAT = "restore-plan"
    TITLE = "restore plan"
    DERIVED = ("summary",)
    tenant: Id
    source: str
    archive: Id
    list_all: bool
    steps: list[RestoreStep] = field(repr=False)
    unread: int = 0
    notes: list[str] = field(factory=list)

    @property
    def questions(self) -> list[RestoreStep]:
        """The steps that a person must decide about."""
        return [step for step in self.steps if step.action == "ask"]

    @property
    def summary(self) -> dict[Action, int]:
        """How many steps there are of each action."""
        found = Counter(step.action for step in self.steps)
        return {action: found[action] for action in get_args(Action)}

    def check(self) -> None:
        """Refuse a plan that contradicts itself.

        Raises:
            JobError: An archived connection stands in it twice, an update has no target, one target is meant for two,
                or one is to be created that the service creates itself or that has no connector.
        """
        seen: set[str] = set()
        targets: dict[str, int] = {}
        for number, step in enumerate(self.steps):
            where = f"The restore plan can't be carried out: steps[{number}] ({step.label})"
            if step.id in seen:
                raise JobError(f"{where}: another step is about the same archived connection.")
            seen.add(step.id)
            if step.action == "create" and not step.connector_id.strip():
                raise JobError(f"{where}: it can't be created without a connector.")
            if step.action == "create" and step.reason == "managed":
                raise JobError(f"{where}: the service manages it itself, so it can't be created.")
            if step.action == "update" and step.target_id is None:
                raise JobError(f"{where}: to update, target_id must name a connection of the target.")
            if step.target_id is not None and step.action in ("update", "skip"):
                other = targets.setdefault(step.target_id, number)
                if other != number:
                    raise JobError(f"{where}: steps[{other}] has the same target_id {step.target_id!r}.")
