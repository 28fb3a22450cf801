"""What the resources need from a tenant."""

from __future__ import annotations

from typing import Protocol, TypeVar

from .._exchange.call import Call
from .._options import TimeoutTypes

T = TypeVar("T")


class Sender(Protocol):
    """Sends a call and returns its result."""

    def send(self, call: Call[T], timeout: TimeoutTypes | None = None) -> T: ...


class AsyncSender(Protocol):
    """Sends a call and returns its result, asynchronously."""

    async def send(self, call: Call[T], timeout: TimeoutTypes | None = None) -> T: ...
