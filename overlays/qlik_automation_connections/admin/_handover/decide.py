"""Decides what is to become of one connection, and says why."""

from __future__ import annotations

from attrs import frozen

from ... import ConnectionSummary
from .._managed import is_managed
from .plan import Action, HandoverStep, SpaceChoice


@frozen
class Aim:
    """What a handover is to reach; see `HandoverPlan`."""

    from_owner: str
    to_owner: str
    space: SpaceChoice
    space_id: str | None

    def space_for(self, held_by: str | None) -> str | None:
        """The space that is to hold a connection which is in a space now; None is the personal one."""
        return held_by if self.space == "keep" else self.space_id


def step_of(
    aim: Aim, item: ConnectionSummary, id: str, *, listed: bool = True, filter: str | None = None
) -> HandoverStep:
    """Decides what is to become of a connection.

    Args:
        aim: what is to be reached.
        item: the connection.
        id: its id.
        listed: whether it stood in the list of the old owner's connections.
        filter: the expression that the list was narrowed by, if any.
    """
    # Fields may be missing: whoever stands in the old owner's list is the old owner's.
    owner = item.owner_id or (aim.from_owner if listed else None)
    space = item.space_id
    to_space = aim.space_for(space)
    action, reason, sentence = _decision(aim, item.connector_id, owner, space, to_space)
    if owner == aim.from_owner and not listed and action == "move":
        action, reason, sentence = "skip", "not-matching", f"It does not meet the filter {filter}."
        if filter is None:
            reason, sentence = "unreadable", "The service does not list it, though it is the old owner's: plan again."
    return HandoverStep(
        id=id,
        name=item.name,
        connector_id=item.connector_id,
        from_owner=owner,
        to_owner=aim.to_owner,
        from_space=space,
        to_space=to_space,
        action=action,
        reason=reason,
        sentence=sentence,
    )


def _decision(
    aim: Aim, connector: str | None, owner: str | None, space: str | None, to_space: str | None
) -> tuple[Action, str, str]:
    if is_managed(connector):
        return "skip", "managed", "The service itself manages this connection: nobody can hand it over."
    if owner is None:
        return "skip", "unreadable", "The service does not say whose connection it is."
    if owner == aim.to_owner:
        if space == to_space:
            return "skip", "already", "The new owner has it already, in the right space."
        return "move", "space", f"The new owner has it already; it goes {_where(to_space)}."
    if owner != aim.from_owner:
        return "skip", "another-owner", f"It belongs to somebody else: {owner}."
    if space == to_space:
        return "move", "owned", f"Goes to the new owner, {_staying(space)}."
    return "move", "owned", f"Goes to the new owner, {_where(to_space)}."


def _where(space: str | None) -> str:
    return "into the new owner's personal space" if space is None else f"into the space {space}"


def _staying(space: str | None) -> str:
    return "from one personal space into the other" if space is None else "and stays in its space"


def unreadable(aim: Aim, id: str, reason: str, sentence: str) -> HandoverStep:
    """The step of a connection that can't be read."""
    return HandoverStep(
        id=id,
        name=None,
        connector_id=None,
        from_owner=None,
        to_owner=aim.to_owner,
        from_space=None,
        to_space=None,
        action="skip",
        reason=reason,
        sentence=sentence,
    )
