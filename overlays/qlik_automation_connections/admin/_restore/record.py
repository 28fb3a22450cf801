"""What the journal of a restore says: the plan, and how far each of its steps is.

Entries: `plan` begins a run; `creating` holds the ids that matched before a creation, and `created` or `not-created`
what became of it; `unanswered` says since when nobody waits for its answer; `owner`, `space` and `updating` are noted
before such a change, and `…-done` or `…-refused` after it; `done` and `failed` end a step, `finished` ends a run.
None of them holds a value.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, cast, get_args

from attrs import define, field

from .._errors import JobError
from .._journal import Journal
from .plan import RestorePlan, RestoreStep

JOB: Final = "restore"
_CHANGES: Final = ("owner", "space", "updating")

Done = Literal["created", "adopted", "updated"]


@define
class Known:
    """What is known of one archived connection.

    Attributes:
        before: the ids that matched when its creation was begun; None if none is open.
        key: name and connector of that creation.
        began_at: when it was begun; None if the journal does not say.
        unanswered_at: since when nobody waits for its answer; None if somebody may.
        new_id: the connection that was created for it; None if there is none.
        adopted: whether that was found, not answered.
        in_this_run: whether that was in this run of a plan, or of an earlier one.
        given_away: whether it was made over to its owner, or may have been, in any run.
        changes: changes that were begun, in this run.
        given: names of the params that a value was sent for.
        outcome: how its step ended well in this run; None if it did not.
        failed: why its step failed; None if it did not.
        sentence: what happened, in words.
    """

    before: list[str] | None = None
    key: tuple[str | None, str] | None = None
    began_at: datetime | None = None
    unanswered_at: datetime | None = None
    new_id: str | None = None
    adopted: bool = False
    in_this_run: bool = False
    given_away: bool = False
    changes: set[str] = field(factory=set)
    given: set[str] = field(factory=set)
    outcome: Done | None = None
    failed: str | None = None
    sentence: str = ""


def _time(text: object) -> datetime:
    time = datetime.fromisoformat(str(text))
    if time.tzinfo is None:
        raise ValueError(f"a time without its zone, {text!r}")
    return time


class Record:
    """The state of a restore, by its journal.

    Args:
        journal: the journal, open.

    Attributes:
        plan: the plan of the last run; None if there was none.
        finished: whether that run did all.

    Raises:
        JobError: the journal holds something else.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._known: dict[str, Known] = {}
        self.plan: RestorePlan | None = None
        self.finished = False
        for entry in journal.entries:
            try:
                self._take_in(entry)
            except (KeyError, TypeError, ValueError, JobError) as error:
                raise JobError(f"The journal {journal.path} is damaged: {error}") from None

    @property
    def path(self) -> Path:
        """The journal's file."""
        return self._journal.path

    def check(self, tenant: str, archive: str) -> None:
        """Refuses another archive, by its checksum, or tenant, by its address, than the journal's.

        Raises:
            JobError: it is.
        """
        header = self._journal.header
        if header is None:
            return
        for name, there, given in (
            ("tenant", header.get("tenant"), tenant),
            ("archive", header.get("archive"), archive),
        ):
            if there != given:
                raise JobError(
                    f"The journal {self.path} is of a restore of another {name} ({there}, not {given}): name another"
                    " journal."
                )

    def begin(self, plan: RestorePlan) -> None:
        """Begins a run of a plan. What was created by earlier runs stays known."""
        if self._journal.header is None:
            self._journal.begin({"tenant": plan.tenant, "archive": plan.archive})
        self._note({"event": "plan", "plan": plan.to_dict()})

    def known(self, id: str) -> Known:
        """What is known of an archived connection."""
        return self._known.setdefault(id, Known())

    def ours(self) -> set[str]:
        """All connections that were created."""
        return {known.new_id for known in self._known.values() if known.new_id is not None}

    def is_open(self, step: RestoreStep) -> bool:
        """Whether it is not known what became of another creation of the same name and connector."""
        key = (step.name, step.connector_id)
        return any(known.before is not None and known.key == key for id, known in self._known.items() if id != step.id)

    def note(self, event: str, step: RestoreStep, **details: Any) -> None:
        """Notes something about a step; it is on disk when this returns.

        Raises:
            JobError: it can't be written.
        """
        self._note({"event": event, "id": step.id, **details})

    def note_creating(self, step: RestoreStep, before: list[str], at: datetime, given: list[str]) -> None:
        """Notes that a connection is about to be created, when, with which params, and what matches it already."""
        details = {"before": before, "name": step.name, "connector_id": step.connector_id, "at": at.isoformat()}
        self.note("creating", step, **details, params=given)

    def note_finished(self) -> None:
        """Notes that the run did all."""
        self._note({"event": "finished"})

    def _note(self, entry: dict[str, Any]) -> None:
        self._journal.note(entry)
        self._take_in(entry)

    def _take_in(self, entry: dict[str, Any]) -> None:
        event = entry["event"]
        if event == "plan":
            self.plan = RestorePlan.from_dict(entry["plan"])
            self.finished = False
            for known in self._known.values():
                known.outcome, known.failed, known.in_this_run, known.changes = None, None, False, set()
            return
        if event == "finished":
            self.finished = True
            return
        known = self.known(str(entry["id"]))
        if event == "creating":
            known.before = [str(id) for id in entry["before"]]
            known.key, known.new_id = (entry["name"], str(entry["connector_id"])), None
            known.given = {str(name) for name in entry.get("params", ())}
            known.began_at = _time(entry["at"]) if "at" in entry else None
            known.unanswered_at, known.given_away = None, False
        elif event == "unanswered":
            known.unanswered_at = _time(entry["at"])
        elif event == "not-created":
            known.before = None
        elif event == "created":
            known.before, known.new_id, known.adopted = None, str(entry["new"]), bool(entry["adopted"])
            known.in_this_run = True
        elif event == "gone":
            known.new_id = None
        elif event == "updating-done":
            known.given |= {str(name) for name in entry.get("params", ())}
        elif event in _CHANGES:
            known.changes.add(event)
            known.given_away = known.given_away or event == "owner"
        elif event == "owner-refused":
            known.changes.discard("owner")
            known.given_away = False
        elif event == "done":
            if entry["outcome"] not in get_args(Done):
                raise ValueError(f"an outcome {entry['outcome']!r}")
            known.outcome, known.failed = cast(Done, entry["outcome"]), None
            known.sentence = str(entry["sentence"])
        elif event == "failed":
            known.outcome, self.finished = None, False
            known.failed = known.sentence = str(entry["sentence"])
