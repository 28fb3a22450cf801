"""What a walk through the operations must find, and what is said where it finds something else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from attrs import define

from ...errors import QlikError

ErrorT = TypeVar("ErrorT", bound=QlikError)

_LONG_LIST = 8
_LONGEST_REPR = 400


class UnmetExpectation(Exception):
    """What came is not what was expected.

    Attributes:
        statement: what should have been true.
        expected: what was expected, as text.
        came: what came instead, as text.
    """

    def __init__(self, statement: str, expected: str, came: str) -> None:
        super().__init__(statement)
        self.statement = statement
        self.expected = expected
        self.came = came


@define
class Caught(Generic[ErrorT]):
    """The error that a block raised, once it has."""

    _error: ErrorT | None = None

    @property
    def error(self) -> ErrorT:
        """The error."""
        assert self._error is not None
        return self._error


class Expectations:
    """Checks what comes, and counts.

    Nothing here may be given the value of a param or a key: what is not met is printed.

    Args:
        say: told every statement that was found to be true.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self.met = 0

    def equal(self, statement: str, came: object, expected: object) -> None:
        """Expects two things to be equal.

        Raises:
            UnmetExpectation: they are not.
        """
        if came != expected:
            raise UnmetExpectation(statement, *_difference(expected, came))
        self._meet(statement)

    def true(self, statement: str, came: object) -> None:
        """Expects the very True: neither None nor a string that reads like it.

        Raises:
            UnmetExpectation: it is something else.
        """
        if came is not True:
            raise UnmetExpectation(statement, "True", _short(came))
        self._meet(statement)

    @contextmanager
    def error(self, statement: str, kind: type[ErrorT]) -> Iterator[Caught[ErrorT]]:
        """Expects a block to raise an error of exactly this kind.

        Raises:
            UnmetExpectation: it raises none, or another of this package.
        """
        caught: Caught[ErrorT] = Caught()
        try:
            yield caught
        except QlikError as error:
            if type(error) is not kind:
                raise UnmetExpectation(statement, kind.__name__, f"{type(error).__name__}: {error}") from error
            caught._error = error
        else:
            raise UnmetExpectation(statement, kind.__name__, "no error")
        self._meet(statement)

    def _meet(self, statement: str) -> None:
        self.met += 1
        self._say(statement)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_REPR else f"{text[:_LONGEST_REPR]}…"


def _difference(expected: object, came: object) -> tuple[str, str]:
    """Texts of two things that differ; of long lists, the first items that do."""
    if not isinstance(expected, list) or not isinstance(came, list) or max(len(expected), len(came)) <= _LONG_LIST:
        return _short(expected), _short(came)
    if len(expected) != len(came):
        return f"{len(expected)} items", f"{len(came)} items"
    index = next(index for index, item in enumerate(expected) if item != came[index])
    return f"item {index}: {_short(expected[index])}", f"item {index}: {_short(came[index])}"
