"""One place in a window, in the hands of whoever sends the request."""

from __future__ import annotations

from collections import deque


class Permit:
    """The right to send one request. Hand it back with `complete`, `release` or `refused` of the pacer it is from.

    One that is lost counts as completed when it is.

    Attributes:
        tier: rate tier it is good for.
        waited: seconds that were waited for it.
        is_open: whether it has still to be handed back.
    """

    __slots__ = ("_lost", "is_open", "tier", "waited")

    def __init__(self, tier: int, waited: float, lost: deque[int]) -> None:
        self.tier = tier
        self.waited = waited
        self.is_open = True
        self._lost = lost

    def __del__(self) -> None:
        if self.is_open:
            # Nothing here may take a lock: the thread that runs this may hold it.
            self._lost.append(self.tier)
