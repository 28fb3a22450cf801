"""The plan of a handover: which connection goes to whom and where, as data that can be looked at and edited first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, Literal, Self, get_args

from attrs import define, field

from ...errors import ConfigurationError
from .._errors import JobError
from .reading import choice, document_of, list_of, optional_text, text

FORMAT: Final = "qlik-automation-connections/handover-plan"
VERSION: Final = 1

Action = Literal["move", "skip"]
SpaceChoice = Literal["keep", "into", "personal", "back"]


def now() -> str:
    """This moment, as plans write it."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


@define
class HandoverStep:
    """What is to become of one connection.

    Attributes:
        id: the connection.
        name: its name.
        connector_id: its connector.
        from_owner: who owns it; None where that is not known, which a `move` must not be.
        to_owner: who is to own it.
        from_space: the space that holds it; None for its owner's personal space.
        to_space: the space that is to hold it; None for its owner's personal space.
        action: `move`, or `skip` to leave it alone. May be edited.
        reason: why, as a code: `owned`, `space` (the owner is right, the space is not), `undo`; for a `skip` `managed`
            (by the service itself), `already` (owner and space are right), `another-owner`, `not-matching` (the
            filter), `not-found`, `unreadable`.
        sentence: the same in words.
        note: what else a person should know; None if there is nothing.
    """

    id: str
    name: str | None
    connector_id: str | None
    from_owner: str | None
    to_owner: str
    from_space: str | None
    to_space: str | None
    action: Action
    reason: str
    sentence: str
    note: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The step as JSON."""
        return {name: getattr(self, name) for name in _STEP_FIELDS}

    @classmethod
    def from_dict(cls, document: Mapping[str, Any], where: str = "The step") -> Self:
        """Reads a step from JSON.

        Args:
            document: what `to_dict` gives.
            where: what messages call it.

        Raises:
            JobError: it is something else; the message says what is wrong.
        """
        document_of(document, where, known=_STEP_FIELDS)
        step = cls(
            id=text(document, "id", where),
            name=optional_text(document, "name", where),
            connector_id=optional_text(document, "connector_id", where),
            from_owner=optional_text(document, "from_owner", where) or None,
            to_owner=text(document, "to_owner", where),
            from_space=optional_text(document, "from_space", where) or None,
            to_space=optional_text(document, "to_space", where) or None,
            action=choice(document, "action", where, get_args(Action)),
            reason=optional_text(document, "reason", where) or "",
            sentence=optional_text(document, "sentence", where) or "",
            note=optional_text(document, "note", where),
        )
        if step.action == "move" and step.from_owner is None:
            raise JobError(f"{where}: from_owner is missing, and without it nothing is moved.")
        return step

    def back(self) -> HandoverStep:
        """The step that undoes this one."""
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
            sentence="Goes back to the owner and the space that it had.",
        )


_STEP_FIELDS: Final = (
    "id",
    "name",
    "connector_id",
    "from_owner",
    "to_owner",
    "from_space",
    "to_space",
    "action",
    "reason",
    "sentence",
    "note",
)


@define
class HandoverPlan:
    """Which connections go to whom and where. Nothing is changed by it until it is applied.

    Attributes:
        tenant: address of the tenant that it is for.
        from_owner: whose connections are handed over.
        to_owner: to whom.
        space: what becomes of the spaces: `keep`, `into` the one of `space_id`, `personal` for the new owner's personal
            space, or `back` in an undo, where each goes back to its own.
        space_id: the space that all go into; None for every other choice.
        steps: what is to become of each connection; may be edited.
        notes: what a person should know of the whole.
        made_at: when it was made, in UTC.
        undoes: `made_at` of the plan that this one undoes; None if it is no undo.
    """

    tenant: str
    from_owner: str
    to_owner: str
    space: SpaceChoice = "keep"
    space_id: str | None = None
    steps: list[HandoverStep] = field(factory=list)
    notes: list[str] = field(factory=list)
    made_at: str = field(factory=now)
    undoes: str | None = None

    @property
    def moves(self) -> list[HandoverStep]:
        """The steps that change something."""
        return [step for step in self.steps if step.action == "move"]

    def to_dict(self) -> dict[str, Any]:
        """The plan as JSON."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "tenant": self.tenant,
            "made_at": self.made_at,
            "undoes": self.undoes,
            "from_owner": self.from_owner,
            "to_owner": self.to_owner,
            "space": self.space,
            "space_id": self.space_id,
            "notes": list(self.notes),
            "steps": [step.to_dict() for step in self.steps],
        }

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Self:
        """Reads a plan from JSON.

        Args:
            document: what `to_dict` gives, as it was or edited.

        Raises:
            JobError: it is something else; the message says what is wrong, and where.
        """
        where = "The plan of a handover"
        document_of(document, where, known=_PLAN_FIELDS)
        if document.get("format") != FORMAT:
            raise JobError(f"{where} has the format {FORMAT!r}, not {document.get('format')!r}.")
        if document.get("version") != VERSION:
            raise JobError(f"{where} must be of version {VERSION}, not {document.get('version')!r}.")
        plan = cls(
            tenant=text(document, "tenant", where),
            from_owner=text(document, "from_owner", where),
            to_owner=text(document, "to_owner", where),
            space=choice(document, "space", where, get_args(SpaceChoice)),
            space_id=optional_text(document, "space_id", where) or None,
            steps=[
                HandoverStep.from_dict(step, f"{where}, step {number}")
                for number, step in enumerate(list_of(document, "steps", where), start=1)
            ],
            notes=[
                text({"note": note}, "note", f"{where}, note {number}")
                for number, note in enumerate(list_of(document, "notes", where), start=1)
            ],
            made_at=text(document, "made_at", where),
            undoes=optional_text(document, "undoes", where),
        )
        plan.refuse_repetitions()
        return plan

    def refuse_other_tenant(self, tenant: str) -> None:
        """Raises if the plan is for another tenant than the one with an address.

        Raises:
            ConfigurationError: it is.
        """
        if self.tenant != tenant:
            raise ConfigurationError(f"The plan is for the tenant {self.tenant}, not for {tenant}.")

    def refuse_repetitions(self) -> None:
        """Raises if two steps are of one connection.

        Raises:
            JobError: they are.
        """
        seen: set[str] = set()
        for step in self.steps:
            if step.id in seen:
                raise JobError(f"The plan of a handover has two steps for the connection {step.id!r}.")
            seen.add(step.id)

    def undo(self) -> HandoverPlan:
        """The plan that brings everything back as it is before this one is applied."""
        return HandoverPlan(
            tenant=self.tenant,
            from_owner=self.to_owner,
            to_owner=self.from_owner,
            space="back",
            steps=[step.back() for step in self.moves],
            undoes=self.made_at,
        )

    def is_like(self, other: HandoverPlan) -> bool:
        """Whether both hand over between the same people, in the same tenant and into the same space."""
        return _aim(self) == _aim(other)


def _aim(plan: HandoverPlan) -> tuple[str | None, ...]:
    return plan.tenant, plan.from_owner, plan.to_owner, plan.space, plan.space_id, plan.undoes


_PLAN_FIELDS: Final = (
    "format",
    "version",
    "tenant",
    "made_at",
    "undoes",
    "from_owner",
    "to_owner",
    "space",
    "space_id",
    "notes",
    "steps",
)
