"""Creates a connection once, whatever happens: after a crash it is looked for, and taken if it is there."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from ... import Connection, Tenant
from ..._interruption import Interrupted, current
from ...errors import APIError
from .._document import now
from .._record import Record
from .._run import StepFailed
from .param_values import ParamValues
from .plan import RestorePlan, RestoreStep

LOOKS: Final = 4
"""How often a connection is looked for that may have been created: the service may show it a little later."""

LOOKS_LATER: Final = 2
"""The same, where an earlier run began the creation."""

PAUSE = 0.5
"""Seconds before the second look; doubled before each further one."""

LOOKS_EVERY = 5.0
"""Seconds between two looks for one that may still be on its way."""

LONGEST_CALL: Final = timedelta(minutes=10)
"""How long after its creation was begun it may be sent at the latest: its turn is waited for, and a 429 tried again."""

OnWait = Callable[[str], None]


def longest_way(tenant: Tenant) -> timedelta:
    """How long a request may be on its way after whoever sent it has given it up, or was killed."""
    read = tenant.timeout.read
    return timedelta(seconds=60.0 + (30.0 if read is None else read))


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
        self._on_wait = on_wait

    def create(self, step: RestoreStep) -> Connection:
        """Creates the connection of a step, or finds the one that an earlier try created.

        What an earlier try sent may still be on its way: it is looked for until that can't be any longer, and created
        after that alone.

        Raises:
            StepFailed: it is not known whether it was created, or which one it is.
            APIError: it was not created.
            JobError: the journal can't be written.

        Sends GETs for the lists (tier 1) and one POST (tier 2), which is never sent again once it may have been
        received.
        """
        if self._record.is_creation_open(step.id, step.name, step.connector_id):
            raise StepFailed(
                "Another connection of this name and connector may have been created, and is not found yet: run again"
                " with the same journal."
            )
        if self._record.state(step.id).before is not None:
            found = self._look(step, LOOKS_LATER) or self._await(step)
            if found is not None:
                return found
        self._record.note(
            "creating",
            step.id,
            before=self._matching(step),
            name=step.name,
            connector_id=step.connector_id,
            at=now(),
            params=self._values.named(step.id, step.params),
        )
        try:
            made = self._tenant.connections.create(
                connector_id=step.connector_id,
                name=step.name,
                params=self._values.of(step.id, step.params),
                space_id=step.space_id or None,
            )
        except APIError as error:
            if not error.may_have_been_processed:
                self._record.note("not-created", step.id)
                raise
            return self._found_after(step, str(error))
        except Interrupted:
            self._record.note("not-created", step.id)
            raise
        if made.id is None:
            return self._found_after(step, "The answer to its creation has no id.")
        self._record.note("created", step.id, new_id=made.id, adopted=False)
        return made

    def _await(self, step: RestoreStep) -> Connection | None:
        """Looks for a connection until its creation can't be on its way any longer; None if it is not there then."""
        state = self._record.state(step.id)
        if state.unanswered_at is None:
            # Whoever sent it is no more, or the journal could not be had; when that was, nobody noted.
            latest = now() if state.began_at is None else min(now(), state.began_at + LONGEST_CALL)
            self._note_unanswered(step, latest)
        assert state.unanswered_at is not None, "it was noted"
        way = longest_way(self._tenant)
        # By a clock that was set back meanwhile it would be waited for longer.
        left = min(state.unanswered_at + way - now(), way).total_seconds()
        until = time.monotonic() + left
        if left > 0 and self._on_wait is not None:
            at = (now() + timedelta(seconds=left)).astimezone()
            self._on_wait(
                f"The creation of {step.label} may still be on its way: it is looked for until {at:%H:%M:%S}, and"
                " created if it is not there then."
            )
        while (left := until - time.monotonic()) > 0:
            _pause(min(left, LOOKS_EVERY))
            found = self._look(step, 1)
            if found is not None:
                return found
        return None

    def _note_unanswered(self, step: RestoreStep, at: datetime) -> None:
        self._record.note("unanswered", step.id, at=at)

    def _matching(self, step: RestoreStep) -> list[str]:
        """The connections of a step's name and connector that the caller sees."""
        found = self._tenant.connections.list(name=step.name, connector_id=step.connector_id, list_all=self._list_all)
        return sorted({connection.id for connection in found if connection.id})

    def _look(self, step: RestoreStep, times: int) -> Connection | None:
        """The connection that a creation may have made; None if it is not there."""
        before = self._record.state(step.id).before or []
        for number in range(times):
            if number:
                _pause(PAUSE * 2 ** (number - 1))
            new = sorted(set(self._matching(step)) - set(before) - self._record.created_ids())
            if len(new) > 1:
                raise StepFailed(
                    f"It may have been created; {len(new)} connections came to be since then, and it is not known"
                    f" which one is it: {', '.join(new)}. Delete or rename those that it is not, and run again with"
                    " the same journal."
                )
            if new:
                made = self._tenant.connections.get(new[0])
                self._record.note("created", step.id, new_id=new[0], adopted=True)
                return made
        return None

    def _found_after(self, step: RestoreStep, why: str) -> Connection:
        self._note_unanswered(step, now())
        made = self._look(step, LOOKS)
        if made is None:
            raise StepFailed(
                f"It is not known whether it was created, and it was not found: run again with the same journal. {why}"
            )
        return made
