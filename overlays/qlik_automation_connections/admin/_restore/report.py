"""The outcome of a restore."""

from __future__ import annotations

from collections import Counter
from typing import Literal, get_args

from attrs import define, field

from .._document import Document, Part

Outcome = Literal["created", "adopted", "updated", "skipped", "asked", "failed", "left"]


@define(eq=False)
class RestoredConnection(Part):
    """The outcome of one step.

    Attributes:
        id: The connection in the archive.
        name: Its name.
        connector_id: Its connector.
        outcome: `created`; `adopted`, where it was created though no answer said so; `updated`; `skipped`; `asked`,
            where a person must decide; `failed`; `left`, where the restore was cancelled before.
        reason: Code of the plan's reason.
        sentence: What happened, as a sentence.
        new_id: The connection in the target; None if there is none.
        connected: Whether it works, by a check after the restore; None if it was not checked.
        link: Address where a person gives consent; None if none is needed, or it is not known.
        to_do: What a person still has to do; None if nothing.
        notes: What else is worth knowing.
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


@define(eq=False)
class RestoreReport(Document):
    """The outcome of a restore.

    Attributes:
        tenant: Address of the tenant that was restored into.
        archive: Checksum of the backup.
        journal: The journal's file.
        id_map: The file with new ids by old ones.
        steps: One for each step of the plan, in its order.
        resumed: Whether a run that had not finished was gone on with; its plan was used then, not the given one.
        repeated: Whether the journal said that this plan was carried out before, so that nothing of it was
            done again; values that were not given then are set.
        cancelled: Whether it was ended before the last step.
        unchecked: Why what was restored could not be checked; None if it was, or if no check was asked for.
        notes: What else is worth knowing.
    """

    FORMAT = "restore-report"
    TITLE = "restore report"
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

    @property
    def summary(self) -> dict[Outcome, int]:
        """How many steps there are of each outcome."""
        found = Counter(step.outcome for step in self.steps)
        return {outcome: found[outcome] for outcome in get_args(Outcome)}
