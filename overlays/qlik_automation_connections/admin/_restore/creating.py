"""Create a connection exactly once: after a crash, look for it first and adopt it if it exists."""

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
"""How many times to look for a connection that may have been created; the service may list it with a delay."""

LOOKS_LATER: Final = 2
"""The same, if an earlier run started the creation."""

PAUSE = 0.5
"""Seconds before the second look; doubles before each further one."""

LOOKS_EVERY = 5.0
"""Seconds between looks while a create request may still be in flight."""

LONGEST_CALL: Final = timedelta(minutes=10)
"""Longest delay before a noted create request is sent, including waits for rate limits and retries after a 429."""

OnWait = Callable[[str], None]


def longest_way(tenant: Tenant) -> timedelta:
    """Return how long a request may stay in flight after its sender gave up or was killed."""
    read = tenant.timeout.read
    return timedelta(seconds=60.0 + (30.0 if read is None else read))


def _pause(seconds: float) -> None:
    interruption = current()
    (time if interruption is None else interruption).sleep(seconds)


class Creator:
    """Creates connections, each exactly once.

    Args:
        tenant: The target.
        record: Progress so far, from the journal.
        values: Values of params.
        list_all: Whether to look among all users' connections, or only the caller's.
        on_wait: Called with a message that says what is waited for, and until when.
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
        """Create a step's connection, or find the one that an earlier attempt created.

        An earlier request may still be in flight. The connection is created only once that is no longer possible and it
        still hasn't appeared.

        Raises:
            StepFailed: It is unknown whether the connection was created, or which one it is.
            APIError: It was not created.
            JobError: The journal can't be written.

        Sends GETs for the lists (tier 1) and one POST (tier 2), which is never repeated once it may have been received.
        """
        if self._record.is_creation_open(step.id, step.name, step.connector_id):
            raise StepFailed(
                "Another connection with this name and connector may have been created, but hasn't been found yet. Run"
                " again with the same journal."
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
        self._record.note("created", step.id, new_id=made.id, adopted=False)
        return made

    def _await(self, step: RestoreStep) -> Connection | None:
        """Look for a connection while its create request may be in flight; return None if it doesn't appear."""
        state = self._record.state(step.id)
        if state.unanswered_at is None:
            # The sender was killed or couldn't write the journal, so take the latest time it may have been sent.
            latest = now() if state.began_at is None else min(now(), state.began_at + LONGEST_CALL)
            self._note_unanswered(step, latest)
        assert state.unanswered_at is not None, "just noted"
        way = longest_way(self._tenant)
        # Capped: a clock that was set back would prolong the wait.
        left = min(state.unanswered_at + way - now(), way).total_seconds()
        until = time.monotonic() + left
        if left > 0 and self._on_wait is not None:
            at = (now() + timedelta(seconds=left)).astimezone()
            self._on_wait(
                f"The request to create {step.label} may still be in flight. Looking for the connection until"
                f" {at:%H:%M:%S}; if it hasn't appeared by then, it will be created."
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
        """Return ids of the visible connections with a step's name and connector."""
        found = self._tenant.connections.list(name=step.name, connector_id=step.connector_id, list_all=self._list_all)
        return sorted({connection.id for connection in found})

    def _look(self, step: RestoreStep, times: int) -> Connection | None:
        """Return the connection that an earlier request created, or None if not found."""
        before = self._record.state(step.id).before or []
        for number in range(times):
            if number:
                _pause(PAUSE * 2 ** (number - 1))
            new = sorted(set(self._matching(step)) - set(before) - self._record.created_ids())
            if len(new) > 1:
                raise StepFailed(
                    f"It may have been created: {len(new)} matching connections have appeared since, and any of them"
                    f" could be it: {', '.join(new)}. Delete or rename the wrong ones, and run again with the same"
                    " journal."
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
            raise StepFailed(f"It may have been created, but wasn't found. Run again with the same journal. {why}")
        return made
