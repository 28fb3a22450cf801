"""The plan of a restore: what is to become of each connection of a backup, before anything is changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final, Literal, get_args

from attrs import define, field, frozen

FORMAT: Final = "qlik-automation-connections/restore-plan"
VERSION: Final = 1

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
    "out-of-sight",
]
Change = Literal["name", "owner", "space", "params"]

ACTIONS: Final[tuple[Action, ...]] = get_args(Action)
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)
CHANGES: Final[tuple[Change, ...]] = get_args(Change)


@frozen
class Candidate:
    """A connection of the target that an archived one may be.

    Attributes:
        id: the connection.
        name: its name.
        owner_id: its owner.
        space_id: its space; None for the owner's personal space.
    """

    id: str
    name: str | None = None
    owner_id: str | None = None
    space_id: str | None = None


@define
class RestoreStep:
    """What is to become of one archived connection. It may be edited before it is applied.

    Attributes:
        id: the connection in the archive.
        name: the name that it is to have; None if the archive knows none.
        connector_id: its connector.
        action: `create`, `update`, `skip`, or `ask`, where a person must decide: by setting `target_id` and the action
            `update` or `skip`, or by the action `create`.
        reason: why, as a code: `missing` from the target, `differs` from it, `exists` there as it is, `managed` by the
            service itself, `connector-unknown` in the target, `needs-consent` of a person to one that exists,
            `incomplete` in the archive; of questions `ambiguous` (several candidates), `claimed-twice` (another
            archived connection matches the same), `owner-unmapped` (candidates whose owner nobody mapped),
            `other-connector` (the id map leads to one of another connector), and `out-of-sight` (the id map leads to
            one that the caller, who sees no others' connections, does not see: another may own it).
        sentence: the same in words.
        target_id: the connection in the target; None if there is none yet.
        owner_id: the user who is to own it; None to leave a new one to the caller, and one that exists to its owner.
        space_id: the space that is to hold it, empty for the owner's personal space; None to put a new one into the
            caller's personal space, and to leave one that exists where it is.
        changes: what of the target is to be changed: `name`, `owner`, `space`, `params`.
        params: names of the params that are set if a value is given when the plan is applied.
        without_value: those that the connector requires and that had no value when the plan was made.
        candidates: of a question, what in the target it may be.
        link: address where a person gives consent; None if none is needed, or not known.
        notes: what else is worth knowing, in words.
    """

    id: str
    name: str | None
    connector_id: str
    action: Action
    reason: Reason
    sentence: str
    target_id: str | None = None
    owner_id: str | None = None
    space_id: str | None = None
    changes: list[Change] = field(factory=list)
    params: list[str] = field(factory=list)
    without_value: list[str] = field(factory=list)
    candidates: list[Candidate] = field(factory=list)
    link: str | None = field(default=None, repr=False)
    notes: list[str] = field(factory=list)

    @property
    def label(self) -> str:
        """What messages call it."""
        return self.id if self.name is None else f"{self.name!r} ({self.id})"

    def to_dict(self) -> dict[str, Any]:
        """The step as JSON has it."""
        return {
            "id": self.id,
            "name": self.name,
            "connector_id": self.connector_id,
            "action": self.action,
            "reason": self.reason,
            "sentence": self.sentence,
            "target_id": self.target_id,
            "owner_id": self.owner_id,
            "space_id": self.space_id,
            "changes": list(self.changes),
            "params": list(self.params),
            "without_value": list(self.without_value),
            "candidates": [
                {"id": one.id, "name": one.name, "owner_id": one.owner_id, "space_id": one.space_id}
                for one in self.candidates
            ],
            "link": self.link,
            "notes": list(self.notes),
        }


@define
class RestorePlan:
    """What is to become of the connections of a backup. It holds no values of params.

    Attributes:
        tenant: address of the tenant that they are restored into.
        source: address of the tenant that the backup is of.
        archive: checksum of the backup, from its manifest; it tells one backup from another.
        list_all: whether everybody's connections were looked at, or the caller's alone.
        steps: one for each archived connection, in the archive's order.
        unread: how many connections the backup could not read, and so does not hold.
        notes: what else is worth knowing, in words.
    """

    tenant: str
    source: str
    archive: str
    list_all: bool
    steps: list[RestoreStep] = field(repr=False)
    unread: int = 0
    notes: list[str] = field(factory=list)

    @property
    def questions(self) -> list[RestoreStep]:
        """The steps that a person must decide about."""
        return [step for step in self.steps if step.action == "ask"]

    def counts(self) -> dict[Action, int]:
        """How many steps there are of each action."""
        found = Counter(step.action for step in self.steps)
        return {action: found[action] for action in ACTIONS}

    def to_dict(self) -> dict[str, Any]:
        """The plan as JSON has it; docs/schemas/restore-plan.schema.json describes it."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "tenant": self.tenant,
            "source": self.source,
            "archive": self.archive,
            "list_all": self.list_all,
            "unread": self.unread,
            "counts": self.counts(),
            "notes": list(self.notes),
            "steps": [step.to_dict() for step in self.steps],
        }

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> RestorePlan:
        """Reads a plan that `to_dict` wrote, edited or not.

        Raises:
            JobError: it is something else, was written by a newer version, or was edited into something that can't be
                done; the message names the step and the field.
        """
        from .plan_reading import read_plan

        return read_plan(document)
