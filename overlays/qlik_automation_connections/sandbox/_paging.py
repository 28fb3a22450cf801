"""Keyset paging: cursors hold the sort key of an item, so pages stay right while items come and go."""

import base64
import hashlib
import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import attrs

Item = TypeVar("Item")
Key = tuple[str, str]

_CURSOR = re.compile(r"[A-Za-z0-9_-]+")


class CursorError(ValueError):
    """A cursor that this listing did not hand out."""


@attrs.frozen
class Position:
    """Where a page begins: beyond the item with this key, in the listing's direction or against it."""

    key: Key
    backwards: bool = False


@attrs.frozen
class Page(Generic[Item]):
    """The items of one page, and where its neighbours begin (None: there is none)."""

    items: list[Item]
    next: Position | None
    prev: Position | None


def fingerprint(*arguments: object) -> str:
    """Digest the arguments of a listing, so that a cursor can be tied to them."""
    return hashlib.sha256(json.dumps(arguments).encode()).hexdigest()[:16]


def encode(position: Position, listing: str) -> str:
    """Write a position as an opaque cursor of the listing with this fingerprint."""
    text = json.dumps([*position.key, int(position.backwards), listing], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str, listing: str) -> Position:
    """Read a cursor.

    Args:
        cursor: What a client sent.
        listing: Fingerprint of the listing that it asks for.

    Returns:
        The position.

    Raises:
        CursorError: The cursor is garbage, or was handed out for other arguments.
    """
    if not _CURSOR.fullmatch(cursor):
        raise CursorError("The cursor is not one that was handed out.")
    try:
        decoded = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        value, identifier, backwards, tied_to = json.loads(decoded)
        position = Position((value, identifier), bool(backwards))
        genuine = encode(position, tied_to) == cursor and isinstance(value, str) and isinstance(identifier, str)
    except (ValueError, TypeError, RecursionError):
        raise CursorError("The cursor is not one that was handed out.") from None
    if not genuine:
        raise CursorError("The cursor is not one that was handed out.")
    if tied_to != listing:
        raise CursorError("The cursor belongs to another filter, sort, listAll or limit.")
    return position


def page(
    keys: Sequence[Key],
    items: Sequence[Item],
    shown: Callable[[Item], bool],
    *,
    descending: bool,
    limit: int,
    position: Position | None,
) -> Page[Item]:
    """Cut one page out of a sorted sequence.

    Args:
        keys: Sort keys, ascending, no two alike.
        items: The items, in the order of their keys.
        shown: Whether an item belongs to the listing.
        descending: Whether the listing runs from the last key to the first.
        limit: Most items on the page, 1 or more.
        position: Where to begin, None for the beginning.

    Returns:
        The page.
    """
    against = position is not None and position.backwards
    step = -1 if descending != against else 1
    start = _beyond(keys, position.key, step) if position else (0 if step == 1 else len(keys) - 1)
    found = _walk(items, shown, start, step, limit + 1)
    more = len(found) > limit
    found = found[:limit]
    if not found:
        return Page([], None, None)
    # Only a page reached by a cursor can have something on the side where it began.
    behind = position is not None and bool(_walk(items, shown, _beyond(keys, keys[found[0]], -step), -step, 1))
    if against:
        found.reverse()
        more, behind = behind, more
    return Page(
        [items[index] for index in found],
        Position(keys[found[-1]]) if more else None,
        Position(keys[found[0]], backwards=True) if behind else None,
    )


def _beyond(keys: Sequence[Key], key: Key, step: int) -> int:
    return bisect_right(keys, key) if step == 1 else bisect_left(keys, key) - 1


def _walk(items: Sequence[Item], shown: Callable[[Item], bool], start: int, step: int, most: int) -> list[int]:
    found: list[int] = []
    index = start
    while 0 <= index < len(items) and len(found) < most:
        if shown(items[index]):
            found.append(index)
        index += step
    return found
