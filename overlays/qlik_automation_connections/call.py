"""What is asked of the service: one operation with its arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Generic, Protocol, TypeVar

from attrs import field, frozen

from qlik_automation_connections_api.operations import OPERATIONS, Operation

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


NOT_EXACT: Final = (KeyError, TypeError, ValueError)
"""What a `Reader` raises, told to be exact, for JSON that is not just as the spec declares it."""


class Reader(Protocol[T_co]):
    """Turns the JSON of a success into the result; unless it is told to be exact, quirks in it are mended before."""

    def __call__(self, content: Any, exact: bool = False) -> T_co: ...


def _operation(operation: str | Operation) -> Operation:
    return OPERATIONS[operation] if isinstance(operation, str) else operation


class UnusableResult(Exception):
    """A success of the right shape that means nothing."""


def _read_document(content: Any, exact: bool = False) -> dict[str, Any]:  # noqa: ARG001 - as it came, whatever it is
    if not isinstance(content, dict):
        raise UnusableResult("it is no JSON object")
    return content


@frozen
class Call(Generic[T]):
    """An operation, the arguments of its request, and how its result is read.

    Attributes:
        operation: the operation, from the spec.
        arguments: method, url, and params and json where there are any; out of the repr, for it may hold secrets.
        read: turns the JSON of a success into the result.
        id: what it is about, None for a list and for a creation.
        verbatim: whether `read` gets the JSON as it came, without the quirks mended.
    """

    operation: Operation = field(converter=_operation, repr=lambda operation: operation.id)
    arguments: Mapping[str, Any] = field(repr=False)
    read: Reader[T] = field(repr=False)
    id: str | None = None
    verbatim: bool = False

    def as_json(self) -> Call[dict[str, Any]]:
        """The same call, for the JSON object as it came."""
        return Call(self.operation, self.arguments, _read_document, self.id, verbatim=True)

    @property
    def connection_id(self) -> str | None:
        """The connection it is about, None if it is about something else."""
        return self.id if self.operation.noun == "connection" else None

    @property
    def label(self) -> str:
        """What messages call it."""
        return self.operation.id if self.id is None else f"{self.operation.id} {self.id!r}"

    @property
    def how_to_look(self) -> str:
        """What to do if it may have been done, though no answer says so."""
        if self.operation.method == "GET":
            return ""
        if self.operation.repeatable:
            return "It may have been done all the same: read the connection to see."
        body = self.arguments.get("json", {})
        name = f"name={body['name']!r}, " if "name" in body else ""
        return (
            "The connection may have been created all the same and is not created again: look for it with"
            f" connections.list({name}connector_id={body.get('connectorId')!r}) first."
        )

    def url_path(self, api_version: str) -> str:
        """The encoded path in one of the two generations of the API."""
        path: str = self.arguments["url"]
        if api_version == "v1":
            # Both generations differ in what stands before the id, and in nothing else.
            old, new = (text.partition("{")[0] for text in (self.operation.path, self.operation.v1_path))
            path = new + path.removeprefix(old)
        return path
