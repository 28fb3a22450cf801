"""Finds ids that come twice, in memory that does not grow with how many there are."""

from __future__ import annotations

from typing import Final

_SLOTS: Final = 1 << 22
_SHIFTS: Final = (0, 21, 42)


class Repetitions:
    """Notes ids, and which of them may have come before.

    Attributes:
        suspects: the ids that may have come twice. All that did are among them; of a hundred thousand that did not,
            some ten.
    """

    def __init__(self) -> None:
        self.suspects: set[str] = set()
        self._taken = bytearray(_SLOTS)

    def note(self, id: str) -> None:
        """Takes in an id."""
        hashed = hash(id)
        slots = [(hashed >> shift) % _SLOTS for shift in _SHIFTS]
        if all(self._taken[slot] for slot in slots):
            self.suspects.add(id)
        for slot in slots:
            self._taken[slot] = 1
