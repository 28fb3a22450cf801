"""One docstring for both twins, sync and async."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def documented_by(method: object) -> Callable[[F], F]:
    """Gives an async method the docstring of its sync twin."""

    def copy(function: F) -> F:
        function.__doc__ = method.__doc__
        return function

    return copy
