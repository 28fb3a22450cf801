"""Keeps secrets out of reprs, logs, and tracebacks that show local variables."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Generic, NoReturn, ParamSpec, TypeVar, cast

from .errors import QlikError

T = TypeVar("T")
P = ParamSpec("P")


class Secret(Generic[T]):
    """Holds a value that only `get_secret_value()` gives out."""

    __slots__ = ("_value",)

    def __init__(self, value: T | Secret[T]) -> None:
        self._value: T = cast(T, value.get_secret_value() if isinstance(value, Secret) else value)

    def get_secret_value(self) -> T:
        """Return the value itself."""
        return self._value

    def __repr__(self) -> str:
        return "<secret>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and bool(self._value == other._value)

    __hash__ = None  # type: ignore[assignment]  # a hash would tell equal secrets from others

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret can't be pickled or copied")


def without_frames(function: Callable[P, T]) -> Callable[P, T]:
    """Drop the frames in which an error of this package arose: their local variables may hold a secret."""

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
