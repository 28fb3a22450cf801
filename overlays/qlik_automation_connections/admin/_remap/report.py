"""What remapping found and did, as plain data."""

from __future__ import annotations

from typing import Literal, TypeAlias, cast

from attrs import AttrsInstance, field, fields, frozen, has

from .id_map import SharedTarget

JSONValue: TypeAlias = "str | int | float | bool | list[JSONValue] | dict[str, JSONValue] | None"
Status: TypeAlias = Literal["changed", "unchanged", "no-automation", "failed"]
Mode: TypeAlias = Literal["dry-run", "output", "in-place"]


@frozen
class Place:
    """A place in a file.

    Attributes:
        pointer: JSON pointer, such as `/workspace/blocks/3/settings/0/value`; empty for the whole file.
        line: line of the file, from 1.
        column: character of the line, from 1.
    """

    pointer: str
    line: int
    column: int


# Each field for itself: with `@frozen(kw_only=True)`, older versions of attrs make the inherited ones keywords too.
@frozen
class Replacement(Place):
    """A reference that was rewritten, or would be.

    Attributes:
        old: the id that the file has.
        new: the id that takes its place.
        block_id: id of the block; None if it has none.
        block_name: what the block is called in the editor; None if it has no name.
    """

    old: str = field(kw_only=True)
    new: str = field(kw_only=True)
    block_id: str | None = field(kw_only=True)
    block_name: str | None = field(kw_only=True)


@frozen
class Reference(Place):
    """A reference that stays as it is.

    Attributes:
        id: the id of the connection.
        block_id: id of the block; None if it has none.
        block_name: what the block is called in the editor; None if it has no name.
    """

    id: str = field(kw_only=True)
    block_id: str | None = field(kw_only=True)
    block_name: str | None = field(kw_only=True)


@frozen
class Unresolved(Place):
    """A place for a reference that holds no plain id, and is left to a person.

    Attributes:
        reason: why: `expression` or `not a string`.
        block_id: id of the block; None if it has none.
        block_name: what the block is called in the editor; None if it has no name.
    """

    reason: Literal["expression", "not a string"] = field(kw_only=True)
    block_id: str | None = field(kw_only=True)
    block_name: str | None = field(kw_only=True)


@frozen
class Mention(Place):
    """An old id in free text, code or a variable, which is left to a person.

    The text around it may hold secrets and is not kept.

    Attributes:
        id: the old id.
        in_key: whether it is in the key of an object; the pointer is the object's then.
    """

    id: str = field(kw_only=True)
    in_key: bool = field(kw_only=True)


@frozen
class FileReport:
    """What remapping found and did in one file.

    Attributes:
        path: the file.
        name: its name below the folder that was given; its own name, if it was given itself.
        status: `changed` (or would be), `unchanged`, `no-automation`, or `failed`.
        automations: how many it holds.
        replaced: the references that were rewritten, or would be.
        tokens_stripped: how many execution tokens were removed, or would be.
        unmapped: references whose id the map does not have.
        already: references that name a new id already, or one that stays the same.
        unresolved: places for references that hold an expression, or no string.
        mentions: old ids elsewhere; they are not touched.
        tokens_left: execution tokens that are no automation's own, and texts that hold such; they are not touched.
        error: why it failed; None if it did not.
        diff: the changes, to be read; empty if there are none. Tokens are not in it.
        written: where it was written to, or lies already with the same content; None if nowhere.
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
    tokens_left: tuple[Place, ...] = ()
    error: str | None = None
    diff: str = field(default="", repr=False)
    written: str | None = None


@frozen
class Totals:
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
        already: references that name a new id already, or one that stays the same.
        unresolved: places for references that hold an expression, or no string.
        mentions: old ids elsewhere.
        tokens_left: execution tokens that are no automation's own.
        written: files that were written, or lay there already with the same content.
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
class RemapReport:
    """What remapping found and did.

    Attributes:
        mode: `dry-run` (nothing was written), `output` or `in-place`.
        files: what came of each file, in the order of their names.
        not_one_to_one: where several old ids became one new id: that can't be undone by a map.
        not_followed: symbolic links in the folder, which were passed over.
    """

    mode: Mode
    files: tuple[FileReport, ...]
    not_one_to_one: tuple[SharedTarget, ...] = ()
    not_followed: tuple[str, ...] = ()

    @property
    def totals(self) -> Totals:
        """Sums over all files."""
        statuses = [file.status for file in self.files]
        done = [file for file in self.files if file.status != "failed"]
        return Totals(
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
    def settled(self) -> bool:
        """Whether no file would change, no reference lacks a mapping, no token is left, and no file failed.

        It is what `--check` asks.
        """
        totals = self.totals
        return not (totals.changed or totals.unmapped or totals.tokens_left or totals.failed)

    def to_dict(self) -> dict[str, JSONValue]:
        """The report as values that JSON has."""
        return {**_members(self), "totals": _members(self.totals)}


def _members(value: AttrsInstance) -> dict[str, JSONValue]:
    return {each.name: _plain(getattr(value, each.name)) for each in fields(type(value))}


def _plain(value: object) -> JSONValue:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if has(type(value)):
        return _members(cast(AttrsInstance, value))
    return cast(JSONValue, value)
