"""Hold what the vendor and the spec say about an API in the same classes, to compare them fact by fact."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import Factory, field, frozen

METHODS: Final = ("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE")
PLACES: Final = ("path", "query", "header")
"""Where a parameter may be sent."""

_NAME: Final = re.compile(r"\{([^{}]*)\}")


@frozen
class Field:
    """A parameter, or a field of a body.

    Attributes:
        type: `string`, `integer`, `number`, `boolean`, `object` or `undefined`, followed by `[]` for each array.
        required: Whether it must be present.
        enum: The values that it can have; None for any.
        fields: Fields of the object, or of the objects in the array.
        constraints: What else is stated, such as `minimum` or `default`. The page has no place for any.
    """

    type: str
    required: bool = False
    enum: tuple[str, ...] | None = None
    fields: Mapping[str, Field] = Factory(dict)
    constraints: Mapping[str, Any] = Factory(dict)

    @property
    def suffix(self) -> str:
        """Return what follows its name in the path to a field inside it."""
        return "[]" * self.type.count("[]")


@frozen
class Rate:
    """A rate tier and the requests a minute that it allows."""

    tier: int
    per_minute: int

    @property
    def tightness(self) -> tuple[int, int]:
        """Return what is larger for a rate that allows less."""
        return -self.per_minute, self.tier

    def __str__(self) -> str:
        return f"tier {self.tier}, {self.per_minute} requests a minute"


@frozen
class Body:
    """The body that a request must or may carry."""

    required: bool
    content_type: str
    fields: Mapping[str, Field]


@frozen
class Response:
    """The content of a response with one status; without a content type it has none."""

    content_type: str | None = None
    fields: Mapping[str, Field] = Factory(dict)


@frozen
class Operation:
    """One operation.

    Attributes:
        parameters: By place and name.
        responses: By status.
        examples: The text of each example response.
        notes: Labelled statements without an attribute of their own.
        id: Its operationId. The page has no place for it.
    """

    rate: Rate | None = None
    replaces: frozenset[str] = frozenset()
    parameters: Mapping[tuple[str, str], Field] = Factory(dict)
    body: Body | None = None
    responses: Mapping[str, Response] = Factory(dict)
    examples: tuple[str, ...] = ()
    notes: Mapping[str, str] = Factory(dict)
    id: str | None = None


@frozen
class Reference:
    """What one document says about an API.

    Attributes:
        base_url: The address before the paths.
        operations: By method and path, such as `GET /api/workflows/automation-connections`.
    """

    base_url: str
    operations: Mapping[str, Operation] = field(factory=dict)

    @property
    def bases(self) -> frozenset[str]:
        """Return the base paths of its operations."""
        return frozenset(base_of(name) for name in self.operations)


def base_of(operation: str) -> str:
    """Return the base path of an operation, `/api/<family>/<resource>`: what one reference page describes."""
    return "/".join(operation.partition(" ")[2].split("/")[:4])


def path_names(operation: str) -> list[str]:
    """Return the names of the path parameters of an operation, given as method and path."""
    return _NAME.findall(operation)


def shape_of(operation: str) -> str:
    """Return an operation, given as method and path, without the names of its path parameters."""
    return _NAME.sub("{}", operation)


def count(reference: Reference) -> int:
    """Count the facts: what can be compared if the other side states it too."""
    return 1 + sum(1 for operation in reference.operations.values() for _ in _facts(operation))


def _facts(operation: Operation) -> Iterator[object]:
    yield operation
    yield from filter(None, (operation.id, operation.rate, *operation.replaces, *operation.examples))
    yield from _facts_of(operation.parameters)
    parts: list[Body | Response] = [*filter(None, [operation.body]), *operation.responses.values()]
    for part in parts:
        yield from (part, part.content_type)
        yield from _facts_of(part.fields)


def _facts_of(fields: Mapping[Any, Field]) -> Iterator[object]:
    for each in fields.values():
        yield from (each, each.type, each.required)
        yield from each.enum or ()
        yield from each.constraints
        yield from _facts_of(each.fields)
