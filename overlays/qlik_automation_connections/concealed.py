"""A box for a secret, so that no repr, log line or traceback with local variables shows it."""

from __future__ import annotations

from typing import Generic, NoReturn, TypeVar, cast

T = TypeVar("T")


class Concealed(Generic[T]):
    """Holds a value that only `reveal()` gives out."""

    __slots__ = ("_value",)

    def __init__(self, value: T | Concealed[T]) -> None:
        self._value: T = cast(T, value.reveal() if isinstance(value, Concealed) else value)

    def reveal(self) -> T:
        """The value itself."""
        return self._value

    def __repr__(self) -> str:
        return "<concealed>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Concealed) and bool(self._value == other._value)

    __hash__ = None  # type: ignore[assignment]  # a hash would tell equal secrets from others

    def __reduce__(self) -> NoReturn:
        raise TypeError("a concealed value can't be pickled or copied")
