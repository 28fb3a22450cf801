"""The state of a plan from its journal: the plan, and the progress of each step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, Literal, Protocol, Self, TypeVar

from attrs import define, field, frozen

from ._document import Part, read
from ._errors import JobError
from ._journal import Journal, JournalHeader

Change = Literal["owner", "space", "params", "state", "workspace"]
Event = Literal[
    "plan", "creating", "created", "not-created", "unanswered", "gone",
    "changing", "changed", "refused", "done", "failed", "finished", "undone",
]  # fmt: skip


@frozen(kw_only=True)
class Note(Part):
    """An entry of a plan's journal. It never holds values of params.

    Attributes:
        event: `plan` begins a run, `finished` ends a complete one. `creating` precedes a creation; `created`,
            `not-created` or `unanswered` (no longer waiting for a response) follows it, and `gone` means that the
            created connection was deleted. `changing` precedes a change, `changed` or `refused` follows it. `done` and
            `failed` end a step. `undone` means that the step was undone; without an id, that all of them were.
        id: The step.
        plan: The plan.
        at: When the creation began, or was left unanswered.
        before: The connections that matched before the creation.
        name: The name that is created or set.
        connector_id: The connector of the creation, if it is that of a connection.
        params: Names of the params that are set.
        new_id: The connection that was created.
        adopted: Whether it was found later instead of returned by the creation.
        change: What is changed.
        to: The new owner or space.
        outcome: How the step ended.
        reason: Why it failed, as a code.
        sentence: The outcome as a sentence.
    """

    event: Event
    id: str | None = None
    plan: dict[str, Any] | None = field(default=None, repr=False)
    at: datetime | None = None
    before: list[str] | None = None
    name: str | None = None
    connector_id: str | None = None
    params: list[str] | None = None
    new_id: str | None = None
    adopted: bool | None = None
    change: Change | None = None
    to: str | None = None
    outcome: str | None = None
    reason: str | None = None
    sentence: str | None = None


@define
class StepState:
    """Progress of a step.

    Attributes:
        before: The ids that matched when its creation began; None if no creation is open.
        key: Name and connector of that creation.
        began_at: When that creation began.
        unanswered_at: When the client stopped waiting for the response; None if it may still be waiting.
        new_id: The connection created for the step; None if absent.
        adopted: Whether that connection was found later instead of returned by the creation.
        in_this_run: Whether it was created in this run.
        given_away: Whether its owner was, or may have been, changed in any run.
        touched: Whether something was, or may have been, changed in any run.
        changes: Changes begun in this run.
        param_values_sent: Names of the params for which a value was sent.
        outcome: How the step succeeded in this run; None if it did not.
        failed: Why it failed, as a sentence; None if it did not.
        sentence: What happened, as a sentence.
    """

    before: list[str] | None = None
    key: tuple[str | None, str | None] | None = None
    began_at: datetime | None = None
    unanswered_at: datetime | None = None
    new_id: str | None = None
    adopted: bool = False
    in_this_run: bool = False
    given_away: bool = False
    touched: bool = False
    changes: set[Change] = field(factory=set)
    param_values_sent: set[str] = field(factory=set)
    outcome: str | None = None
    failed: str | None = None
    sentence: str = ""

    def begin_run(self) -> None:
        """Forget what an earlier run did with the step, except what it created."""
        self.outcome = self.failed = None
        self.in_this_run = False
        self.changes = set()

    def take_in(self, note: Note) -> None:
        """Update the state from a note about the step."""
        match note.event:
            case "creating":
                self.before, self.key, self.new_id = note.before or [], (note.name, note.connector_id or ""), None
                self.param_values_sent = set(note.params or ())
                self.began_at, self.unanswered_at, self.given_away = note.at, None, False
            case "unanswered":
                self.unanswered_at = note.at
            case "not-created":
                self.before = None
            case "created":
                self.before, self.new_id, self.adopted, self.in_this_run = None, note.new_id, bool(note.adopted), True
            case "gone":
                self.new_id = None
            case "done":
                self.outcome, self.failed, self.sentence = note.outcome, None, note.sentence or ""
            case "failed":
                self.outcome = None
                self.failed = self.sentence = note.sentence or ""
            case "changing" if note.change is not None:
                self.changes.add(note.change)
                self.touched = True
                self.given_away = self.given_away or note.change == "owner"
                if note.change in ("owner", "space"):
                    # Until the change is done, owner and space are unknown.
                    self.outcome = None
            case "changed" if note.change == "params":
                self.param_values_sent.update(note.params or ())
            case "refused" if note.change == "owner":
                self.changes.discard("owner")
                self.given_away = False


class Plan(Protocol):
    """A plan, as a document."""

    @property
    def made_at(self) -> datetime: ...
    def to_dict(self) -> dict[str, Any]: ...
    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Self: ...


P = TypeVar("P", bound=Plan)


class Record(Generic[P]):
    """The state of a plan being applied, kept in a journal; a context manager.

    Args:
        path: The journal.
        header: Its header.
        plan_type: Class of its plans.

    Attributes:
        path: The journal.
        plan: The plan of the last run; None if there was no run.
        is_finished: Whether that run completed.

    Raises:
        JobError: The journal can't be used, or belongs to something else.
    """

    def __init__(self, path: Path, header: JournalHeader, plan_type: type[P]) -> None:
        self.path = path
        self.plan: P | None = None
        self.is_finished = False
        self._plan_type = plan_type
        self._states: dict[str, StepState] = {}
        self._open: set[str] = set()
        self._journal = Journal(path, header, lambda entry: self._take_in(read(Note, entry, "entry")))

    def state(self, id: str) -> StepState:
        """Return the state of a step."""
        return self._states.setdefault(id, StepState())

    def created_ids(self) -> set[str]:
        """Return the ids of all connections that were created."""
        return {state.new_id for state in self._states.values() if state.new_id is not None}

    def created(self) -> dict[str, StepState]:
        """Return the states of steps that created something, or may have, by step."""
        return {id: state for id, state in self._states.items() if state.new_id is not None or state.before is not None}

    def is_creation_open(self, id: str, name: str | None, connector_id: str) -> bool:
        """Return whether another step's creation with this name and connector has an unknown outcome."""
        return any(self._states[other].key == (name, connector_id) for other in self._open - {id})

    def begin(self, plan: P) -> None:
        """Note that a run of a plan begins. What earlier runs created is kept."""
        self._journal.note({"event": "plan", "plan": plan.to_dict()})
        self._begin(plan)

    def note(self, event: Event, id: str | None = None, **details: Any) -> None:
        """Append a note to the journal, about a step if `id` is given; it is on disk when this returns.

        Raises:
            JobError: The note can't be written.
        """
        self._write(Note(event=event, id=id, **details))

    def _write(self, note: Note) -> None:
        self._journal.note({name: value for name, value in note.to_dict().items() if value is not None})
        self._take_in(note)

    def _take_in(self, note: Note) -> None:
        if note.event == "plan":
            self._begin(self._plan_type.from_dict(note.plan or {}))
        elif note.event == "finished":
            self.is_finished = True
        elif note.event == "undone" and note.id is None:
            self.plan, self._states, self._open = None, {}, set()
        elif note.id is None:
            raise JobError("id is missing")
        elif note.event == "undone":
            self._states.pop(note.id, None)
        else:
            self.is_finished = self.is_finished and note.event == "done"
            state = self.state(note.id)
            state.take_in(note)
            (self._open.add if state.before is not None else self._open.discard)(note.id)

    def _begin(self, plan: P) -> None:
        self.plan, self.is_finished = plan, False
        for state in self._states.values():
            state.begin_run()

    @contextmanager
    def kept_once_begun(self) -> Iterator[None]:
        """Remove a journal that was created for this run if the run can't begin."""
        try:
            yield
        except BaseException:
            if self._journal.is_new:
                self._journal.discard()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._journal.close()
