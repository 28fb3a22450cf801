"""What remapping found and did, as plain data."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import field, frozen

from .._document import Document, Part
from .._id_map import SharedTarget

Status: TypeAlias = Literal["changed", "unchanged", "no-automation", "failed"]
Mode: TypeAlias = Literal["dry-run", "output", "in-place"]


@frozen
class Location(Part):
    """Where something is in a file.

    Attributes:
        pointer: JSON pointer, such as `/workspace/blocks/3/settings/0/value`; empty for the whole file.
        line: line of the file, from 1.
        column: character of the line, from 1.
    """

    pointer: str
    line: int
    column: int


@frozen
class BlockLocation(Location):
    """Where a block refers to a connection.

    Attributes:
        block_id: id of the block; None if absent.
        block_name: what the editor calls the block; None if it has no name.
    """

    block_id: str | None
    block_name: str | None


@frozen
class Replacement(BlockLocation):
    """A reference that was rewritten, or would be.

    Attributes:
        old: the id that the file has.
        new: the id that takes its place.
    """

    old: str
    new: str


@frozen
class Reference(BlockLocation):
    """A reference that stays as it is.

    Attributes:
        id: the id of the connection.
    """

    id: str


@frozen
class Unresolved(BlockLocation):
    """A reference without a plain id, left to a person.

    Attributes:
        reason: why: `expression` or `not a string`.
    """

    reason: Literal["expression", "not a string"]


@frozen
class Mention(Location):
    """An old id in free text, code or a variable, left to a person.

    The text around it may hold secrets and is not kept.

    Attributes:
        id: the old id.
        in_key: whether it is in the key of an object; the pointer is the object's then.
    """

    id: str
    in_key: bool


@frozen
class FileReport(Part):
    """What remapping found and did in one file.

    Attributes:
        path: the file.
        name: its name below the folder that was given; its own name, if it was given itself.
        status: `changed` (or would be), `unchanged`, `no-automation`, or `failed`.
        automations: how many it holds.
        replaced: the references that were rewritten, or would be.
        tokens_stripped: how many execution tokens were removed, or would be.
        unmapped: references whose id the map does not have.
        already: references that have a new id already, or one that stays the same.
        unresolved: references whose value is an expression, or not a string.
        mentions: old ids elsewhere; they stay.
        tokens_left: execution tokens that do not belong to an automation, and texts that hold one; they stay.
        error: why it failed; None if it didn't.
        diff: the changes, for people to read; empty if there are none. It has no tokens.
        written: where it was written, or was already with the same content; None if nowhere.
    """

    path: str
    name: str
    status: Status
    automations: int = 0
    replaced: tuple[Replacement, ...] = ()
    tokens_stripped: int = 0
    unmapped: tuple[Reference, ...] = ()
    already: tuple[Reference, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    mentions: tuple[Mention, ...] = ()
    tokens_left: tuple[Location, ...] = ()
    error: str | None = None
    diff: str = field(default="", repr=False)
    written: str | None = None


@frozen
class RemapSummary(Part):
    """Sums over all files. What was found in files that failed counts as found, not as replaced or stripped.

    Attributes:
        files: all of them.
        changed: those that were rewritten, or would be.
        unchanged: those with automations that need no change.
        no_automation: those without automations.
        failed: those that could not be read or written.
        replaced: references that were rewritten, or would be.
        tokens_stripped: execution tokens that were removed, or would be.
        unmapped: references whose id the map does not have.
        already: references that have a new id already, or one that stays the same.
        unresolved: references whose value is an expression, or not a string.
        mentions: old ids elsewhere.
        tokens_left: execution tokens that do not belong to an automation.
        written: files that were written, or were there already with the same content.
    """

    files: int
    changed: int
    unchanged: int
    no_automation: int
    failed: int
    replaced: int
    tokens_stripped: int
    unmapped: int
    already: int
    unresolved: int
    mentions: int
    tokens_left: int
    written: int


@frozen
class RemapReport(Document):
    """What remapping found and did.

    Attributes:
        mode: `dry-run` (nothing was written), `output` or `in-place`.
        files: a report on each file, in the order of their names.
        not_one_to_one: where several old ids became one new id, which no map can undo.
        not_followed: symbolic links in the folder, which were passed over.
    """

    FORMAT = "remap-report"
    TITLE = "remap report"
    DERIVED = ("is_complete", "summary")
    mode: Mode
    files: tuple[FileReport, ...]
    not_one_to_one: tuple[SharedTarget, ...] = ()
    not_followed: tuple[str, ...] = ()

    @property
    def summary(self) -> RemapSummary:
        """Sums over all files."""
        statuses = [file.status for file in self.files]
        done = [file for file in self.files if file.status != "failed"]
        return RemapSummary(
            files=len(self.files),
            changed=statuses.count("changed"),
            unchanged=statuses.count("unchanged"),
            no_automation=statuses.count("no-automation"),
            failed=statuses.count("failed"),
            replaced=sum(len(file.replaced) for file in done),
            tokens_stripped=sum(file.tokens_stripped for file in done),
            unmapped=sum(len(file.unmapped) for file in self.files),
            already=sum(len(file.already) for file in self.files),
            unresolved=sum(len(file.unresolved) for file in self.files),
            mentions=sum(len(file.mentions) for file in self.files),
            tokens_left=sum(len(file.tokens_left) for file in self.files),
            written=sum(file.written is not None for file in self.files),
        )

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to do: no file would change or failed, every id is mapped, no token is left.

        It is what `--check` asks.
        """
        summary = self.summary
        return not (summary.changed or summary.unmapped or summary.tokens_left or summary.failed)
