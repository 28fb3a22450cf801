"""Carries out the steps of a plan, one after the other."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Literal

from ... import Connection, Tenant
from ...errors import APIError, NotFoundError
from ...redaction import redact
from .creating import Creator, StepFailed
from .given_values import GivenValues
from .plan import RestoreStep
from .record import Done, Record
from .wanted import PERSONAL


class StepRunner:
    """Carries out steps, and notes each part of them before and after it.

    Args:
        tenant: where.
        record: what was done so far, in the journal.
        values: the values of params.
        list_all: whether the caller sees everybody's connections.
    """

    def __init__(self, tenant: Tenant, record: Record, values: GivenValues, *, list_all: bool) -> None:
        self._tenant = tenant
        self._record = record
        self._values = values
        self._list_all = list_all
        self._creator = Creator(tenant, record, values, list_all=list_all)

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
        outcome, sentence = self._create(step) if step.action == "create" else self._update(step)
        self._record.note("done", step, outcome=outcome, sentence=sentence)
        return outcome, sentence

    def _create(self, step: RestoreStep) -> tuple[Done, str]:
        known = self._record.known(step.id)
        connection: Connection | None = None
        if known.new_id is not None:
            connection = self._seen(known.new_id)
            if connection is None and not self._list_all and "owner" in known.changes:
                return self._created(step, " Its new owner has it, and the caller can't see it any longer.")
            if connection is None:
                self._record.note("gone", step)
            elif connection.error and known.failed is not None:
                connection = self._corrected(step, connection)
        if connection is None:
            connection = self._creator.create(step)
        problem = self._problem(step, connection)
        after = self._settled(step, connection)
        if problem:
            raise StepFailed(f"It was created, as {connection.id}, with an error: {problem}")
        return self._created(step, after)

    def _created(self, step: RestoreStep, after: str) -> tuple[Done, str]:
        known = self._record.known(step.id)
        if not known.in_this_run:
            return "created", f"An earlier run created it.{after}"
        if known.adopted:
            return "adopted", f"It had been created, though no answer said so.{after}"
        return "created", f"It was created.{after}"

    def _problem(self, step: RestoreStep, connection: Connection) -> str | None:
        """What the service says is wrong with a connection; a value that it repeats is taken out."""
        if not connection.error:
            return None
        said = json.dumps(connection.error.to_dict(), ensure_ascii=False, default=str)
        return redact(said, self._values.secrets(step.id))

    def _corrected(self, step: RestoreStep, connection: Connection) -> Connection:
        """A connection that was created with an error, after its params were set once more."""
        names = self._settable(step, connection)
        if not names:
            return connection
        self._record.note("updating", step, params=names)
        updated = self._tenant.connections.update(connection.id or "", params=self._values.of(step.id, names))
        self._record.note("updating-done", step)
        return updated

    def _settable(self, step: RestoreStep, connection: Connection) -> list[str]:
        known = {param.name for param in connection.params}
        given = self._values.names(step.id)
        return [name for name in step.params if name in known and name in given]

    def _update(self, step: RestoreStep) -> tuple[Done, str]:
        assert step.target_id is not None, "a plan without it is refused"
        connection = self._seen(step.target_id)
        if connection is None:
            raise StepFailed(
                f"The connection {step.target_id} is gone, or out of the caller's sight: plan the restore anew, with"
                " another journal and the id map."
            )
        if connection.connector_id != step.connector_id:
            raise StepFailed(f"The connection {step.target_id} is of another connector: correct target_id.")
        name = step.name if step.name is not None and step.name != connection.name else None
        names = self._settable(step, connection)
        if name is not None or names:
            self._record.note("updating", step, name=name, params=names)
            self._tenant.connections.update(step.target_id, name=name, params=self._values.of(step.id, names))
            self._record.note("updating-done", step)
        after = self._settled(step, connection)
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
                return " Its new owner has it, and the caller can't see it any longer."
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
