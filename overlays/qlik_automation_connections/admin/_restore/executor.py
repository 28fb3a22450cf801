"""Carries out the steps of a plan, one after the other."""

from __future__ import annotations

from typing import Final

from ... import Connection, Tenant
from ...errors import NotFoundError
from .._record import Record
from .._run import Placer, Result, StepFailed
from .creating import Creator, OnWait
from .desired_state import PERSONAL
from .param_values import ParamValues
from .plan import RestorePlan, RestoreStep

_HANDED_OVER: Final = " Its new owner has it, and the caller can't see it any longer."


class RestoreRunner:
    """Carries out steps, and notes each part of them before and after it.

    Args:
        tenant: where.
        record: what was done so far, in the journal.
        values: the values of params.
        list_all: whether the caller sees everybody's connections.
        on_wait: told in words for what it waits, and until when.
    """

    def __init__(
        self,
        tenant: Tenant,
        record: Record[RestorePlan],
        values: ParamValues,
        *,
        list_all: bool,
        on_wait: OnWait | None = None,
    ) -> None:
        self._tenant = tenant
        self._record = record
        self._values = values
        self._list_all = list_all
        self._placer = Placer(tenant, record, sees_all=list_all)
        self._creator = Creator(tenant, record, values, list_all=list_all, on_wait=on_wait)

    def known_result(self, step: RestoreStep) -> Result | None:
        """Return the result of a step that nothing is left to do for; None if there is."""
        state = self._record.state(step.id)
        if step.action == "ask" and step.reason == "not-visible" and state.given_away:
            return Result("skipped", "An earlier run gave it to its owner, and the caller can't see it any longer.")
        if step.action in ("skip", "ask"):
            return Result("skipped" if step.action == "skip" else "asked", step.sentence)
        if state.outcome is not None and not self._params_given_later(step):
            return Result(state.outcome, state.sentence)
        return None

    def run(self, step: RestoreStep) -> Result:
        """Carries out a step that creates or updates.

        Raises:
            StepFailed, APIError, ConfigurationError: it failed; the other steps may do well.
            JobError: the journal can't be written.

        Sends, of a creation, GETs of lists (tier 1) and a POST (tier 2); of an update, GETs (tier 1) and a PUT (tier
        2); and a POST each for an owner and a space that is to change (tier 2), with a GET after it (tier 1).
        """
        if self._record.state(step.id).outcome is not None:
            return self._set_later(step)
        return self._create(step) if step.action == "create" else self._update(step)

    def _params_given_later(self, step: RestoreStep) -> list[str]:
        """The params whose values were not given yet when the connection of a step was created or updated."""
        state = self._record.state(step.id)
        if step.action == "create" and state.new_id is None:
            return []
        return [name for name in self._values.named(step.id, step.params) if name not in state.param_values_sent]

    def _set_later(self, step: RestoreStep) -> Result:
        """Sets the values of a step that is done, which were not given then."""
        state = self._record.state(step.id)
        id = (state.new_id if step.action == "create" else step.target_id) or ""
        connection = self._seen(id)
        if connection is None:
            raise StepFailed(f"The values given now were not set: {id} is gone, or out of the caller's sight.")
        problem = self._problem(self._corrected(step, connection))
        if problem:
            raise StepFailed(f"Its params were set, and it has an error since then: {problem}")
        return Result("updated", "The values that were not given before were set.")

    def _create(self, step: RestoreStep) -> Result:
        state = self._record.state(step.id)
        connection: Connection | None = None
        if state.new_id is not None:
            connection = self._seen(state.new_id)
            if connection is None and self._is_given_away(step):
                return self._created(step, _HANDED_OVER)
            if connection is None:
                self._record.note("gone", step.id)
            elif (connection.error and state.failed is not None) or self._params_given_later(step):
                connection = self._corrected(step, connection)
        if connection is None:
            connection = self._creator.create(step)
        problem = self._problem(connection)
        after = self._place(step, connection)
        if problem:
            raise StepFailed(f"It was created, as {connection.id}, with an error: {problem}")
        return self._created(step, after)

    def _is_given_away(self, step: RestoreStep) -> bool:
        """Whether a connection that the caller does not see was given to its owner, and so need not be gone."""
        state = self._record.state(step.id)
        if self._list_all:
            return False
        # A person may have decided that what an earlier run gave away is to be created again.
        return "owner" in state.changes or (state.given_away and step.reason != "not-visible")

    def _created(self, step: RestoreStep, after: str) -> Result:
        state = self._record.state(step.id)
        if not state.in_this_run:
            return Result("created", f"An earlier run created it.{after}")
        if state.adopted:
            return Result("adopted", f"It had been created, though no answer said so.{after}")
        return Result("created", f"It was created.{after}")

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
        self._record.note("changing", step.id, change="params", params=names)
        updated = self._tenant.connections.update(connection.id or "", params=self._values.of(step.id, names))
        self._record.note("changed", step.id, change="params", params=names)
        return updated

    def _settable(self, step: RestoreStep, connection: Connection) -> list[str]:
        known = {param.name for param in connection.params}
        given = self._values.names(step.id)
        return [name for name in step.params if name in known and name in given]

    def _update(self, step: RestoreStep) -> Result:
        assert step.target_id is not None, "a plan without it is refused"
        connection = self._seen(step.target_id)
        if connection is None and self._is_given_away(step):
            return Result("updated", f"It was brought into the archive's state.{_HANDED_OVER}")
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
        problem = self._problem(connection) if "params" in self._record.state(step.id).changes else None
        if name is not None or names:
            self._record.note("changing", step.id, change="params", name=name, params=names)
            updated = self._tenant.connections.update(step.target_id, name=name, params=self._values.of(step.id, names))
            self._record.note("changed", step.id, change="params", params=names)
            problem = self._problem(updated)
        after = self._place(step, connection)
        if problem:
            raise StepFailed(f"It was updated, and has an error: {problem}")
        return Result("updated", f"It was brought into the archive's state.{after}")

    def _seen(self, id: str) -> Connection | None:
        try:
            return self._tenant.connections.get(id)
        except NotFoundError:
            return None

    def _place(self, step: RestoreStep, connection: Connection) -> str:
        """Give a connection its owner and space, and return what is worth knowing of it."""
        id = connection.id or ""
        found: Connection | None = connection
        if step.owner_id is not None and connection.owner_id != step.owner_id:
            found = self._placer.place(step.id, id, "owner", step.owner_id)
        if found is None:
            return _HANDED_OVER
        if step.space_id is not None and (found.space_id or PERSONAL) != step.space_id:
            self._placer.place(step.id, id, "space", step.space_id or None)
        return ""
