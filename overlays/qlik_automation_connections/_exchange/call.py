"""What is asked of the service: one operation with its arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Generic, Protocol, TypeVar

from attrs import field, frozen

from qlik_automation_connections_api.operations import Operation

from .._arguments import identifier
from .._http import Request
from .._normalizer import Normalizer
from .._redaction import repeatable

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

# A shorter token would stand in every text. No tenant's are that short.
_SHORTEST_TOKEN: Final = 8


class UnusableResult(Exception):
    """A success of the right shape that means nothing."""


class Endpoint(Protocol[T_co]):
    """A generated module: an operation, what its request consists of, and what its success means."""

    @property
    def OPERATION(self) -> Operation: ...

    @property
    def request_arguments(self) -> Callable[..., dict[str, Any]]: ...

    def read_result(self, content: Any, normalizer: Normalizer) -> T_co: ...


def _read_document(content: Any, normalizer: Normalizer) -> dict[str, Any]:  # noqa: ARG001 - as it came
    if not isinstance(content, dict):
        raise UnusableResult("it is no JSON object")
    return content


@frozen
class Call(Generic[T]):
    """An operation, the arguments of its request, and how its result is read.

    Attributes:
        operation: the operation, from the spec.
        arguments: method, url, and params and json where there are any; out of the repr, for it may hold secrets.
        read: turns the decoded JSON of a success into the result.
        id: what it is about; None for a list and for a creation.
        verbatim: whether `read` gets the JSON as it came, quirks and all.
    """

    operation: Operation = field(repr=lambda operation: operation.id)
    arguments: Mapping[str, Any] = field(repr=False)
    read: Callable[[Any, Normalizer], T] = field(repr=False)
    id: str | None = None
    verbatim: bool = False

    def as_json(self) -> Call[dict[str, Any]]:
        """Return the same call, for the JSON object as it came."""
        return Call(self.operation, self.arguments, _read_document, self.id, verbatim=True)

    @property
    def connection_id(self) -> str | None:
        """The connection it is about; None if it is about something else."""
        return self.id if self.operation.noun == "connection" else None

    @property
    def label(self) -> str:
        """What messages call it."""
        return self.operation.id if self.id is None else f"{self.operation.id} {self.id!r}"

    @property
    def recovery_hint(self) -> str:
        """How to find out whether the service applied it, where no response says so."""
        if self.operation.method == "GET":
            return ""
        if self.operation.repeatable:
            return "The service may still have applied the change. Read the connection to check."
        body = self.arguments.get("json", {})
        name = f"name={body['name']!r}, " if "name" in body else ""
        return (
            "The service may still have created the connection, so the request is not sent again. Check with"
            f" connections.list({name}connector_id={body.get('connectorId')!r})."
        )

    def secrets(self, request: Request) -> list[str]:
        """Return what a response must not repeat: the values of params, and the token."""
        values = [param.get("value", "") for param in self.arguments.get("json", {}).get("params", [])]
        token = request.headers.get("authorization", "").partition(" ")[2]
        return repeatable(values) + [token] * (len(token) >= _SHORTEST_TOKEN)

    def url_path(self, api_version: str) -> str:
        """Return the encoded path in one of the two generations of the API."""
        path: str = self.arguments["url"]
        if api_version == "v1":
            # Both generations differ in what stands before the id, and in nothing else.
            old, new = (text.partition("{")[0] for text in (self.operation.path, self.operation.v1_path))
            path = new + path.removeprefix(old)
        return path


def call_about(endpoint: Endpoint[T], id: str, **arguments: Any) -> Call[T]:
    """Return the call of an operation on one thing.

    Args:
        endpoint: the generated module of the operation.
        id: what the call is about, as a user gave it.
        arguments: further arguments of the module's `request_arguments`.

    Raises:
        ConfigurationError: the id can't be one.
    """
    id = identifier("id", id)
    return Call(endpoint.OPERATION, endpoint.request_arguments(id, **arguments), endpoint.read_result, id)
