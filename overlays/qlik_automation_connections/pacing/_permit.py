"""The permit to send one request."""

from __future__ import annotations

from collections import deque


class Permit:
    """The permit to send one request. Hand it back to its pacer with `complete`, `release` or `refused`.

    A permit that is garbage-collected while open counts as completed at that moment.

    Attributes:
        tier: Rate tier of the request, 1 or 2.
        waited: Seconds spent waiting for the permit.
        is_open: Whether the permit still has to be handed back.
    """

    __slots__ = ("_lost", "is_open", "tier", "waited")

    def __init__(self, tier: int, waited: float, lost: deque[int]) -> None:
        self.tier = tier
        self.waited = waited
        self.is_open = True
        self._lost = lost

    def __del__(self) -> None:
        if self.is_open:
            # Take no lock here: the thread that runs this may already hold it.
            self._lost.append(self.tier)
