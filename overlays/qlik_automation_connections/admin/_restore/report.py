"""What came of a restore, as plain data."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final, Literal, get_args

from attrs import define, field

FORMAT: Final = "qlik-automation-connections/restore-report"
VERSION: Final = 1

Outcome = Literal["created", "adopted", "updated", "skipped", "asked", "failed", "left"]
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)


@define(eq=False)
class RestoredConnection:
    """What came of one step.

    Attributes:
        id: the connection in the archive.
        name: its name.
        connector_id: its connector.
        outcome: `created`; `adopted`, where it was created though no answer said so; `updated`; `skipped`; `asked`,
            where a person must decide; `failed`; `left`, where the restore was cancelled before.
        reason: code of the plan's reason.
        sentence: what happened, in words.
        new_id: the connection in the target; None if there is none.
        connected: whether it works, by a check after the restore; None if it was not checked.
        link: address where a person gives consent; None if none is needed, or not known.
        to_do: what a person must do yet, in words; None if nothing.
        notes: what else is worth knowing, in words.
    """

    id: str
    name: str | None
    connector_id: str
    outcome: Outcome
    reason: str
    sentence: str
    new_id: str | None = None
    connected: bool | None = None
    link: str | None = field(default=None, repr=False)
    to_do: str | None = field(default=None, repr=False)
    notes: list[str] = field(factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON has it."""
        return {
            "id": self.id,
            "name": self.name,
            "connector_id": self.connector_id,
            "outcome": self.outcome,
            "reason": self.reason,
            "sentence": self.sentence,
            "new_id": self.new_id,
            "connected": self.connected,
            "link": self.link,
            "to_do": self.to_do,
            "notes": list(self.notes),
        }


@define(eq=False)
class RestoreReport:
    """What came of a restore.

    Attributes:
        tenant: address of the tenant that was restored into.
        archive: checksum of the backup.
        journal: the journal's file.
        id_map: the file with new ids by old ones.
        steps: one for each step of the plan, in its order.
        resumed: whether a run that had not finished was gone on with; its plan was used then, not the given one.
        repeated: whether the journal said that this plan was carried out before, so that nothing of it was
            done again; values that were not given then are set.
        cancelled: whether it was ended before the last step.
        unchecked: why what was restored could not be checked, in words; None if it was, or was not to be.
        notes: what else is worth knowing, in words.
    """

    tenant: str
    archive: str
    journal: str
    id_map: str
    steps: list[RestoredConnection] = field(repr=False)
    resumed: bool = False
    repeated: bool = False
    cancelled: bool = False
    unchecked: str | None = None
    notes: list[str] = field(factory=list)

    @property
    def finished(self) -> bool:
        """Whether all that the plan says was done; questions that nobody answered do not count."""
        return not any(step.outcome in ("failed", "left") for step in self.steps)

    @property
    def failed(self) -> list[RestoredConnection]:
        """The steps that failed."""
        return [step for step in self.steps if step.outcome == "failed"]

    @property
    def asked(self) -> list[RestoredConnection]:
        """The steps that a person must decide about."""
        return [step for step in self.steps if step.outcome == "asked"]

    @property
    def for_people(self) -> list[RestoredConnection]:
        """The connections that a person must do something about yet."""
        return [step for step in self.steps if step.to_do is not None]

    def counts(self) -> dict[Outcome, int]:
        """How many steps there are of each outcome."""
        found = Counter(step.outcome for step in self.steps)
        return {outcome: found[outcome] for outcome in OUTCOMES}

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON has it."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "tenant": self.tenant,
            "archive": self.archive,
            "journal": self.journal,
            "id_map": self.id_map,
            "finished": self.finished,
            "resumed": self.resumed,
            "repeated": self.repeated,
            "cancelled": self.cancelled,
            "unchecked": self.unchecked,
            "counts": self.counts(),
            "notes": list(self.notes),
            "steps": [step.to_dict() for step in self.steps],
        }
