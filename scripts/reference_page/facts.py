"""What the page and the spec say of an API, in the same classes, so that they can be compared fact by fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import Factory, field, frozen

PLACES: Final = ("path", "query", "header")
"""Where a parameter may stand."""

SEGMENTS_OF_A_BASE: Final = 3
"""A base path is `/api/<family>/<resource>`: one reference page describes one resource."""


@frozen
class Field:
    """A parameter, or a field of a body.

    Attributes:
        type: `string`, `integer`, `number`, `boolean`, `object` or `undefined`, with `[]` behind it for each array.
        required: whether it must be there.
        enum: the values that it can have, None for any.
        fields: those of the object, or of the objects in the array.
        constraints: what is said beyond that, such as `minimum` or `format`. The page has no place for any.
    """

    type: str
    required: bool = False
    enum: tuple[str, ...] | None = None
    fields: Mapping[str, Field] = Factory(dict)
    constraints: Mapping[str, Any] = Factory(dict)

    @property
    def suffix(self) -> str:
        """What stands behind its name in the path to a field inside it."""
        return "[]" * self.type.count("[]")


@frozen
class Rate:
    """A rate tier and the requests a minute that it allows."""

    tier: int
    per_minute: int

    def __str__(self) -> str:
        return f"tier {self.tier}, {self.per_minute} requests a minute"


@frozen
class Body:
    """What a request must or may carry."""

    required: bool
    content_type: str
    fields: Mapping[str, Field]


@frozen
class Response:
    """What an answer of one status carries; no content type, no content."""

    content_type: str | None = None
    fields: Mapping[str, Field] = Factory(dict)


@frozen
class Operation:
    """One operation.

    Attributes:
        parameters: by where they stand and their names.
        responses: by status.
        examples: the text of each example answer.
        notes: labelled statements that have no place of their own here.
    """

    rate: Rate | None = None
    replaces: frozenset[str] = frozenset()
    parameters: Mapping[tuple[str, str], Field] = Factory(dict)
    body: Body | None = None
    responses: Mapping[str, Response] = Factory(dict)
    examples: tuple[str, ...] = ()
    notes: Mapping[str, str] = Factory(dict)


@frozen
class Reference:
    """What one document says of an API.

    Attributes:
        base_url: the address before the paths.
        operations: by method and path, such as `GET /api/workflows/automation-connections`.
    """

    base_url: str
    operations: Mapping[str, Operation] = field(factory=dict)

    @property
    def bases(self) -> frozenset[str]:
        """The base paths of its operations."""
        return frozenset(base_of(name) for name in self.operations)


def base_of(operation: str) -> str:
    """The base path of an operation, given as method and path."""
    return "/".join(operation.partition(" ")[2].split("/")[: SEGMENTS_OF_A_BASE + 1])


def count(reference: Reference) -> int:
    """The number of facts: what could be compared, had the other side it too."""
    return 1 + sum(1 for operation in reference.operations.values() for _ in _facts(operation))


def _facts(operation: Operation) -> Iterator[object]:
    yield operation
    yield from filter(None, (operation.rate, *operation.replaces, *operation.examples))
    for parameter in operation.parameters.values():
        yield from _facts_of({"": parameter})
    for part in (operation.body, *operation.responses.values()):
        if part is not None:
            yield part
            yield part.content_type
            yield from _facts_of(part.fields)


def _facts_of(fields: Mapping[str, Field]) -> Iterator[object]:
    for each in fields.values():
        yield from (each, each.type, each.required)
        yield from each.enum or ()
        yield from _facts_of(each.fields)
