"""The outcome of a restore."""

from __future__ import annotations

from collections import Counter
from typing import Literal, get_args

from attrs import define, field

from .._document import Part
from .._table import Table

Outcome = Literal["created", "adopted", "updated", "skipped", "asked", "failed", "left"]


@define(eq=False)
class RestoredConnection(Part):
    """The outcome of one step.

    Attributes:
        id: The connection in the archive.
        name: Its name.
        connector_id: Its connector.
        outcome: `created`; `adopted` (created, although no response confirmed it); `updated`; `skipped`; `asked` (a
            person must decide); `failed`; or `left` (the restore was cancelled before this step).
        reason: The plan's reason, as a code.
        sentence: What happened, as a sentence.
        new_id: The connection in the target; None if absent.
        connected: Whether it works, according to a check after the restore; None if not checked.
        link: Address where a person gives consent; None if not needed or unknown.
        to_do: What a person still has to do; None if nothing.
        notes: Other remarks.
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


@define(eq=False, repr=False)
class RestoreReport(Table):
    """The outcome of a restore.

    Attributes:
        tenant: Address of the target tenant.
        archive: Checksum of the backup.
        journal: Path of the journal.
        id_map: Path of the id map.
        steps: One for each step of the plan, in its order.
        resumed: Whether an unfinished run was resumed, with its plan instead of the given one.
        repeated: Whether this plan had already been carried out, according to the journal; nothing is repeated, but
            values that were missing then are set.
        cancelled: Whether it was cancelled before the last step.
        unchecked: Why the check after the restore failed; None if it succeeded or wasn't requested.
        notes: Other remarks.
    """

    FORMAT = "restore-report"
    TITLE = "restore report"
    ROWS = "steps"
    DERIVED = ("is_complete", "summary")
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
    def is_complete(self) -> bool:
        """Whether the plan was carried out, not counting unanswered questions."""
        return not any(step.outcome in ("failed", "left") for step in self.steps)

    @property
    def failed(self) -> list[RestoredConnection]:
        """The steps that failed."""
        return [step for step in self.steps if step.outcome == "failed"]

    @property
    def asked(self) -> list[RestoredConnection]:
        """The steps that a person must decide."""
        return [step for step in self.steps if step.outcome == "asked"]

    @property
    def for_people(self) -> list[RestoredConnection]:
        """The connections that still need a person."""
        return [step for step in self.steps if step.to_do is not None]

    @property
    def summary(self) -> dict[Outcome, int]:
        """Number of steps by outcome."""
        found = Counter(step.outcome for step in self.steps)
        return {outcome: found[outcome] for outcome in get_args(Outcome)}
