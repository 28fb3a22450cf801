"""A whole list of connections, with a bar while it is fetched."""

from __future__ import annotations

from .. import ConnectionSummary, Pager
from ..admin._progress import Progress
from .progress import bar


def listed(pager: Pager[ConnectionSummary], most: int | None = None) -> list[ConnectionSummary]:
    """All items of a list.

    Args:
        pager: the list.
        most: how many at most; None for all.

    Sends one GET a page (tier 1).
    """
    found: list[ConnectionSummary] = []
    with bar("List") as shown:
        for page in pager.pages():
            found.extend(page.items)
            is_all = page.next_cursor is None or (most is not None and len(found) >= most)
            shown.on_progress(Progress("list", len(found), len(found) if is_all else None))
            if is_all:
                break
    return found[:most]
