"""Brings one connection to its new owner and its new space, and leaves no doubt whether it is there."""

from __future__ import annotations

from typing import Final

from attrs import evolve, frozen

from ... import APIError, Connection, NotFoundError, Tenant
from ...errors import ConfigurationError
from .._parallel import Outage
from .plan import HandoverStep
from .record import Change, Record

_IN_A_ROW: Final = 3


@frozen
class Moved:
    """It is as wanted.

    Attributes:
        by_us: whether this handover did it, in this run or in an earlier one.
    """

    by_us: bool


@frozen
class NotMoved:
    """It is not as wanted.

    Attributes:
        reason: see `HandedOver`.
        sentence: see `HandedOver`.
        tried: whether a change was tried in this run.
        in_part: whether it has its new owner, and is not in its new space.
    """

    reason: str
    sentence: str
    tried: bool
    in_part: bool = False


class Mover:
    """Moves connections one after the other, by what the service says of them.

    Args:
        tenant: the tenant.
        record: the journal.
        undoing: whether this undoes another handover.
    """

    def __init__(self, tenant: Tenant, record: Record, *, undoing: bool) -> None:
        self._connections = tenant.connections
        self._record = record
        self._undoing = undoing
        # Few in a row: each call that nobody answers was tried several times.
        self._outage = Outage(_IN_A_ROW)

    def move(self, step: HandoverStep) -> Moved | NotMoved:
        """Moves a connection. It is read first, and again after each change: what is right already stays as it is.

        Args:
            step: what to do.

        Raises:
            AuthenticationError: the sign-in was refused.
            APIConnectionError: nobody answers any more.
            JobError: the journal can't be written.

        Sends a GET (tier 1), and for each change a POST (tier 2) and a GET.
        """
        tried: dict[Change, APIError | None] = {}
        try:
            result = self._move(step, tried)
        except ConfigurationError as error:
            result = NotMoved("refused", error.message, bool(tried))
        if isinstance(result, NotMoved) and "space" in tried and step.from_owner != step.to_owner:
            # The space is changed last.
            known = "" if result.reason == "unreadable" else "Its owner was changed, its space was not: "
            return evolve(result, sentence=f"{known}{result.sentence}", in_part=True)
        return result

    def _move(self, step: HandoverStep, tried: dict[Change, APIError | None]) -> Moved | NotMoved:
        while True:
            found = self._read(step, tried)
            if isinstance(found, NotMoved):
                return found
            space = found.space_id
            if found.owner_id == step.to_owner and space == step.to_space:
                return Moved(step.id in self._record.touched or self._record.done.get(step.id) == "moved")
            elsewhere = self._elsewhere(step, found.owner_id, space)
            if elsewhere is not None:
                return NotMoved("changed", f"Somebody else changed it meanwhile: {elsewhere}.", bool(tried))
            change: Change = "space" if found.owner_id == step.to_owner else "owner"
            if change in tried:
                return _without_effect(change, tried[change])
            self._record.changing(step, change)
            tried[change] = None
            error = tried[change] = self._change(step, change)
            if error is not None and not error.may_have_been_processed:
                return NotMoved("not-found" if isinstance(error, NotFoundError) else "refused", error.message, True)

    def _read(self, step: HandoverStep, tried: dict[Change, APIError | None]) -> Connection | NotMoved:
        sentence = "The service does not say whose connection it is."
        reason = "unreadable"
        try:
            found = self._connections.get(step.id)
        except APIError as error:
            self._outage.note(error)
            sentence = error.message
            reason = "not-found" if isinstance(error, NotFoundError) else "unreadable"
        else:
            self._outage.note(None)
            if found.owner_id is not None:
                return found
        if tried:
            sentence = f"Its {' and its '.join(tried)} may have changed, but that can't be read: {sentence}"
        return NotMoved(reason, sentence, bool(tried))

    def _elsewhere(self, step: HandoverStep, owner: str | None, space: str | None) -> str | None:
        """Where it is if somebody else changed it since the plan was made; it is left as it is then."""
        if owner not in (step.from_owner, step.to_owner):
            return f"it belongs to {owner}"
        under_way = step.id in self._record.touched
        if self._undoing and owner == step.from_owner != step.to_owner:
            # The handover had reached it, so that all of its way back is to be undone.
            under_way = True
        if under_way or space in (step.from_space, step.to_space):
            return None
        return "it is in its owner's personal space" if space is None else f"it is in the space {space}"

    def _change(self, step: HandoverStep, change: Change) -> APIError | None:
        try:
            if change == "owner":
                self._connections.change_owner(step.id, user_id=step.to_owner)
            else:
                self._connections.change_space(step.id, space_id=step.to_space)
        except APIError as error:
            self._outage.note(error)
            return error
        self._outage.note(None)
        return None


def _without_effect(change: Change, error: APIError | None) -> NotMoved:
    if error is not None:
        return NotMoved("unanswered", error.message, True)
    return NotMoved("no-effect", f"The service agreed to change the {change}, but it is what it was.", True)
