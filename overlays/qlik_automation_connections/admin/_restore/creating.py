"""Create something exactly once: after a crash, look for it first and adopt it if it exists."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final, Generic, Protocol, TypeVar

from ... import Connection, ConnectionSummary, Tenant
from ..._interruption import Interrupted, current
from ...errors import APIError
from .._document import now
from .._record import Record
from .._run import StepFailed
from .param_values import ParamValues
from .plan import RestoreStep

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


class NewStep(Protocol):
    """A step that creates something."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str | None: ...
    @property
    def connector_id(self) -> str: ...
    @property
    def label(self) -> str: ...


class HasId(Protocol):
    """Something with an id."""

    @property
    def id(self) -> str: ...


S_in = TypeVar("S_in", bound=NewStep, contravariant=True)
S = TypeVar("S", bound=NewStep)
M = TypeVar("M", bound=HasId)
M_co = TypeVar("M_co", bound=HasId, covariant=True)


class Creation(Protocol[S_in, M_co]):
    """How to create one kind of thing, such as connections."""

    @property
    def noun(self) -> str:
        """What it is, for messages."""
        ...

    def listed(self, step: S_in) -> Iterable[HasId]:
        """Return what is visible and has the step's name, and its connector if any."""
        ...

    def params(self, step: S_in) -> list[str]:
        """Return the names of the params that are set."""
        ...

    def send(self, step: S_in) -> M_co:
        """Send the request."""
        ...

    def get(self, id: str) -> M_co:
        """Read what was created."""
        ...


class ConnectionCreation:
    """How to create connections.

    Args:
        tenant: The target.
        values: Values of params.
        list_all: Whether to look among all users' connections, or only the caller's.
    """

    noun = "connection"

    def __init__(self, tenant: Tenant, values: ParamValues, *, list_all: bool) -> None:
        self._connections = tenant.connections
        self._values = values
        self._list_all = list_all
        self.get = tenant.connections.get

    def listed(self, step: RestoreStep) -> Iterable[ConnectionSummary]:
        """Return the visible connections with a step's name and connector."""
        return self._connections.list(name=step.name, connector_id=step.connector_id, list_all=self._list_all)

    def params(self, step: RestoreStep) -> list[str]:
        """Return the names of the params that are set."""
        return self._values.named(step.id, step.params)

    def send(self, step: RestoreStep) -> Connection:
        """Create the connection."""
        return self._connections.create(
            connector_id=step.connector_id,
            name=step.name,
            params=self._values.of(step.id, step.params),
            space_id=step.space_id or None,
        )


class Creator(Generic[S, M]):
    """Creates things of one kind, each exactly once.

    Args:
        creation: How to create them.
        record: Progress so far, from the journal.
        tenant: The target.
        on_wait: Called with a message that says what is waited for, and until when.
    """

    def __init__(
        self, creation: Creation[S, M], record: Record[Any], tenant: Tenant, on_wait: OnWait | None = None
    ) -> None:
        self._creation = creation
        self._record = record
        self._tenant = tenant
        self._on_wait = on_wait
        self._noun = creation.noun

    def create(self, step: S) -> M:
        """Create what a step wants, or find what an earlier attempt created.

        An earlier request may still be in flight. It is sent again only once that is ruled out, and what it
        should create still hasn't appeared.

        Raises:
            StepFailed: It is unknown whether it was created, or which one it is.
            APIError: It was not created.
            JobError: The journal can't be written.

        Sends GETs for the lists (tier 1) and one POST (tier 2), which is never repeated once it may have been received.
        """
        if self._record.is_creation_open(step.id, step.name, step.connector_id):
            raise StepFailed(
                f"Another {self._noun} with this name{' and connector' if step.connector_id else ''} may have been"
                " created, but hasn't been found yet. Run again with the same journal."
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
            connector_id=step.connector_id or None,
            at=now(),
            params=self._creation.params(step) or None,
        )
        try:
            made = self._creation.send(step)
        except APIError as error:
            if not error.may_have_been_processed:
                self._record.note("not-created", step.id)
                raise
            return self._found_after(step, str(error))
        except Interrupted:
            self._record.note("not-created", step.id)
            raise
        if made.id in {*(self._record.state(step.id).before or ()), *self._record.created_ids()}:
            return self._found_after(step, f"The response named {made.id}, which existed before.")
        self._record.note("created", step.id, new_id=made.id, adopted=False)
        return made

    def _await(self, step: S) -> M | None:
        """Look for something while its create request may be in flight; return None if it doesn't appear."""
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
                f"The request to create {step.label} may still be in flight. Looking for the {self._noun} until"
                f" {at:%H:%M:%S}; if it hasn't appeared by then, it will be created."
            )
        while (left := until - time.monotonic()) > 0:
            _pause(min(left, LOOKS_EVERY))
            found = self._look(step, 1)
            if found is not None:
                return found
        return None

    def _note_unanswered(self, step: S, at: datetime) -> None:
        self._record.note("unanswered", step.id, at=at)

    def is_listed(self, step: S, id: str) -> bool:
        """Return whether the target lists something that matches a step and has an id."""
        return id in self._matching(step)

    def _matching(self, step: S) -> list[str]:
        return sorted({found.id for found in self._creation.listed(step)})

    def _look(self, step: S, times: int) -> M | None:
        """Return what an earlier request created, or None if not found."""
        before = self._record.state(step.id).before or []
        for number in range(times):
            if number:
                _pause(PAUSE * 2 ** (number - 1))
            new = sorted(set(self._matching(step)) - set(before) - self._record.created_ids())
            if len(new) > 1:
                raise StepFailed(
                    f"It may have been created: {len(new)} matching {self._noun}s have appeared since, and any of them"
                    f" could be it: {', '.join(new)}. Delete or rename the wrong ones, and run again with the same"
                    " journal."
                )
            if new:
                made = self._creation.get(new[0])
                self._record.note("created", step.id, new_id=new[0], adopted=True)
                return made
        return None

    def _found_after(self, step: S, why: str) -> M:
        self._note_unanswered(step, now())
        made = self._look(step, LOOKS)
        if made is None:
            raise StepFailed(f"It may have been created, but wasn't found. Run again with the same journal. {why}")
        return made
