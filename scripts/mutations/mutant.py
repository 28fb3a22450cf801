"""What is mutated, and what came of it."""

from __future__ import annotations

from fnmatch import fnmatch
from typing import Final, Literal

from attrs import frozen

PACKAGE: Final = "qlik_automation_connections"

SCOPE: Final = {
    "exchange": ("perform", "run", "run_async", "_log", "_line", "_traced"),
    "listing": ("*",),
    "pagination": ("*",),
    "quirks": ("*",),
    "retry": ("*",),
}
"""The modules, and in each the functions. What else is in `exchange` receives bytes: sockets test it."""

AT_IMPORT: Final = {"quirks": ("_readers_of",), "retry": ("_number",)}
"""Functions that are called when their module is imported, and hardly ever after."""

MODULE_LEVEL: Final = "(module)"

Outcome = Literal["killed", "timed out", "survived", "without a test"]


class MutationError(Exception):
    """A run came to no result."""


@frozen
class Mutant:
    """A small change of the code, and whether a test failed for it.

    Attributes:
        module: which module was changed.
        function: in which function or method; `MODULE_LEVEL` outside of any.
        before: the lines that were changed.
        after: what they were changed to.
        outcome: what the tests made of it.
    """

    module: str
    function: str
    before: str
    after: str
    outcome: Outcome

    @property
    def is_caught(self) -> bool:
        """Whether the tests noticed."""
        return self.outcome in ("killed", "timed out")


def is_in_scope(module: str, function: str) -> bool:
    """Whether mutants of a function count."""
    return any(fnmatch(function, pattern) for pattern in SCOPE[module])
