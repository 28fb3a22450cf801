"""Carry out the steps of a restore plan."""

from __future__ import annotations

from typing import Any, Final

from ... import Connection, Tenant
from ..._text import shortened
from ...errors import NotFoundError
from .._record import Record
from .._run import Placer, Result, StepFailed
from .creating import ConnectionCreation, Creator, OnWait
from .desired_state import PERSONAL
from .param_values import ParamValues
from .plan import RestoreStep

_HANDED_OVER: Final = " Its new owner has it, so the caller can no longer see it."


class RestoreRunner:
    """Carries out steps, noting each change in the journal before and after it.

    Args:
        tenant: The target.
        record: Progress so far, from the journal.
        values: Values of params.
        list_all: Whether the caller sees all users' connections.
        on_wait: Called with a message that says what is waited for, and until when.
    """

    def __init__(
        self,
        tenant: Tenant,
        record: Record[Any],
        values: ParamValues,
        *,
        list_all: bool,
        on_wait: OnWait | None = None,
    ) -> None:
        self._tenant = tenant
        self._record = record
        self._values = values
        self._list_all = list_all
        self._placer = Placer(tenant.connections, record, sees_all=list_all)
        creation = ConnectionCreation(tenant, values, list_all=list_all)
        self._creator = Creator(creation, record, tenant, on_wait)

    def known_result(self, step: RestoreStep) -> Result | None:
        """Return the result of a step with nothing left to do, or None."""
        state = self._record.state(step.id)
        if step.action == "ask" and step.reason == "not-visible" and state.given_away:
            return Result("skipped", "An earlier run gave it to its owner, so the caller can no longer see it.")
        if step.action in ("skip", "ask"):
            return Result("skipped" if step.action == "skip" else "asked", step.sentence)
        if state.outcome is not None and not self._params_given_later(step):
            return Result(state.outcome, state.sentence)
        return None

    def run(self, step: RestoreStep) -> Result:
        """Create or update a step's connection.

        Raises:
            StepFailed, APIError, ConfigurationError: The step failed; others can continue.
            JobError: The journal can't be written.

        Sends GETs of lists (tier 1) and a POST (tier 2) to create; GETs (tier 1) and a PUT (tier 2) to update; and a
        POST (tier 2) followed by a GET (tier 1) for each change of owner or space.
        """
        if self._record.state(step.id).outcome is not None:
            return self._set_later(step)
        return self._create(step) if step.action == "create" else self._update(step)

    def _params_given_later(self, step: RestoreStep) -> list[str]:
        """Return the params whose values had not been given when the connection was created or updated."""
        state = self._record.state(step.id)
        if step.action == "create" and state.new_id is None:
            return []
        return [name for name in self._values.named(step.id, step.params) if name not in state.param_values_sent]

    def _set_later(self, step: RestoreStep) -> Result:
        """Set values that had not been given when the step was done."""
        state = self._record.state(step.id)
        id = (state.new_id if step.action == "create" else step.target_id) or ""
        connection = self._seen(id)
        if connection is None:
            raise StepFailed(f"The new values were not set: {id} is gone or not visible to the caller.")
        problem = self._problem(self._corrected(step, connection))
        if problem:
            raise StepFailed(f"Its params were set, but it now has an error: {problem}")
        return Result("updated", "The values that were missing before were set.")

    def _create(self, step: RestoreStep) -> Result:
        state = self._record.state(step.id)
        connection: Connection | None = None
        if state.new_id is not None:
            connection = self._seen(state.new_id)
            if connection is None and self._is_given_away(step):
                return self._created(step, _HANDED_OVER)
            if connection is None:
                if self._creator.is_listed(step, state.new_id):
                    raise StepFailed(f"It was created as {state.new_id}, which can't be read now. Try again later.")
                self._record.note("gone", step.id)
            elif (connection.error and state.failed is not None) or self._params_given_later(step):
                connection = self._corrected(step, connection)
        if connection is None:
            connection = self._creator.create(step)
        problem = self._problem(connection)
        after = self._place(step, connection)
        if problem:
            raise StepFailed(f"It was created as {connection.id}, but has an error: {problem}")
        return self._created(step, after)

    def _is_given_away(self, step: RestoreStep) -> bool:
        """Return whether a connection that the caller can't see may still exist, with its new owner."""
        state = self._record.state(step.id)
        if self._list_all:
            return False
        # An edited plan may create again what an earlier run gave away.
        return "owner" in state.changes or (state.given_away and step.reason != "not-visible")

    def _created(self, step: RestoreStep, after: str) -> Result:
        state = self._record.state(step.id)
        if not state.in_this_run:
            return Result("created", f"An earlier run created it.{after}")
        if state.adopted:
            return Result("adopted", f"It had been created, although no response confirmed it.{after}")
        return Result("created", f"It was created.{after}")

    def _problem(self, connection: Connection) -> str | None:
        """Return the error that the service reports for a connection, without the values it repeats."""
        if not connection.error:
            return None
        return shortened(self._values.json_without(connection.error.to_dict()))

    def _corrected(self, step: RestoreStep, connection: Connection) -> Connection:
        """Set all params of an existing connection that have a value, and return the connection."""
        names = self._settable(step, connection)
        if not names:
            return connection
        self._record.note("changing", step.id, change="params", params=names)
        updated = self._tenant.connections.update(connection.id, params=self._values.of(step.id, names))
        self._record.note("changed", step.id, change="params", params=names)
        return updated

    def _settable(self, step: RestoreStep, connection: Connection) -> list[str]:
        known = {param.name for param in connection.params}
        given = self._values.names(step.id)
        return [name for name in step.params if name in known and name in given]

    def _update(self, step: RestoreStep) -> Result:
        assert step.target_id is not None, "RestorePlan.check requires it"
        connection = self._seen(step.target_id)
        if connection is None and self._is_given_away(step):
            return Result("updated", f"It was updated to match the archive.{_HANDED_OVER}")
        if connection is None:
            raise StepFailed(
                f"The connection {step.target_id} is gone or not visible to the caller. Plan the restore again, with"
                " another journal and the id map."
            )
        if connection.connector_id != step.connector_id:
            raise StepFailed(f"The connection {step.target_id} has another connector. Correct target_id.")
        name = step.name if step.name is not None and step.name != connection.name else None
        names = self._settable(step, connection)
        # An earlier attempt at this step may have caused the error.
        problem = self._problem(connection) if "params" in self._record.state(step.id).changes else None
        if name is not None or names:
            self._record.note("changing", step.id, change="params", name=name, params=names)
            updated = self._tenant.connections.update(step.target_id, name=name, params=self._values.of(step.id, names))
            self._record.note("changed", step.id, change="params", params=names)
            problem = self._problem(updated)
        after = self._place(step, connection)
        if problem:
            raise StepFailed(f"It was updated, but has an error: {problem}")
        return Result("updated", f"It was updated to match the archive.{after}")

    def _seen(self, id: str) -> Connection | None:
        try:
            return self._tenant.connections.get(id)
        except NotFoundError:
            return None

    def _place(self, step: RestoreStep, connection: Connection) -> str:
        """Set a connection's owner and space, and return a remark for the result, possibly empty."""
        id = connection.id
        found: Connection | None = connection
        if step.owner_id is not None and connection.owner_id != step.owner_id:
            found = self._placer.place(step.id, id, "owner", step.owner_id)
        if found is None:
            return _HANDED_OVER
        if step.space_id is not None and (found.space_id or PERSONAL) != step.space_id:
            self._placer.place(step.id, id, "space", step.space_id or None)
        return ""
