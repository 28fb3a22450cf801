"""One step of the demo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from attrs import frozen

StageT = TypeVar("StageT")


@frozen
class Step(Generic[StageT]):
    """One step of an act.

    Attributes:
        title: its heading.
        code: the Python that does it, as it is shown; `mail` and the like stand for what earlier steps returned.
        run: does it, and checks what came of it.
    """

    title: str
    code: tuple[str, ...]
    run: Callable[[StageT], None]
