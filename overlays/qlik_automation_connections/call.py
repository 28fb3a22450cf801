"""What is asked of the service: one operation with its arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from attrs import field, frozen

from qlik_automation_connections_api.operations import OPERATIONS, Operation

T = TypeVar("T")


def _operation(operation: str | Operation) -> Operation:
    return OPERATIONS[operation] if isinstance(operation, str) else operation


class UnusableResult(Exception):
    """A success of the right shape that means nothing."""


def _read_document(content: Any) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise UnusableResult("it is no JSON object")
    return content


@frozen
class Call(Generic[T]):
    """An operation, the arguments of its request, and how its result is read.

    Attributes:
        operation: the operation, from the spec.
        arguments: method, url, and params and json where there are any; out of the repr, for it may hold secrets.
        read: turns the mended JSON of a success into the result.
        id: what it is about, None for a list and for a creation.
        verbatim: whether `read` gets the JSON as it came, without the quirks mended.
    """

    operation: Operation = field(converter=_operation, repr=lambda operation: operation.id)
    arguments: Mapping[str, Any] = field(repr=False)
    read: Callable[[Any], T] = field(repr=False)
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
