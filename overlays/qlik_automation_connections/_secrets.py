"""Keeps secrets out of reprs, logs, and tracebacks that show local variables."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Generic, NoReturn, ParamSpec, TypeVar, cast

from .errors import QlikError

T = TypeVar("T")
P = ParamSpec("P")


class Secret(Generic[T]):
    """A value that only `get_secret_value()` reveals."""

    __slots__ = ("_value",)

    def __init__(self, value: T | Secret[T]) -> None:
        self._value: T = cast(T, value.get_secret_value() if isinstance(value, Secret) else value)

    def get_secret_value(self) -> T:
        """Return the value."""
        return self._value

    def __repr__(self) -> str:
        return "<secret>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and bool(self._value == other._value)

    __hash__ = None  # type: ignore[assignment]  # a hash would reveal which secrets are equal

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret can't be pickled or copied")


def without_frames(function: Callable[P, T]) -> Callable[P, T]:
    """Drop the traceback of this package's errors, since local variables in its frames may hold a secret."""

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except QlikError as raised:
            error = raised.with_traceback(None)
            error.__context__ = None
        del args, kwargs
        raise error from None

    return call
