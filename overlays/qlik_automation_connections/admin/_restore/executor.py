"""Carries out the steps of a plan, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from ... import Connection, Tenant
from ...errors import APIError, NotFoundError
from .creating import Creator, OnWait, StepFailed
from .desired_state import PERSONAL
from .param_values import GivenValues
from .plan import RestoreStep
from .record import Done, Record

_HANDED_OVER: Final = " Its new owner has it, and the caller can't see it any longer."


class StepRunner:
    """Carries out steps, and notes each part of them before and after it.

    Args:
        tenant: where.
        record: what was done so far, in the journal.
        values: the values of params.
        list_all: whether the caller sees everybody's connections.
        on_wait: told in words for what it waits, and until when.
    """

    def __init__(
        self, tenant: Tenant, record: Record, values: GivenValues, *, list_all: bool, on_wait: OnWait | None = None
    ) -> None:
        self._tenant = tenant
        self._record = record
        self._values = values
        self._list_all = list_all
        self._creator = Creator(tenant, record, values, list_all=list_all, on_wait=on_wait)

    def run(self, step: RestoreStep) -> tuple[Done, str]:
        """Carries out a step that creates or updates.

        Returns:
            How it ended, and the same in words.

        Raises:
            StepFailed, APIError, ConfigurationError: it failed; the other steps may do well.
            JobError: the journal can't be written.

        Sends, of a creation, GETs of lists (tier 1) and a POST (tier 2); of an update, GETs (tier 1) and a PUT (tier
        2); and a POST each for an owner and a space that is to change (tier 2), with a GET after it (tier 1).
        """
        if self._record.known(step.id).outcome is not None:
            outcome, sentence = self._set_later(step)
        else:
            outcome, sentence = self._create(step) if step.action == "create" else self._update(step)
        self._record.note("done", step, outcome=outcome, sentence=sentence)
        return outcome, sentence

    def given_later(self, step: RestoreStep) -> list[str]:
        """The params whose values were not given yet when the connection of a step was created or updated."""
        known = self._record.known(step.id)
        if step.action == "create" and known.new_id is None:
            return []
        return [name for name in self._values.named(step.id, step.params) if name not in known.given]

    def _set_later(self, step: RestoreStep) -> tuple[Done, str]:
        """Sets the values of a step that is done, which were not given then."""
        known = self._record.known(step.id)
        id = (known.new_id if step.action == "create" else step.target_id) or ""
        connection = self._seen(id)
        if connection is None:
            raise StepFailed(f"The values given now were not set: {id} is gone, or out of the caller's sight.")
        problem = self._problem(self._corrected(step, connection))
        if problem:
            raise StepFailed(f"Its params were set, and it has an error since then: {problem}")
        return "updated", "The values that were not given before were set."

    def _create(self, step: RestoreStep) -> tuple[Done, str]:
        known = self._record.known(step.id)
        connection: Connection | None = None
        if known.new_id is not None:
            connection = self._seen(known.new_id)
            if connection is None and self._is_out_of_sight(step):
                return self._created(step, _HANDED_OVER)
            if connection is None:
                self._record.note("gone", step)
            elif (connection.error and known.failed is not None) or self.given_later(step):
                connection = self._corrected(step, connection)
        if connection is None:
            connection = self._creator.create(step)
        problem = self._problem(connection)
        after = self._settled(step, connection)
        if problem:
            raise StepFailed(f"It was created, as {connection.id}, with an error: {problem}")
        return self._created(step, after)

    def _is_out_of_sight(self, step: RestoreStep) -> bool:
        """Whether a connection that the caller does not see was given to its owner, and so need not be gone."""
        known = self._record.known(step.id)
        if self._list_all:
            return False
        # A person may have decided that what an earlier run gave away is to be created again.
        return "owner" in known.changes or (known.given_away and step.reason != "out-of-sight")

    def _created(self, step: RestoreStep, after: str) -> tuple[Done, str]:
        known = self._record.known(step.id)
        if not known.in_this_run:
            return "created", f"An earlier run created it.{after}"
        if known.adopted:
            return "adopted", f"It had been created, though no answer said so.{after}"
        return "created", f"It was created.{after}"

    def _problem(self, connection: Connection) -> str | None:
        """What the service says is wrong with a connection; a value that it repeats is taken out."""
        if not connection.error:
            return None
        return self._values.json_without(connection.error.to_dict())

    def _corrected(self, step: RestoreStep, connection: Connection) -> Connection:
        """A connection that exists, after all of its params were set that a value is given for."""
        names = self._settable(step, connection)
        if not names:
            return connection
        self._record.note("updating", step, params=names)
        updated = self._tenant.connections.update(connection.id or "", params=self._values.of(step.id, names))
        self._record.note("updating-done", step, params=names)
        return updated

    def _settable(self, step: RestoreStep, connection: Connection) -> list[str]:
        known = {param.name for param in connection.params}
        given = self._values.names(step.id)
        return [name for name in step.params if name in known and name in given]

    def _update(self, step: RestoreStep) -> tuple[Done, str]:
        assert step.target_id is not None, "a plan without it is refused"
        connection = self._seen(step.target_id)
        if connection is None and self._is_out_of_sight(step):
            return "updated", f"It was brought into the archive's state.{_HANDED_OVER}"
        if connection is None:
            raise StepFailed(
                f"The connection {step.target_id} is gone, or out of the caller's sight: plan the restore anew, with"
                " another journal and the id map."
            )
        if connection.connector_id != step.connector_id:
            raise StepFailed(f"The connection {step.target_id} is of another connector: correct target_id.")
        name = step.name if step.name is not None and step.name != connection.name else None
        names = self._settable(step, connection)
        # What an earlier try of this step set may be why it has an error.
        problem = self._problem(connection) if "updating" in self._record.known(step.id).changes else None
        if name is not None or names:
            self._record.note("updating", step, name=name, params=names)
            updated = self._tenant.connections.update(step.target_id, name=name, params=self._values.of(step.id, names))
            self._record.note("updating-done", step, params=names)
            problem = self._problem(updated)
        after = self._settled(step, connection)
        if problem:
            raise StepFailed(f"It was updated, and has an error: {problem}")
        return "updated", f"It was brought into the archive's state.{after}"

    def _seen(self, id: str) -> Connection | None:
        try:
            return self._tenant.connections.get(id)
        except NotFoundError:
            return None

    def _settled(self, step: RestoreStep, connection: Connection) -> str:
        """Gives a connection its owner and space, and says what is worth knowing of it."""
        id = connection.id or ""
        if step.owner_id is not None and connection.owner_id != step.owner_id:
            owner = step.owner_id
            changed = self._changed(
                step,
                "owner",
                id,
                lambda: self._tenant.connections.change_owner(id, user_id=owner),
                lambda seen: seen.owner_id == owner,
            )
            if changed is None:
                return _HANDED_OVER
            connection = changed
        if step.space_id is not None and (connection.space_id or PERSONAL) != step.space_id:
            space = step.space_id
            self._changed(
                step,
                "space",
                id,
                lambda: self._tenant.connections.change_space(id, space_id=space or None),
                lambda seen: (seen.space_id or PERSONAL) == space,
            )
        return ""

    def _changed(
        self,
        step: RestoreStep,
        what: Literal["owner", "space"],
        id: str,
        change: Callable[[], None],
        is_done: Callable[[Connection], bool],
    ) -> Connection | None:
        """The connection after a change; None if the caller can't see it any longer."""
        self._record.note(what, step, to=step.owner_id if what == "owner" else step.space_id)
        failure: APIError | None = None
        try:
            change()
        except APIError as error:
            if not error.may_have_been_processed:
                self._record.note(f"{what}-refused", step)
                raise
            failure = error
        seen = self._seen(id)
        if seen is None and (failure is not None or what != "owner" or self._list_all):
            raise failure or StepFailed(f"The connection {id} is gone: somebody deleted it meanwhile.")
        if seen is not None and not is_done(seen):
            raise failure or StepFailed(
                f"The service said that the {what} was changed, and the connection does not show it: run again with the"
                " same journal."
            )
        self._record.note(f"{what}-done", step)
        return seen
