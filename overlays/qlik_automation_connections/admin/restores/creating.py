"""Creates a connection once, whatever happens: after a crash it is looked for, and taken if it is there."""

from __future__ import annotations

import time
from typing import Final

from ... import Connection, Tenant
from ...errors import APIError, QlikError
from ...interruption import current
from .given_values import GivenValues
from .plan import RestoreStep
from .record import Record

LOOKS: Final = 4
"""How often a connection is looked for that may have been created: the service may show it a little later."""

LOOKS_LATER: Final = 2
"""The same, where an earlier run began the creation."""

PAUSE = 0.5
"""Seconds before the second look; doubled before each further one."""


class StepFailed(QlikError):
    """A step can't be done; the others can."""


def _pause(seconds: float) -> None:
    interruption = current()
    (time if interruption is None else interruption).sleep(seconds)


class Creator:
    """Creates connections.

    Args:
        tenant: where.
        record: what was done so far, in the journal.
        values: the values of their params.
        list_all: whether everybody's connections are looked at, or the caller's alone.
    """

    def __init__(self, tenant: Tenant, record: Record, values: GivenValues, *, list_all: bool) -> None:
        self._tenant = tenant
        self._record = record
        self._values = values
        self._list_all = list_all

    def create(self, step: RestoreStep) -> Connection:
        """Creates the connection of a step, or finds the one that an earlier try created.

        Raises:
            StepFailed: it is not known whether it was created, or which one it is.
            APIError: it was not created.
            JobError: the journal can't be written.

        Sends GETs for the lists (tier 1) and one POST (tier 2), which is never sent again once it may have been
        received.
        """
        if self._record.is_open(step):
            raise StepFailed(
                "Another connection of this name and connector may have been created, and is not found yet: run again"
                " with the same journal."
            )
        if self._record.known(step.id).before is not None:
            found = self._look(step, LOOKS_LATER)
            if found is not None:
                return found
        self._record.note_creating(step, self._matching(step))
        try:
            made = self._tenant.connections.create(
                connector_id=step.connector_id,
                name=step.name,
                params=self._values.of(step.id, step.params),
                space_id=step.space_id or None,
            )
        except APIError as error:
            if not error.may_have_been_processed:
                self._record.note("not-created", step)
                raise
            return self._found_after(step, str(error))
        if made.id is None:
            return self._found_after(step, "The answer to its creation has no id.")
        self._record.note("created", step, new=made.id, adopted=False)
        return made

    def _matching(self, step: RestoreStep) -> list[str]:
        """The connections of a step's name and connector that the caller sees."""
        found = self._tenant.connections.list(name=step.name, connector_id=step.connector_id, list_all=self._list_all)
        return sorted({connection.id for connection in found if connection.id})

    def _look(self, step: RestoreStep, times: int) -> Connection | None:
        """The connection that a creation may have made; None if it is not there."""
        before = self._record.known(step.id).before or []
        for number in range(times):
            if number:
                _pause(PAUSE * 2 ** (number - 1))
            new = sorted(set(self._matching(step)) - set(before) - self._record.ours())
            if len(new) > 1:
                raise StepFailed(
                    f"It may have been created; {len(new)} connections came to be since then, and it is not known"
                    f" which one is it: {', '.join(new)}. Delete or rename those that it is not, and run again with"
                    " the same journal."
                )
            if new:
                made = self._tenant.connections.get(new[0])
                self._record.note("created", step, new=new[0], adopted=True)
                return made
        return None

    def _found_after(self, step: RestoreStep, why: str) -> Connection:
        made = self._look(step, LOOKS)
        if made is None:
            raise StepFailed(
                f"It is not known whether it was created, and it was not found: run again with the same journal. {why}"
            )
        return made
