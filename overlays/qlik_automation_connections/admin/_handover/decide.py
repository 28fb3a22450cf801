"""Decide what happens to one connection, and why."""

from __future__ import annotations

from attrs import frozen

from ... import ConnectionSummary
from ..._arguments import is_identifier
from .._managed import is_managed
from .plan import Action, HandoverStep, SpaceChoice


@frozen
class Aim:
    """The goal of a handover; see `HandoverPlan`."""

    from_owner: str
    to_owner: str
    space: SpaceChoice
    space_id: str | None

    def space_for(self, held_by: str | None) -> str | None:
        """Return the new space of a connection that is in the space `held_by`; None is a personal space."""
        return held_by if self.space == "keep" else self.space_id


def step_of(
    aim: Aim, item: ConnectionSummary, id: str, *, listed: bool = True, filter: str | None = None
) -> HandoverStep:
    """Return the step for a connection.

    Args:
        aim: The goal of the handover.
        item: The connection.
        id: Its id.
        listed: Whether it is in the list of the old owner's connections.
        filter: The list's filter expression, if any.
    """
    # Fields may be missing; what is in the old owner's list belongs to the old owner.
    owner = item.owner_id or (aim.from_owner if listed else None)
    space = item.space_id
    to_space = aim.space_for(space)
    action, reason, sentence = _decision(aim, item.connector_id, owner, space, to_space)
    if not is_identifier(id):
        action, reason, sentence = "skip", "unreadable", "Its id is not valid, so it can't be handed over."
    if owner == aim.from_owner and not listed and action == "move":
        action, reason, sentence = "skip", "not-matching", f"It doesn't match the filter {filter}."
        if filter is None:
            reason, sentence = "unreadable", "The service doesn't list it, although the old owner has it. Plan again."
    return HandoverStep(
        id, item.name, item.connector_id, owner, aim.to_owner, space, to_space, action, reason, sentence
    )


def _decision(
    aim: Aim, connector: str | None, owner: str | None, space: str | None, to_space: str | None
) -> tuple[Action, str, str]:
    if is_managed(connector):
        return "skip", "managed", "The service manages this connection itself; it can't be handed over."
    if owner is None:
        return "skip", "unreadable", "The service doesn't report its owner."
    if owner == aim.to_owner:
        if space == to_space:
            return "skip", "already", "The new owner already has it, in the right space."
        return "move", "space", f"The new owner already has it; it goes {_where(to_space)}."
    if owner != aim.from_owner:
        return "skip", "another-owner", f"It belongs to another user: {owner}."
    if space == to_space:
        staying = "from one personal space to the other" if space is None else "and stays in its space"
        return "move", "owned", f"Goes to the new owner, {staying}."
    return "move", "owned", f"Goes to the new owner, {_where(to_space)}."


def _where(space: str | None) -> str:
    return "into the new owner's personal space" if space is None else f"into the space {space}"


def unreadable(aim: Aim, id: str, reason: str, sentence: str) -> HandoverStep:
    """Return the step of a connection that can't be read."""
    return HandoverStep(id, None, None, None, aim.to_owner, None, None, "skip", reason, sentence)
