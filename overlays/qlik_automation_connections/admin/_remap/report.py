"""The result of a remap, as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal, TypeAlias

from attrs import field, frozen

from .._document import Part
from .._id_map import SharedTarget
from .._table import Table

Status: TypeAlias = Literal["changed", "unchanged", "no-automation", "failed"]
Mode: TypeAlias = Literal["dry-run", "output", "in-place"]


@frozen
class Location(Part):
    """Where something is in a file.

    Attributes:
        pointer: JSON pointer, such as `/workspace/blocks/3/settings/0/value`; empty for the whole file.
        line: Line of the file, from 1.
        column: Character of the line, from 1.
    """

    pointer: str
    line: int
    column: int


@frozen
class BlockLocation(Location):
    """Where a block refers to a connection.

    Attributes:
        block_id: Id of the block; None if absent.
        block_name: Name of the block in the editor; None if unnamed.
    """

    block_id: str | None
    block_name: str | None


@frozen
class Replacement(BlockLocation):
    """A reference that was rewritten, or would be.

    Attributes:
        old: The id in the file.
        new: The id that replaces it.
    """

    old: str
    new: str


@frozen
class Reference(BlockLocation):
    """A reference that stays as it is.

    Attributes:
        id: Id of the connection.
    """

    id: str


@frozen
class Unresolved(BlockLocation):
    """A reference without a plain id, left to a person.

    Attributes:
        reason: Why: `expression` or `not a string`.
    """

    reason: Literal["expression", "not a string"]


@frozen
class ManagedReference(BlockLocation):
    """A reference of the service's own connector, whose connections no restore creates.

    Attributes:
        old: The id in the file.
        new: The id that replaces it, or would; None if null does, which most blocks of this connector have.
    """

    old: str
    new: str | None


@frozen
class Repair(BlockLocation):
    """A list that was written as an object, and is a list again, or would be.

    Attributes:
        form: `wrapped` in `{"value": […], "Count": n}`, or `single`, the only item without its list.
    """

    form: Literal["wrapped", "single"]


@frozen
class Unreadable(BlockLocation):
    """Something that can't be searched for references, left to a person.

    Attributes:
        reason: What is wrong.
    """

    reason: str


@frozen
class Mention(Location):
    """An old id in free text, code or a variable, left to a person.

    The surrounding text is not kept: it may hold secrets.

    Attributes:
        id: The old id.
        in_key: Whether it is in a key of an object; the pointer is then the object's.
        in_field: Whether a field of a block holds nothing else, as if it were a reference.
    """

    id: str
    in_key: bool
    in_field: bool = False


@frozen
class FileReport(Part):
    """The result of remapping one file.

    Attributes:
        path: The file.
        name: Its path relative to the given folder; its file name if the file itself was given.
        status: `changed` (or would be), `unchanged`, `no-automation`, or `failed`.
        automations: Number of automations.
        replaced: References that were rewritten, or would be.
        tokens_stripped: Number of execution tokens that were removed, or would be.
        unmapped: References whose id is not in the map.
        already: References that already have a new id, or whose id stays the same.
        unresolved: References whose value is an expression, or not a string.
        mentions: Old ids elsewhere; they stay.
        tokens_left: Execution tokens that don't belong to an automation, and texts that contain one; they stay.
        managed: References of the service's own connector that were replaced, or would be.
        repairs: Lists that a script had written as objects.
        unreadable: What can't be searched for references, such as text instead of blocks; it stays.
        error: Why it failed; None if it didn't.
        diff: The changes, for people to read; empty if there are none. Contains no tokens.
        written: Where it was written, or already existed with the same content; None if nowhere.
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
    managed: tuple[ManagedReference, ...] = ()
    repairs: tuple[Repair, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    error: str | None = None
    diff: str = field(default="", repr=False)
    written: str | None = None


@frozen
class RemapSummary(Part):
    """Totals over all files. Findings in files that failed count as found, not as replaced or stripped.

    Attributes:
        files: All files.
        changed: Files that were rewritten, or would be.
        unchanged: Files with automations that need no change.
        no_automation: Files without automations.
        failed: Files that could not be read or written.
        replaced: References that were rewritten, or would be.
        tokens_stripped: Execution tokens that were removed, or would be.
        unmapped: References whose id is not in the map.
        already: References that already have a new id, or whose id stays the same.
        unresolved: References whose value is an expression, or not a string.
        mentions: Old ids elsewhere.
        tokens_left: Execution tokens that don't belong to an automation.
        managed: References of the service's own connector that were replaced, or would be.
        repairs: Lists that were repaired, or would be.
        unreadable: What can't be searched for references.
        written: Files that were written, or already existed with the same content.
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
    managed: int
    repairs: int
    unreadable: int
    written: int


@frozen(repr=False)
class RemapReport(Table):
    """The result of a remap.

    Attributes:
        mode: `dry-run` (nothing was written), `output` or `in-place`.
        files: A report on each file, in order of name.
        not_one_to_one: New ids that replace several old ones, which no map can undo.
        not_followed: Symbolic links in the folder, which were ignored.
    """

    FORMAT = "remap-report"
    TITLE = "remap report"
    ROWS = "files"
    DERIVED = ("is_complete", "summary")
    mode: Mode
    files: tuple[FileReport, ...]
    not_one_to_one: tuple[SharedTarget, ...] = ()
    not_followed: tuple[str, ...] = ()

    @property
    def summary(self) -> RemapSummary:
        """Totals over all files."""
        counts = Counter(file.status for file in self.files)
        done = [file for file in self.files if file.status != "failed"]

        def found(files: Sequence[FileReport], *names: str) -> dict[str, int]:
            return {name: sum(len(getattr(file, name)) for file in files) for name in names}

        return RemapSummary(
            files=len(self.files),
            changed=counts["changed"],
            unchanged=counts["unchanged"],
            no_automation=counts["no-automation"],
            failed=counts["failed"],
            tokens_stripped=sum(file.tokens_stripped for file in done),
            written=sum(file.written is not None for file in self.files),
            **found(done, "replaced", "managed", "repairs"),
            **found(self.files, "unmapped", "already", "unresolved", "mentions", "tokens_left", "unreadable"),
        )

    def _figures(self) -> dict[str, int]:
        figures: dict[str, int] = self.summary.to_dict()
        return figures

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to do, as `--check` tests: nothing would change, failed, or can't be read.

        And every reference has a new id, no field of a block holds an old one, and no token is left.
        """
        summary = self.summary
        return not (
            summary.changed
            or summary.unmapped
            or summary.tokens_left
            or summary.failed
            or summary.unreadable
            or any(mention.in_field for file in self.files for mention in file.mentions)
            or any(each.reason == "not a string" for file in self.files for each in file.unresolved)
        )
