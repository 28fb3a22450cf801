"""A call to the service: one operation with its arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Generic, Protocol, TypeVar

from attrs import field, frozen

from qlik_automation_connections_api.operations import Operation

from .._arguments import identifier
from .._headers import PRIVATE_HEADERS
from .._http import Request
from .._normalizer import Normalizer
from .._redaction import repeatable

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

# Shorter strings occur in any text, and no tenant's tokens are that short.
_SHORTEST_TOKEN: Final = 8


class UnusableResult(Exception):
    """A successful response that can't be used."""


class Endpoint(Protocol[T_co]):
    """A generated module: an operation, how to build its request, and how to read its result."""

    @property
    def OPERATION(self) -> Operation: ...  # noqa: N802 - a constant of the module

    @property
    def request_arguments(self) -> Callable[..., dict[str, Any]]: ...

    def read_result(self, content: Any, normalizer: Normalizer) -> T_co: ...


def _read_document(content: Any, normalizer: Normalizer) -> dict[str, Any]:  # noqa: ARG001 - raw
    if not isinstance(content, dict):
        raise UnusableResult("it is not a JSON object")
    return content


@frozen
class Call(Generic[T]):
    """An operation, the arguments of its request, and how to read its result.

    Attributes:
        operation: The operation, from the spec.
        arguments: Method, url, and params and json if any. Not in the repr, since they may hold secrets.
        read: Turns the decoded JSON of a success into the result.
        id: Id of the resource; None for lists and creations.
        verbatim: Whether `read` gets the JSON as sent, including quirks.
    """

    operation: Operation = field(repr=lambda operation: operation.id)
    arguments: Mapping[str, Any] = field(repr=False)
    read: Callable[[Any, Normalizer], T] = field(repr=False)
    id: str | None = None
    verbatim: bool = False

    def as_json(self) -> Call[dict[str, Any]]:
        """Return the same call with the JSON object as its result."""
        return Call(self.operation, self.arguments, _read_document, self.id, verbatim=True)

    @property
    def connection_id(self) -> str | None:
        """Id of the connection; None for other resources."""
        return self.id if self.operation.noun == "connection" else None

    @property
    def label(self) -> str:
        """The name of the call in the log and in warnings."""
        return self.operation.id if self.id is None else f"{self.operation.id} {self.id!r}"

    @property
    def failed(self) -> str:
        """What was not done, as the beginning of a message."""
        what, noun = self.operation.summary, self.operation.noun
        if self.id is not None:
            thing = f"{noun} {self.id!r}"
            # "Get a connection" and "Change the owner" become "get connection 'x'" and "change the owner of …".
            verb, article, _ = what.rpartition(f" {noun}")
            what = f"{verb.rpartition(' ')[0]} {thing}" if article else f"{what} of {thing}"
        return f"Could not {what[0].lower()}{what[1:]}"

    def traced(self, trace_id: str | None = None) -> str:
        """Return the operation, and a trace id if there is one, as the end of a message."""
        return f" [{self.operation.id}{f', trace id {trace_id}' if trace_id else ''}]"

    @property
    def recovery_hint(self) -> str:
        """How to find out whether the service applied the call."""
        if self.operation.method == "GET":
            return ""
        if self.operation.repeatable:
            return "The service may still have applied the change. Read the connection to check."
        body, noun = self.arguments.get("json", {}), self.operation.noun
        known = {"name": body.get("name"), "connector_id": body.get("connectorId")}
        shown = ", ".join(f"{name}={value!r}" for name, value in known.items() if value is not None)
        return (
            f"The service may still have created the {noun}, so the request is not sent again. Check with"
            f" {noun}s.list({shown})."
        )

    def secrets(self, request: Request) -> list[str]:
        """Return what must be redacted from responses: the values of params and of own headers, and the token."""
        values = [param.get("value", "") for param in self.arguments.get("json", {}).get("params", [])]
        own = request.extensions.get(PRIVATE_HEADERS)
        tokens = [
            request.headers.get("authorization", "").partition(" ")[2],
            *(own.get_secret_value().values() if own is not None else ()),
        ]
        return repeatable(values) + [token for token in tokens if len(token) >= _SHORTEST_TOKEN]

    def url_path(self, api_version: str) -> str:
        """Return the encoded path in one of the API's two versions."""
        path: str = self.arguments["url"]
        if api_version == "v1":
            # The versions differ only in what precedes the id.
            old, new = (text.partition("{")[0] for text in (self.operation.path, self.operation.v1_path))
            path = new + path.removeprefix(old)
        return path


def call_about(endpoint: Endpoint[T], id: str, **arguments: Any) -> Call[T]:
    """Return the call of an operation on one resource.

    Args:
        endpoint: The generated module of the operation.
        id: Id of the resource, from the user.
        arguments: Other arguments of the module's `request_arguments`.

    Raises:
        ConfigurationError: The id is invalid.
    """
    id = identifier("id", id)
    return Call(endpoint.OPERATION, endpoint.request_arguments(id, **arguments), endpoint.read_result, id)
