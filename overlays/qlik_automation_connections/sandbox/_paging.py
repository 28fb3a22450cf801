"""Keyset paging: a cursor holds an item's sort key, so pages stay correct while items are added and removed."""

import base64
import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import attrs

Item = TypeVar("Item")
Key = tuple[str, str]


class CursorError(ValueError):
    """A cursor that this listing did not return."""


@attrs.frozen
class Position:
    """Where a page begins: after the item with this key, or before it if `backwards`."""

    key: Key
    backwards: bool = False


@attrs.frozen
class Page(Generic[Item]):
    """The items of one page, and where the next and previous pages begin, if any."""

    items: list[Item]
    next: Position | None = None
    prev: Position | None = None


def fingerprint(*arguments: object) -> str:
    """Return a digest of a listing's arguments, to which its cursors are bound."""
    return hashlib.sha256(json.dumps(arguments).encode()).hexdigest()[:16]


def encode(position: Position, listing: str) -> str:
    """Encode a position as an opaque cursor of the listing with this fingerprint."""
    text = json.dumps([*position.key, int(position.backwards), listing], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str, listing: str) -> Position:
    """Decode a cursor.

    Args:
        cursor: The cursor that a client sent.
        listing: Fingerprint of the requested listing.

    Returns:
        The position.

    Raises:
        CursorError: The cursor is invalid, or belongs to other arguments.
    """
    try:
        value, identifier, backwards, bound_to = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        position = Position((value, identifier), bool(backwards))
        if not isinstance(value, str) or not isinstance(identifier, str) or encode(position, bound_to) != cursor:
            raise ValueError("not encoded here")
    except (ValueError, TypeError, RecursionError):
        raise CursorError("The cursor is invalid.") from None
    if bound_to != listing:
        raise CursorError("The cursor belongs to another filter, sort, listAll or limit.")
    return position


def page(
    items: Sequence[Item], key: Callable[[Item], Key], *, descending: bool, limit: int, start: Position | None
) -> Page[Item]:
    """Cut one page out of a sorted sequence.

    Args:
        items: The items, ascending by their keys, which are unique.
        key: Sort key of an item.
        descending: Whether the listing runs from the last item to the first.
        limit: Maximum number of items, at least 1.
        start: Where the page begins, or None for the first page.

    Returns:
        The page.
    """
    if descending == (start is not None and start.backwards):
        low = bisect_right(items, start.key, key=key) if start else 0
        high = min(low + limit, len(items))
    else:
        high = bisect_left(items, start.key, key=key) if start else len(items)
        low = max(high - limit, 0)
    found = list(items[low:high])
    if not found:
        return Page([])
    before, after = low > 0, high < len(items)
    if descending:
        found.reverse()
        before, after = after, before
    return Page(
        found,
        Position(key(found[-1])) if after else None,
        Position(key(found[0]), backwards=True) if before else None,
    )
